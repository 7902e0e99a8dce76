"""What the clock starts by itself, and how often. Each task looks for what is missing and is safe to run twice."""

from datetime import timedelta

from commonhall.jobs import schedule

EVERY: dict[str, timedelta] = {
    "jobs.tasks.tidy": timedelta(hours=6),
    "matching.tasks.forget_texts": timedelta(days=1),
    "matching.tasks.watch_answers": timedelta(minutes=30),
    "meetings.tasks.remind": timedelta(minutes=5),
    "mentorships.tasks.resume_due": timedelta(hours=1),
    "notifications.tasks.send_digests": timedelta(minutes=30),
    "operations.tasks.forget_ended_sessions": timedelta(days=1),
    "organisations.tasks.confirm_by_address": timedelta(minutes=10),
    "workspace.tasks.keep_notes": timedelta(minutes=5),
}


def install() -> None:
    schedule.install(EVERY)
