"""Busy seasons, school holidays and public holidays, kept by an organisation's administrator."""

from datetime import timedelta

import pytest
from django.test import Client

from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.organisations.models import Grant, QuietPeriod
from tests.factories.accounts import UserFactory
from tests.factories.organisations import GrantFactory, OrganisationFactory, PoolMemberFactory

pytestmark = pytest.mark.django_db
QUIET, HOLIDAYS = "/organisations/ash/quiet/", "/organisations/ash/holidays/"


@pytest.fixture
def ash():
    return OrganisationFactory(name="Ash Council", short_name="Ash", slug="ash", country="AU")


def signed_in(user):
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def administrator(ash):
    return signed_in(GrantFactory(role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=ash).user)


def days(first, last, **more):
    today = clock.today()
    told = {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}
    return {"name": "Election period", "kind": "busy", **told, **more}


def test_an_administrator_adds_and_removes_quiet_times(administrator, ash):
    for _twice in range(2):
        assert administrator.post(QUIET, days(3, 40, name=" Election  period ")).url == QUIET
    (period,) = QuietPeriod.objects.all()
    assert (period.organisation, period.name, period.kind) == (ash, "Election period", "busy")
    assert "Election period" in administrator.get(QUIET).content.decode()
    administrator.post(f"{QUIET}{period.pk}/remove/")
    assert "Election period is removed" in administrator.get(QUIET).content.decode().replace("“", "").replace("”", "")
    assert not QuietPeriod.objects.exists()
    assert list(Event.objects.about(ash).values_list("verb", flat=True)) == [
        "organisation.quiet_period_removed",
        "organisation.quiet_period_added",
    ]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (days(5, 3), "The last day has to be the first day or later."),
        (days(0, 4000), "That is more than a year."),
        (days(0, 1, name=""), "“What it is called” is still empty."),
        (days(0, 1, starts_on="soon"), "“First day” is not in a form that we can read."),
    ],
)
def test_days_that_cannot_be_are_told(administrator, typed, reason):
    answer = administrator.post(QUIET, typed)
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert not QuietPeriod.objects.exists()


def test_the_region_decides_the_holidays(administrator, ash):
    page = administrator.get(HOLIDAYS).content.decode()
    assert "Melbourne Cup Day" not in page
    assert "Christmas Day" in page
    assert administrator.post(HOLIDAYS, {"holiday_region": "VIC"}).url == HOLIDAYS
    ash.refresh_from_db()
    assert ash.holiday_region == "VIC"
    assert "Melbourne Cup Day" in administrator.get(HOLIDAYS).content.decode()
    assert "Victoria, Australia" in administrator.get(QUIET).content.decode()
    assert administrator.post(HOLIDAYS, {"holiday_region": "ENG"}).status_code == 422


def test_an_owner_of_the_pool_may_not_and_an_outsider_finds_nothing(ash):
    owner = GrantFactory(role=Grant.Role.POOL_OWNER, scope=PoolMemberFactory(organisation=ash).pool).user
    for address in (QUIET, HOLIDAYS):
        assert signed_in(owner).post(address, days(1, 2)).status_code == 403
        assert signed_in(UserFactory()).get(address).status_code == 404
    assert not QuietPeriod.objects.exists()


def test_quiet_times_of_another_organisation_are_not_removed(administrator):
    other = QuietPeriod.objects.create(organisation=OrganisationFactory(), **days(1, 2))
    assert administrator.post(f"{QUIET}{other.pk}/remove/").status_code == 404
    assert QuietPeriod.objects.exists()
