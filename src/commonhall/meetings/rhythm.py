"""The days on which a series comes, as the calendar counts them, and the moments which they are.

Pure arithmetic; the clock of whoever set it decides, whatever clocks do elsewhere.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from commonhall.people.hours import at_local

WEEK, FORTNIGHT, FOUR_WEEKS, MONTH = "week", "fortnight", "four-weeks", "month"
STEPS = {WEEK: timedelta(weeks=1), FORTNIGHT: timedelta(weeks=2), FOUR_WEEKS: timedelta(weeks=4)}
LAST_IN_MONTH = -1


@dataclass(frozen=True)
class Rhythm:
    """What recurs: days of the calendar and a time on one clock. On `left_out` it falls out; at `cut_on` it ends."""

    every: str
    starts_on: date
    times: int
    local_time: time
    zone: str
    left_out: frozenset[date] = frozenset()
    cut_on: date | None = None

    @property
    def days(self) -> tuple[date, ...]:
        """All days that the rule gives, those that fall out included."""
        days = days_of(self.every, self.starts_on, self.times)
        return tuple(day for day in days if self.cut_on is None or day < self.cut_on)

    @property
    def kept(self) -> tuple[date, ...]:
        return tuple(day for day in self.days if day not in self.left_out)

    def moment(self, day: date) -> datetime:
        return at_local(day, self.local_time, self.zone)

    def is_shifted(self, day: date) -> bool:
        """Clocks skip its time on that day, so it begins at the first moment after."""
        local = self.moment(day).astimezone(ZoneInfo(self.zone))
        return (local.hour, local.minute) != (self.local_time.hour, self.local_time.minute)


def days_of(every: str, starts_on: date, times: int) -> tuple[date, ...]:
    """The first is `starts_on` itself.

    >>> [f"{day:%d %b}" for day in days_of("month", date(2027, 1, 29), 3)]
    ['29 Jan', '26 Feb', '26 Mar']
    """
    if every == MONTH:
        return tuple(_monthly(starts_on, ordinal_of(starts_on), step) for step in range(times))
    return tuple(starts_on + STEPS[every] * step for step in range(times))


def ordinal_of(day: date) -> int:
    """Which one of its weekday in its month, 1 to 4. A fifth is the last: not every month has five."""
    number = (day.day - 1) // 7 + 1
    return number if number < 5 else LAST_IN_MONTH


def _monthly(starts_on: date, ordinal: int, step: int) -> date:
    years, month = divmod(starts_on.month - 1 + step, 12)
    first_weekday, length = calendar.monthrange(starts_on.year + years, month + 1)
    first = (starts_on.weekday() - first_weekday) % 7 + 1
    day = first + 7 * (ordinal - 1) if ordinal > 0 else first + (length - first) // 7 * 7
    return date(starts_on.year + years, month + 1, day)
