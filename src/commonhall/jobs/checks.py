from collections.abc import Iterator
from datetime import timedelta

from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult as Job

from commonhall.core import clock
from commonhall.jobs import queries

LONGEST = timedelta(hours=1)
LONGEST_KEPT = timedelta(days=8)


def put_aside() -> Iterator[str]:
    """No job failed every time."""
    for job in queries.put_aside():
        yield f"{job.task_path} {job.args_kwargs['args']} failed: {(job.traceback.strip().splitlines() or [''])[-1]}"


def lost() -> Iterator[str]:
    """No job is stuck with a worker that stopped."""
    for job in queries.lost_jobs():
        yield f"{job.task_path} has been running since {job.started_at:%Y-%m-%d %H:%M} under a worker that stopped."


def endless() -> Iterator[str]:
    """No job has been running for more than an hour."""
    for job in Job.objects.filter(status=Status.RUNNING, started_at__lt=clock.now() - LONGEST):
        yield f"{job.task_path} has been running since {job.started_at:%Y-%m-%d %H:%M}."


def kept_too_long() -> Iterator[str]:
    """Jobs that went well are forgotten after a week."""
    number = Job.objects.filter(status=Status.SUCCESSFUL, finished_at__lt=clock.now() - LONGEST_KEPT).count()
    if number:
        yield f"{number} jobs that went well more than a week ago are still kept: does the clock run?"


CHECKS = (put_aside, lost, endless, kept_too_long)
