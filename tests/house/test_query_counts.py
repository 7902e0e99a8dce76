"""How many questions a page asks of the database: a literal number, the same for a few people and for many."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commonhall.accounts.models import User
from commonhall.matching.actions import rounds, scenarios
from commonhall.organisations.models import Grant
from commonhall.programmes import findable
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.matching import region
from tests.factories.meetings import MeetingFactory
from tests.factories.mentorships import MentorshipFactory
from tests.factories.organisations import GrantFactory
from tests.factories.programmes import ProgrammeFactory, coordinator_of

SMALL, LARGE = 4, 30


@dataclass(frozen=True)
class Place:
    """One programme and those who look at its pages."""

    programme: Programme
    people: dict[str, User]
    mentorship: int


def place_of(size: int) -> Place:
    """So many mentees, mentors and meetings, and two councils for each three people."""
    programme = ProgrammeFactory(slug=f"of-{size}", state=Programme.State.MATCHING)
    region(programme, mentees=size, mentors=size, councils=size * 2 // 3, seed=size)
    findable.refresh(Enrolment.objects.filter(programme=programme))
    coordinator, administrator = coordinator_of(programme), GrantFactory().user
    places = Enrolment.objects.filter(programme=programme).order_by("pk")
    mentee, mentor = places.mentees().first().user, places.mentors().first().user
    mentorships = [MentorshipFactory(mentee=mentee, mentor=mentor)]
    mentorships += [MentorshipFactory(mentor=mentor) for _number in range(size)]
    for mentorship in mentorships:
        MeetingFactory(mentorship=mentorship)
    owner = GrantFactory(role=Grant.Role.POOL_OWNER, scope=programme.pool).user
    people = {"mentee": mentee, "mentor": mentor, "coordinator": coordinator, "owner": owner}
    return Place(programme, people | {"administrator": administrator}, mentorships[0].pk)


@pytest.fixture
def places(db: None) -> tuple[Place, Place]:
    return place_of(SMALL), place_of(LARGE)


def questions(who: User, path: str) -> int:
    """Of the second visit: the first fills caches that all readers share."""
    client = Client()
    client.force_login(who)
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(path)
    return len(asked)


Address = Callable[[Place], str]
PAGES: tuple[tuple[str, str, Address, int], ...] = (
    ("directory", "mentee", lambda one: f"/programmes/{one.programme.slug}/mentors/", 4),
    ("directory, filtered", "mentee", lambda one: f"/programmes/{one.programme.slug}/mentors/?language=en", 4),
    ("mentors of all pools", "mentee", lambda one: "/mentors/", 4),
    ("directory, searched", "mentee", lambda one: f"/programmes/{one.programme.slug}/mentors/?q=en", 5),
    ("applicants", "coordinator", lambda one: f"/programmes/{one.programme.slug}/applicants/", 6),
    ("applicants, searched", "coordinator", lambda one: f"/programmes/{one.programme.slug}/applicants/?q=en", 7),
    ("programme of a mentee", "mentee", lambda one: f"/programmes/{one.programme.slug}/", 8),
    ("programme of its coordinator", "coordinator", lambda one: f"/programmes/{one.programme.slug}/", 8),
    ("programmes", "mentee", lambda one: "/programmes/", 6),
    ("organisations of a programme", "coordinator", lambda one: f"/programmes/{one.programme.slug}/organisations/", 9),
    ("home of a mentee", "mentee", lambda one: "/", 9),
    ("home of a mentor", "mentor", lambda one: "/", 9),
    ("home of a coordinator", "coordinator", lambda one: "/", 5),
    ("home of a pool's owner", "owner", lambda one: "/", 6),
    ("home of a site administrator", "administrator", lambda one: "/", 6),
    ("mentorships", "mentor", lambda one: "/mentorships/", 4),
    ("mentorship", "mentee", lambda one: f"/mentorships/{one.mentorship}/", 15),
    ("messages", "mentee", lambda one: f"/workspace/{one.mentorship}/messages/", 7),
    ("meetings", "mentor", lambda one: "/meetings/", 7),
    ("address of one's calendar", "mentee", lambda one: "/meetings/calendar/", 3),
    ("times for a meeting", "mentee", lambda one: reverse("meetings:propose", args=[one.mentorship]), 12),
    ("own profile", "mentee", lambda one: "/people/me/", 6),
    ("own profile as others see it", "mentee", lambda one: "/people/me/as-seen/", 7),
    ("own times", "mentee", lambda one: "/people/me/times/", 6),
    ("own calendars", "mentee", lambda one: "/integrations/calendars/", 4),
    ("notices", "mentee", lambda one: "/notifications/", 3),
    ("organisations", "administrator", lambda one: "/organisations/", 8),
    ("own data", "mentee", lambda one: "/my-data/", 3),
    ("pool", "owner", lambda one: f"/organisations/pools/{one.programme.pool.slug}/", 8),
)


@pytest.mark.parametrize(("name", "who", "address", "expected"), PAGES, ids=[page[0] for page in PAGES])
def test_a_page_asks_the_same_number_of_questions_for_few_and_for_many(
    places: tuple[Place, Place], name: str, who: str, address: Address, expected: int
) -> None:
    asked = [questions(place.people[who], address(place)) for place in places]
    assert asked == [expected, expected]


@pytest.mark.parametrize(("page", "expected"), [("", 10), ("without/", 8), ("plans/", 6), ("councils/", 8)])
def test_a_round_asks_the_same_number_of_questions_for_few_and_for_many(
    transactional_db: None, page: str, expected: int
) -> None:
    asked = []
    for size in (SMALL, LARGE):
        place = place_of(size)
        coordinator = place.people["coordinator"]
        made = rounds.begin(place.programme, by=coordinator, name="Autumn")
        scenarios.solve(made.scenarios.get(), by=coordinator)
        asked.append(questions(coordinator, f"/matching/rounds/{made.pk}/{page}"))
    assert asked == [expected, expected]
