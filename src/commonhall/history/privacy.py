"""What we hold here about a person: facts with dates, never what was written."""

from typing import Any

from django.db.models import QuerySet

from commonhall.history.models import Event

MODELS = (Event,)


def kinds(user: Any) -> dict[str, QuerySet[Any, Any]]:
    return {"history": Event.objects.filter(by=user).values("verb", "at", "via")}


def holds(user: Any) -> dict[str, list[dict[str, Any]]]:
    return {kind: list(rows) for kind, rows in kinds(user).items()}


def erase(user: Any) -> None:
    """Facts stay for the others concerned; who did them is no longer known."""
    Event.objects.filter(by=user).update(by=None)
