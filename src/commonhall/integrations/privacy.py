"""What we hold here about a person."""

from typing import Any

from django.db.models import QuerySet

from commonhall.integrations.models import BusySpan, Calendar, Copy, OwnEntry

MODELS = (Calendar, BusySpan, Copy, OwnEntry)


def kinds(user: Any) -> dict[str, QuerySet[Any, Any]]:
    mine = Calendar.objects.filter(user=user)
    return {
        "calendars": mine.values("kind", "name", "username", "takes_meetings", "added_at", "read_at"),
        "busy_times": BusySpan.objects.filter(calendar__in=mine).values("starts_at", "ends_at"),
        "meetings_in_calendars": OwnEntry.objects.filter(calendar__in=mine).values("starts_at"),
        "meetings_written": Copy.objects.filter(calendar__in=mine).values("written_at"),
    }


def holds(user: Any) -> dict[str, list[dict[str, Any]]]:
    return {kind: list(rows) for kind, rows in kinds(user).items()}


def erase(user: Any) -> None:
    Calendar.objects.filter(user=user).delete()
