"""A calendar of one's meetings at a secret address. Only its digest is kept, so the address can be shown but once."""

from django.db import transaction
from django.db.models import F

from commonhall.accounts.models import User
from commonhall.core import clock, ids
from commonhall.history import actions as history
from commonhall.meetings.feed import digest_of
from commonhall.meetings.models import Feed
from commonhall.mentorships.models import Participant

LENGTH = 43
CHANGES_NOTHING = frozenset(
    {
        "meeting.proposed",
        "meeting.kept",
        "meeting.due",
        "meeting.doubted",
        "meeting.over",
        "series.proposed",
    }
)


@transaction.atomic
def open_feed(*, by: User) -> str:
    """Make the address, or a new one in place of the old, which stops working at once. Returns its secret."""
    secret = ids.token(LENGTH)
    fresh = {"digest": digest_of(secret), "renewed_at": clock.now()}
    _feed, is_new = Feed.objects.update_or_create(user=by, defaults=fresh)
    history.record("feed.made" if is_new else "feed.renewed", about=by, by=by)
    return secret


@transaction.atomic
def close_feed(*, by: User) -> None:
    deleted, _models = Feed.objects.filter(user=by).delete()
    if deleted:
        history.record("feed.closed", about=by, by=by)


def follow(verb: str, mentorship_pk: int) -> None:
    """Called by every act on a meeting, in its transaction: the calendars of its people have changed."""
    if verb not in CHANGES_NOTHING:
        people = Participant.objects.filter(mentorship=mentorship_pk).values("user")
        Feed.objects.filter(user__in=people).update(version=F("version") + 1)


def follow_person(user_id: int) -> int:
    """Somebody's name, language or zone has changed: so have their calendar and those of whom they meet.

    Row by row, each on its own, so that it never waits for two acts on meetings at once.
    """
    theirs = Participant.objects.filter(user=user_id).values("mentorship")
    people = Participant.objects.filter(mentorship__in=theirs).values("user")
    feeds = list(
        (Feed.objects.filter(user__in=people) | Feed.objects.filter(user=user_id)).values_list("pk", flat=True)
    )
    for key in feeds:
        Feed.objects.filter(pk=key).update(version=F("version") + 1)
    return len(feeds)
