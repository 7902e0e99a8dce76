"""Work for later: queued, claimed, done once, tried again, or put aside."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from importlib import import_module
from traceback import format_exception
from typing import Any

from django.db import transaction
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult as Job
from django_tasks_db.models import get_date_max

from commonhall.core import clock
from commonhall.jobs import queries
from commonhall.jobs.models import Lease, Probe, Tick
from commonhall.jobs.work import Work, bell, pause_after


def enqueue(task: str, *args: object, after: datetime | None = None) -> None:
    """Queue `room.tasks.name` (an id or two as arguments) in the transaction of the data."""
    work = _work(task)
    (work.using(run_after=after) if after else work).enqueue(*args)


def _work(task: str) -> Work:
    module, name = f"commonhall.{task}".rsplit(".", 1)
    work: Work = getattr(import_module(module), name)
    return work


def enqueue_many(calls: Iterable[tuple[str, object]]) -> None:
    """Queue many at once, each a task with its one argument."""
    works = [(_work(task), argument) for task, argument in calls]
    Job.objects.bulk_create(
        [
            Job(
                args_kwargs={"args": [argument], "kwargs": {}},
                priority=work.priority,
                task_path=work.module_path,
                queue_name=work.queue_name,
                backend_name=work.backend,
                run_after=get_date_max(),
            )
            for work, argument in works
        ],
        batch_size=500,
    )
    transaction.on_commit(bell.set)


def claim(holder: str, queues: Iterable[str] = ()) -> Any | None:
    """Take the next job that is due, or None. Two workers never take the same one."""
    for job in queries.due(queues)[:5]:
        job.status, job.started_at, job.worker_ids = Status.RUNNING, clock.now(), [*job.worker_ids, holder]
        taken = Job.objects.filter(pk=job.pk, status=Status.READY).update(
            status=job.status, started_at=job.started_at, worker_ids=job.worker_ids
        )
        if taken:
            return job
    return None


def attempt(job: Any) -> tuple[Exception | None, dict[str, Any]]:
    """Do a claimed job; what went wrong is returned, not raised, with what is to be noted of the job."""
    try:
        job.task.call(*job.args_kwargs["args"], **job.args_kwargs["kwargs"])
    except Exception as error:
        return error, _after_failure(job, error)
    return None, {
        "status": Status.SUCCESSFUL,
        "finished_at": clock.now(),
        "exception_class_path": "",
        "traceback": "",
    }


def _after_failure(job: Any, error: BaseException) -> dict[str, Any]:
    """Try again later, or put aside for a person when the attempts are used up."""
    account = {
        "exception_class_path": f"{type(error).__module__}.{type(error).__qualname__}",
        "traceback": "".join(format_exception(error))[-20_000:],
    }
    attempts = len(job.worker_ids)
    if attempts < queries.attempts_allowed(job):
        return account | {"status": Status.READY, "run_after": clock.now() + pause_after(attempts)}
    return account | {"status": Status.FAILED, "finished_at": clock.now()}


@transaction.atomic
def note(job: Any, **outcome: Any) -> None:
    """Write the outcome, unless the job was meanwhile given to another worker; start what follows on giving up."""
    mine = Job.objects.filter(pk=job.pk, status=Status.RUNNING, started_at=job.started_at).update(**outcome)
    work = queries.work_of(job)
    if mine and outcome["status"] == Status.FAILED and work and work.given_up:
        enqueue(work.given_up, *job.args_kwargs["args"])


class WorkerLost(Exception):
    """The worker that ran the job stopped without a word."""


def rescue() -> int:
    """Queue the jobs of workers that were killed; a job that keeps killing its worker is put aside in the end."""
    Lease.objects.filter(renewed_at__lt=clock.now() - queries.LEASE).delete()
    lost = queries.lost_jobs()
    for job in lost:
        note(job, **_after_failure(job, WorkerLost("the worker stopped before the job was done")))
    return len(lost)


def renew(parts: Mapping[str, str]) -> None:
    """Say that workers and clocks are alive: `{holder: "worker" or "clock"}`. One write for all of a process."""
    now = clock.now()
    if Lease.objects.filter(holder__in=parts).update(renewed_at=now) < len(parts):
        leases = [Lease(holder=holder, part=part, renewed_at=now) for holder, part in parts.items()]
        Lease.objects.bulk_create(leases, update_conflicts=True, unique_fields=["holder"], update_fields=["renewed_at"])


def release(holders: Iterable[str]) -> None:
    Lease.objects.filter(holder__in=list(holders)).delete()


def tick(every: dict[str, timedelta]) -> list[str]:
    """Start what is due, each moment once however many clocks run; returns what was started."""
    now = clock.now()
    _follow(every, now)
    started = []
    for due in Tick.objects.filter(next_run__lte=now, task__in=every):
        if _fire(due, every[due.task], now):
            started.append(due.task)
    return started


def _fire(due: Tick, interval: timedelta, now: datetime) -> bool:
    missed = (now - due.next_run) // interval
    with transaction.atomic():
        mine = Tick.objects.filter(pk=due.pk, next_run=due.next_run).update(
            next_run=due.next_run + interval * (missed + 1)
        )
        if mine:
            enqueue(due.task)
    return bool(mine)


def _follow(every: dict[str, timedelta], now: datetime) -> None:
    """Rows for new tasks; and after the machine's clock was set back, nothing waits longer than its interval."""
    known = dict(Tick.objects.values_list("task", "next_run"))
    fresh = [Tick(task=name, next_run=now) for name in every if name not in known]
    if fresh:
        Tick.objects.bulk_create(fresh, ignore_conflicts=True)
    for name, next_run in known.items():
        if name in every and next_run > now + every[name]:
            Tick.objects.filter(task=name, next_run=next_run).update(next_run=now + every[name])


def tidy(kept: Mapping[Status, timedelta]) -> int:
    """Forget jobs that ended so, so long ago. What they were asked to do may hold a code or an address."""
    now = clock.now()
    return sum(Job.objects.filter(status=how, finished_at__lt=now - span).delete()[0] for how, span in kept.items())


def probe() -> None:
    """Write one row; raises when the database cannot be written."""
    if not Probe.objects.filter(pk=1).update(at=clock.now()):
        Probe.objects.bulk_create([Probe(pk=1, at=clock.now())], ignore_conflicts=True)
