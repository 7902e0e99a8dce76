"""The state of the queue."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult as Job

from commonhall.core import clock
from commonhall.jobs.models import Lease
from commonhall.jobs.work import Work

LEASE = timedelta(seconds=30)


def due(queues: Iterable[str] = ()) -> "QuerySet[Any]":
    ready = Job.objects.ready()
    return ready.filter(queue_name__in=list(queues)) if queues else ready


def put_aside() -> "QuerySet[Any]":
    """Jobs that failed every time and wait for a person."""
    return Job.objects.filter(status=Status.FAILED)


def work_of(job: Any) -> Work | None:
    """The task of a job; None where its code is gone."""
    try:
        return job.task if isinstance(job.task, Work) else None
    except (ImportError, SuspiciousOperation):
        return None


def attempts_allowed(job: Any) -> int:
    work = work_of(job)
    return work.attempts if work else 1


def lost_jobs() -> list[Any]:
    """Jobs that run under a lease that nobody renews."""
    alive = set(Lease.objects.filter(renewed_at__gte=clock.now() - LEASE).values_list("holder", flat=True))
    return [job for job in Job.objects.filter(status=Status.RUNNING) if job.worker_ids[-1] not in alive]


def seconds_waiting() -> float:
    """How long the job that has been due longest has waited."""
    oldest = due().order_by("enqueued_at").first()
    if oldest is None:
        return 0.0
    since = oldest.enqueued_at if oldest.run_after.year == 9999 else max(oldest.run_after, oldest.enqueued_at)
    return float((clock.now() - since).total_seconds())


def seconds_since_renewal(part: str) -> float | None:
    """How long ago the most recently seen worker or clock said that it is alive; None when there is none."""
    newest = Lease.objects.filter(part=part).order_by("-renewed_at").values_list("renewed_at", flat=True).first()
    return None if newest is None else (clock.now() - newest).total_seconds()


def waiting_for(task: str) -> int:
    """How many jobs of `room.tasks.name` wait to be done."""
    return Job.objects.filter(status=Status.READY, task_path=f"commonhall.{task}").count()
