"""When somebody is busy, from a calendar file of any make. Runs in a limited child: no Django, no network.

Each entry is read by itself, so that one that is broken, or that repeats without end, costs nothing but itself.
"""

import re
import signal
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar
from icalendar.prop import vPeriod

from commonhall.integrations.caldav.xml import parsed, texts
from commonhall.integrations.calendars.result import Own, Reading, Span
from commonhall.integrations.calendars.thinning import Thinned, thinned

MOST_SPANS = 2_000
MOST_OCCURRENCES = 6_000
SECONDS_A_SERIES = 0.5
SECONDS_IN_ALL = 6.0
MOST_ZONES = 100
# Commonhall itself knows when its meetings are; what a calendar says of them may be old.
OUR_OWN = "@commonhall"
FREE = {"FREE", "WORKINGELSEWHERE"}
REPEATS = ("RRULE", "RDATE", "RECURRENCE-ID", "EXDATE")
DIGITS = re.compile(r"(\d{8})")
LENGTHS = re.compile(r"(\d{1,6})([WDH])")
LONGEST = timedelta(days=3660)


@dataclass(frozen=True)
class Window:
    starting: datetime
    until: datetime
    zone: ZoneInfo


class TooLong(BaseException):
    """One entry takes more time than one entry may. No `Exception`, which libraries catch."""


ANYTHING_WRONG = (Exception, TooLong)


def from_file(content: bytes, zone: str, starting: datetime, until: datetime) -> Reading:
    """Of a file at an address, or the answer to a free-busy-query."""
    window = Window(starting, until, ZoneInfo(zone))
    thin = thinned(content)
    if not thin.is_calendar:
        page = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
        return Reading(fault="page" if page else "no calendar")
    return _read([thin], window)


def from_report(content: bytes, zone: str, starting: datetime, until: datetime) -> Reading:
    """Of the answer to a CalDAV calendar-query: one calendar file for each entry, inside XML."""
    try:
        files = texts(parsed(content), "calendar-data")
    except (ParseError, ValueError):
        return Reading(fault="answer")
    return _read([thinned(one.encode()) for one in files], Window(starting, until, ZoneInfo(zone)))


def _read(parts: Iterable[Thinned], window: Window) -> Reading:
    whole = Thinned()
    for part in parts:
        whole.events += part.events
        whole.freebusy += part.freebusy
        whole.zones += part.zones
        whole.left_out += part.left_out
    _learn(whole.zones)
    spans: list[Span] = []
    unread = whole.left_out
    budget = Budget(SECONDS_IN_ALL)
    for series in _by_series(whole.events, window):
        unread += not budget.collect(spans, _of_events, series, window)
    for block in whole.freebusy:
        unread += not budget.collect(spans, _of_freebusy, block, window)
    own: list[Own] = []
    for uid, blocks in _by_uid(whole.events).items():
        if uid.lower().endswith(OUR_OWN):
            unread += not budget.collect(own, _own, blocks, window)
    return Reading(tuple(merged(spans)[:MOST_SPANS]), unread, own=tuple(own))


class Budget:
    """Time for all entries together; whatever one of them does, it is over in its second."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    def collect(self, found: list[Any], function: Any, block: Any, window: Window) -> bool:
        """Whether one entry could be read, whose times are then among the others."""
        if self.left <= 0:
            return False
        began = time.process_time()
        try:
            with at_most(min(self.left, SECONDS_A_SERIES)):
                found += list(islice(function(block, window), MOST_OCCURRENCES))
        except ANYTHING_WRONG:
            return False
        finally:
            self.left -= time.process_time() - began
        if function is not _own and len(found) > MOST_OCCURRENCES * 2:
            found[:] = merged(found)
        return True


class _Alarm:
    is_set = False


def _over(number: int, frame: object) -> None:
    if _Alarm.is_set:
        raise TooLong


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Of this process's own time; rings again, for whoever catches everything."""
    signal.signal(signal.SIGPROF, _over)
    _Alarm.is_set = True
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.2)
    try:
        yield
    finally:
        _Alarm.is_set = False
        signal.setitimer(signal.ITIMER_PROF, 0)


def _learn(zones: Iterable[list[str]]) -> None:
    """Zones that the file itself describes: icalendar remembers them by name for what it reads next."""
    for block in list(dict.fromkeys(map(tuple, zones)))[:MOST_ZONES]:
        with suppress(*ANYTHING_WRONG), at_most(SECONDS_A_SERIES):
            Calendar.from_ical(_wrapped([block]))


def _wrapped(blocks: Iterable[Sequence[str]]) -> str:
    lines = [line for block in blocks for line in block]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Commonhall//", *lines, "END:VCALENDAR", ""])


