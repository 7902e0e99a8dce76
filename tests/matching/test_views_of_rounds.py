import re

import pytest
from django.urls import reverse

from commonhall.matching.actions import rounds as actions
from commonhall.matching.actions import scenarios
from commonhall.matching.forms import TryForm
from commonhall.matching.models import Edit, Proposal, Round, Run
from commonhall.matching.queries import rounds as queries
from commonhall.programmes.models import Enrolment
from tests.factories.matching import ProposalFactory, WishFactory, region
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory, coordinator_of
from tests.matching.conftest import afternoon_of

pytestmark = pytest.mark.django_db


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def trial(afternoon, **changes):
    """The form as the page sends it, with some of it moved."""
    values = {**TryForm.saved(afternoon.scenario), "trial": "1", "scenario": afternoon.scenario.pk, **changes}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def hours_matter_most(afternoon):
    return trial(afternoon, w_hours=10, w_wants_offers=0, w_seniority=0)


@pytest.fixture
def page(client, afternoon):
    client.force_login(afternoon.coordinator)
    return afternoon


def test_beginning_a_round_shows_pairs_at_once(client):
    programme = ProgrammeFactory()
    region(programme, mentees=4, mentors=3)
    client.force_login(coordinator_of(programme))
    response = client.post(reverse("matching:rounds", args=[programme.slug]), {"name": "Autumn"}, follow=True)
    assert "Proven: no other set of pairs that keeps your rules does better." in words_of(response)
    assert Run.objects.get().scenario.round.name == "Autumn"


def test_a_round_needs_a_name(client):
    programme = ProgrammeFactory()
    client.force_login(coordinator_of(programme))
    response = client.post(reverse("matching:rounds", args=[programme.slug]), {"name": " "})
    assert response.status_code == 422
    assert "Give the round a name" in words_of(response)
    assert not Round.objects.exists()


def test_without_applicants_the_page_says_what_to_do(client):
    programme = ProgrammeFactory()
    coordinator = coordinator_of(programme)
    round = actions.begin(programme, by=coordinator, name="Autumn")
    scenarios.solve(round.scenarios.get(), by=coordinator)
    client.force_login(coordinator)
    text = words_of(client.get(reverse("matching:round", args=[round.pk])))
    assert "Nobody to match yet" in text
    assert "Publish" not in text


def test_a_moved_weight_shows_its_effect_by_name_and_saves_nothing(client, page):
    response = client.get(reverse("matching:round", args=[page.round.pk]), hours_matter_most(page))
    text = words_of(response)
    assert "A trial: nothing is saved" in text
    moved = response.context["plan"].moves
    for move in moved:
        assert move.mentee.name in text
    assert Run.objects.count() == 1


def test_the_part_that_htmx_asks_for_is_the_part_of_the_page(client, page):
    url = reverse("matching:round", args=[page.round.pk])
    whole = client.get(url, hours_matter_most(page)).content.decode()
    part = client.get(url, hours_matter_most(page), headers={"HX-Request": "true"}).content.decode()
    tokens = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')
    seconds = re.compile(r"\d+\.\d+ seconds")
    whole, part = (seconds.sub("", tokens.sub(r"\1", html)) for html in (whole, part))
    parts = r'(?=<(?:div|span) id="(?:effect|publishing|(?:aims|shares|rules)(?:-now)?)")'
    pieces = re.split(parts, re.sub(r' hx-swap-oob="\w+"', "", part))
    assert len(pieces) == 9
    assert pieces[0].strip().startswith('<div id="results"')
    for piece in pieces:
        assert piece.strip() in whole


def test_a_rule_that_makes_no_sense_is_said_at_its_field_without_a_new_page(client, page):
    url = reverse("matching:round", args=[page.round.pk])
    settings = trial(page, least="3", most="1")
    html = client.get(url, settings, headers={"HX-Request": "true"}).content.decode()
    _results, rules = html.split('<div id="rules" hx-swap-oob="outerMorph">')
    assert "“At most” has to be as high as “at least”, or higher." in rules
    assert 'aria-invalid="true"' in rules


@pytest.mark.parametrize(
    ("ends", "kept"),
    [({"least": "1"}, [1, 20]), ({"most": "3"}, [-20, 3]), ({}, None), ({"least": "1", "most": "3"}, [1, 3])],
)
def test_a_rule_about_levels_may_leave_an_end_open(client, page, ends, kept):
    settings = trial(page, least="", most="") | ends
    client.post(reverse("matching:keep", args=[page.round.pk]), settings)
    page.scenario.refresh_from_db()
    assert page.scenario.rules["seniority"] == kept
    saved = TryForm.saved(page.scenario)
    assert {name: str(saved[name]) for name in ("least", "most") if saved[name] is not None} == ends


