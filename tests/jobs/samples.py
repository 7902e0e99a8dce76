"""Tasks to try the queue with. Each leaves a mark that can be counted."""

import os
from pathlib import Path

from commonhall.history.models import Event
from commonhall.jobs.models import Probe
from commonhall.jobs.work import task


@task
def leave_mark(number: int) -> None:
    Probe.objects.get_or_create(pk=number)


@task(attempts=3)
def always_fails(words: str = "the mail server said no") -> None:
    raise ConnectionError(words)


@task(attempts=3)
def fails_in_the_database() -> None:
    Probe.objects.create(pk=7)
    Probe.objects.create(pk=7)


@task(attempts=2)
def dies_once(number: int, mark: str) -> None:
    """Kill the whole worker process at the first attempt, after half of the work."""
    with Path(mark).open("a") as file:
        file.write("began\n")
    if Path(mark).read_text().count("began") == 1:
        os.kill(os.getpid(), 9)
    leave_mark.func(number)


@task(queue="slow")
def slow_one() -> None:
    leave_mark.func(1)


@task
def count_events() -> None:
    Probe.objects.get_or_create(pk=1000 + Event.objects.count())
