from datetime import UTC, date, datetime, time

import pytest

from commonhall.people.hours import Pattern
from commonhall.workspace.quiet import Quiet

EVENING, MORNING = time(20), time(7)
OFFICE = tuple((day, 540, 1020) for day in range(4))  # Monday to Thursday


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "told"),
    [
        ("Europe/London", "2026-01-14 12:00", "2026-01-14 12:00"),
        ("Europe/London", "2026-01-14 19:59", "2026-01-14 19:59"),
        ("Europe/London", "2026-01-14 20:00", "2026-01-15 07:00"),
        ("Europe/London", "2026-01-15 03:00", "2026-01-15 07:00"),
        ("Europe/London", "2026-07-15 03:00", "2026-07-15 06:00"),
        ("Pacific/Auckland", "2026-01-14 12:00", "2026-01-14 18:00"),
        ("America/Toronto", "2026-01-14 03:00", "2026-01-14 12:00"),
        ("Asia/Kolkata", "2026-01-14 01:00", "2026-01-14 01:30"),
        # the night in which clocks go forward, and the one in which they go back
        ("Europe/London", "2026-03-28 23:00", "2026-03-29 06:00"),
        ("Europe/London", "2026-10-24 23:00", "2026-10-25 07:00"),
    ],
)
def test_between_evening_and_morning_of_ones_own_clock_nothing_comes(zone, moment, told):
    assert Quiet(EVENING, MORNING, zone).next_moment(at(moment)) == at(told)


@pytest.mark.parametrize(
    ("begins", "ends", "moment", "told"),
    [
        (time(12), time(14), "2026-01-14 13:00", "2026-01-14 14:00"),
        (time(12), time(14), "2026-01-14 23:30", "2026-01-14 23:30"),
        (time(0), time(9), "2026-01-14 00:00", "2026-01-14 09:00"),
        (time(18), time(0), "2026-01-14 18:30", "2026-01-15 00:00"),
        (time(9), time(9), "2026-01-14 03:00", "2026-01-14 03:00"),
    ],
)
def test_quiet_hours_may_lie_anywhere_and_equal_times_are_none(begins, ends, moment, told):
    assert Quiet(begins, ends, "UTC").next_moment(at(moment)) == at(told)


@pytest.mark.parametrize(
    ("away", "moment", "told"),
    [
        ((), "2026-01-15 12:00", "2026-01-15 12:00"),  # a Thursday
        ((), "2026-01-15 21:00", "2026-01-19 07:00"),  # over Friday and the weekend
        ((), "2026-01-16 12:00", "2026-01-19 07:00"),
        ((date(2026, 1, 19), date(2026, 1, 20)), "2026-01-16 12:00", "2026-01-21 07:00"),
    ],
)
def test_outside_the_days_that_somebody_works_nothing_comes(away, moment, told):
    pattern = Pattern("UTC", OFFICE, away=frozenset(away))
    assert Quiet(EVENING, MORNING, "UTC", pattern).next_moment(at(moment)) == at(told)


def test_weeks_that_alternate_are_kept_apart():
    pattern = Pattern("UTC", (), first=((0, 540, 720),), second=((4, 540, 720),), weeks_from=date(2026, 1, 5))
    quiet = Quiet(EVENING, MORNING, "UTC", pattern)
    assert quiet.next_moment(at("2026-01-06 12:00")) == at("2026-01-16 07:00")


def test_whoever_has_named_no_hours_is_told_on_any_day():
    assert Quiet(EVENING, MORNING, "UTC", Pattern("UTC", ())).next_moment(at("2026-01-17 12:00")) == at(
        "2026-01-17 12:00"
    )


def test_whoever_is_away_for_very_long_is_told_at_the_next_hour_that_is_not_quiet():
    away = frozenset(date.fromordinal(date(2026, 1, 1).toordinal() + day) for day in range(90))
    quiet = Quiet(EVENING, MORNING, "UTC", Pattern("UTC", OFFICE, away=away))
    assert quiet.next_moment(at("2026-01-14 21:00")) == at("2026-01-15 07:00")
