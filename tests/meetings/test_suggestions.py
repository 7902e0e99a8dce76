from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhall.meetings.suggestions import LENGTHS, MOST, Person, awkwardness, suggest
from commonhall.people.hours import Pattern, is_inside

OFFICE = tuple((day, 9 * 60, 17 * 60) for day in range(5))
LATE = tuple((day, 7 * 60, 22 * 60) for day in range(5))
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)

# The week before each clock change and the week after it.
CHANGES = {
    "Europe/London": [date(2027, 3, 28), date(2027, 10, 31)],
    "Europe/Dublin": [date(2027, 3, 28), date(2027, 10, 31)],
    "America/Halifax": [date(2027, 3, 14), date(2027, 11, 7)],
    "America/Toronto": [date(2027, 3, 14), date(2027, 11, 7)],
    "Australia/Melbourne": [date(2027, 4, 4), date(2027, 10, 3)],
}


def side(zone="Europe/London", week=OFFICE, name="Priya", borne=0):
    return Person(name, Pattern(zone, week), borne)


def local(moment, zone):
    return moment.astimezone(ZoneInfo(zone))


def test_two_people_in_one_zone_meet_in_the_middle_of_a_near_day():
    times = suggest([side(), side(name="Bryn")], 60, MONDAY).times

    assert len(times) == MOST
    assert len(set(times)) == MOST
    best = local(times[0], "Europe/London")
    assert (best.date(), 9 <= best.hour < 17) == (date(2026, 11, 24), True)
    days = [local(one, "Europe/London").date() for one in times]
    assert max(days.count(day) for day in days) <= 2


@pytest.mark.parametrize("minutes", LENGTHS)
@pytest.mark.parametrize("other", [zone for zone in CHANGES if zone != "Europe/London"])
@pytest.mark.parametrize("change", sorted({day for days in CHANGES.values() for day in days}))
def test_around_every_clock_change_each_suggestion_lies_in_the_hours_of_both(change, other, minutes):
    """Whichever of the two changes its clocks first, both see a time of their own working day."""
    now = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=10)
    people = [side(week=LATE), side(other, LATE, "Bryn")]

    times = suggest(people, minutes, now).times

    assert times
    for moment in times:
        for one in people:
            begins = local(moment, one.pattern.zone)
            ends = local(moment + timedelta(minutes=minutes), one.pattern.zone)
            assert begins.weekday() < 5
            assert begins.hour * 60 + begins.minute >= 7 * 60
            assert ends.date() == begins.date()
            assert ends.hour * 60 + ends.minute <= 22 * 60


zones = st.sampled_from([*CHANGES, "Asia/Kolkata", "Pacific/Auckland", "Australia/Lord_Howe"])
stretches = st.tuples(st.integers(0, 6), st.integers(0, 1380), st.integers(1, 1440)).map(
    lambda one: (one[0], min(one[1], one[2] - 1), max(one[1] + 1, one[2]))
)
weeks = st.lists(stretches, min_size=1, max_size=6).map(tuple)
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda one: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=one))


@settings(max_examples=150, deadline=None)
@given(zones, zones, weeks, weeks, moments, st.sampled_from(LENGTHS))
def test_whatever_the_patterns_every_suggestion_suits_both_or_there_is_a_reason(zone, other, week, week2, now, minutes):
    people = [side(zone, week), side(other, week2, "Bryn")]
    found = suggest(people, minutes, now)

    assert bool(found.times) != bool(found.why)
    assert len(found.times) <= MOST
    for moment in found.times:
        assert now < moment < now + timedelta(weeks=5)
        assert all(is_inside(one.pattern, moment, minutes) for one in people)


def test_busy_hours_are_left_out():
    free = suggest([side(), side()], 60, MONDAY).times
    busy = [(free[0] - timedelta(minutes=30), free[0] + timedelta(minutes=30))]

    assert free[0] not in suggest([side(), side()], 60, MONDAY, busy).times


def test_the_late_slot_goes_to_whoever_has_borne_less():
    """London's morning is Melbourne's evening; who had the awkward hours before gets relief."""
    london, melbourne = "Europe/London", "Australia/Melbourne"

    def strain(borne):
        first, second = side(london, LATE, "Priya", borne[0]), side(melbourne, LATE, "Bryn", borne[1])
        best = suggest([first, second], 60, MONDAY).times[0]
        return awkwardness(london, best, 60), awkwardness(melbourne, best, 60)

    assert strain((600, 0))[0] < strain((0, 600))[0]
    assert strain((600, 0))[1] > strain((0, 600))[1]


@pytest.mark.parametrize(
    ("people", "minutes", "words"),
    [
        ([side(), side(week=(), name="Bryn Evans")], 60, "no working hours in the profile of Bryn Evans"),
        ([side(week=(), name="you"), side(week=(), name="Bryn")], 60, "you and Bryn"),
        ([side(), side(week=((5, 540, 1020),), name="Bryn")], 60, "do not overlap in the next four weeks"),
        ([side(), side("Australia/Melbourne", name="Bryn")], 60, "Bryn works from 22:00 to 06:00"),
        ([side(), side(week=((0, 990, 1080),))], 60, "the longest stretch is 30 minutes"),
    ],
)
def test_when_there_is_no_time_it_says_why(people, minutes, words):
    found = suggest(people, minutes, MONDAY)

    assert not found.times
    assert words in found.why


def test_a_full_diary_is_named_as_the_reason():
    busy = [(MONDAY, MONDAY + timedelta(weeks=6))]

    assert "taken by other mentoring meetings" in suggest([side(), side()], 60, MONDAY, busy).why


@pytest.mark.parametrize(("hour", "minutes"), [(10, 0), (8, 90), (17, 90), (12, 0)])
def test_awkwardness_is_the_distance_from_the_middle_of_the_day(hour, minutes):
    assert awkwardness("Europe/London", datetime(2026, 11, 24, hour, tzinfo=UTC), 60) == minutes
