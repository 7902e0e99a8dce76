from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from commonhall.people.models import Profile


def profiles(users: Iterable[Any]) -> QuerySet[Profile]:
    """Profiles with all that a card or the matching needs, in three queries whatever their number."""
    return (
        Profile.objects.filter(user__in=users)
        .select_related("user__membership__organisation")
        .prefetch_related("topics", "hours")
    )
