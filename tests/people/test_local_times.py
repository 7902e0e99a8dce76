"""Local times and patterns, in every zone, across every clock change."""

import datetime as dt
import json
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhall.people.hours import DAY, Pattern, at_local, clock_between, minute_of, spans

ZONES = sorted(available_timezones() - {"localtime"})
FIRST, LAST = 1577836800, 2082758400
SECOND = dt.timedelta(seconds=1)
QUARTER = 15
CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "tz" / "transitions_2026_2030.json"
# A few of the same, for where the corpus is not.
STAND_IN = {
    "Europe/London": [("2026-03-29T01:00:00+00:00", "gap"), ("2026-10-25T01:00:00+00:00", "fold")],
    "Australia/Lord_Howe": [("2026-04-04T15:00:00+00:00", "fold"), ("2026-10-03T15:30:00+00:00", "gap")],
    "America/St_Johns": [("2026-03-08T05:30:00+00:00", "gap"), ("2026-11-01T04:30:00+00:00", "fold")],
}


def offset(moment: int, zone: ZoneInfo) -> dt.timedelta:
    shown = dt.datetime.fromtimestamp(moment, zone).utcoffset()
    assert shown is not None
    return shown


@cache
def changes(zone_name: str) -> list[tuple[dt.datetime, dt.timedelta, dt.timedelta]]:
    """Each moment between 2020 and 2035 when the clocks of a zone are moved, with the offsets before and after."""
    zone, found, step = ZoneInfo(zone_name), [], 4 * 86400
    for start in range(FIRST, LAST, step):
        low, high = start, start + step
        if offset(low, zone) == offset(high, zone):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle, zone) == offset(start, zone) else (low, middle)
        found.append((dt.datetime.fromtimestamp(high, dt.UTC), offset(low, zone), offset(high, zone)))
    return found


def shown(moment: dt.datetime, zone: str) -> dt.datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def test_every_clock_change_of_every_zone_keeps_the_local_time_or_takes_the_first_moment_after() -> None:
    moved = 0
    for zone in ZONES:
        for change, before, after in changes(zone):
            low, high = sorted([(change + before).replace(tzinfo=None), (change + after).replace(tzinfo=None)])
            for wanted in (low - SECOND, low, low + (high - low) / 2, high - SECOND, high, high + SECOND):
                met = at_local(wanted.date(), wanted.time(), zone)
                if after > before and low <= wanted < high:
                    assert met == change, (zone, wanted)
                    moved += 1
                else:
                    assert shown(met, zone) == wanted, (zone, wanted)
                    assert shown(met - (high - low), zone) != wanted, (zone, wanted, "the first of the two")
    assert moved > 4000


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)), st.times(), st.sampled_from(ZONES))
def test_a_later_local_time_is_never_an_earlier_moment(day, time, zone) -> None:
    one, two = (at_local(day, time.replace(second=second, microsecond=0), zone) for second in (0, 1))
    assert one <= two
    assert one.tzinfo is dt.UTC


@pytest.mark.parametrize(
    ("zone", "day", "time", "expected"),
    [
        ("Europe/London", dt.date(2026, 3, 29), dt.time(1), "2026-03-29T01:00:00+00:00"),
        ("Europe/London", dt.date(2026, 10, 25), dt.time(1, 30), "2026-10-25T00:30:00+00:00"),
        ("Europe/London", dt.date(2026, 10, 25), dt.time(1, 30, fold=1), "2026-10-25T00:30:00+00:00"),
        ("Australia/Lord_Howe", dt.date(2026, 10, 4), dt.time(2, 15), "2026-10-03T15:30:00+00:00"),
        ("Pacific/Apia", dt.date(2011, 12, 30), dt.time(10), "2011-12-30T10:00:00+00:00"),
        ("UTC", dt.date(2026, 3, 29), dt.time(1, tzinfo=dt.UTC), "2026-03-29T01:00:00+00:00"),
    ],
)
def test_skipped_and_doubled_times_are_decided(zone, day, time, expected) -> None:
    assert at_local(day, time, zone).isoformat() == expected


