from datetime import timedelta

from commonhall.jobs import actions
from commonhall.jobs.work import task


@task
def tidy() -> None:
    actions.tidy(timedelta(days=7))
