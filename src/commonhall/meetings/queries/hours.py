"""Hours that meetings took: one's own, for one's record of learning, and those that councils gave and received."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Prefetch, QuerySet

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.savings import FEWEST
from commonhall.mentorships.models import Participant
from commonhall.organisations.models import Organisation
from commonhall.programmes.models import Enrolment, Programme

MENTOR, MENTEE = Enrolment.Role.MENTOR, Enrolment.Role.MENTEE


@dataclass(frozen=True)
class Hours:
    """Minutes of meetings that were held, by the role that one had in them."""

    as_mentor: int = 0
    as_mentee: int = 0

    @property
    def minutes(self) -> int:
        return self.as_mentor + self.as_mentee

    @property
    def given(self) -> str:
        return clock.span(self.as_mentor)

    @property
    def received(self) -> str:
        return clock.span(self.as_mentee)


@dataclass(frozen=True)
class Share:
    """What one council gave and received in minutes; None where it is of fewer than five people."""

    label: str
    given: int | None
    received: int | None

    @property
    def words(self) -> tuple[str, str]:
        """Given and received; a dash where nothing is said."""
        return in_hours(self.given), in_hours(self.received)


@dataclass(frozen=True)
class Ledger:
    """The last line may be several councils together; its label is empty."""

    shares: tuple[Share, ...]
    given: int | None
    received: int | None

    @property
    def words(self) -> tuple[str, str]:
        return in_hours(self.given), in_hours(self.received)


def in_hours(minutes: int | None) -> str:
    return "–" if minutes is None else clock.span(minutes)


@dataclass(frozen=True)
class _Part:
    key: int
    label: str
    minutes: int
    people: frozenset[int]


def hours_of(user: User, starting: date, until: date) -> Hours:
    """From the first day up to, not including, the last; days on this person's own clock."""
    minutes: dict[str, int] = defaultdict(int)
    rows = _mine(user, starting, until).filter(mentorship__participants__user=user)
    for length, role in rows.values_list("minutes", "mentorship__participants__role"):
        minutes[role] += length
    return Hours(minutes[MENTOR], minutes[MENTEE])


def meetings_of(user: User, starting: date, until: date) -> list[Meeting]:
    """The same meetings, oldest first, with their people."""
    people = Prefetch("mentorship__participants", queryset=Participant.objects.select_related("user"))
    rows = _mine(user, starting, until).select_related("mentorship__programme").prefetch_related(people)
    return list(rows.order_by("starts_at", "pk"))


def lines_of(user: User, starting: date, until: date) -> list[tuple[Any, ...]]:
    """The same as lines of a table: day, minutes, role, with whom, programme, how, about what."""
    zone = clock.zone(user.time_zone)
    lines = []
    for meeting in meetings_of(user, starting, until):
        people = meeting.mentorship.participants.all()
        role = next(one.get_role_display() for one in people if one.user_id == user.pk)
        names = ", ".join(one.user.name for one in people if one.user_id != user.pk)
        assert meeting.starts_at is not None
        day = meeting.starts_at.astimezone(zone).date()
        how = meeting.get_channel_display()
        lines.append((day, meeting.minutes, role, names, meeting.mentorship.programme.name, how, meeting.title))
    return lines


def year_of(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year + 1, 1, 1)


def this_year(user: User) -> tuple[int, Hours]:
    """By this person's own calendar."""
    year = clock.today(user.time_zone).year
    return year, hours_of(user, *year_of(year))


def _mine(user: User, starting: date, until: date) -> QuerySet[Meeting]:
    zone = clock.zone(user.time_zone)
    first, last = (datetime.combine(day, time.min, zone) for day in (starting, until))
    held = Meeting.objects.visible_to(user).filter(state=Meeting.State.HELD)
    return held.filter(starts_at__gte=first, starts_at__lt=last)


def ledger_of(programme: Programme) -> Ledger:
    """Each person's own hours: a meeting of a circle is an hour given, and an hour for each who receives it."""
    parts = _parts(Participant.objects.filter(mentorship__programme=programme))
    return _as_ledger(_with_enough(parts[MENTOR]), _with_enough(parts[MENTEE]))


def share_of(organisation: Organisation) -> Share:
    """What one council's people gave and received in all programmes, where they are five or more."""
    parts = _parts(Participant.objects.filter(enrolment__organisation=organisation))
    given, received = (
        next((one.minutes for one in parts[role] if len(one.people) >= FEWEST), None) for role in (MENTOR, MENTEE)
    )
    return Share(organisation.label, given, received)


def _parts(people: QuerySet[Participant]) -> dict[str, list[_Part]]:
    """Minutes of meetings that were held, by role and by organisation; one question."""
    held = people.filter(mentorship__meetings__state=Meeting.State.HELD).order_by()
    rows = held.values_list(
        "role",
        "enrolment__organisation",
        "enrolment__organisation__short_name",
        "enrolment__organisation__name",
        "user",
        "mentorship__meetings__minutes",
    )
    minutes: dict[tuple[str, int, str], int] = defaultdict(int)
    who: dict[tuple[str, int, str], set[int]] = defaultdict(set)
    for role, key, short, name, user, length in rows:
        minutes[role, key, short or name] += length
        who[role, key, short or name].add(user)
    found: dict[str, list[_Part]] = defaultdict(list)
    for each, total in minutes.items():
        role, key, label = each
        found[role].append(_Part(key, label, total, frozenset(who[each])))
    return found


def _with_enough(parts: list[_Part]) -> list[_Part]:
    """Those with five people or more; the others together, with the smallest that has enough until they have, too."""
    parts = sorted(parts, key=lambda one: (len(one.people), one.label))
    small = [one for one in parts if len(one.people) < FEWEST]
    large = parts[len(small) :]
    if not small:
        return large
    while large and len(_union(small)) < FEWEST:
        small.append(large.pop(0))
    if len(_union(small)) < FEWEST:
        return []
    rest = _Part(0, "", sum(one.minutes for one in small), _union(small))
    return [*large, rest]


def _union(parts: Iterable[_Part]) -> frozenset[int]:
    return frozenset().union(*(one.people for one in parts))


def _as_ledger(given: list[_Part], received: list[_Part]) -> Ledger:
    gives, takes = ({one.key: one.minutes for one in side} for side in (given, received))
    labels = {one.key: one.label for one in (*given, *received)}
    keys = sorted(labels, key=lambda key: (key == 0, labels[key]))
    shares = tuple(Share(labels[key], gives.get(key), takes.get(key)) for key in keys)
    return Ledger(shares, sum(gives.values()) if given else None, sum(takes.values()) if received else None)
