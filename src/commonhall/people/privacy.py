"""What we hold here about a person."""

import base64
from typing import Any

from django.db.models import QuerySet

from commonhall.people.actions import save_photo
from commonhall.people.models import Leave, Profile, Topic, WorkingHours

MODELS = (Profile, Topic, WorkingHours, Leave)


def kinds(user: Any) -> dict[str, QuerySet[Any, Any]]:
    mine = Profile.objects.filter(user=user)
    return {
        "profile": mine.values(),
        "topics": Topic.objects.filter(profile__in=mine).values("purpose", "kind", "key"),
        "working_hours": WorkingHours.objects.filter(profile__in=mine).values("weekday", "starts", "ends", "week"),
        "leave": Leave.objects.filter(profile__in=mine).values("starts_on", "ends_on"),
    }


def holds(user: Any) -> dict[str, list[dict[str, Any]]]:
    held = {kind: list(rows) for kind, rows in kinds(user).items()}
    return held | {"profile": [{**row, "photo": _picture(row["photo"])} for row in held["profile"]]}


def _picture(name: str) -> str:
    """The photo itself, as an address that a browser shows; empty when there is none."""
    storage = Profile._meta.get_field("photo").storage
    if not name or not storage.exists(name):
        return ""
    with storage.open(name) as file:
        return "data:image/jpeg;base64," + base64.b64encode(file.read()).decode()


def erase(user: Any) -> None:
    if Profile.objects.filter(user=user).exists():
        save_photo(user, None, by=None)
    Profile.objects.filter(user=user).delete()
