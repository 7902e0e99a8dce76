"""Times that suit two to eight people, the best first; `obstacles` says why there are none.

Pure arithmetic over `people.hours`: diaries in, moments out.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from commonhall.core import clock
from commonhall.meetings.diaries import Person
from commonhall.meetings.obstacles import why_none, without_hours
from commonhall.people.hours import DAY, Interval, Span, clock_between, common, minute_of, moment_of, starts

MOST = 6
MOST_A_DAY = 2
STEP = 30
COMFORTABLE = (9 * 60 + 30, 16 * 60 + 30)
COST_OF_A_DAY = 6
LENGTHS = (30, 45, 60, 90)
NEAR, FAR = timedelta(weeks=4), timedelta(weeks=12)


@dataclass(frozen=True)
class Suggestions:
    """Moments in UTC, best first; where there are none, `why` says so in words."""

    times: tuple[datetime, ...] = ()
    why: str = ""


def slots(people: Sequence[Person], minutes: int, window: Span, *, now: datetime | None = None) -> Suggestions:
    """Up to six starts within a window that suit everybody, at most two on a day; the first person reads them.

    The order weighs how early or late it is for each (more for whoever has borne more of that so far) and how soon.
    """
    if why := without_hours(people):
        return Suggestions(why=why)
    first, last = minute_of(window[0], up=True), minute_of(window[1])
    free = [(first, last)]
    for one in people:
        free = common(free, one.free(minutes, now or window[0], first, last)) if free else []
    begins = list(starts(free, minutes, STEP, people[0].pattern.zone))
    if not begins:
        return Suggestions(why=why_none(people, minutes, now or window[0], first, last))
    return Suggestions(tuple(moment_of(one) for one in _spread(_ranked(people, begins, minutes, first), minutes)))


def soon_or_later(people: Sequence[Person], minutes: int, now: datetime) -> Suggestions:
    """Times within four weeks after the longest notice; where there are none, within twelve."""
    lead = now + max(one.notice for one in people)
    near = slots(people, minutes, (now, lead + NEAR))
    return near if near.times else slots(people, minutes, (now, lead + FAR))


def awkwardness(zone: str, starts_at: datetime, minutes: int) -> int:
    """Minutes of a meeting's distance from the comfortable middle of somebody's day."""
    local = starts_at.astimezone(clock.zone(zone))
    begins = local.hour * 60 + local.minute
    return max(0, COMFORTABLE[0] - begins, begins + minutes - COMFORTABLE[1])


def _ranked(people: Sequence[Person], begins: Sequence[int], minutes: int, first: int) -> list[Interval]:
    """Pairs of a start and the first person's day, the best first."""
    worst, total = [0.0] * len(begins), [0.0] * len(begins)
    borne = sum(one.borne for one in people)
    for one in people:
        weight = 1 + one.borne / (borne + 60)
        for number, local in enumerate(_on_clock(one.pattern.zone, begins)):
            strain = max(COMFORTABLE[0] - local % DAY, local % DAY + minutes - COMFORTABLE[1])
            if strain > 0:
                total[number] += strain * weight
                worst[number] = max(worst[number], strain * weight)
    costs = [
        high + sum_ / 4 + COST_OF_A_DAY * ((start - first) // DAY)
        for high, sum_, start in zip(worst, total, begins, strict=True)
    ]
    days = [local // DAY for local in _on_clock(people[0].pattern.zone, begins)]
    return [(start, day) for _cost, start, day in sorted(zip(costs, begins, days, strict=True))]


def _on_clock(zone: str, moments: Sequence[int]) -> Iterable[int]:
    """Ordered moments as a zone's clocks show them, in minutes from its midnight of 1970."""
    for begins, ends, offset in clock_between(zone, moments[0], moments[-1] + 1):
        for moment in moments[bisect_left(moments, begins) : bisect_left(moments, ends)]:
            yield moment + offset


def _spread(ranked: Iterable[Interval], minutes: int) -> list[int]:
    """The best that do not overlap and do not crowd one day."""
    chosen: list[int] = []
    days: Counter[int] = Counter()
    for start, day in ranked:
        if days[day] < MOST_A_DAY and all(abs(one - start) >= minutes for one in chosen):
            chosen.append(start)
            days[day] += 1
        if len(chosen) == MOST:
            break
    return chosen