def test_what_was_tried_is_kept_by_button(client, page):
    response = client.post(reverse("matching:keep", args=[page.round.pk]), hours_matter_most(page), follow=True)
    page.scenario.refresh_from_db()
    assert page.scenario.weights["hours"] == 10
    assert page.scenario.weights["wants_offers"] == 0
    assert "Kept. These are the pairs now." in words_of(response)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"least": "9"}, "8 or less"),
        ({"least": "3", "most": "1"}, "as high as"),
        ({"w_hours": "11"}, "10 or less"),
        ({"w_hours": "many"}, "Hours when both can meet"),
        ({"min_shared_minutes": "soon"}, "choose one of the answers"),
        ({"cross_share": "140"}, "100 or less"),
    ],
)
def test_settings_that_make_no_sense_are_said_at_their_place(client, page, changes, words):
    for method, name in (("get", "round"), ("post", "keep")):
        response = getattr(client, method)(reverse(f"matching:{name}", args=[page.round.pk]), trial(page, **changes))
        assert response.status_code == 422
        assert words in words_of(response)
    assert Run.objects.count() == 1


def test_nothing_counting_is_refused(client, page):
    nothing = {name: 0 for name in TryForm.saved(page.scenario) if name.startswith("w_")}
    response = client.post(reverse("matching:keep", args=[page.round.pk]), trial(page, **nothing))
    assert "Let at least one thing count." in words_of(response)


def test_rules_that_leave_nobody_show_what_would_help(client, page):
    response = client.get(reverse("matching:round", args=[page.round.pk]), trial(page, least="8", most="8"))
    assert "No pair is possible" in words_of(response)


def test_why_a_pair_and_why_not_another(client, page):
    mentee, mentor = page.pairs[0]
    text = words_of(client.get(reverse("matching:pair", args=[page.round.pk, mentee, mentor])))
    assert "A pair in this plan" in text
    assert "What the mentee wants and the mentor offers" in text
    other = next(row[0] for row in queries.options(page.run, mentee) if row[2] and row[0] != mentor)
    text = words_of(client.get(reverse("matching:pair", args=[page.round.pk, mentee, other])))
    assert "What it would cost to make them a pair" in text
    assert page.place(mentee).user.name in text


def test_any_other_mentor_can_be_asked_about(client, page):
    mentee, mentor = page.pairs[0]
    response = client.get(reverse("matching:other", args=[page.round.pk, mentee]), {"mentor": mentor})
    assert response.url.startswith(reverse("matching:pair", args=[page.round.pk, mentee, mentor]))


def test_what_stands_between_two_is_said_and_what_is_confidential_is_not(client, page):
    mentee, mentor = (page.place(pk) for pk in page.pairs[0])
    mentee.conflicts.create(person=mentor.user, words="He knows why")
    scenarios.solve(page.scenario, by=page.coordinator)
    text = words_of(client.get(reverse("matching:pair", args=[page.round.pk, mentee.pk, mentor.pk])))
    assert "for a reason that was given in confidence" in text
    assert "conflict" not in text.lower()
    assert "He knows why" not in text


def test_a_pair_is_kept_together_from_its_page(client, page):
    mentee, mentor = page.pairs[0]
    url = reverse("matching:pair", args=[page.round.pk, mentee, mentor])
    response = client.post(url, {"kind": "lock", "reason": "They have met", "scenario": page.scenario.pk}, follow=True)
    assert "You keep these two together." in words_of(response)
    edit = Edit.objects.get()
    response = client.post(reverse("matching:lift", args=[edit.pk]), follow=True)
    assert not Edit.objects.exists()


def test_an_impossible_lock_is_explained_on_the_page(client, page):
    mentee, mentor = (page.place(pk) for pk in page.pairs[0])
    Enrolment.objects.filter(pk=mentor.pk).update(organisation=mentee.organisation)
    scenarios.solve(page.scenario, by=page.coordinator)
    url = reverse("matching:pair", args=[page.round.pk, mentee.pk, mentor.pk])
    response = client.post(url, {"kind": "lock", "reason": ""})
    assert response.status_code == 422
    assert "cannot be kept together. They work for the same council." in words_of(response)


