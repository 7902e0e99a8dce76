"""Working-hours arithmetic: weekly patterns in any time zone, what two of them share, and real times that suit all.

A stretch is (weekday, start, end): Monday is 0, minutes count from midnight of the person's own clock, end at most
1440. An interval of the UTC week is (start, end) in minutes from Monday 00:00 UTC, within 0 to 10080.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 1440
WEEK = 7 * DAY
FORTNIGHT_OF_DAYS = 14

Stretch = tuple[int, int, int]
Interval = tuple[int, int]
Span = tuple[dt.datetime, dt.datetime]

_MINUTE = dt.timedelta(minutes=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIRST_MONDAY = dt.date(1970, 1, 5)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A person's week and where their clock stands; `away` are whole days on which they do not meet.

    `stretches` hold in every week. Where weeks alternate, `first` and `second` hold by turns; the week of
    `weeks_from` is a first one.
    """

    zone: str
    stretches: tuple[Stretch, ...]
    away: frozenset[dt.date] = frozenset()
    first: tuple[Stretch, ...] = ()
    second: tuple[Stretch, ...] = ()
    weeks_from: dt.date = _FIRST_MONDAY

    @property
    def works(self) -> bool:
        return bool(self.stretches or self.first or self.second)

    def is_first(self, day: dt.date) -> bool:
        """Does a day lie in a first week?"""
        return (_monday(day) - _monday(self.weeks_from)).days % FORTNIGHT_OF_DAYS == 0

    def week_of(self, day: dt.date) -> tuple[Stretch, ...]:
        """All stretches of the week in which a day lies; nothing is left out for absence."""
        return (*self.stretches, *(self.first if self.is_first(day) else self.second))


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _offset(moment: int, zone: ZoneInfo) -> int:
    """Minutes that local clocks are ahead of UTC at a moment, given in minutes since 1970."""
    offset = (_EPOCH + dt.timedelta(minutes=moment)).astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds() // 60)


@lru_cache(maxsize=65536)
def _clock_on(day: dt.date, zone_name: str) -> tuple[tuple[int, int, int], ...]:
    """The offsets in force around a local day, each with the moments between which it is: (from, until, offset)."""
    midnight = _midnight(day)
    return tuple(clock_between(zone_name, midnight - DAY, midnight + 2 * DAY))


def _midnight(day: dt.date) -> int:
    return (day - _EPOCH.date()).days * DAY


