"""What we hold here about a person."""

from typing import Any

from django.db.models import QuerySet

from commonhall.accounts.models import User
from commonhall.meetings.models import Attendance, Feed, Guest, Line, Meeting, Reminder, Series, Visit

MODELS = (Meeting, Attendance, Reminder, Series, Visit, Guest, Line, Feed)


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
            "agenda",
        ),
        "reminders": Reminder.objects.filter(user=user).values("kind", "starts_at", "made_at"),
        "attendance": Attendance.objects.filter(user=user).values("held", "said_at"),
        "series": Series.objects.visible_to(user).values(
            "title",
            "state",
            "every",
            "starts_on",
            "local_time",
            "zone",
            "minutes",
            "channel",
            "place",
            "left_out",
            "end_reason",
            "end_words",
        ),
        "room_visits": Visit.objects.filter(user=user).values("joined_at", "left_at"),
        "room_lines": Line.objects.filter(by=user).values("kind", "text", "at"),
        "guests_answered": Guest.objects.filter(answered_by=user).values("name", "state", "asked_at"),
        "calendar_feed": Feed.objects.filter(user=user).values("renewed_at"),
    }


def holds(user: User) -> dict[str, list[dict[str, Any]]]:
    return {kind: list(rows) for kind, rows in kinds(user).items()}


def erase(user: User) -> None:
    """Drop the words and the places; that two people met, and when, stays for the figures."""
    Reminder.objects.filter(user=user).delete()
    Meeting.objects.visible_to(user).update(title="", place="", cancel_reason="", cancel_words="", agenda="")
    Attendance.objects.filter(user=user).delete()
    Attendance.objects.filter(absent=user).update(absent=None)
    Series.objects.visible_to(user).update(title="", place="", end_reason="", end_words="")
    Series.objects.filter(proposed_by=user).update(proposed_by=None)
    Series.objects.filter(ended_by=user).update(ended_by=None)
    Meeting.objects.filter(missed_by=user).update(missed_by=None)
    Guest.objects.filter(meeting__in=Meeting.objects.visible_to(user)).delete()
    Line.objects.filter(meeting__in=Meeting.objects.visible_to(user)).delete()
    Visit.objects.filter(user=user).delete()
    Feed.objects.filter(user=user).delete()
    Meeting.objects.filter(proposed_by=user).update(proposed_by=None)
    Meeting.objects.filter(cancelled_by=user).update(cancelled_by=None)
