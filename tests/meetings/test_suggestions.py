from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhall.meetings.diaries import Person
from commonhall.meetings.suggestions import LENGTHS, MOST, awkwardness, slots, soon_or_later
from commonhall.people.availability import Absence, Why
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
    times = soon_or_later([side(), side(name="Bryn")], 60, MONDAY).times

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

    times = soon_or_later(people, minutes, now).times

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
    found = soon_or_later(people, minutes, now)

    assert bool(found.times) != bool(found.why)
    assert len(found.times) <= MOST
    for moment in found.times:
        assert now < moment < now + timedelta(weeks=13)
        assert all(is_inside(one.pattern, moment, minutes) for one in people)


def test_busy_hours_are_left_out():
    free = soon_or_later([side(), side()], 60, MONDAY).times
    busy = (free[0] - timedelta(minutes=30), free[0] + timedelta(minutes=30))

    for taken in ({"meetings": (busy,)}, {"elsewhere": (busy,)}):
        assert free[0] not in soon_or_later([side(), replace(side(), **taken)], 60, MONDAY).times


def test_the_late_slot_goes_to_whoever_has_borne_less():
    """London's morning is Melbourne's evening; who had the awkward hours before gets relief."""
    london, melbourne = "Europe/London", "Australia/Melbourne"

    def strain(borne):
        first, second = side(london, LATE, "Priya", borne[0]), side(melbourne, LATE, "Bryn", borne[1])
        best = soon_or_later([first, second], 60, MONDAY).times[0]
        return awkwardness(london, best, 60), awkwardness(melbourne, best, 60)

    assert strain((600, 0))[0] < strain((0, 600))[0]
    assert strain((600, 0))[1] > strain((0, 600))[1]


@pytest.mark.parametrize(
    ("people", "minutes", "words"),
    [
        ([side(), side(week=(), name="Bryn Evans")], 60, "no working hours in the profile of Bryn Evans"),
        ([side(week=(), name="you"), side(week=(), name="Bryn")], 60, "you and Bryn"),
        ([side(), side(week=((5, 540, 1020),), name="Bryn")], 60, "do not overlap in the next 12 weeks"),
        ([side(), side("Australia/Melbourne", name="Bryn")], 60, "Bryn works from 22:00 to 06:00"),
        ([side(), side(week=((0, 990, 1080),))], 60, "the longest stretch is 30 minutes"),
    ],
)
def test_when_there_is_no_time_it_says_why(people, minutes, words):
    found = soon_or_later(people, minutes, MONDAY)

    assert not found.times
    assert words in found.why


def test_a_full_diary_is_named_as_the_reason():
    busy = replace(side(name="Bryn"), elsewhere=((MONDAY, MONDAY + timedelta(weeks=20)),))

    assert "Bryn is busy on Tuesday 24 November, Wednesday 25" in soon_or_later([side(), busy], 60, MONDAY).why


THURSDAYS = ((3, 9 * 60, 17 * 60),)
VICTORIA = Absence(date(2026, 3, 12), date(2026, 3, 12), Why.HOLIDAY, "Labour Day", "Victoria")
MARCH = (datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 3, 16, tzinfo=UTC))


def away(one, *absences, **more):
    days = {day for absence in absences for day in (absence.starts_on, absence.ends_on)}
    return replace(one, pattern=replace(one.pattern, away=frozenset(days)), absences=absences, **more)


def period(start, end, why, name=""):
    return Absence(date(2026, 3, start), date(2026, 3, end), why, name)


def week_of_march(*people, minutes=60):
    found = slots(people, minutes, MARCH)
    assert not found.times
    return found.why


def test_a_holiday_on_the_only_day_in_common_is_named():
    words = week_of_march(side(name="you"), away(side(week=THURSDAYS, name="Dana"), VICTORIA))
    assert words.startswith(
        "Your hours overlap on Thursdays only; Thursday 12 March is a holiday in Victoria (Labour Day)."
    )


@pytest.mark.parametrize(
    ("absence", "mine", "theirs"),
    [
        (period(10, 12, Why.LEAVE), "you are away from 10 to 12 March", "Dana is away from 10 to 12 March"),
        (period(12, 12, Why.LEAVE), "you are away on Thursday 12 March", "Dana is away on Thursday 12 March"),
        (
            period(12, 20, Why.SCHOOL, "Spring break"),
            "you work in term time, and “Spring break” is from 12 to 20 March",
            "Dana is away from 12 to 20 March",
        ),
        (
            period(12, 20, Why.BUSY, "Election"),
            "your organisation has “Election” from 12 to 20 March",
            "the organisation of Dana has a busy season from 12 to 20 March",
        ),
    ],
)
def test_why_somebody_is_away_is_for_themselves_alone(absence, mine, theirs):
    thursday = away(side(week=THURSDAYS, name="you"), absence), side(name="Dana")
    assert f"on Thursdays only; {mine}." in week_of_march(*thursday)
    thursday = side(name="you"), away(side(week=THURSDAYS, name="Dana"), absence)
    assert f"on Thursdays only; {theirs}." in week_of_march(*thursday)
    assert "Spring break" not in week_of_march(*thursday)
    assert "Election" not in week_of_march(*thursday)