def test_a_change_is_applied_and_the_person_is_shown_as_matched(client, page):
    person = page.without()[0]
    text = words_of(client.get(reverse("matching:without", args=[page.round.pk])))
    assert page.place(person).user.name in text
    response = client.post(
        reverse("matching:take_up", args=[page.run.pk]), {"person": person, "number": "0"}, follow=True
    )
    assert f"{page.place(person).user.name} is matched with" in words_of(response)
    assert person not in [one["person_id"] for one in queries.latest_run(page.scenario).result["unmatched"]]


def test_nobody_without_a_match_is_good_news(client):
    afternoon = afternoon_of(mentees=2, mentors=6)
    client.force_login(afternoon.coordinator)
    text = words_of(client.get(reverse("matching:without", args=[afternoon.round.pk])))
    assert "Everybody has a match" in text
    assert "Mentors with nobody" in text


def test_two_plans_stand_side_by_side(client, page):
    url = reverse("matching:compare", args=[page.round.pk])
    assert "There is one plan so far" in words_of(client.get(url))
    client.post(url, {"name": "Hours first", "scenario": page.scenario.pk})
    other = page.round.scenarios.get(name="Hours first")
    page.scenario = other
    client.post(reverse("matching:keep", args=[page.round.pk]), hours_matter_most(page))
    text = words_of(client.get(url))
    assert "Plan A" in text
    assert "Hours first" in text
    assert "Pairs that are in both" in text


def test_mentors_to_find_are_listed_with_their_worth(client, page):
    text = words_of(client.get(reverse("matching:recruiting", args=[page.round.pk])))
    assert "one pair more" in text


def test_a_run_says_that_it_comes_out_the_same(client, page):
    response = client.post(reverse("matching:runs", args=[page.run.pk]))
    assert "The same again" in words_of(response)
    assert page.run.inputs_hash in words_of(response)


def test_publishing_asks_first_and_then_shows_the_answers(client, page):
    url = reverse("matching:publish", args=[page.round.pk])
    text = words_of(client.get(url))
    assert f"Publish {len(page.pairs)} pairs" in text
    answer = {"after_decline": "offer", "do": "publish", "run": page.run.pk, "scenario": page.scenario.pk}
    text = words_of(client.post(url, answer, follow=True))
    assert "Published. Everybody has been told." in text
    assert text.count("Waiting for both") == len(page.pairs)


def test_a_second_publication_is_told_as_a_conflict(client, page):
    answer = {"after_decline": "offer", "do": "publish", "run": page.run.pk}
    client.post(reverse("matching:publish", args=[page.round.pk]), answer)
    response = client.post(reverse("matching:publish", args=[page.round.pk]), answer)
    assert response.status_code == 409
    assert "Nothing was sent twice." in words_of(response)


def test_a_plan_that_counts_on_a_yes_is_published_only_with_it(client, page):
    person = page.without()[0]
    offered = queries.changes(page.run, [person])[person]
    number = next(n for n, change in enumerate(offered) if change["kind"] == "one_more_place")
    run = scenarios.take_up(page.run, by=page.coordinator, person=person, number=number)
    answer = {"after_decline": "offer", "do": "publish", "run": run.pk}
    response = client.post(reverse("matching:publish", args=[page.round.pk]), answer)
    assert response.status_code == 422
    assert "Ask them first, or take the change back." in words_of(response)
    client.post(reverse("matching:publish", args=[page.round.pk]), {**answer, "agreed": "on"})
    assert Proposal.objects.count() == len(page.pairs) + 1


def test_a_colleagues_work_is_mentioned_and_ones_own_is_not(client, page):
    url = reverse("matching:news", args=[page.round.pk])
    scenarios.solve(page.scenario, by=page.coordinator)
    assert "has just worked on" not in words_of(client.get(url, {"seen": page.run.pk}))
    scenarios.solve(page.scenario, by=coordinator_of(page.programme, name="Tom Ellacott"))
    assert "Tom Ellacott has just worked on" in words_of(client.get(url, {"seen": page.run.pk}))


ROUND_PAGES = ["round", "news", "compare", "publish", "answers", "without", "recruiting", "councils"]


@pytest.mark.parametrize("name", ROUND_PAGES)
def test_a_coordinator_of_another_programme_finds_nothing(client, afternoon, name):
    client.force_login(coordinator_of(ProgrammeFactory()))
    assert client.get(reverse(f"matching:{name}", args=[afternoon.round.pk])).status_code == 404


