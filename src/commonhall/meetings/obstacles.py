"""Why no time suits everybody, in words that name days and people; the first person reads them.

Somebody else's leave and school holidays are told as "is away", and their busy season without its name.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonhall.core import clock
from commonhall.meetings.diaries import Person
from commonhall.people.availability import Absence, Why
from commonhall.people.hours import WEEK, Interval, common, moment_of, spans, without

MOST_CLAUSES = 4
MOST_DAYS = 3
ONLY = 2
WEEKDAYS = (
    *(gettext_lazy("Mondays"), gettext_lazy("Tuesdays"), gettext_lazy("Wednesdays"), gettext_lazy("Thursdays")),
    *(gettext_lazy("Fridays"), gettext_lazy("Saturdays"), gettext_lazy("Sundays")),
)


@dataclass(frozen=True)
class Obstacle:
    """What takes a shared stretch of hours away: an absence, or else notice, full days or other appointments."""

    side: int
    kind: str
    absence: Absence | None = None


@dataclass
class Search:
    """One search that found nothing: minutes from 1970, as in `people.hours`."""

    people: Sequence[Person]
    minutes: int
    now: dt.datetime
    first: int
    last: int
    found: dict[Obstacle, list[dt.date]] = field(default_factory=dict)

    @property
    def weeks(self) -> str:
        number = max(1, round((self.last - self.first) / WEEK))
        return ngettext("the next week", "the next %(n)d weeks", number) % {"n": number}


def without_hours(people: Sequence[Person]) -> str:
    silent = [one.name for one in people if not one.pattern.works]
    if not silent:
        return ""
    return _("We cannot suggest times, because there are no working hours in the profile of %(names)s.") % {
        "names": _listed(silent)
    }


def why_none(people: Sequence[Person], minutes: int, now: dt.datetime, first: int, last: int) -> str:
    search = Search(people, minutes, now, first, last)
    if short := [number for number, one in enumerate(people) if one.most_a_day < minutes]:
        return _too_long(people[short[0]], is_reader=short[0] == 0)
    shared = [(first, last)]
    for one in people:
        shared = common(shared, one.hours(first, last))
    if not shared:
        return _apart(search)
    stretches = [one for one in shared if one[1] - one[0] >= minutes]
    if not stretches:
        return _too_short(max(end - start for start, end in shared), minutes)
    return _taken(search, stretches)


def _too_long(person: Person, *, is_reader: bool) -> str:
    limit = clock.span(person.most_a_day)
    if is_reader:
        return _("You meet for at most %(limit)s on one day. Choose a shorter meeting, or change your times.") % {
            "limit": limit
        }
    return _("%(name)s meets for at most %(limit)s on one day. Choose a shorter meeting.") % {
        "name": person.name,
        "limit": limit,
    }


def _too_short(longest: int, minutes: int) -> str:
    return _(
        "Your working hours overlap, but never for %(minutes)d minutes: "
        "the longest stretch is %(longest)d minutes. Choose a shorter meeting, or give a time of your own."
    ) % {"minutes": minutes, "longest": longest}


def _apart(search: Search) -> str:
    """Names whose day it is when the first of them begins and ends work."""
    lines = [
        _("%(name)s works %(hours)s") % {"name": one.name, "hours": _in_zone_of(one, search)}
        for one in search.people[1:]
    ]
    return _(
        "Your working hours do not overlap in %(weeks)s. In your time, %(lines)s. "
        "Give a time of your own before or after the usual day; taking turns with the early and the late slot is fair."
    ) % {"weeks": search.weeks, "lines": "; ".join(lines)}


def _in_zone_of(person: Person, search: Search) -> str:
    stretches = person.hours(search.first, search.last)
    stretches = [one for one in stretches if one[0] > search.first] or stretches
    if not stretches:
        return _("at no time in %(weeks)s") % {"weeks": search.weeks}
    here = clock.zone(search.people[0].pattern.zone)
    starts, ends = (moment_of(minute).astimezone(here) for minute in stretches[0])
    return _("from %(start)s to %(end)s") % {"start": f"{starts:%H:%M}", "end": f"{ends:%H:%M}"}


def _taken(search: Search, stretches: Sequence[Interval]) -> str:
    here = clock.zone(search.people[0].pattern.zone)
    weekdays = set()
    for stretch in stretches:
        day = moment_of(stretch[0]).astimezone(here).date()
        weekdays.add(day.weekday())
        if obstacle := _obstacle(search, stretch):
            search.found.setdefault(obstacle, []).append(day)
    names = _listed([str(WEEKDAYS[number]) for number in sorted(weekdays)])
    lead = (
        _("Your hours overlap on %(weekdays)s only")
        if len(weekdays) <= ONLY
        else _("Your hours overlap on %(weekdays)s")
    )
    clauses = list(dict.fromkeys(_clause(search, one, days) for one, days in search.found.items()))
    more = [_("and so on")] if len(clauses) > MOST_CLAUSES else []
    words = "; ".join([lead % {"weekdays": names}, *clauses[:MOST_CLAUSES], *more])
    return _("%(reasons)s. Give a time of your own, or look again later.") % {"reasons": words}


def _obstacle(search: Search, stretch: Interval) -> Obstacle | None:
    """The first thing that leaves no room for the meeting in a stretch that all share."""
    left = [stretch]
    for side, kind, taken in _takers(search, stretch):
        left = without(left, taken)
        if not any(end - start >= search.minutes for start, end in left):
            absence = _absence(search.people[side], stretch) if kind == "away" else None
            return Obstacle(side, kind, absence)
    return None


def _takers(search: Search, stretch: Interval) -> Iterator[tuple[int, str, Iterable[Interval]]]:
    """What each person takes out of a stretch, in the order in which it is named."""
    people = list(enumerate(search.people))
    first, last = stretch
    for side, one in people:
        yield side, "away", without([stretch], spans(one.pattern, first, last))
    for side, one in people:
        yield side, "notice", [(first, min(last, one.after_notice(search.now, last)[0]))]
    for side, one in people:
        yield side, "full", one.full_days(search.minutes)
    for side, one in people:
        yield side, "busy", one.busy()


def _absence(person: Person, stretch: Interval) -> Absence | None:
    """The longest of those that hold the day, so that a holiday within somebody's leave is not named."""
    zone = clock.zone(person.pattern.zone)
    days = {moment_of(minute).astimezone(zone).date() for minute in (stretch[0], stretch[1] - 1)}
    holding = [one for one in person.absences if any(one.starts_on <= day <= one.ends_on for day in days)]
    return max(holding, key=lambda one: one.ends_on - one.starts_on, default=None)


