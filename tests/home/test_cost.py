"""The start page costs at most ten queries for every kind of person."""

import pytest
from django.test import Client

from commonhall.organisations.models import Grant
from commonhall.programmes.models import Programme
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory, ProposedMeetingFactory, TimeOptionFactory
from tests.factories.mentorships import MentorshipFactory
from tests.factories.notifications import NoticeFactory
from tests.factories.organisations import (
    GrantFactory,
    PoolMemberFactory,
)
from tests.factories.programmes import (
    EnrolmentFactory,
    ProgrammeFactory,
)
from tests.home.start_page import enough_to_do, known

pytestmark = pytest.mark.django_db
MOST_QUERIES = 10


def a_newcomer(number):
    return UserFactory()


def a_mentee_with_pairs(number):
    user = known()
    for _one in range(number):
        mentorship = MentorshipFactory(mentee=user)
        MeetingFactory(mentorship=mentorship)
        TimeOptionFactory(meeting=ProposedMeetingFactory(mentorship=mentorship))
    return user


def a_coordinator(number):
    user = UserFactory()
    for _one in range(number):
        programme = ProgrammeFactory(state=Programme.State.RUNNING)
        GrantFactory(user=user, role=Grant.Role.COORDINATOR, scope=programme)
        enough_to_do(programme, number)
    return user


def an_owner(number):
    user = UserFactory()
    for _one in range(number):
        programme = ProgrammeFactory(state=Programme.State.RUNNING)
        GrantFactory(user=user, role=Grant.Role.POOL_OWNER, scope=programme.pool)
        enough_to_do(programme, number)
    return user


def an_organisations_administrator(number):
    user = UserFactory()
    for _one in range(number):
        place = EnrolmentFactory()
        GrantFactory(user=user, role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=place.organisation)
    return user


def a_site_administrator(number):
    PoolMemberFactory.create_batch(number)
    return GrantFactory(role=Grant.Role.SITE_ADMINISTRATOR).user


def a_coordinator_who_mentors(number):
    user = a_coordinator(number)
    for _one in range(number):
        MeetingFactory(mentorship=MentorshipFactory(mentor=user))
    return user


KINDS = [
    a_newcomer,
    a_mentee_with_pairs,
    a_coordinator,
    a_coordinator_who_mentors,
    an_owner,
    an_organisations_administrator,
    a_site_administrator,
]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_the_start_page_costs_at_most_ten_queries_for_any_number(kind, number, django_assert_max_num_queries):
    user = kind(number)
    NoticeFactory.create_batch(number, user=user)
    browser = Client()
    browser.force_login(user)
    browser.get("/")
    with django_assert_max_num_queries(MOST_QUERIES):
        browser.get("/")
