from datetime import timedelta

from django_tasks.base import TaskResultStatus as Status

from commonhall.jobs import actions
from commonhall.jobs.work import task


@task
def tidy() -> None:
    actions.tidy({Status.SUCCESSFUL: timedelta(days=7), Status.FAILED: timedelta(days=30)})
