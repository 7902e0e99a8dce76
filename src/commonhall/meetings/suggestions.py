"""Times that suit two people, the best first, and why there are none.

Pure arithmetic over `people.hours`: patterns and busy spans in, moments out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from commonhall.core import clock
from commonhall.people.hours import Pattern, Span, common_slots, common_spans

MOST = 6
MOST_A_DAY = 2
LEAD = timedelta(hours=20)
WINDOW = timedelta(weeks=4)
COMFORTABLE = (9 * 60 + 30, 16 * 60 + 30)
COST_OF_A_DAY = 6
LENGTHS = (30, 45, 60, 90)


@dataclass(frozen=True)
class Person:
    """One side: their hours, and the awkward minutes that they have borne in earlier meetings."""

    name: str
    pattern: Pattern
    borne: int = 0


@dataclass(frozen=True)
class Suggestions:
    """Moments in UTC, best first; where there are none, `why` says so in words."""

    times: tuple[datetime, ...] = ()
    why: str = ""


def suggest(people: Sequence[Person], minutes: int, now: datetime, busy: Iterable[Span] = ()) -> Suggestions:
    """Up to six starts within four weeks in which everybody works, at most two on a day.

    The order weighs how early or late it is for each (more for whoever has borne more of that so far) and how soon.
    """
    if silent := [one.name for one in people if not one.pattern.stretches]:
        return Suggestions(why=_no_hours(silent))
    taken = list(busy)
    starting, until = now + LEAD, now + LEAD + WINDOW
    patterns = [one.pattern for one in people]
    free = list(common_slots(patterns, minutes, starting, until, busy=taken))
    if not free:
        return Suggestions(why=_why_none(people, minutes, starting, until))
    total = sum(one.borne for one in people)
    ranked = sorted(free, key=lambda moment: (_cost(people, moment, minutes, total, starting), moment))
    return Suggestions(tuple(_spread(ranked, patterns[0].zone, minutes)))


def awkwardness(zone: str, starts_at: datetime, minutes: int) -> int:
    """Minutes of a meeting's distance from the comfortable middle of somebody's day."""
    local = starts_at.astimezone(clock.zone(zone))
    begins = local.hour * 60 + local.minute
    return max(0, COMFORTABLE[0] - begins, begins + minutes - COMFORTABLE[1])


def _cost(people: Sequence[Person], moment: datetime, minutes: int, total: int, starting: datetime) -> float:
    weighed = [awkwardness(one.pattern.zone, moment, minutes) * (1 + one.borne / (total + 60)) for one in people]
    return max(weighed) + sum(weighed) / 4 + COST_OF_A_DAY * (moment - starting).days


def _spread(ranked: Iterable[datetime], zone: str, minutes: int) -> Iterable[datetime]:
    """The best that do not overlap and do not crowd one day."""
    chosen: list[datetime] = []
    length = timedelta(minutes=minutes)
    for moment in ranked:
        day = moment.astimezone(clock.zone(zone)).date()
        same_day = [one for one in chosen if one.astimezone(clock.zone(zone)).date() == day]
        if len(same_day) < MOST_A_DAY and all(abs(one - moment) >= length for one in same_day):
            chosen.append(moment)
        if len(chosen) == MOST:
            break
    return chosen


def _no_hours(silent: Sequence[str]) -> str:
    names = _(" and ").join(silent)
    return _("We cannot suggest times, because there are no working hours in the profile of %(names)s.") % {
        "names": names
    }


def _why_none(people: Sequence[Person], minutes: int, starting: datetime, until: datetime) -> str:
    shared = common_spans([one.pattern for one in people], starting, until)
    if not shared:
        return _apart(people, starting)
    longest = int(max(end - start for start, end in shared) / timedelta(minutes=1))
    if longest < minutes:
        return _(
            "Your working hours overlap, but never for %(minutes)d minutes: "
            "the longest stretch is %(longest)d minutes. Choose a shorter meeting, or give a time of your own."
        ) % {"minutes": minutes, "longest": longest}
    return _(
        "Every hour that you share in the next four weeks is taken by other mentoring meetings. "
        "Give a time of your own that is later."
    )


def _apart(people: Sequence[Person], starting: datetime) -> str:
    """Names whose day it is when the first of them begins and ends work."""
    first, *others = people
    lines = [
        _("%(name)s works %(hours)s") % {"name": one.name, "hours": _in_zone_of(one, first.pattern.zone, starting)}
        for one in others
    ]
    return _(
        "Your working hours do not overlap in the next four weeks. In your time, %(lines)s. "
        "Give a time of your own before or after the usual day; taking turns with the early and the late slot is fair."
    ) % {"lines": "; ".join(lines)}


def _in_zone_of(person: Person, zone: str, starting: datetime) -> str:
    spans = common_spans([person.pattern], starting, starting + timedelta(weeks=1))
    spans = [span for span in spans if span[0] > starting] or spans
    if not spans:
        return _("at no time in the next week")
    here = clock.zone(zone)
    starts, ends = spans[0][0].astimezone(here), spans[0][1].astimezone(here)
    return _("from %(start)s to %(end)s") % {"start": f"{starts:%H:%M}", "end": f"{ends:%H:%M}"}