def at(day, start, end):
    return datetime(2026, 3, day, start, tzinfo=UTC), datetime(2026, 3, day, end, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"notice": timedelta(days=5)}, "Dana asks for 5 days of notice"),
        ({"notice": timedelta(hours=100)}, "Dana asks for 100 hours of notice"),
        ({"elsewhere": (at(12, 9, 17),)}, "Dana is busy on Thursday 12 March"),
        ({"elsewhere": (at(12, 10, 11), at(12, 12, 13), at(12, 14, 16)), "buffer": 15}, "Dana is busy on Thursday"),
        ({"meetings": (at(12, 9, 10),), "most_a_day": 90}, "the mentoring meetings of Dana fill Thursday 12 March"),
        ({"most_a_day": 45}, "Dana meets for at most 45 minutes on one day"),
    ],
)
def test_notice_full_days_and_other_appointments_are_named(wishes, words):
    found = week_of_march(side(name="you"), replace(side(week=THURSDAYS, name="Dana"), **wishes))
    assert words in found


def test_a_buffer_that_leaves_room_moves_a_meeting():
    busy = {"elsewhere": (at(12, 9, 12), at(12, 13, 16))}
    people = [side(week=THURSDAYS), replace(side(week=THURSDAYS), **busy)]
    assert set(slots(people, 60, MARCH).times) == {at(12, 12, 13)[0], at(12, 16, 17)[0]}
    people[1] = replace(people[1], buffer=30)
    assert slots(people, 30, MARCH).times == (datetime(2026, 3, 12, 16, 30, tzinfo=UTC),)


def test_when_the_near_weeks_are_full_later_ones_are_suggested():
    leave = replace(side(name="Dana"), elsewhere=((MONDAY, MONDAY + timedelta(weeks=7)),))
    times = soon_or_later([side(name="you"), leave], 60, MONDAY).times
    assert min(times) > MONDAY + timedelta(weeks=7)


def test_over_a_series_the_awkward_hours_are_shared_fairly():
    """London and Melbourne meet twelve times, each time at the best of the suggested times."""
    places, borne, now = ("Europe/London", "Australia/Melbourne"), [0, 0], MONDAY
    for _meeting in range(12):
        people = [side(zone, LATE, zone, so_far) for zone, so_far in zip(places, borne, strict=True)]
        best = soon_or_later(people, 60, now).times[0]
        for number, zone in enumerate(places):
            borne[number] += awkwardness(zone, best, 60)
        now = best + timedelta(weeks=4)
    assert max(borne) <= 1.25 * min(borne), borne


@pytest.mark.parametrize("many", [3, 5, 8])
def test_times_for_a_circle_suit_everyone(many):
    zones = ["Europe/London", "Europe/Paris", "Africa/Cairo", "Europe/Dublin", "Asia/Kolkata", "Europe/Rome"]
    people = [side(zones[number % 6], LATE, f"Person {number}") for number in range(many)]
    found = slots(people, 60, (MONDAY, MONDAY + timedelta(weeks=4)))
    assert len(found.times) == MOST
    assert all(is_inside(one.pattern, moment, 60) for one in people for moment in found.times)


def test_weeks_that_alternate_leave_only_the_weeks_in_common():
    monday_weeks = Pattern("Europe/London", (), first=THURSDAYS, weeks_from=date(2026, 11, 23))
    other_weeks = replace(monday_weeks, weeks_from=date(2026, 11, 30))
    times = slots([Person("you", monday_weeks), side()], 60, (MONDAY, MONDAY + timedelta(weeks=4))).times
    assert {one.date() for one in times} == {date(2026, 11, 26), date(2026, 12, 10)}
    assert "do not overlap" in soon_or_later([Person("you", monday_weeks), Person("D", other_weeks)], 60, MONDAY).why


@pytest.mark.parametrize(("hour", "minutes"), [(10, 0), (8, 90), (17, 90), (12, 0)])
def test_awkwardness_is_the_distance_from_the_middle_of_the_day(hour, minutes):
    assert awkwardness("Europe/London", datetime(2026, 11, 24, hour, tzinfo=UTC), 60) == minutes
