from datetime import timedelta

from django.db.models import Prefetch, QuerySet

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.prepared import Prepared
from commonhall.meetings.feed import digest_of
from commonhall.meetings.models import Feed, Meeting
from commonhall.mentorships.models import Participant

BACK, AHEAD = timedelta(days=92), timedelta(days=366)

_by_digest = Prepared(lambda digest: Feed.objects.filter(digest=digest), digest=str)


def feed_at(secret: str) -> Feed | None:
    """One row, or none; the same work for an address that never was and for one that was taken back."""
    found: Feed | None = _by_digest.first(digest=digest_of(secret))
    return found


def feed_of(user: User) -> Feed | None:
    return Feed.objects.filter(user=user).first()


def meetings_in_feed(user: User) -> QuerySet[Meeting]:
    """What was agreed or held, from three months ago to a year ahead."""
    now = clock.now()
    shown = Meeting.objects.visible_to(user).filter(
        state__in=[Meeting.State.AGREED, Meeting.State.HELD], starts_at__gt=now - BACK, starts_at__lt=now + AHEAD
    )
    people = Prefetch("mentorship__participants", queryset=Participant.objects.select_related("user"))
    return shown.select_related("mentorship").prefetch_related(people).order_by("starts_at", "pk")
