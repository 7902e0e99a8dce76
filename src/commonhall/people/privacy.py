"""What we hold here about a person."""

from typing import Any

from commonhall.people.actions import save_photo
from commonhall.people.models import Profile, Topic, WorkingHours

MODELS = (Profile, Topic, WorkingHours)


def holds(user: Any) -> dict[str, list[dict[str, Any]]]:
    mine = Profile.objects.filter(user=user)
    return {
        "profile": list(mine.exclude(pk=None).values()),
        "topics": list(Topic.objects.filter(profile__in=mine).values("purpose", "kind", "key")),
        "working_hours": list(WorkingHours.objects.filter(profile__in=mine).values("weekday", "starts", "ends")),
    }


def erase(user: Any) -> None:
    if Profile.objects.filter(user=user).exists():
        save_photo(user, None, by=None)
    Profile.objects.filter(user=user).delete()
