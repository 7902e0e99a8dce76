"""Times for a mentorship, out of what its people have told and of what is in their calendars."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from commonhall.core import clock
from commonhall.meetings.actions import booking
from commonhall.meetings.queries.times import diaries, moments, moments_in_hours, suggestions
from commonhall.meetings.suggestions import slots
from commonhall.people.models import Leave, WorkingHours
from tests.factories.accounts import UserFactory
from tests.factories.integrations import BusySpanFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.mentorships import MentorshipFactory
from tests.factories.organisations import MembershipFactory
from tests.factories.people import ProfileFactory, WorkingHoursFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 9, 8, tzinfo=ZoneInfo("Europe/London"))
MELBOURNE = ZoneInfo("Australia/Melbourne")


@pytest.fixture(autouse=True)
def on_the_ninth_of_march():
    with clock.moved_to(NOW):
        yield


def person(name, zone="Europe/London", days=(3,), country="GB", region="", **profile):
    user = UserFactory(name=name, time_zone=zone)
    MembershipFactory(user=user, organisation__country=country, organisation__holiday_region=region)
    made = ProfileFactory(user=user, **profile)
    for day in days:
        WorkingHoursFactory(profile=made, weekday=day, starts=6 * 60, ends=23 * 60)
    return user


@pytest.fixture
def pair():
    return MentorshipFactory(
        mentee=person("Priya Shah"), mentor=person("Dana Wu", "Australia/Melbourne", (3, 4), "AU", "VIC")
    )


def both(pair):
    return [one.user for one in pair.participants.order_by("pk")]


def test_a_holiday_in_the_others_region_falls_out_and_is_named(pair):
    priya, dana = both(pair)
    Leave.objects.create(profile=priya.profile, starts_on=date(2026, 3, 12), ends_on=date(2026, 3, 12))
    week = (NOW, NOW + timedelta(days=7))
    assert slots(diaries([priya, dana], NOW), 60, week).why.startswith(
        "Your hours overlap on Thursdays only; you are away on Thursday 12 March."
    )
    assert "Priya Shah is away on Thursday 12 March" in slots(diaries([dana, priya], NOW), 60, week).why
    assert {one.date() for one in suggestions(pair, priya, 60).times} >= {date(2026, 3, 19)}


def test_meetings_and_calendars_of_either_are_kept_free(pair):
    priya, dana = both(pair)
    free = suggestions(pair, priya, 60).times
    MeetingFactory(mentorship=MentorshipFactory(mentor=dana), starts_at=free[0])
    assert free[0] not in suggestions(pair, priya, 60).times
    BusySpanFactory(calendar__user=priya, starts_at=free[1], ends_at=free[1] + timedelta(minutes=10))
    assert free[1] not in suggestions(pair, priya, 60).times


def test_what_a_calendar_says_is_a_hint_that_nobody_is_held_to(pair):
    priya, dana = both(pair)
    starts_at = suggestions(pair, priya, 60).times[0]
    for user in (priya, dana):
        BusySpanFactory(calendar__user=user, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    meeting = booking.propose(pair, by=priya, times=[starts_at])
    assert booking.accept(meeting, by=dana, starts_at=starts_at).starts_at == starts_at


def test_a_meeting_that_may_move_does_not_stand_in_its_own_way(pair):
    priya, _dana = both(pair)
    best = suggestions(pair, priya, 60).times[0]
    meeting = MeetingFactory(mentorship=pair, starts_at=best)
    assert best not in suggestions(pair, priya, 60).times
    assert best in suggestions(pair, priya, 60, but=meeting.pk).times


def test_every_second_week_is_what_it_says(pair):
    priya, _dana = both(pair)
    priya.profile.weeks_from = date(2026, 3, 9)
    priya.profile.save()
    WorkingHours.objects.filter(profile=priya.profile).update(week=WorkingHours.Week.SECOND)
    weeks = {one.date() for one in suggestions(pair, priya, 60).times}
    assert weeks == {date(2026, 3, 19), date(2026, 4, 2)}


def test_a_time_on_a_day_off_lies_outside_the_hours(pair):
    priya, dana = both(pair)
    Leave.objects.create(profile=dana.profile, starts_on=date(2026, 3, 19), ends_on=date(2026, 3, 19))
    times = [datetime(2026, 3, day, 20, tzinfo=MELBOURNE) for day in (12, 19)]
    assert [one.others[0].is_outside_hours for one in moments([priya, dana], times, 60)] == [False, True]


@pytest.mark.parametrize("many", [2, 8])
def test_it_asks_six_questions_for_two_and_for_eight(many, django_assert_num_queries):
    users = [person(f"Person {number}") for number in range(many)]
    MeetingFactory(mentorship=MentorshipFactory(mentor=users[0]))
    with django_assert_num_queries(6):
        found = slots(diaries(users, NOW), 60, (NOW, NOW + timedelta(weeks=4)))
        assert len(moments_in_hours(users, found)) == len(found.times) > 0
