"""What we hold here about a person: facts with dates, never what was written."""

from typing import Any

from commonhall.history.models import Event

MODELS = (Event,)


def holds(user: Any) -> dict[str, list[dict[str, Any]]]:
    return {"history": list(Event.objects.filter(by=user).values("verb", "at", "via"))}


def erase(user: Any) -> None:
    """Facts stay for the others concerned; who did them is no longer known."""
    Event.objects.filter(by=user).update(by=None)
