"""What the clock starts by itself, and how often. Each task looks for what is missing and is safe to run twice."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from commonhall.jobs import schedule

EVERY: dict[str, timedelta] = {
    "integrations.inbox.tasks.forget": timedelta(days=1),
    "integrations.inbox.tasks.poll": timedelta(minutes=2),
    "integrations.tasks.refresh_due": timedelta(minutes=2),
    "jobs.tasks.tidy": timedelta(hours=6),
    "matching.tasks.forget_texts": timedelta(days=1),
    "matching.tasks.watch_answers": timedelta(minutes=30),
    "meetings.tasks.ask_whether_held": timedelta(minutes=10),
    "meetings.tasks.after_the_room": timedelta(minutes=5),
    "meetings.tasks.remind": timedelta(minutes=5),
    "mentorships.tasks.resume_due": timedelta(hours=1),
    "notifications.tasks.send_digests": timedelta(minutes=30),
    "operations.tasks.forget_ended_sessions": timedelta(days=1),
    "organisations.tasks.confirm_by_address": timedelta(minutes=10),
    "workspace.tasks.remind_of_actions": timedelta(hours=3),
    "workspace.tasks.keep_notes": timedelta(minutes=5),
}

ONLY_IF: dict[str, Callable[[], bool]] = {"integrations.inbox.tasks.poll": lambda: bool(settings.INBOX_URL)}


def install() -> None:
    schedule.install({task: every for task, every in EVERY.items() if task not in ONLY_IF or ONLY_IF[task]()})
