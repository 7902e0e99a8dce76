"""Which meetings stand in the calendars that people connected for them, and where their owners have moved them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.integrations.models import Copy, OwnEntry
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.times import with_people

SETTLES_IN = timedelta(minutes=5)
LOOKED_AHEAD = timedelta(weeks=25)


@dataclass(frozen=True)
class Difference:
    """A meeting that its owner moved in the calendar, or took out of it (then `starts_at` is None)."""

    meeting: Meeting
    starts_at: datetime | None
    name: str


def uids_about(event: Event) -> set[str]:
    thing = event.about
    if isinstance(thing, Meeting):
        return {(thing.series or thing).uid}
    return {thing.uid} if isinstance(thing, Series) else set()


def meetings_in(uids: Iterable[str]) -> QuerySet[Meeting]:
    """All meetings that stand in calendars under these identities."""
    wanted = list(uids)
    found = Meeting.objects.filter(Q(series__uid__in=wanted) | Q(series=None, uid__in=wanted))
    return with_people(found.select_related("series")).order_by("starts_at", "pk")


def meetings_to_copy(user_id: int) -> QuerySet[Meeting]:
    people = Meeting.objects.visible_to(user_id).coming()
    return people.select_related("series")


def differences(user: User, *, only: Meeting | None = None) -> list[Difference]:
    """What somebody changed in their own calendar, as far as the last look at it told. It changes nothing here."""
    now = clock.now()
    copies = Copy.objects.filter(
        calendar__user=user,
        calendar__takes_meetings=True,
        written=F("wanted"),
        calendar__read_at__gt=F("written_at") + SETTLES_IN,
    )
    if only is not None:
        copies = copies.filter(uid=(only.series or only).uid)
    by_uid = dict(copies.values_list("uid", "calendar"))
    if not by_uid:
        return []
    coming = meetings_in(by_uid).filter(state=Meeting.State.AGREED, starts_at__gt=now, starts_at__lt=now + LOOKED_AHEAD)
    places = _places(by_uid)
    found = (Difference(one, places[_key(one)], _others(one, user)) for one in coming)
    return [one for one in found if one.starts_at != one.meeting.starts_at and not _is_proposed(one, user)]


def _others(meeting: Meeting, user: User) -> str:
    return ", ".join(one.user.name for one in meeting.mentorship.participants.all() if one.user_id != user.pk)


Key = tuple[str, datetime | None]


def _places(by_uid: dict[str, int]) -> defaultdict[Key, datetime | None]:
    rows = OwnEntry.objects.filter(calendar__in=set(by_uid.values()), uid__in=by_uid)
    places: defaultdict[Key, datetime | None] = defaultdict(lambda: None)
    places.update({(uid, by_rule): at for uid, by_rule, at in rows.values_list("uid", "by_rule", "starts_at")})
    return places


def _key(meeting: Meeting) -> Key:
    series, day = meeting.series, meeting.occurrence_on
    return (series.uid, series.rhythm.moment(day)) if series and day else (meeting.uid, None)


def _is_proposed(difference: Difference, user: User) -> bool:
    """They have put this very time to the other already."""
    meeting = difference.meeting
    mine = meeting.proposed_by_id == user.pk
    return mine and difference.starts_at in {one.starts_at for one in meeting.options.all()}
