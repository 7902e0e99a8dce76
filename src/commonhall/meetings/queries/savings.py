"""What meeting at a distance has saved, for a pair, a council's share, a programme and a pool.

A council or a region reads of five people or more, or reads nothing; nor can it work out fewer by taking one figure
from another. A month with fewer is counted with the next, and a pool leaves out the programmes with fewer. The people
of a pair read their own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from commonhall.meetings import travel
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries import factors
from commonhall.meetings.travel import COUNTED, FAR, SAME, UNKNOWN, Journey, Member, Place, Saved
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.organisations.models import Organisation, Pool
from commonhall.programmes.models import Enrolment, Programme

FEWEST = 5
IN_PERSON = "in-person"


@dataclass(frozen=True)
class Count:
    """Some meetings: what they saved, and by what became of them how many there were and whose journeys these are."""

    saved: Saved = field(default_factory=Saved)
    held: int = 0
    meetings: Mapping[str, int] = field(default_factory=dict)
    people: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @property
    def is_enough(self) -> bool:
        """Whether the figures are about five people or more, not counting those who would have gone nowhere."""
        return self.is_enough_of(COUNTED)

    def is_enough_of(self, fate: str) -> bool:
        return len(self.people.get(fate, ())) >= FEWEST

    @property
    def counted(self) -> int:
        return self.meetings.get(COUNTED, 0)

    @property
    def left_out(self) -> dict[str, int | None]:
        """What is not counted, and how many meetings; None where these are of fewer than five people."""
        return {
            fate: self.meetings[fate] if self.is_enough_of(fate) else None
            for fate in (UNKNOWN, FAR, SAME, IN_PERSON)
            if self.meetings.get(fate)
        }


@dataclass(frozen=True)
class Months:
    """One month, or several that are counted together because few met in one of them."""

    first: date
    last: date
    count: Count


@dataclass(frozen=True)
class Savings:
    """`count` is None where fewer than five people would be read of."""

    count: Count | None
    months: tuple[Months, ...] = ()


def of_pair(mentorship: Mentorship, meetings: Iterable[Meeting]) -> Count | None:
    """Of a mentorship with its people and their organisations. None before they have met; one question after."""
    held = [one for one in meetings if one.state == Meeting.State.HELD]
    if not held:
        return None
    people = [_member(one) for one in mentorship.participants.all()]
    made = travel.journeys(people, factors.by_country())
    return _sum(_count(made, one.channel) for one in held)


def of_programme(programme: Programme) -> Savings:
    return _savings(Mentorship.objects.filter(programme=programme))


def of_organisation(organisation: Organisation) -> Savings:
    """Its share: the journeys that its own people would have made, in every programme."""
    theirs = Participant.objects.filter(enrolment__organisation=organisation).values("mentorship")
    return _savings(Mentorship.objects.filter(pk__in=theirs), home=organisation.pk)


def of_pool(pool: Pool) -> Savings:
    """Its programmes together, without those of which fewer than five people would be read."""
    by_programme: dict[int, list[tuple[date, Count]]] = defaultdict(list)
    for programme, month, count in _dated(Mentorship.objects.filter(programme__pool=pool)):
        by_programme[programme].append((month, count))
    each = [_together(rows) for rows in by_programme.values()]
    counts = [one.count for one in each if one.count]
    if not counts:
        return Savings(None)
    return Savings(_sum(counts), tuple(_whole(month for one in each for month in one.months)))


def _savings(mentorships: QuerySet[Mentorship], *, home: int | None = None) -> Savings:
    return _together([(month, count) for _programme, month, count in _dated(mentorships, home=home)])


def _dated(mentorships: QuerySet[Mentorship], *, home: int | None = None) -> list[tuple[int, date, Count]]:
    """Programme, month and count of every meeting that was held: three questions, however many there are."""
    held = Meeting.objects.filter(state=Meeting.State.HELD, mentorship__in=mentorships.values("pk")).order_by()
    rows = held.values_list("mentorship", "mentorship__programme", "starts_at", "channel")
    members = _members(mentorships)
    by_country = factors.by_country()
    made: dict[int, list[Journey]] = {}
    found = []
    for mentorship, programme, starts_at, channel in rows:
        if mentorship not in made:
            every = travel.journeys(members[mentorship], by_country)
            made[mentorship] = [one for one in every if home in (None, one.home)]
        if made[mentorship] and starts_at:
            found.append((programme, _month(starts_at), _count(made[mentorship], channel)))
    return found


def _members(mentorships: QuerySet[Mentorship]) -> Mapping[int, list[Member]]:
    people = Participant.objects.filter(mentorship__in=mentorships.values("pk")).order_by("role", "pk")
    rows = people.values_list(
        "mentorship",
        "user",
        "role",
        "enrolment__organisation",
        "enrolment__organisation__latitude",
        "enrolment__organisation__longitude",
        "enrolment__organisation__country",
    )
    found: dict[int, list[Member]] = defaultdict(list)
    for mentorship, user, role, key, latitude, longitude, country in rows:
        place = Place(key, latitude, longitude)
        found[mentorship].append(Member(user, role == Enrolment.Role.MENTOR, place, country))
    return found


def _member(participant: Participant) -> Member:
    home = participant.enrolment.organisation
    place = Place(home.pk, home.latitude, home.longitude)
    return Member(participant.user_id, participant.role == Enrolment.Role.MENTOR, place, home.country)


def _month(moment: datetime) -> date:
    return timezone.localdate(moment).replace(day=1)


def _count(made: Sequence[Journey], channel: str) -> Count:
    """Of one meeting. In a circle the journeys that we know count, also where we do not know all."""
    if channel == Meeting.Channel.IN_PERSON:
        return Count(held=1, meetings={IN_PERSON: 1}, people={IN_PERSON: frozenset(one.traveller for one in made)})
    people: dict[str, set[int]] = defaultdict(set)
    for one in made:
        people[one.fate].add(one.traveller)
    return Count(
        travel.together(one.saved for one in made if one.fate == COUNTED),
        1,
        dict.fromkeys(people, 1),
        {fate: frozenset(who) for fate, who in people.items()},
    )


def _sum(counts: Iterable[Count]) -> Count:
    counts = list(counts)
    meetings: Counter[str] = Counter()
    people: dict[str, set[int]] = defaultdict(set)
    for one in counts:
        meetings.update(one.meetings)
        for fate, who in one.people.items():
            people[fate] |= who
    whose = {fate: frozenset(who) for fate, who in people.items()}
    return Count(travel.together(one.saved for one in counts), sum(one.held for one in counts), dict(meetings), whose)


def _together(rows: Sequence[tuple[date, Count]]) -> Savings:
    total = _sum(count for _month, count in rows)
    if not total.is_enough:
        return Savings(None)
    by_month: dict[date, list[Count]] = defaultdict(list)
    for month, count in rows:
        by_month[month].append(count)
    return Savings(total, tuple(_months({month: _sum(counts) for month, counts in sorted(by_month.items())})))


def _months(by_month: Mapping[date, Count]) -> list[Months]:
    """In order; one with fewer than five people is counted with those after it, or, at the end, before it."""
    made: list[Months] = []
    first, waiting = None, Count()
    for month, count in by_month.items():
        first, waiting = first or month, _sum([waiting, count])
        if waiting.is_enough:
            made.append(Months(first, month, waiting))
            first, waiting = None, Count()
    if first is not None:
        last = made.pop() if made else Months(first, first, Count())
        made.append(Months(last.first, max(by_month), _sum([last.count, waiting])))
    return made


def _whole(months: Iterable[Months]) -> list[Months]:
    """Of several programmes, none of them cut: what the pool shows less what a programme shows is never a part."""
    made: list[Months] = []
    for one in sorted(months, key=lambda each: each.first):
        if made and one.first <= made[-1].last:
            before = made.pop()
            one = Months(before.first, max(before.last, one.last), _sum([before.count, one.count]))
        made.append(one)
    return made
