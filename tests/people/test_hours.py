"""Working hours across zones and clock changes."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhall.people import hours, week_words
from commonhall.people.hours import Pattern

NINE_TO_FIVE = tuple((day, 540, 1020) for day in range(5))
ZONES = [
    "Europe/London",
    "America/New_York",
    "Pacific/Auckland",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/St_Johns",
]
ZONES += ["Africa/Casablanca", "Pacific/Chatham", "America/Santiago", "UTC"]

zones = st.sampled_from(ZONES)
days = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
stretch = st.tuples(st.integers(0, 6), st.integers(0, 95), st.integers(1, 96)).map(
    lambda s: (s[0], min(s[1], s[2] - 1) * 15, max(s[1] + 1, s[2]) * 15)
)
weeks = st.lists(stretch, min_size=1, max_size=8).map(tuple)


def utc(*moment: int) -> dt.datetime:
    return dt.datetime(*moment, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/London", dt.date(2026, 1, 14), [(540, 1020)]),
        ("Europe/London", dt.date(2026, 7, 15), [(480, 960)]),
        ("America/New_York", dt.date(2026, 7, 15), [(780, 1260)]),
        ("Pacific/Auckland", dt.date(2026, 7, 15), [(0, 300), (9900, 10080)]),
    ],
)
def test_a_monday_in_utc_follows_the_clocks_of_its_week(zone, day, expected) -> None:
    assert hours.week_in_utc([(0, 540, 1020)], zone, day) == expected


@pytest.mark.parametrize(
    ("day", "minutes"), [(dt.date(2026, 3, 29), 120), (dt.date(2026, 10, 25), 240), (dt.date(2026, 6, 7), 180)]
)
def test_a_night_shift_is_shorter_or_longer_when_clocks_change(day, minutes) -> None:
    week = hours.week_in_utc([(6, 0, 180)], "Europe/London", day)
    assert sum(end - start for start, end in week) == minutes


def test_what_two_councils_share_changes_with_the_season() -> None:
    def shared(day: dt.date) -> int:
        london = hours.week_in_utc(NINE_TO_FIVE, "Europe/London", day)
        return hours.shared_minutes(london, hours.week_in_utc(NINE_TO_FIVE, "America/New_York", day))

    assert shared(dt.date(2026, 2, 4)) == 5 * 180
    assert shared(dt.date(2026, 3, 18)) == 5 * 240
    assert shared(dt.date(2026, 7, 1)) == 5 * 180


@given(weeks, weeks, zones, zones, days)
def test_sharing_is_symmetric_and_never_more_than_either_has(a, b, zone_a, zone_b, day) -> None:
    first, second = hours.week_in_utc(a, zone_a, day), hours.week_in_utc(b, zone_b, day)
    assert hours.shared_minutes(first, second) == hours.shared_minutes(second, first)
    assert hours.shared_minutes(first, second) <= min(sum(e - s for s, e in first), sum(e - s for s, e in second))
    assert hours.shared_minutes(first, first) == sum(e - s for s, e in first)


@given(weeks, zones, days)
def test_a_week_in_utc_is_ordered_within_bounds_and_about_as_long(week, zone, day) -> None:
    intervals = hours.week_in_utc(week, zone, day)
    assert all(0 <= start < end <= hours.WEEK for start, end in intervals)
    assert all(one[1] < two[0] for one, two in pairwise(intervals))
    assert abs(sum(end - start for start, end in intervals) - hours.minutes(week)) <= 60


def found(people, duration, starting, until, *, step=30, busy=()):
    """Starts of meetings inside everybody's hours, as the search for times puts them together."""
    free = [(hours.minute_of(s), hours.minute_of(e)) for s, e in hours.common_spans(people, starting, until)]
    free = hours.without(free, [(hours.minute_of(s), hours.minute_of(e)) for s, e in busy])
    return [hours.moment_of(start) for start in hours.starts(free, duration, step, people[0].zone if people else "UTC")]


def works(pattern: Pattern, moment: dt.datetime) -> bool:
    local = moment.astimezone(ZoneInfo(pattern.zone))
    minute = local.hour * 60 + local.minute
    return (
        any(d == local.weekday() and s <= minute < e for d, s, e in pattern.stretches)
        and local.date() not in pattern.away
    )


@settings(max_examples=60, deadline=None)
@given(weeks, weeks, zones, zones, days, st.sampled_from([30, 60, 90]))
def test_every_minute_of_every_slot_lies_in_everybodys_hours(a, b, zone_a, zone_b, day, duration) -> None:
    people = [Pattern(zone_a, a), Pattern(zone_b, b)]
    start = dt.datetime.combine(day, dt.time(), dt.UTC)
    for slot in list(found(people, duration, start, start + dt.timedelta(days=4)))[:40]:
        assert slot.tzinfo is dt.UTC
        moments = [slot + dt.timedelta(minutes=minute) for minute in range(0, duration, 5)]
        assert all(works(person, moment) for person in people for moment in moments)


