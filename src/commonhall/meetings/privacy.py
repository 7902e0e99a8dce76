"""What we hold here about a person."""

from typing import Any

from django.db.models import QuerySet

from commonhall.accounts.models import User
from commonhall.meetings.models import Meeting, Reminder

MODELS = (Meeting, Reminder)


def kinds(user: User) -> dict[str, QuerySet[Any, Any]]:
    return {
        "meetings": Meeting.objects.visible_to(user).values(
            "title",
            "state",
            "starts_at",
            "minutes",
            "channel",
            "place",
            "proposed_at",
            "agreed_at",
            "cancel_reason",
            "cancel_words",
        ),
        "reminders": Reminder.objects.filter(user=user).values("kind", "starts_at", "made_at"),
    }


def holds(user: User) -> dict[str, list[dict[str, Any]]]:
    return {kind: list(rows) for kind, rows in kinds(user).items()}


def erase(user: User) -> None:
    """Drop the words and the places; that two people met, and when, stays for the figures."""
    Reminder.objects.filter(user=user).delete()
    Meeting.objects.visible_to(user).update(title="", place="", cancel_reason="", cancel_words="")
    Meeting.objects.filter(proposed_by=user).update(proposed_by=None)
    Meeting.objects.filter(cancelled_by=user).update(cancelled_by=None)
