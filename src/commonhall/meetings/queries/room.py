from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import QuerySet

from commonhall.core import clock
from commonhall.meetings import elsewhere
from commonhall.meetings.models import Guest, Line, Meeting, Visit
from commonhall.meetings.queries.rooms import usual, usual_without_choice
from commonhall.meetings.queries.times import with_people
from commonhall.programmes.models import Enrolment

MOST_INSIDE = 4
EARLY, LATE = timedelta(minutes=30), timedelta(hours=2)
SILENCE = timedelta(seconds=100)
TOGETHER = timedelta(minutes=10)
MOST_LINES_SHOWN = 500
LOOK_BACK = timedelta(days=7)
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Hours:
    opens: datetime
    closes: datetime


def open_hours(meeting: Meeting) -> Hours | None:
    """From half an hour before until two hours after; and the whole day on everybody's clock, to try it out."""
    if meeting.starts_at is None or meeting.ends_at is None:
        return None
    days = [_day(meeting.starts_at, one.user.time_zone) for one in meeting.mentorship.participants.all()]
    opens = min([meeting.starts_at - EARLY, *(first for first, _last in days)])
    return Hours(opens, max([meeting.ends_at + LATE, *(last for _first, last in days)]))


def _day(moment: datetime, zone: str) -> Span:
    local = moment.astimezone(clock.zone(zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return midnight, midnight + timedelta(days=1)


def is_room_open(meeting: Meeting) -> bool:
    hours = open_hours(meeting)
    return hours is not None and hours.opens <= clock.now() <= hours.closes


def seats_for_guests(meeting: Meeting) -> int:
    """Two of four are kept for a pair, so that no guest sits where one of them should."""
    return max(0, MOST_INSIDE - len(meeting.mentorship.participants.all()))


def inside(meeting: Meeting) -> QuerySet[Visit]:
    """Who is in the room now."""
    return meeting.visits.inside().filter(seen_at__gt=clock.now() - SILENCE).select_related("user", "guest")


@dataclass(frozen=True)
class OtherWays:
    """How else the people of a meeting reach each other, if the room does not work."""

    link: str
    number: str
    place: str


def other_ways(meeting: Meeting) -> OtherWays:
    """What was agreed for this meeting, else what the pair or its programme has."""
    usually, without_choice = usual(meeting.mentorship), usual_without_choice(meeting.mentorship)
    template = next((one.words for one in (usually, without_choice) if one.is_template), "")
    number = usually.words if usually.channel == Meeting.Channel.PHONE else ""
    is_number = meeting.channel == Meeting.Channel.PHONE and not meeting.link
    return OtherWays(
        link=meeting.link or elsewhere.filled(template, meeting=meeting.pk, pair=meeting.mentorship_id),
        number=meeting.place if is_number and meeting.place else number,
        place="" if is_number or meeting.link else meeting.place,
    )


def lines_of(meeting: Meeting, *, after: int = 0, since: datetime | None = None) -> list[Line]:
    """The newest lines, oldest first; those after the one that a page showed last, or since a guest was let in."""
    rows = meeting.lines.select_related("by").filter(pk__gt=after)
    return list((rows.filter(at__gte=since) if since else rows).order_by("-pk")[:MOST_LINES_SHOWN])[::-1]


def chat_of(meeting: Meeting, since: datetime | None = None) -> list[Line]:
    return [line for line in lines_of(meeting, since=since) if line.kind == Line.Kind.CHAT]


def at_the_door(meeting: Meeting) -> list[Guest]:
    """Guests who wait and guests who were let in; the waiting ones first."""
    asked = meeting.guests.exclude(state=Guest.State.REFUSED)
    return sorted(asked, key=lambda guest: (guest.is_in, guest.asked_at))


def fingerprint(words: str) -> str:
    """Tells whether somebody else has changed the words since a form showed them."""
    return sha256(words.encode()).hexdigest()[:16]


def perhaps_held() -> QuerySet[Meeting]:
    """Agreed meetings that are over and in whose room somebody was."""
    over = Meeting.objects.agreed().filter(ends_at__lt=clock.now(), ends_at__gt=clock.now() - LOOK_BACK)
    return with_people(over.filter(visits__user__isnull=False).distinct())


def were_together(meeting: Meeting) -> bool:
    """Both sides were in the room at once for ten minutes, or a third of a short meeting."""
    sides: dict[str, list[Span]] = {}
    roles = {one.user_id: one.role for one in meeting.mentorship.participants.all()}
    for visit in meeting.visits.filter(user__in=roles):
        sides.setdefault(roles[visit.user_id or 0], []).append((visit.joined_at, visit.until))
    mentee, mentor = (sides.get(role, []) for role in (Enrolment.Role.MENTEE, Enrolment.Role.MENTOR))
    return overlap(mentee, mentor) >= min(TOGETHER, timedelta(minutes=meeting.minutes) / 3)


def overlap(ones: Iterable[Span], others: Sequence[Span]) -> timedelta:
    """How long the two were there together; each may have come and gone several times."""
    shared = timedelta(0)
    theirs = _merged(others)
    for begins, ends in _merged(ones):
        for first, last in theirs:
            shared += max(timedelta(0), min(ends, last) - max(begins, first))
    return shared


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for begins, ends in sorted(spans):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
        else:
            merged.append((begins, ends))
    return merged
