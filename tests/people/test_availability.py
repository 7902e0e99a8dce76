"""What keeps people from meeting on whole days, and how many questions that takes."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from commonhall.organisations import holidays
from commonhall.organisations.models import QuietPeriod
from commonhall.people.availability import Absence, Availability, Why, availability_of, patterns_of
from commonhall.people.hours import Pattern
from commonhall.people.models import Leave, WorkingHours
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory
from tests.factories.people import ProfileFactory, WorkingHoursFactory

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1), date(2026, 3, 31)
LABOUR_DAY = Absence(date(2026, 3, 9), date(2026, 3, 9), Why.HOLIDAY, "Labour Day", "Victoria")


def works_at(country="AU", region="VIC", **profile):
    user = MembershipFactory(organisation__country=country, organisation__holiday_region=region).user
    return ProfileFactory(user=user, **profile)


def of(profile, days=MARCH):
    return availability_of([profile.user], *days)[profile.user.pk]


@pytest.mark.parametrize(
    ("profile", "absences"),
    [
        ({}, (LABOUR_DAY,)),
        ({"works_on_holidays": True}, ()),
        ({"holiday_country": "GB"}, ()),
        (
            {"holiday_country": "GB", "holiday_region": "NIR"},
            (Absence(date(2026, 3, 17), date(2026, 3, 17), Why.HOLIDAY, "Saint Patrick's Day", "Northern Ireland"),),
        ),
        ({"holiday_country": "AQ"}, ()),
    ],
)
def test_holidays_are_those_of_the_organisation_unless_the_person_says_otherwise(profile, absences):
    found = of(works_at(**profile))
    assert found.absences == absences
    assert found.pattern.away == {one.starts_on for one in absences}


def test_a_region_that_nobody_knows_and_a_person_without_a_workplace_have_no_holidays():
    assert of(works_at(region="Atlantis")).absences == ()
    assert of(ProfileFactory()).absences == ()


def test_names_of_holidays_come_in_the_readers_language_where_they_are_known():
    with translation.override("en"):
        assert "Unity" in holidays.holidays("DE", "", 2026)[date(2026, 10, 3)]
    with translation.override("de"):
        assert "Einheit" in holidays.holidays("DE", "", 2026)[date(2026, 10, 3)]


def test_every_country_and_every_region_has_a_table_and_a_name():
    for country in holidays.countries():
        assert holidays.place(country) != ""
        for region, name in holidays.regions(country).items():
            assert name
            assert len(region) <= 20
            assert holidays.holidays(country, region, 2027) is not holidays.NONE


@pytest.mark.parametrize(
    ("kind", "term_time_only", "why"),
    [("busy", False, Why.BUSY), ("busy", True, Why.BUSY), ("school", True, Why.SCHOOL), ("school", False, None)],
)
def test_school_holidays_count_for_those_who_work_in_term_time_and_a_busy_season_for_all(kind, term_time_only, why):
    profile = works_at(region="NSW", term_time_only=term_time_only)
    days = {"starts_on": date(2026, 3, 30), "ends_on": date(2026, 4, 10)}
    QuietPeriod.objects.create(organisation=profile.user.membership.organisation, kind=kind, name="Quiet", **days)
    found = of(profile)
    assert [one.why for one in found.absences] == ([why] if why else [])
    assert found.pattern.away == ({date(2026, 3, 30), date(2026, 3, 31)} if why else set()), "cut to the days asked for"


def test_leave_weeks_and_wishes_are_the_persons_own():
    profile = works_at(
        region="NSW", weeks_from=date(2026, 3, 2), notice_hours=48, buffer_minutes=15, most_minutes_a_day=90
    )
    Leave.objects.create(profile=profile, starts_on=date(2026, 3, 3), ends_on=date(2026, 3, 4))
    Leave.objects.create(profile=profile, starts_on=date(2026, 5, 3), ends_on=date(2026, 5, 4))
    for week in WorkingHours.Week.values:
        WorkingHoursFactory(profile=profile, weekday=week, week=week)
    assert of(profile) == Availability(
        pattern=Pattern(
            profile.user.time_zone,
            ((0, 540, 1020),),
            frozenset({date(2026, 3, 3), date(2026, 3, 4)}),
            ((1, 540, 1020),),
            ((2, 540, 1020),),
            date(2026, 3, 2),
        ),
        absences=(Absence(date(2026, 3, 3), date(2026, 3, 4), Why.LEAVE),),
        notice=timedelta(hours=48),
        buffer=15,
        most_a_day=90,
    )


def test_somebody_without_a_profile_has_no_hours():
    user = UserFactory(time_zone="Pacific/Auckland")
    assert patterns_of([user], *MARCH) == {user.pk: Pattern("Pacific/Auckland", ())}


@pytest.mark.parametrize("many", [1, 8])
def test_it_asks_four_questions_for_one_and_for_eight(many, django_assert_num_queries):
    profiles = [works_at() for _number in range(many)]
    for profile in profiles:
        WorkingHoursFactory(profile=profile)
        Leave.objects.create(profile=profile, starts_on=date(2026, 3, 3), ends_on=date(2026, 3, 4))
    users = [profile.user for profile in profiles]
    with django_assert_num_queries(4):
        assert len(availability_of(users, *MARCH)) == many
