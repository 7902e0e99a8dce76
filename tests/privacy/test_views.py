"""What is held about oneself: the page, and everything in one file."""

import json

import pytest
from django.test import Client

from commonhall.matching.actions import rounds, scenarios
from commonhall.privacy import queries
from commonhall.privacy.words import LABELS
from tests.factories.accounts import MemberFactory
from tests.factories.matching import ProposalFactory, WishFactory, region
from tests.factories.meetings import MeetingFactory
from tests.factories.mentorships import MentorshipFactory
from tests.factories.notifications import NoticeFactory
from tests.factories.organisations import MembershipFactory
from tests.factories.people import ProfileFactory, TopicFactory, WorkingHoursFactory
from tests.factories.programmes import EnrolmentFactory, ProgrammeFactory, coordinator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    user = MemberFactory(name="Ada", email="ada@riverbank.example")
    profile = ProfileFactory(user=user, adjustments="CAPTIONS-ADA", biography="MY-DAYS")
    MembershipFactory(user=user, organisation__name="Riverbank")
    TopicFactory(profile=profile)
    WorkingHoursFactory(profile=profile)
    NoticeFactory(user=user, text="NOTICE-TO-ADA")
    return user


@pytest.fixture
def other():
    profile = ProfileFactory(user__name="Boris", adjustments="CAPTIONS-BORIS")
    NoticeFactory(user=profile.user, text="NOTICE-TO-BORIS")
    return profile.user


def test_the_page_lists_what_is_held_in_plain_words(client, ada):
    client.force_login(ada)
    page = client.get("/my-data/").content.decode()
    for words in ("Your account", "Your profile", "Your organisation", "Notices to you", "Hours for meeting"):
        assert words in page


def test_everything_comes_in_one_file(client, ada, other):
    client.force_login(ada)
    response = client.post("/my-data/download/")
    assert response["Content-Disposition"] == 'attachment; filename="commonhall-my-data.json"'
    text = response.content.decode()
    for mine in ("ada@riverbank.example", "CAPTIONS-ADA", "MY-DAYS", "NOTICE-TO-ADA", "Riverbank"):
        assert mine in text
    for theirs in ("CAPTIONS-BORIS", "NOTICE-TO-BORIS", "Boris"):
        assert theirs not in text
    assert set(json.loads(text)) == set(queries.ROOMS)


def test_no_secret_of_signing_in_is_handed_over(client, ada):
    client.force_login(ada)
    assert ada.password not in client.post("/my-data/download/").content.decode()


def test_the_file_is_not_fetched_by_a_link(client, ada):
    client.force_login(ada)
    assert client.get("/my-data/download/").status_code == 405


def test_strangers_are_sent_to_sign_in():
    for address in ("/my-data/", "/my-data/download/"):
        assert Client().post(address).url.startswith("/accounts/login/")


def test_every_kind_of_record_has_a_name(ada):
    kinds = {kind for held in queries.held_about(ada).values() for kind in held}
    assert kinds <= set(LABELS), kinds - set(LABELS)


@pytest.mark.parametrize("cast", ["mentee", "mentor", "coordinator", "manager", "stranger"])
def test_the_page_counts_as_many_as_the_file_holds(cast, django_assert_num_queries):
    programme = ProgrammeFactory(state="matching")
    region(programme, mentees=3, mentors=3, councils=2, seed=7)
    coordinator = coordinator_of(programme)
    mentee, mentor = programme.enrolments.mentees().first(), programme.enrolments.mentors().first()
    manager = MemberFactory(email="line_manager%@riverbank.example")
    EnrolmentFactory(programme=programme, user=mentee.user, role="mentor")
    programme.enrolments.filter(pk=mentee.pk).update(line_manager_email=manager.email.title())
    programme.enrolments.filter(pk=mentor.pk).update(line_manager_email="line-managers@riverbank.example")
    ProposalFactory(mentee=mentee, mentor=mentor, origin="request", message="Could we talk?")
    WishFactory(mentee=mentee, mentor=mentor)
    MeetingFactory(mentorship=MentorshipFactory(mentee=mentee.user, mentor=mentor.user))
    for name in ("Autumn", "Winter"):
        made = rounds.begin(programme, by=coordinator, name=name)
        scenarios.solve(made.scenarios.get(), by=coordinator)
        rounds.close(made, by=coordinator)
    cast = {"mentee": mentee.user, "mentor": mentor.user, "coordinator": coordinator, "manager": manager}.get(cast)
    user = cast or MemberFactory()
    expected = queries.counts(queries.held_about(user))
    with django_assert_num_queries(1):
        assert queries.counted_about(user) == expected


def test_only_kinds_of_which_there_is_something_are_counted(ada):
    counted = dict(queries.counts(queries.held_about(ada)))
    assert counted["profile"] == 1
    assert 0 not in counted.values()
