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

Stretch = tuple[int, int, int]
Interval = tuple[int, int]
Span = tuple[dt.datetime, dt.datetime]

_MINUTE = dt.timedelta(minutes=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A person's week and where their clock stands; `away` are whole days on which they do not meet."""

    zone: str
    stretches: tuple[Stretch, ...]
    away: frozenset[dt.date] = frozenset()


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
    zone = _zone(zone_name)
    midnight = (day - dt.date(1970, 1, 1)).days * DAY
    first, last = midnight - DAY, midnight + 2 * DAY
    before, after = _offset(first, zone), _offset(last, zone)
    if before == after:
        return ((first, last, before),)
    low, high = first, last
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return ((first, high, before), (high, last, after))


def _moments(day: dt.date, start: int, end: int, zone_name: str) -> list[Interval]:
    """When local clocks show start to end on a day, in minutes since 1970.

    A clock change can shorten this, or make it come in two pieces; what clocks never show is left out.
    """
    midnight = (day - dt.date(1970, 1, 1)).days * DAY
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
    monday = reference - dt.timedelta(days=reference.weekday())
    origin = (monday - dt.date(1970, 1, 1)).days * DAY
    pieces: list[Interval] = []
    for weekday, start, end in stretches:
        for first, last in _moments(monday + dt.timedelta(days=weekday), start, end, zone):
            pieces += _wrapped(first - origin, last - origin)
    return merged(pieces)


def _wrapped(start: int, end: int) -> list[Interval]:
    length, start = end - start, start % WEEK
    if start + length <= WEEK:
        return [(start, start + length)]
    return [(start, WEEK), (0, start + length - WEEK)]


def shared_minutes(a: Iterable[Interval], b: Iterable[Interval]) -> int:
    """Minutes of the week that two people share; both as given by `week_in_utc`."""
    return sum(end - start for start, end in common(merged(a), merged(b)))


def minutes(stretches: Iterable[Stretch]) -> int:
    """Minutes in a pattern, counting none twice."""
    return sum(end - start for start, end in merged((d * DAY + s, d * DAY + e) for d, s, e in stretches))


def _spans(pattern: Pattern, first: int, last: int) -> list[Interval]:
    day = dt.date(1970, 1, 1) + dt.timedelta(days=first // DAY - 1)
    final = dt.date(1970, 1, 1) + dt.timedelta(days=last // DAY + 1)
    pieces: list[Interval] = []
    while day <= final:
        if day not in pattern.away:
            for weekday, start, end in pattern.stretches:
                if weekday == day.weekday():
                    pieces += _moments(day, start, end, pattern.zone)
        day += dt.timedelta(days=1)
    return common(merged(pieces), [(first, last)])


def common_spans(patterns: Sequence[Pattern], starting: dt.datetime, until: dt.datetime) -> list[Span]:
    """The stretches of real time between two aware moments in which everybody works; in UTC."""
    if not patterns:
        return []
    first = -int((_EPOCH - starting) // _MINUTE)
    last = int((until - _EPOCH) // _MINUTE)
    spans = [(first, last)] if first < last else []
    for pattern in patterns:
        spans = common(spans, _spans(pattern, first, last))
    return [(_EPOCH + start * _MINUTE, _EPOCH + end * _MINUTE) for start, end in spans]


def common_slots(
    patterns: Sequence[Pattern],
    duration: int,
    starting: dt.datetime,
    until: dt.datetime,
    *,
    step: int = 30,
    busy: Iterable[Span] = (),
) -> Iterator[dt.datetime]:
    """Starts (aware, UTC) of meetings of `duration` minutes that lie inside everybody's hours, in order of time.

    They stand on every `step` minutes of the first person's clock. `busy` are spans in which nobody can meet.
    """
    taken = sorted(busy)
    for first, last in common_spans(patterns, starting, until):
        start = _next_on_clock(first, step, patterns[0].zone)
        while start + duration * _MINUTE <= last:
            end = start + duration * _MINUTE
            if not any(begins < end and start < ends for begins, ends in taken):
                yield start
            start += step * _MINUTE


def _next_on_clock(moment: dt.datetime, step: int, zone: str) -> dt.datetime:
    local = moment.astimezone(_zone(zone))
    late = (local.hour * 60 + local.minute) % step
    return moment if not late else moment + (step - late) * _MINUTE


def is_inside(pattern: Pattern, start: dt.datetime, duration: int) -> bool:
    """Does a meeting lie wholly inside somebody's hours?"""
    end = start + duration * _MINUTE
    return common_spans([pattern], start, end) == [(start.astimezone(dt.UTC), end.astimezone(dt.UTC))]