@settings(max_examples=60, deadline=None)
@given(weeks, zones, days)
def test_spans_hold_exactly_the_minutes_that_are_worked(week, zone, day) -> None:
    pattern = Pattern(zone, week)
    start = dt.datetime.combine(day, dt.time(), dt.UTC)
    spans = hours.common_spans([pattern], start, start + dt.timedelta(days=2))
    for minute in range(0, 2 * hours.DAY, 15):
        moment = start + dt.timedelta(minutes=minute)
        assert any(s <= moment < e for s, e in spans) == works(pattern, moment)


@pytest.mark.parametrize(
    ("zone", "transition"),
    [
        ("Europe/London", utc(2026, 3, 29, 1)),
        ("Europe/London", utc(2026, 10, 25, 1)),
        ("Australia/Lord_Howe", utc(2026, 4, 4, 15)),
    ],
)
def test_slots_stay_inside_across_a_clock_change(zone, transition) -> None:
    always = tuple((day, 0, 1440) for day in range(7))
    narrow = Pattern(zone, tuple((day, 60, 150) for day in range(7)))
    window = (transition - dt.timedelta(days=1), transition + dt.timedelta(days=1))
    slots = list(found([narrow, Pattern("UTC", always)], 30, *window, step=15))
    assert slots
    assert all(works(narrow, slot + dt.timedelta(minutes=minute)) for slot in slots for minute in range(30))


def test_slots_skip_days_away_and_busy_times_and_stand_on_the_first_persons_clock() -> None:
    kathmandu = Pattern("Asia/Kathmandu", NINE_TO_FIVE)
    london = Pattern("Europe/London", NINE_TO_FIVE, away=frozenset({dt.date(2026, 6, 2)}))
    start, end = utc(2026, 6, 1), utc(2026, 6, 4)
    slots = list(found([kathmandu, london], 60, start, end, step=60))
    assert [slot.astimezone(ZoneInfo("Asia/Kathmandu")).minute for slot in slots] == [0] * len(slots)
    assert {slot.date() for slot in slots} == {dt.date(2026, 6, 1), dt.date(2026, 6, 3)}
    busy = [(slots[0], slots[0] + dt.timedelta(hours=1))]
    assert list(found([kathmandu, london], 60, start, end, step=60, busy=busy)) == slots[1:]


def test_nobody_and_an_empty_window_have_no_slots() -> None:
    assert list(found([], 60, utc(2026, 1, 1), utc(2026, 2, 1))) == []
    assert list(found([Pattern("UTC", NINE_TO_FIVE)], 60, utc(2026, 2, 1), utc(2026, 1, 1))) == []


@pytest.mark.parametrize(
    ("start", "inside"), [(utc(2026, 7, 1, 8), True), (utc(2026, 7, 1, 15), True), (utc(2026, 7, 1, 15, 30), False)]
)
def test_a_meeting_is_inside_or_not(start, inside) -> None:
    assert hours.is_inside(Pattern("Europe/London", NINE_TO_FIVE), start, 60) is inside


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("Mon, Tue", {0, 1}),
        ("Wednesdays", {2}),
        ("Mon-Fri", {0, 1, 2, 3, 4}),
        ("Monday;Thursday;", {0, 3}),
        ("Monday to Wednesday", {0, 1, 2}),
        ("Tues & Thurs", {1, 3}),
        ("any day", {0, 1, 2, 3, 4}),
        ("not Fridays", {0, 1, 2, 3}),
        ("All but Wednesday", {0, 1, 3, 4}),
        ("Fri-Mon", {4, 5, 6, 0}),
        ("Mon Wed Fri", {0, 2, 4}),
        ("", set()),
    ],
)
def test_days_are_read_as_people_write_them(text, weekdays) -> None:
    read = week_words.days(text)
    assert (set(read.weekdays), read.unread) == (weekdays, ())


def test_days_nobody_can_read_are_named_and_the_others_kept() -> None:
    read = week_words.days("Monday; Funday")
    assert (set(read.weekdays), read.unread) == ({0}, ("funday",))


def test_every_second_friday_is_a_friday_that_is_marked() -> None:
    read = week_words.days("Monday;Friday;Alternate Fridays only;")
    assert (set(read.weekdays), set(read.fortnightly)) == ({0, 4}, {4})


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Lunchtime, Early (before 9), Morning", ((420, 540), (540, 720), (720, 840))),
        ("Evening;", ((1020, 1200),)),
        ("9-5", ((540, 1020),)),
        ("10:00-14:30", ((600, 870),)),
        ("1-3", ((780, 900),)),
        ("06:00-14:00", ((360, 840),)),
        ("after 3pm", ((900, 1200),)),
        ("any time", ((540, 1020),)),
    ],
)
def test_times_of_day_are_read_as_people_write_them(text, parts) -> None:
    assert week_words.times(text) == week_words.Times(parts)


def test_a_pattern_joins_days_and_times_and_keeps_a_days_own_hours() -> None:
    read = week_words.days("Mon am, Tue 13:00-15:00, Wed")
    assert week_words.pattern(read, [(540, 720), (720, 840)]) == ((0, 540, 720), (1, 780, 900), (2, 540, 840))
    assert week_words.pattern(week_words.days("Thu")) == ((3, 540, 1020),)