def clock_between(zone_name: str, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """The offsets between two moments, in order: (from, until, offset)."""
    zone = _zone(zone_name)
    begin, low, offset = first, first, _offset(first, zone)
    while low < last:
        high = min(low + 3 * DAY, last)
        after = _offset(high, zone)
        if after != offset:
            change = _change(low, high, offset, zone)
            yield begin, change, offset
            begin, offset = change, after
        low = high
    yield begin, last, offset


def _change(low: int, high: int, before: int, zone: ZoneInfo) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high


def _moments(day: dt.date, start: int, end: int, zone_name: str) -> list[Interval]:
    """When local clocks show start to end on a day, in minutes since 1970.

    A clock change can shorten this, or make it come in two pieces; what clocks never show is left out.
    """
    midnight = _midnight(day)
    pieces = []
    for begins, ends, offset in _clock_on(day, zone_name):
        first, last = max(begins, midnight + start - offset), min(ends, midnight + end - offset)
        if first < last:
            pieces.append((first, last))
    return pieces


def at_local(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """The moment, in UTC, at which clocks in a zone show a time on a day.

    A time that clocks skip becomes the first moment after the skip; of a time that they show twice, the first.

    >>> at_local(dt.date(2026, 3, 29), dt.time(1, 30), "Europe/London").isoformat()
    '2026-03-29T01:00:00+00:00'
    """
    local = dt.datetime.combine(day, time.replace(tzinfo=None, fold=0), _zone(zone))
    late, early = local.astimezone(dt.UTC), local.replace(fold=1).astimezone(dt.UTC)
    return late if late <= early else _change_between(early, late, _zone(zone))


def _change_between(before: dt.datetime, after: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first moment at which the clocks of a zone no longer stand as they did before."""
    offset = before.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        same = dt.datetime.fromtimestamp(middle, zone).utcoffset() == offset
        low, high = (middle, high) if same else (low, middle)
    return dt.datetime.fromtimestamp(high, dt.UTC)


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """In order, with those that overlap or touch made one."""
    result: list[Interval] = []
    for start, end in sorted(intervals):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        elif start < end:
            result.append((start, end))
    return result


def common(a: Sequence[Interval], b: Sequence[Interval]) -> list[Interval]:
    """What two ordered lists of intervals share."""
    result, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        start, end = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if start < end:
            result.append((start, end))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return result


def week_in_utc(stretches: Iterable[Stretch], zone: str, reference: dt.date) -> list[Interval]:
    """A weekly pattern as intervals of the UTC week, as clocks stand in the week of the reference date.

    >>> week_in_utc([(0, 540, 1020)], "Europe/London", dt.date(2026, 7, 1))
    [(480, 960)]
    """
    return fortnight_in_utc(Pattern(zone, tuple(stretches)), reference)[0]


def fortnight_in_utc(pattern: Pattern, reference: dt.date) -> tuple[list[Interval], list[Interval]]:
    """Two weeks that alternate, each as intervals of the UTC week, with clocks as in the week of the reference date.

    Which of the two comes first is the same calendar week for everybody.
    """
    monday, pieces = _monday(reference), []
    for number in (0, 1):
        origin = _midnight(monday) - number * WEEK
        for weekday, start, end in pattern.week_of(_FIRST_MONDAY + number * dt.timedelta(weeks=1)):
            for first, last in _moments(monday + dt.timedelta(days=weekday), start, end, pattern.zone):
                pieces += _wrapped(first - origin, last - origin)
    both = merged(pieces)
    later = [(start - WEEK, end - WEEK) for start, end in common(both, [(WEEK, 2 * WEEK)])]
    return common(both, [(0, WEEK)]), later


def _wrapped(start: int, end: int) -> list[Interval]:
    length, start = end - start, start % (2 * WEEK)
    if start + length <= 2 * WEEK:
        return [(start, start + length)]
    return [(start, 2 * WEEK), (0, start + length - 2 * WEEK)]


def shared_minutes(a: Iterable[Interval], b: Iterable[Interval]) -> int:
    """Minutes of the week that two people share; both as given by `week_in_utc`."""
    return sum(end - start for start, end in common(merged(a), merged(b)))


def minutes(stretches: Iterable[Stretch]) -> int:
    """Minutes in a pattern, counting none twice."""
    return sum(end - start for start, end in merged((d * DAY + s, d * DAY + e) for d, s, e in stretches))


def minute_of(moment: dt.datetime, *, up: bool = False) -> int:
    """Minutes from 1970 to a moment; parts of a minute are cut off, or with `up` count whole."""
    return -int((_EPOCH - moment) // _MINUTE) if up else int((moment - _EPOCH) // _MINUTE)


def moment_of(minute: int) -> dt.datetime:
    return _EPOCH + minute * _MINUTE


def spans(pattern: Pattern, first: int, last: int) -> list[Interval]:
    """When somebody works between two moments, all in minutes from 1970."""
    day = dt.date(1970, 1, 1) + dt.timedelta(days=first // DAY - 1)
    pieces: list[Interval] = []
    for _number in range(first // DAY - 1, last // DAY + 2):
        if day not in pattern.away:
            weekday = day.weekday()
            for number, start, end in pattern.week_of(day):
                if number == weekday:
                    pieces += _moments(day, start, end, pattern.zone)
        day += dt.timedelta(days=1)
    return common(merged(pieces), [(first, last)])


def without(intervals: Sequence[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """What is left of ordered intervals."""
    if not intervals:
        return []
    gaps, start = [], intervals[0][0]
    for begins, ends in merged(taken):
        gaps.append((start, begins))
        start = max(start, ends)
    gaps.append((start, intervals[-1][1]))
    return common(intervals, [gap for gap in gaps if gap[0] < gap[1]])


def starts(free: Iterable[Interval], duration: int, step: int, zone: str) -> Iterator[int]:
    """Starts of meetings that lie inside free intervals, in order, on every `step` minutes of a zone's clock."""
    free = list(free)
    if not free:
        return
    for begins, ends, offset in clock_between(zone, free[0][0], free[-1][1] + 1):
        for first, last in free:
            low = max(first, begins)
            yield from range(low + -(low + offset) % step, min(last - duration + 1, ends), step)


def common_spans(patterns: Sequence[Pattern], starting: dt.datetime, until: dt.datetime) -> list[Span]:
    """The stretches of real time between two aware moments in which everybody works; in UTC."""
    if not patterns:
        return []
    first, last = minute_of(starting, up=True), minute_of(until)
    shared = [(first, last)] if first < last else []
    for pattern in patterns:
        shared = common(shared, spans(pattern, first, last)) if shared else []
    return [(moment_of(start), moment_of(end)) for start, end in shared]


def is_inside(pattern: Pattern, start: dt.datetime, duration: int) -> bool:
    """Does a meeting lie wholly inside somebody's hours?"""
    end = start + duration * _MINUTE
    return common_spans([pattern], start, end) == [(start.astimezone(dt.UTC), end.astimezone(dt.UTC))]
