from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.meetings.models import Meeting
from commonhall.meetings.suggestions import Person, Suggestions, awkwardness, suggest
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.people.hours import Pattern, is_inside
from commonhall.people.models import WorkingHours


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
    return meetings.select_related("mentorship__programme", "proposed_by", "cancelled_by").prefetch_related(
        "options", people
    )


def people_in(mentorship: Mentorship, first: User) -> list[User]:
    """Everybody in it, this person first."""
    return sorted((one.user for one in mentorship.participants.all()), key=lambda user: user.pk != first.pk)


def people_of(meeting: Meeting, first: User) -> list[User]:
    return people_in(meeting.mentorship, first)


def clashes(people: Iterable[User], starts_at: datetime, minutes: int, *, but: int | None = None) -> list[User]:
    """Those who have another agreed meeting at that time; `but` is the key of the meeting that may move."""
    ends_at = starts_at + timedelta(minutes=minutes)
    others = Meeting.objects.agreed().overlapping(starts_at, ends_at).exclude(pk=but or 0)
    busy = set(Participant.objects.filter(mentorship__in=others.values("mentorship")).values_list("user", flat=True))
    return [user for user in people if user.pk in busy]


def patterns_of(users: Iterable[User]) -> dict[int, Pattern]:
    """The working week of each, in their own zone; one query."""
    users = list(users)
    hours = WorkingHours.objects.filter(profile__user__in=users)
    weeks: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for key, weekday, starts, ends in hours.values_list("profile__user", "weekday", "starts", "ends"):
        weeks[key].append((weekday, starts, ends))
    return {user.pk: Pattern(user.time_zone, tuple(weeks[user.pk])) for user in users}


def suggestions(mentorship: Mentorship, user: User, minutes: int, *, but: int | None = None) -> Suggestions:
    """Times for the next meeting; this person's clock sets the half hours."""
    people = people_in(mentorship, user)
    patterns = patterns_of(people)
    settled = mentorship.meetings.filter(state__in=[Meeting.State.AGREED, Meeting.State.HELD])
    earlier = list(settled.values_list("starts_at", "minutes"))
    sides = [
        Person(
            _("you") if one.pk == user.pk else one.name,
            patterns[one.pk],
            sum(awkwardness(one.time_zone, starts_at, length) for starts_at, length in earlier if starts_at),
        )
        for one in people
    ]
    return suggest(sides, minutes, clock.now(), busy_spans(people, but=but))


def busy_spans(people: Iterable[User], *, but: int | None = None) -> list[tuple[datetime, datetime]]:
    """When any of them has an agreed meeting, in any mentorship."""
    mine = Participant.objects.filter(user__in=list(people)).values("mentorship")
    rows = Meeting.objects.coming().filter(mentorship__in=mine).exclude(pk=but or 0).values_list("starts_at", "ends_at")
    return [(starts_at, ends_at) for starts_at, ends_at in rows if starts_at and ends_at]


def moments(people: Sequence[User], times: Iterable[datetime], minutes: int) -> list[Moment]:
    """Each time on the clock of the first person and of the others, and whether it lies outside their hours."""
    patterns = patterns_of(people)
    made = []
    for starts_at in times:
        mine, *others = (_on_clock(user, patterns[user.pk], starts_at, minutes) for user in people)
        made.append(Moment(starts_at, mine, tuple(others)))
    return made


def _on_clock(user: User, pattern: Pattern, starts_at: datetime, minutes: int) -> LocalTime:
    outside = bool(pattern.stretches) and not is_inside(pattern, starts_at, minutes)
    return LocalTime(user, starts_at.astimezone(clock.zone(user.time_zone)), outside)


def usual_arrangement(mentorship: Mentorship) -> dict[str, str]:
    """How they met last: the beginning of the next proposal."""
    last = mentorship.meetings.exclude(state=Meeting.State.CANCELLED).order_by("-pk").first()
    return {"channel": last.channel, "place": last.place} if last else {"channel": Meeting.Channel.VIDEO}
