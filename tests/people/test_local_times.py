"""The same local time, in every zone, across every clock change."""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhall.people.hours import at_local

ZONES = sorted(available_timezones() - {"localtime"})
FIRST, LAST = 1577836800, 2082758400
SECOND = dt.timedelta(seconds=1)


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


@given(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2035, 12, 31)), st.sampled_from(ZONES))  # noqa: DTZ001  # the local time of a place has no zone of its own
def test_a_later_local_time_is_never_an_earlier_moment_but_in_a_doubled_hour(local, zone) -> None:
    wanted = local.replace(microsecond=0, second=0)
    one, two = (
        at_local(wanted.date(), wanted.time(), zone),
        at_local(wanted.date(), wanted.time().replace(second=1), zone),
    )
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
