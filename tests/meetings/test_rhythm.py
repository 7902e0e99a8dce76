"""Days that come again, and the moments which they are: the same hour on one clock whatever clocks do elsewhere."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhall.core import clock
from commonhall.meetings.rhythm import Rhythm, days_of

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
EVERY = ["week", "fortnight", "four-weeks", "month"]


@pytest.mark.parametrize(
    ("every", "first", "days"),
    [
        ("week", date(2026, 12, 22), ["2026-12-22", "2026-12-29", "2027-01-05"]),
        ("fortnight", date(2026, 12, 22), ["2026-12-22", "2027-01-05", "2027-01-19"]),
        ("four-weeks", date(2026, 12, 22), ["2026-12-22", "2027-01-19", "2027-02-16"]),
        ("month", date(2026, 12, 22), ["2026-12-22", "2027-01-26", "2027-02-23"]),
        ("month", date(2026, 12, 1), ["2026-12-01", "2027-01-05", "2027-02-02"]),
        ("month", date(2027, 1, 29), ["2027-01-29", "2027-02-26", "2027-03-26"]),
        ("month", date(2028, 2, 29), ["2028-02-29", "2028-03-28", "2028-04-25"]),
    ],
)
def test_days_come_again_and_a_fifth_weekday_is_the_last_of_its_month(every, first, days):
    assert [str(day) for day in days_of(every, first, 3)] == days


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.sampled_from(EVERY), st.integers(2, 26))
def test_every_day_is_the_same_weekday_and_no_day_comes_twice(first, every, times):
    days = days_of(every, first, times)

    assert days[0] == first
    assert len(set(days)) == times
    assert list(days) == sorted(days)
    assert {day.weekday() for day in days} == {first.weekday()}
    if every == "month":
        assert [(day.year, day.month) for day in days] == [
            (first.year + (first.month - 1 + step) // 12, (first.month - 1 + step) % 12 + 1) for step in range(times)
        ]


@settings(max_examples=400)
@given(
    st.dates(date(2020, 1, 1), date(2033, 12, 31)),
    st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES),
    st.sampled_from(EVERY),
    st.integers(2, 26),
)
def test_every_meeting_stands_at_the_hour_that_was_set_unless_clocks_skip_it(first, hour, zone, every, times):
    rhythm = Rhythm(every, first, times, hour, zone)
    for day in rhythm.days:
        moment = rhythm.moment(day)
        local = moment.astimezone(clock.zone(zone))
        assert local.fold == 0 or rhythm.is_shifted(day)
        if rhythm.is_shifted(day):
            just_before = (moment - timedelta(seconds=1)).astimezone(clock.zone(zone))
            assert just_before.replace(tzinfo=None) < datetime.combine(day, hour) < local.replace(tzinfo=None)
        else:
            assert (local.date(), local.time()) == (day, hour)


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        (date(2027, 3, 28), "Europe/London", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (date(2027, 10, 31), "Europe/London", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_skipped_hour_begins_after_it_and_of_a_doubled_one_the_first_counts(day, zone, expected):
    rhythm = Rhythm("week", day, 2, time(1, 30), zone)

    assert rhythm.moment(day) == expected


def test_what_is_left_out_and_what_is_cut_are_not_kept():
    tuesdays = Rhythm("week", date(2026, 12, 1), 4, time(10), "UTC", frozenset({date(2026, 12, 8)}), date(2026, 12, 22))

    assert [day.day for day in tuesdays.days] == [1, 8, 15]
    assert [day.day for day in tuesdays.kept] == [1, 15]
