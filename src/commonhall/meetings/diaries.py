"""What one person's diary leaves free. Pure arithmetic; moments are minutes from 1970, as in `people.hours`."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from commonhall.core import clock
from commonhall.people.availability import Absence
from commonhall.people.hours import (
    DAY,
    Interval,
    Pattern,
    Span,
    at_local,
    common,
    minute_of,
    spans,
    without,
)

NOTICE = dt.timedelta(hours=20)
ONE_DAY = dt.timedelta(days=1)
MIDNIGHT = dt.time()


@dataclass(frozen=True)
class Person:
    """One side of a meeting.

    `borne` are the awkward minutes of earlier meetings, `meetings` their mentoring meetings and `elsewhere` what
    else they have in their calendars; `buffer` is kept free around both. `notice`, and `most_a_day` for the minutes
    of mentoring meetings on one day, are their own wishes. `absences` give the reasons of `pattern.away`.
    """

    name: str
    pattern: Pattern
    borne: int = 0
    absences: tuple[Absence, ...] = ()
    notice: dt.timedelta = NOTICE
    buffer: int = 0
    most_a_day: int = DAY
    meetings: tuple[Span, ...] = ()
    elsewhere: tuple[Span, ...] = ()

    def hours(self, first: int, last: int) -> list[Interval]:
        """When they work, on days away too."""
        return spans(replace(self.pattern, away=frozenset()), first, last)

    def free(self, minutes: int, now: dt.datetime, first: int, last: int) -> list[Interval]:
        """When they could begin and end a meeting of so many minutes."""
        if minutes > self.most_a_day:
            return []
        left = common(spans(self.pattern, first, last), [self.after_notice(now, last)])
        return without(left, [*self.full_days(minutes), *self.busy()])

    def after_notice(self, now: dt.datetime, last: int) -> Interval:
        return minute_of(now + self.notice, up=True), last

    def busy(self) -> Iterator[Interval]:
        for begins, ends in (*self.meetings, *self.elsewhere):
            yield minute_of(begins) - self.buffer, minute_of(ends, up=True) + self.buffer

    def full_days(self, minutes: int) -> Iterator[Interval]:
        """Days on which another meeting of so many minutes would be too much."""
        zone, met = self.pattern.zone, Counter[dt.date]()
        for begins, ends in self.meetings:
            day = begins.astimezone(clock.zone(zone)).date()
            met[day] += minute_of(ends, up=True) - minute_of(begins)
        for day, taken in met.items():
            if taken + minutes > self.most_a_day:
                yield minute_of(at_local(day, MIDNIGHT, zone)), minute_of(at_local(day + ONE_DAY, MIDNIGHT, zone))
