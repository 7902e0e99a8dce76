from datetime import date, timedelta

import pytest
from django.urls import reverse

from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.mentorships.actions import end
from commonhall.people.taxonomy import competencies
from commonhall.workspace.actions import goals
from commonhall.workspace.models import Goal
from commonhall.workspace.queries.goals import goals_of
from commonhall.workspace.wording import EXAMPLES, advice
from tests.factories.accounts import UserFactory
from tests.factories.mentorships import AgreementFactory, MentorshipFactory

pytestmark = pytest.mark.django_db
WORDS = "Chair a scrutiny committee on my own"


@pytest.fixture
def goal(pair, people):
    return goals.add(pair, by=people[0], words=WORDS)


def test_a_sixth_goal_waits_until_one_is_closed(pair, people):
    made = [goals.add(pair, by=people[0], words=f"Goal {number}") for number in range(5)]
    with pytest.raises(Conflict, match="Five goals"):
        goals.add(pair, by=people[1], words="One more")
    goals.close(made[0], by=people[1], reached=True)
    goals.add(pair, by=people[1], words="One more")
    assert Goal.objects.open().count() == 5


def test_six_at_once_still_make_five(pair, people, together):
    results = together(*(lambda: goals.add(pair, by=people[0], words="Once more") for _number in range(6)))
    assert sum(isinstance(one, Conflict) for one in results) == 1
    assert pair.goals.count() == 5


def test_steps_draw_a_line_from_the_first_day(goal, people, pair):
    for percent in (20, 10, 60):
        goals.step(goal, by=people[0], percent=percent, words="Moved")
    (followed,), closed = goals_of(pair)
    assert (followed.percent, closed) == (60, [])
    assert followed.line.description == "How far it was, step by step: 20 %, 10 %, 60 %"


def test_what_is_closed_stays_as_it_was(goal, people):
    goals.close(goal, by=people[1], reached=False)
    with pytest.raises(Refused, match="closed"):
        goals.step(goal, by=people[0], percent=50)
    with pytest.raises(Refused, match="closed"):
        goals.close(goal, by=people[0], reached=True)
    goal.refresh_from_db()
    assert goal.state == Goal.State.LET_GO


def test_a_stranger_and_the_coordinator_set_nothing(pair, goal, coordinator):
    for user in (UserFactory(), coordinator):
        with pytest.raises(Refused):
            goals.add(pair, by=user, words="For them")
        with pytest.raises(Refused):
            goals.step(goal, by=user, percent=1)
    assert Goal.objects.get().steps.count() == 0


def test_goals_of_the_agreement_are_taken_over_once_and_only_as_many_as_fit(pair, people):
    AgreementFactory(mentorship=pair, goals=["One", "Two", WORDS])
    goals.add(pair, by=people[0], words=WORDS.upper())
    assert [one.words for one in goals.take_from_agreement(pair, by=people[1])] == ["One", "Two"]
    assert goals.take_from_agreement(pair, by=people[1]) == []


def test_the_mentee_goes_on_with_a_goal_in_the_next_mentorship_and_nobody_else_does(goal, people, pair):
    following = MentorshipFactory(mentee=people[0])
    end(pair, by=people[0], reason="complete")
    carried = goals.carry_over(goal, following, by=people[0])
    assert (carried.words, carried.carried_from, carried.steps.count()) == (WORDS, goal, 0)
    with pytest.raises(Refused, match="already"):
        goals.carry_over(goal, following, by=people[0])
    others = MentorshipFactory(mentor=people[1])
    with pytest.raises(Refused, match="mentee"):
        goals.carry_over(goal, others, by=people[1])


@pytest.mark.parametrize(
    ("words", "measure", "due_on", "number"),
    [
        ("Leadership", "", None, 3),
        ("Improve my confidence with members", "", None, 3),
        ("Improve my writing and present one report to cabinet", "Cabinet decides on it", date(2027, 5, 1), 0),
        ("Chair the residents’ panel twice", "", date(2027, 5, 1), 1),
    ],
)
def test_a_vague_goal_is_asked_about_and_a_concrete_one_is_not(words, measure, due_on, number):
    given = advice(words, measure, due_on, "finance-and-value")
    assert len(given.questions) == number
    assert bool(given.examples) == bool(number)


def test_every_competency_has_examples():
    assert set(EXAMPLES) == set(competencies())


@pytest.mark.parametrize("name", ["goal", "goal_edit"])
def test_pages_of_a_goal_are_for_the_two_alone(client, goal, people, coordinator, name):
    seen = []
    for user in (*people, coordinator, UserFactory()):
        client.force_login(user)
        seen.append(client.get(reverse(f"workspace:{name}", args=[goal.pk])).status_code)
    assert seen == [200, 200, 404, 404]


def test_a_goal_is_set_by_form_and_a_bad_number_is_told_at_the_field(client, pair, people):
    client.force_login(people[0])
    response = client.post(reverse("workspace:goals", args=[pair.pk]), {"words": WORDS, "due_on": ""})
    address = response.url
    page = client.post(address, {"percent": "140"}).content.decode()
    assert "100" in page
    client.post(address, {"percent": "40", "words": "First half"})
    page = client.get(address).content.decode()
    assert "First half" in page
    assert "By when? A date close enough" in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_often_for_three_goals_as_for_one(client, pair, people, number, django_assert_num_queries):
    for place in range(number):
        goals.step(goals.add(pair, by=people[0], words=f"Goal {place}"), by=people[0], percent=20)
    client.force_login(people[0])
    address = reverse("workspace:goals", args=[pair.pk])
    client.get(address)
    with django_assert_num_queries(8):
        assert f"Goal {number - 1}" in client.get(address).content.decode()
    assert clock.now() - Goal.objects.first().created_at < timedelta(minutes=1)