def _clause(search: Search, obstacle: Obstacle, days: Sequence[dt.date]) -> str:
    person, mine = search.people[obstacle.side], obstacle.side == 0
    if obstacle.absence is not None:
        return _away(person.name, mine, obstacle.absence)
    words = {"name": person.name, "days": _days(days), "notice": _notice(person)}
    return _OTHERS[obstacle.kind, mine] % words


_OTHERS = {
    ("away", True): gettext_lazy("you are away on %(days)s"),
    ("away", False): gettext_lazy("%(name)s is away on %(days)s"),
    ("notice", True): gettext_lazy("you ask for %(notice)s of notice"),
    ("notice", False): gettext_lazy("%(name)s asks for %(notice)s of notice"),
    ("full", True): gettext_lazy("your mentoring meetings fill %(days)s"),
    ("full", False): gettext_lazy("the mentoring meetings of %(name)s fill %(days)s"),
    ("busy", True): gettext_lazy("you are busy on %(days)s"),
    ("busy", False): gettext_lazy("%(name)s is busy on %(days)s"),
}


def _away(name: str, mine: bool, absence: Absence) -> str:
    when = _period(absence.starts_on, absence.ends_on)
    words = {"name": name, "when": when, "what": absence.name, "place": absence.place}
    if absence.why == Why.HOLIDAY:
        words["when"] = _day(absence.starts_on)
        return _("%(when)s is a holiday in %(place)s (%(what)s)") % words
    if absence.why == Why.BUSY and mine:
        return _("your organisation has “%(what)s” %(when)s") % words
    if absence.why == Why.BUSY:
        return _("the organisation of %(name)s has a busy season %(when)s") % words
    if absence.why == Why.SCHOOL and mine:
        return _("you work in term time, and “%(what)s” is %(when)s") % words
    return _("you are away %(when)s") % words if mine else _("%(name)s is away %(when)s") % words


def _notice(person: Person) -> str:
    hours = int(person.notice / dt.timedelta(hours=1))
    if hours % 24:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


def _day(day: dt.date) -> str:
    return date_format(day, "l j F")


def _period(starts_on: dt.date, ends_on: dt.date) -> str:
    if starts_on == ends_on:
        return _("on %(day)s") % {"day": _day(starts_on)}
    same = (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month)
    return _("from %(start)s to %(end)s") % {
        "start": date_format(starts_on, "j" if same else "j F"),
        "end": date_format(ends_on, "j F"),
    }


def _days(days: Sequence[dt.date]) -> str:
    days = list(dict.fromkeys(days))
    shown, more = [_day(day) for day in days[:MOST_DAYS]], len(days) - MOST_DAYS
    if more > 0:
        shown.append(ngettext("%(n)d other day", "%(n)d other days", more) % {"n": more})
    return _listed(shown)


def _listed(words: Sequence[str]) -> str:
    return get_text_list(list(words), _("and"))
