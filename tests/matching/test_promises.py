"""A place that an open proposal or request holds is not free, wherever free places are spoken of."""

import pytest
from django.urls import reverse

from commonhall.core import clock
from commonhall.matching.actions import proposals, wishes
from commonhall.matching.queries import rounds
from commonhall.programmes.models import Programme
from commonhall.programmes.queries import directory
from commonhall.programmes.queries.promises import free_places
from tests.factories.matching import ProposalFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentee():
    return EnrolmentFactory(programme__state=Programme.State.MATCHING)


@pytest.fixture
def mentor(mentee):
    return MentorFactory(programme=mentee.programme, capacity=1, profile__listed_at=clock.now())


def free_in_directory(programme, user):
    found = directory.find([programme], {}, "", user, None)
    return [one.words.is_free for one in found[:10]], found.counts["free"]


@pytest.mark.parametrize(
    ("state", "free"),
    [("prepared", 0), ("offered", 0), ("declined", 1), ("lapsed", 1), ("withdrawn", 1)],
)
def test_only_what_is_open_holds_a_place(mentor, state, free):
    ProposalFactory(programme=mentor.programme, mentor=mentor, state=state)
    assert free_places(mentor) == free
    assert rounds.waiting(mentor.programme)["mentor"] == free


def test_the_directory_and_the_mentors_page_count_it(client, mentee, mentor, django_capture_on_commit_callbacks):
    assert free_in_directory(mentee.programme, mentee.user) == ([True], {"yes": 1})
    page = reverse("programmes:mentor", args=[mentee.programme.slug, mentor.pk])
    other = EnrolmentFactory(programme=mentee.programme)
    client.force_login(mentee.user)
    assert "Ask this mentor" in client.get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        request = wishes.ask(other, mentor, by=other.user, message="Hello")
    assert free_in_directory(mentee.programme, mentee.user) == ([False], {})
    words = client.get(page).content.decode()
    assert "No free place now" in words
    assert "Ask this mentor" not in words
    with django_capture_on_commit_callbacks(execute=True):
        proposals.decline(request, by=mentor.user)
    assert free_in_directory(mentee.programme, mentee.user) == ([True], {"yes": 1})


def test_a_person_with_two_places_has_one_left(mentee, mentor):
    roomy = MentorFactory(programme=mentee.programme, capacity=2)
    ProposalFactory(programme=mentee.programme, mentor=roomy)
    assert free_places(roomy) == 1
    assert wishes.ask(mentee, roomy, by=mentee.user, message="Hello").mentor == roomy
    assert free_places(roomy) == 0
