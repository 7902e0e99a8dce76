from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from commonhall.core import clock
from commonhall.meetings.models import Meeting
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import (
    long_unsigned,
    with_signatures,
)
from commonhall.mentorships.queries import with_people as mentorships_with_people
from commonhall.programmes.models import Programme

NO_MEETING_AFTER = timedelta(days=21)
NEVER = Value(datetime(9999, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Activity:
    """That a pair meets: all that those who run the programme see of it."""

    held: int
    missed: int
    cancelled: int
    proposed: int
    first_held: datetime | None
    last_held: datetime | None
    next_agreed: datetime | None


def activity(mentorship: Mentorship) -> Activity:
    held, agreed = Q(state=Meeting.State.HELD), Q(state=Meeting.State.AGREED, ends_at__gte=clock.now())
    counted = mentorship.meetings.aggregate(
        held=Count("pk", filter=held),
        missed=Count("pk", filter=Q(state=Meeting.State.MISSED)),
        cancelled=Count("pk", filter=Q(state=Meeting.State.CANCELLED)),
        proposed=Count("pk", filter=Q(state=Meeting.State.PROPOSED)),
        first_held=Min("starts_at", filter=held),
        last_held=Max("starts_at", filter=held),
        next_agreed=Min("starts_at", filter=agreed),
    )
    return Activity(**counted)


def never_arranged(mentorships: QuerySet[Any]) -> QuerySet[Any]:
    """Those under way that have arranged no meeting in their first three weeks."""
    arranged = Meeting.objects.filter(mentorship=OuterRef("pk")).exclude(state=Meeting.State.CANCELLED)
    began = clock.now() - NO_MEETING_AFTER
    return mentorships.filter(~Exists(arranged), state=Mentorship.State.ACTIVE, began_at__lt=began)


# What a list of pairs can be narrowed to, with its words.
NEEDS: dict[str, tuple[Any, Callable[[QuerySet[Any]], QuerySet[Any]]]] = {
    "unsigned": (gettext_lazy("agreement not signed after thirty days"), long_unsigned),
    "unmet": (gettext_lazy("no meeting arranged after three weeks"), never_arranged),
}


def pairs_of(programme: Programme) -> QuerySet[Any]:
    """A programme's pairs with their people, signatures, and counts and dates of their meetings; one query a part."""
    theirs = Meeting.objects.filter(mentorship=OuterRef("pk")).order_by().values("mentorship")
    held = theirs.filter(state=Meeting.State.HELD)
    agreed = theirs.filter(state=Meeting.State.AGREED, ends_at__gte=clock.now())
    counted: QuerySet[Any] = with_signatures(mentorships_with_people(programme.mentorships.all())).annotate(
        held=Coalesce(Subquery(held.annotate(number=Count("pk")).values("number")), 0),
        last_held=Subquery(held.annotate(moment=Max("starts_at")).values("moment")),
        next_agreed=Subquery(agreed.annotate(moment=Min("starts_at")).values("moment")),
    )
    pairs: QuerySet[Any] = counted.annotate(
        quiet_since=Coalesce("last_held", "began_at"), next_or_never=Coalesce("next_agreed", NEVER)
    )
    return pairs