def _by_series(events: Iterable[list[str]], window: Window) -> Iterator[list[list[str]]]:
    """Entries that belong together, without those that are plainly over or far off."""
    for uid, blocks in _by_uid(events).items():
        if uid.lower().endswith(OUR_OWN):
            continue
        if any(map(_repeats, blocks)):
            yield blocks
        else:  # Some programs give all that they write the same UID.
            yield from ([block] for block in blocks if _may_touch(block, window))


def _by_uid(events: Iterable[list[str]]) -> dict[str, list[list[str]]]:
    series: dict[str, list[list[str]]] = defaultdict(list)
    for number, block in enumerate(events):
        series[_value(block, "UID") or f"without {number}"].append(block)
    return series


def _own(blocks: list[list[str]], window: Window) -> Iterator[Own]:
    """Where a meeting of ours, or each of a series of them, stands in this calendar."""
    uid, repeats = _value(blocks[0], "UID"), any(map(_repeats, blocks))
    for event in _expanded(blocks, window):
        rule = event.get("RECURRENCE-ID") if repeats else None
        by_rule = _moment(rule.dt, window.zone) if rule else None
        if str(event.get("STATUS", "")).upper() != "CANCELLED":
            yield uid, _moment(event["DTSTART"].dt, window.zone), by_rule


def _value(block: list[str], name: str) -> str:
    for line in block:
        if line[: len(name)].upper() == name and line[len(name) : len(name) + 1] in (":", ";"):
            return line.partition(":")[2].strip()
    return ""


def _repeats(block: list[str]) -> bool:
    return any(line.upper().startswith(REPEATS) for line in block)


def _may_touch(block: list[str], window: Window) -> bool:
    """By the digits of the dates alone, two days to either side; whatever has none is looked at closely."""
    begins, ends = DIGITS.search(_value(block, "DTSTART")), DIGITS.search(_value(block, "DTEND"))
    if not begins:
        return True
    margin = timedelta(days=2)
    if begins[1] > f"{window.until + margin:%Y%m%d}":
        return False
    lasts = sum((_length(found) for found in LENGTHS.findall(_value(block, "DURATION"))), margin)
    return max(begins[1], ends[1] if ends else "") >= f"{window.starting - min(lasts, LONGEST):%Y%m%d}"


def _length(found: tuple[str, str]) -> timedelta:
    number, unit = found
    return (
        min(int(number), LONGEST.days)
        * {"W": timedelta(weeks=1), "D": timedelta(days=1), "H": timedelta(hours=1)}[unit]
    )


def _of_events(blocks: list[list[str]], window: Window) -> Iterator[Span]:
    for event in _expanded(blocks, window):
        if _counts(event):
            yield from _clipped(event["DTSTART"].dt, event["DTEND"].dt, window)


def _expanded(blocks: list[list[str]], window: Window) -> Iterator[Any]:
    """An entry for each time at which it takes place."""
    calendar = Calendar.from_ical(_wrapped(blocks))
    starting, until = window.starting.astimezone(window.zone), window.until.astimezone(window.zone)
    for series in recurring_ical_events.of(calendar).series:
        for one in series.between(starting, until):
            yield one.as_component(keep_recurrence_attributes=False)


def _counts(event: Any) -> bool:
    """Whether an entry makes its owner busy."""
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT" or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    return str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() not in FREE


def _clipped(start: Any, end: Any, window: Window) -> Iterator[Span]:
    if not isinstance(start, datetime) and start == end:
        end = start + timedelta(days=1)
    begins, ends = max(_moment(start, window.zone), window.starting), min(_moment(end, window.zone), window.until)
    if begins < ends:
        yield begins, ends


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    """A day begins, and a time without a zone is meant, where the owner is."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=zone)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def _of_freebusy(block: list[str], window: Window) -> Iterator[Span]:
    for line in block:
        name, _colon, value = line.partition(":")
        if name.upper().startswith("FREEBUSY") and "FBTYPE=FREE" not in name.upper():
            for period in value.split(","):
                with suppress(ValueError, TypeError, OverflowError):
                    yield from _period(period.strip(), window)


def _period(text: str, window: Window) -> Iterator[Span]:
    start, end = vPeriod.from_ical(text)  # type: ignore[no-untyped-call]
    start = _moment(start, window.zone)
    end = start + end if isinstance(end, timedelta) else _moment(end, window.zone)
    if start.time() == end.time() == datetime.min.time() and start < end:
        # A server that does not know where its owner is gives whole days as days in Greenwich.
        start, end = start.date(), end.date()
    yield from _clipped(start, end, window)


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order, with those that overlap or touch made one."""
    result: list[Span] = []
    for begins, ends in sorted(spans):
        if result and begins <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], ends))
        else:
            result.append((begins, ends))
    return result
