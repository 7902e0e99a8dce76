from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.integrations.queries import busy_spans
from commonhall.meetings.diaries import Person
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.rooms import PAIR, usual
from commonhall.meetings.suggestions import FAR, Suggestions, awkwardness, soon_or_later
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.people.availability import LONGEST_NOTICE, availability_of, patterns_of
from commonhall.people.hours import Span, is_inside

ONE_DAY = timedelta(days=1)
A_LITTLE_BEFORE = timedelta(days=4)


@dataclass(frozen=True)
class LocalTime:
    """One moment on one person's clock."""

    user: User
    at: datetime
    is_outside_hours: bool

    @property
    def words(self) -> str:
        """Day and hour as this clock shows them, whoever reads."""
        return date_format(self.at, "l H:i")


@dataclass(frozen=True)
class Moment:
    """A time of a meeting, for me and for the others."""

    starts_at: datetime
    mine: LocalTime
    others: tuple[LocalTime, ...]


def with_people(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """With all that the rules and a card read."""
    people = Prefetch("mentorship__participants", queryset=Participant.objects.select_related("user"))
    shown = meetings.select_related("mentorship__programme", "proposed_by", "cancelled_by", "series", "missed_by")
    return shown.prefetch_related("options", people)


def people_in(mentorship: Mentorship, first: User) -> list[User]:
    """Everybody in it, this person first."""
    return sorted((one.user for one in mentorship.participants.all()), key=lambda user: user.pk != first.pk)


def people_of(meeting: Meeting, first: User) -> list[User]:
    return people_in(meeting.mentorship, first)


def names_of(people: Iterable[User]) -> str:
    """As one would say them: "Ana", "Ana and Bo", "Ana, Bo and Cy"."""
    *most, last = [one.name for one in people] or [""]
    return _("%(names)s and %(last)s") % {"names": ", ".join(most), "last": last} if most else last


def clashes(people: Iterable[User], starts_at: datetime, minutes: int, *, but: int | None = None) -> list[User]:
    """Those who have another agreed meeting at that time; `but` is the key of the meeting that may move."""
    ends_at = starts_at + timedelta(minutes=minutes)
    others = Meeting.objects.agreed().overlapping(starts_at, ends_at).exclude(pk=but or 0)
    busy = set(Participant.objects.filter(mentorship__in=others.values("mentorship")).values_list("user", flat=True))
    return [user for user in people if user.pk in busy]


def suggestions(
    mentorship: Mentorship, user: User, minutes: int, *, but: int | None = None, around: datetime | None = None
) -> Suggestions:
    """Times for the next meeting, from a little before `around` on; this person's clock sets the half hours."""
    now = max(clock.now(), around - A_LITTLE_BEFORE) if around else clock.now()
    users = people_in(mentorship, user)
    settled = mentorship.meetings.filter(state__in=[Meeting.State.AGREED, Meeting.State.HELD])
    earlier = list(settled.values_list("starts_at", "minutes"))
    return soon_or_later(diaries(users, now, earlier=earlier, but=but), minutes, now)


def diaries(
    users: Sequence[User],
    now: datetime,
    *,
    earlier: Iterable[tuple[datetime | None, int]] = (),
    but: int | None = None,
) -> list[Person]:
    """What decides when each can meet in the time in which meetings are looked for; the first of them reads.

    `earlier` are starts and minutes of their meetings so far, for sharing what is early or late fairly.
    """
    until = now + FAR + LONGEST_NOTICE
    found = availability_of(users, now.date() - ONE_DAY, until.date() + ONE_DAY)
    meetings = meetings_of(users, but=but)
    elsewhere = busy_spans(users, now, until)
    met = [(starts_at, minutes) for starts_at, minutes in earlier if starts_at]
    return [
        Person(
            name=_("you") if number == 0 else user.name,
            pattern=found[user.pk].pattern,
            borne=sum(awkwardness(user.time_zone, starts_at, minutes) for starts_at, minutes in met),
            absences=found[user.pk].absences,
            notice=found[user.pk].notice,
            buffer=found[user.pk].buffer,
            most_a_day=found[user.pk].most_a_day,
            meetings=tuple(meetings[user.pk]),
            elsewhere=tuple(elsewhere[user.pk]),
        )
        for number, user in enumerate(users)
    ]


def meetings_of(users: Iterable[User], *, but: int | None = None) -> dict[int, list[Span]]:
    """When each has an agreed meeting, in any mentorship."""
    rows = Participant.objects.filter(
        user__in=list(users), mentorship__meetings__in=Meeting.objects.coming().exclude(pk=but or 0).order_by()
    )
    taken: dict[int, list[Span]] = defaultdict(list)
    columns = ("user", "mentorship__meetings__starts_at", "mentorship__meetings__ends_at")
    for key, starts_at, ends_at in rows.values_list(*columns):
        if starts_at and ends_at:
            taken[key].append((starts_at, ends_at))
    return taken


def moments(people: Sequence[User], times: Iterable[datetime], minutes: int) -> list[Moment]:
    """Each time on the clock of the first person and of the others, and whether it lies outside their hours."""
    times = list(times)
    if not times:
        return []
    patterns = patterns_of(people, min(times).date() - ONE_DAY, max(times).date() + ONE_DAY)

    def outside(user: User, starts_at: datetime) -> bool:
        pattern = patterns[user.pk]
        return pattern.works and not is_inside(pattern, starts_at, minutes)

    return [_moment(people, starts_at, outside) for starts_at in times]


def moments_in_hours(people: Sequence[User], suggested: Suggestions) -> list[Moment]:
    """The same for suggested times, of which it is known that they suit everybody."""
    return [_moment(people, starts_at, lambda _user, _starts_at: False) for starts_at in suggested.times]


def _moment(people: Sequence[User], starts_at: datetime, outside: Callable[[User, datetime], bool]) -> Moment:
    mine, *others = (
        LocalTime(user, starts_at.astimezone(clock.zone(user.time_zone)), outside(user, starts_at)) for user in people
    )
    return Moment(starts_at, mine, tuple(others))


def usual_arrangement(mentorship: Mentorship) -> dict[str, str]:
    """How the next proposal begins: what the pair has chosen; else its usual room; else how they met last."""
    found = usual(mentorship)
    last = mentorship.meetings.exclude(state=Meeting.State.CANCELLED).order_by("-pk").first()
    if found.whose == PAIR or (found.words and (last is None or last.channel == found.channel)):
        return {"channel": found.channel, "place": "" if found.is_template else found.words}
    return {"channel": last.channel, "place": last.place} if last else {"channel": Meeting.Channel.VIDEO}
