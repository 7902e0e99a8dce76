from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest

from commonhall.core import clock


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", date(2027, 3, 1)), ("Pacific/Auckland", date(2027, 3, 2)), ("America/Los_Angeles", date(2027, 3, 1))],
)
def test_today_is_the_day_of_ones_own_zone(zone, day):
    with clock.moved_to(datetime(2027, 3, 1, 12, tzinfo=UTC)):
        assert clock.today(zone) == day


def test_a_moved_clock_comes_back_even_after_an_error():
    before = clock.now()
    with suppress(RuntimeError), clock.moved_to(datetime(2020, 1, 1, tzinfo=UTC)):
        assert clock.now().year == 2020
        raise RuntimeError
    assert clock.now() >= before


@pytest.mark.parametrize(
    ("minutes", "words"), [(45, "45 minutes"), (60, "1 hour"), (90, "1 hour 30"), (420, "7 hours")]
)
def test_how_long_something_takes_is_said_in_hours(minutes, words):
    assert clock.span(minutes) == words


def test_now_knows_its_zone():
    assert clock.now().utcoffset() is not None


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/London", "London time"),
        ("America/Toronto", "Toronto time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("UTC", "UTC time"),
    ],
)
def test_a_time_zone_is_called_by_its_place(zone, words):
    assert clock.zone_in_words(zone) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "a moment ago"), (50, "a moment ago"), (60, "1 minute ago"), (5400, "1 hour ago")]
)
def test_what_is_past_is_said_as_people_say_it(seconds, words):
    assert clock.ago(clock.now() - timedelta(seconds=seconds)) == words
