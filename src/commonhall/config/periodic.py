"""What the clock starts by itself, and how often. Each task looks for what is missing and is safe to run twice."""

from datetime import timedelta

from commonhall.jobs import schedule

EVERY: dict[str, timedelta] = {
    "jobs.tasks.tidy": timedelta(hours=6),
}


def install() -> None:
    schedule.install(EVERY)
