"""When somebody may be told by e-mail: outside their quiet hours, on days that they work, by their own clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.people.availability import patterns_of
from commonhall.people.hours import Pattern, at_local
from commonhall.workspace.models import Correspondence

DAYS_AHEAD = 45
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Quiet:
    """From one time until another, past midnight where the first is the later one; equal times are no quiet at all.

    `pattern` is None for somebody who is told on any day.
    """

    begins: time
    ends: time
    zone: str
    pattern: Pattern | None = None

    def next_moment(self, moment: datetime) -> datetime:
        """The moment itself, or the first one after it that is not quiet.

        Whoever is away for longer than we look ahead is told at the next hour that is not quiet.
        """
        first = moment.astimezone(clock.zone(self.zone)).date()
        for day in (first + ONE_DAY * number for number in range(DAYS_AHEAD)):
            if self._is_told_on(day) and (found := self._within(day, moment)):
                return found
        return self._any_day().next_moment(moment)

    def _any_day(self) -> "Quiet":
        return Quiet(self.begins, self.ends, self.zone)

    def _is_told_on(self, day: date) -> bool:
        if self.pattern is None or not self.pattern.works:
            return True
        return day not in self.pattern.away and any(start[0] == day.weekday() for start in self.pattern.week_of(day))

    def _within(self, day: date, moment: datetime) -> datetime | None:
        """The first moment of a day, not before the given one, that is not quiet."""
        for starts, ends in self._open(day):
            if max(starts, moment) < ends:
                return max(starts, moment)
        return None

    def _open(self, day: date) -> list[tuple[datetime, datetime]]:
        midnight, next_midnight = (self._at(one, time(0)) for one in (day, day + ONE_DAY))
        begins, ends = self._at(day, self.begins), self._at(day, self.ends)
        if self.begins == self.ends:
            return [(midnight, next_midnight)]
        return [(ends, begins)] if self.begins > self.ends else [(midnight, begins), (ends, next_midnight)]

    def _at(self, day: date, at: time) -> datetime:
        return at_local(day, at, self.zone)


def quiet_of(user: User, chosen: Correspondence) -> Quiet:
    if not chosen.only_on_working_days:
        return Quiet(chosen.quiet_from, chosen.quiet_until, user.time_zone)
    today = clock.today(user.time_zone)
    pattern = patterns_of([user], today - ONE_DAY, today + ONE_DAY * DAYS_AHEAD)[user.pk]
    return Quiet(chosen.quiet_from, chosen.quiet_until, user.time_zone, pattern)