def known_changes() -> dict[str, list[tuple[str, str]]]:
    if not CORPUS.is_file():
        return STAND_IN
    found = json.loads(CORPUS.read_text("utf-8"))
    return {zone: [(one["utc"], one["kind"]) for one in changes] for zone, changes in found.items()}


def test_the_changes_looked_at_are_those_that_others_know() -> None:
    years = range(2026, 2031) if CORPUS.is_file() else range(2026, 2027)
    for zone, known in known_changes().items():
        mine = [(when.isoformat(), "gap" if after > before else "fold") for when, before, after in changes(zone)]
        assert [one for one in mine if int(one[0][:4]) in years] == known, zone


def works(pattern: Pattern, minute: int, zone: ZoneInfo) -> bool:
    """Told by the clock alone: does it show an hour of the pattern?"""
    local = dt.datetime.fromtimestamp(minute * 60, zone)
    shows = local.hour * 60 + local.minute
    week = (*pattern.stretches, *(pattern.first if (local.toordinal() - 1) // 7 % 2 == 0 else pattern.second))
    return any(day == local.weekday() and start <= shows < end for day, start, end in week)


def around(zone_name: str) -> Pattern:
    """Nights and days in which clocks are moved, with breaks and another pattern in every second week."""
    nights = tuple((number, start, end) for number in range(7) for start, end in ((0, 75), (105, 240), (1380, 1440)))
    first = tuple((number, 540, 720) for number in range(7))
    return Pattern(zone_name, nights, first=first, second=((2, 600, 1020), (6, 75, 105)), weeks_from=dt.date(1, 1, 1))


@pytest.mark.parametrize("letters", ["AB", "CDEF", "GHIJKLM", "NOPQRSTUVWXYZ"])
def test_across_every_change_of_every_zone_a_pattern_loses_doubles_and_adds_no_hour(letters) -> None:
    looked_at = 0
    for zone_name in (zone for zone in ZONES if zone[0] in letters):
        zone = ZoneInfo(zone_name)
        for change, _before, _after in changes(zone_name):
            middle = minute_of(change) // QUARTER * QUARTER
            first, last = middle - DAY, middle + DAY
            pattern = around(zone_name)
            worked = set()
            for start, end in spans(pattern, first, last):
                cells = range(start, end, QUARTER)
                assert not worked.intersection(cells), "none is doubled"
                worked.update(cells)
            expected = {cell for cell in range(first, last, QUARTER) if works(pattern, cell, zone)}
            assert worked == expected, (zone_name, change)
            looked_at += 1
    assert looked_at > 200


patterns = st.builds(
    Pattern,
    zone=st.sampled_from(ZONES),
    stretches=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 90), st.integers(91, 96)), max_size=3).map(
        lambda found: tuple((day, start * QUARTER, end * QUARTER) for day, start, end in found)
    ),
    first=st.just(((0, 540, 1020),)),
    second=st.just(((3, 0, 1440),)),
    weeks_from=st.dates(dt.date(2024, 1, 1), dt.date(2026, 1, 1)),
)


@given(patterns, st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 1)))
def test_weeks_alternate_from_the_monday_that_was_said(pattern, day) -> None:
    monday = pattern.weeks_from - dt.timedelta(days=pattern.weeks_from.weekday())
    weeks = (day - monday).days // 7
    assert pattern.is_first(day) is (weeks % 2 == 0)
    first = minute_of(at_local(day, dt.time(), pattern.zone))
    last = minute_of(at_local(day + dt.timedelta(days=1), dt.time(), pattern.zone))
    plain = Pattern(pattern.zone, (*pattern.stretches, *(pattern.second if weeks % 2 else pattern.first)))
    assert spans(pattern, first, last) == spans(plain, first, last)


def test_the_clock_of_a_long_window_knows_every_change_in_it() -> None:
    for zone in ZONES:
        pieces = list(clock_between(zone, FIRST // 60, LAST // 60))
        known = [(minute_of(when), int(after.total_seconds() // 60)) for when, _before, after in changes(zone)]
        assert [(begins, offset) for begins, _ends, offset in pieces[1:]] == known, zone
        assert [ends for _begins, ends, _offset in pieces] == [*(begins for begins, _offset in known), LAST // 60]