def test_nothing_of_a_round_is_open_to_outsiders(client, afternoon):
    mentee, mentor = afternoon.pairs[0]
    actions.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    proposal = afternoon.round.proposals.first()
    edit = Edit.objects.create(scenario=afternoon.scenario, kind="lock", mentee_id=mentee, mentor_id=mentor)
    wish = WishFactory(mentee_id=int(mentee), mentor_id=int(mentor))
    client.force_login(coordinator_of(ProgrammeFactory()))
    pk = afternoon.round.pk
    for url in (
        reverse("matching:rounds", args=[afternoon.programme.slug]),
        reverse("matching:pair", args=[pk, mentee, mentor]),
        reverse("matching:other", args=[pk, mentee]),
        reverse("matching:runs", args=[afternoon.run.pk]),
        reverse("matching:proposal", args=[proposal.pk]),
        reverse("matching:decline", args=[proposal.pk]),
        reverse("matching:suggestions", args=[proposal.pk]),
        reverse("matching:shortlist", args=[afternoon.programme.slug]),
        reverse("matching:ask", args=[mentor]),
    ):
        assert client.get(url).status_code == 404, url
    for url in (
        *(reverse(f"matching:{name}", args=[pk]) for name in ("keep", "run", "take_back", "close", "drop")),
        *(reverse(f"matching:{name}", args=[proposal.pk]) for name in ("accept", "withdraw", "offer")),
        reverse("matching:take_up", args=[afternoon.run.pk]),
        reverse("matching:lift", args=[edit.pk]),
        reverse("matching:change_wish", args=[wish.pk]),
        reverse("matching:add_wish", args=[mentor]),
    ):
        assert client.post(url).status_code == 404, url


@pytest.mark.parametrize("people", [(4, 3), (30, 20)])
def test_the_rounds_page_asks_the_database_as_often_for_few_as_for_many(client, people, django_assert_num_queries):
    afternoon = afternoon_of(mentees=people[0], mentors=people[1])
    client.force_login(afternoon.coordinator)
    client.get(reverse("matching:round", args=[afternoon.round.pk]))
    with django_assert_num_queries(10):
        client.get(reverse("matching:round", args=[afternoon.round.pk]))
    with django_assert_num_queries(10):
        client.get(reverse("matching:round", args=[afternoon.round.pk]), hours_matter_most(afternoon))


@pytest.mark.parametrize("people", [(2, 2), (20, 20)])
def test_the_answers_page_asks_the_database_as_often_for_few_as_for_many(client, people, django_assert_num_queries):
    afternoon = afternoon_of(mentees=people[0], mentors=people[1])
    actions.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    client.force_login(afternoon.coordinator)
    client.get(reverse("matching:answers", args=[afternoon.round.pk]))
    with django_assert_num_queries(8):
        client.get(reverse("matching:answers", args=[afternoon.round.pk]))


ODD = ["", "²", "-1", "one", "9" * 5000]


@pytest.mark.parametrize("typed", ODD)
def test_odd_numbers_in_addresses_and_fields_are_answered_in_words(page, client, typed):
    """Never with an error of ours: whoever types or mangles an address is led back."""
    pk = page.round.pk
    assert client.get(reverse("matching:round", args=[pk]), {"scenario": typed}).status_code == 200
    mentee = page.pairs[0][0]
    assert client.get(reverse("matching:other", args=[pk, mentee]), {"mentor": typed}).url.startswith(
        reverse("matching:without", args=[pk])
    )
    before = Run.objects.count()
    taken = client.post(reverse("matching:take_up", args=[page.run.pk]), {"person": page.without()[0], "number": typed})
    dropped = client.post(reverse("matching:drop", args=[pk]), {"number": typed})
    assert {taken.status_code, dropped.status_code} == {409}
    assert Run.objects.count() == before
    published = client.post(reverse("matching:publish", args=[pk]), {"run": typed, "after_decline": "offer"})
    assert published.status_code == 404
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("typed", ODD)
def test_an_odd_choice_of_the_next_mentor_is_nobody(client, typed):
    proposal = ProposalFactory(state="declined")
    client.force_login(coordinator_of(proposal.programme))
    assert client.post(reverse("matching:propose_next", args=[proposal.pk]), {"mentor": typed}).status_code == 404
    assert Proposal.objects.count() == 1


def test_one_is_said_as_one(client):
    programme = ProgrammeFactory(state="running")
    EnrolmentFactory(programme=programme)
    MentorFactory(programme=programme)
    client.force_login(coordinator_of(programme))
    text = words_of(client.get(reverse("matching:rounds", args=[programme.slug])))
    assert "1 mentee without a mentor and 1 mentor with a free place." in text
    assert "Have a place: 1 mentee and 1 mentor" in words_of(client.get(reverse("programmes:list")))
