"""What a coordinator is told beside the pairs: who is left out, whom to find, what is comparable and what is not."""

import re

import pytest
from django.urls import reverse

from commonhall.core.errors import Conflict
from commonhall.matching.actions import rounds as actions
from commonhall.matching.actions import scenarios
from commonhall.matching.models import Proposal
from commonhall.matching.queries import rounds as queries
from commonhall.matching.queries.pairs import price
from commonhall.matching.solver import NotPossible
from commonhall.programmes.models import Enrolment
from tests.factories.matching import ProposalFactory
from tests.matching.conftest import afternoon_of
from tests.matching.test_views_of_rounds import hours_matter_most, trial, words_of

pytestmark = pytest.mark.django_db
EVERYBODY = {"min_shared_minutes": 0, "require_common_language": False, "seniority": None, "max_mentees": None}


@pytest.fixture
def page(client, afternoon):
    client.force_login(afternoon.coordinator)
    return afternoon


@pytest.fixture
def crossed(client):
    """Two people who are both mentees and mentors, and nobody else."""
    afternoon = afternoon_of(mentees=2, mentors=2)
    mentees = list(afternoon.programme.enrolments.mentees().order_by("pk"))
    mentors = list(afternoon.programme.enrolments.mentors().order_by("pk"))
    homes = sorted({one.organisation_id for one in [*mentees, *mentors]})[:2]
    for mentee, mentor, home in zip(mentees, mentors, homes, strict=True):
        Enrolment.objects.filter(pk=mentee.pk).update(organisation_id=home)
        Enrolment.objects.filter(pk=mentor.pk).update(user_id=mentee.user_id, organisation_id=home)
    afternoon.scenario.rules = {**afternoon.scenario.rules, **EVERYBODY}
    afternoon.scenario.save()
    afternoon.run = scenarios.solve(afternoon.scenario, by=afternoon.coordinator)
    client.force_login(afternoon.coordinator)
    return afternoon


def the_other_way_round(crossed):
    mentee, mentor = (crossed.place(pk) for pk in crossed.pairs[0])
    own = crossed.programme.enrolments.select_related("user", "programme")
    return own.get(user=mentor.user, role="mentee"), own.get(user=mentee.user, role="mentor")


def test_two_people_are_never_each_others_mentor(crossed):
    mentees, mentors = ({crossed.place(pair[side]).user_id for pair in crossed.pairs} for side in (0, 1))
    assert len(crossed.pairs) == 1
    assert mentees != mentors


def test_keeping_two_together_both_ways_is_refused_by_name(crossed):
    mentee, mentor = (crossed.place(pk) for pk in crossed.pairs[0])
    scenarios.fix(crossed.scenario, by=crossed.coordinator, kind="lock", mentee=mentee, mentor=mentor, reason="")
    back, forth = the_other_way_round(crossed)
    with pytest.raises(NotPossible, match=mentee.user.name):
        scenarios.fix(crossed.scenario, by=crossed.coordinator, kind="lock", mentee=back, mentor=forth, reason="")


@pytest.mark.parametrize("state", ["offered", "prepared"])
def test_whoever_is_proposed_the_other_way_round_is_no_pair(crossed, state):
    mentee, mentor = (crossed.place(pk) for pk in crossed.pairs[0])
    back, forth = the_other_way_round(crossed)
    ProposalFactory(programme=crossed.programme, mentee=back, mentor=forth, state=state)
    with pytest.raises(Conflict, match="something has changed"):
        actions.publish(crossed.round, by=crossed.coordinator, run=crossed.run)
    with pytest.raises(NotPossible, match=f"{mentee.user.name} is proposed as the mentor of") as refusal:
        scenarios.fix(crossed.scenario, by=crossed.coordinator, kind="lock", mentee=mentee, mentor=mentor, reason="")
    assert "two people are never each other’s mentor" in str(refusal.value)
    run = scenarios.solve(crossed.scenario, by=crossed.coordinator)
    assert run.result["pairs"] == []
    assert run.result["closed"][f"{mentee.pk}:{mentor.pk}"] == "opposite"


def test_who_waits_for_an_answer_is_counted_beside_the_pairs(client, page):
    mentee, mentor = (page.place(pk) for pk in page.pairs[0])
    ProposalFactory(programme=page.programme, mentee=mentee, mentor=mentor, state=Proposal.State.OFFERED)
    scenarios.solve(page.scenario, by=page.coordinator)
    response = client.get(reverse("matching:round", args=[page.round.pk]))
    assert "1 mentee is left out: an answer is awaited." in words_of(response)
    without = reverse("matching:without", args=[page.round.pk])
    assert f'href="{without}?scenario={page.scenario.pk}#left-out"' in response.content.decode()
    text = words_of(client.get(without))
    assert f"{mentee.user.name}: has been offered a match, and an answer is awaited" in text


def test_a_trial_compares_fit_under_the_weights_that_are_tried(client, page):
    settings = hours_matter_most(page)
    plan = client.get(reverse("matching:round", args=[page.round.pk]), settings).context["plan"]
    fit = next(figure for figure in plan.figures if figure.label == "Fit overall")
    had = int(re.fullmatch(r"the pairs you had: (\d+) %", fit.note)[1])
    now = int(fit.figure.split()[0])
    assert had <= now
    assert fit.change == (f"+{now - had}" if now > had else "")
    page.scenario.weights = {name[2:]: float(value) for name, value in settings.items() if name.startswith("w_")}
    page.scenario.weights |= {"wants_offers": 0.0, "seniority": 0.0}
    page.scenario.save()
    run = scenarios.solve(page.scenario, by=page.coordinator)
    fits = [queries.pair(run, page.place(mentee), page.place(mentor))["score"] for mentee, mentor in page.pairs]
    assert had == round(100 * sum(fits) / len(fits))


def test_two_plans_with_other_weights_are_said_not_to_be_comparable(client, page):
    url = reverse("matching:compare", args=[page.round.pk])
    client.post(url, {"name": "Hours first", "scenario": page.scenario.pk})
    assert "not comparable" not in words_of(client.get(url))
    page.scenario = page.round.scenarios.get(name="Hours first")
    client.post(reverse("matching:keep", args=[page.round.pk]), hours_matter_most(page))
    assert "The two plans have other weights, so their fit is not comparable." in words_of(client.get(url))


@pytest.mark.parametrize(
    ("state", "said"), [("over", "None came to nothing"), ("accepted", "No mentorship has begun yet")]
)
def test_answers_of_a_kind_that_nobody_gave_are_told_in_words(client, page, state, said):
    actions.publish(page.round, by=page.coordinator, run=page.run)
    response = client.get(reverse("matching:answers", args=[page.round.pk]), {"state": state})
    assert said in words_of(response)
    assert "Matches and their answers" not in words_of(response)


def test_what_is_only_tried_has_to_be_kept_before_it_is_published(client, page):
    url = reverse("matching:round", args=[page.round.pk])
    assert "Publish these pairs" in words_of(client.get(url))
    for headers in ({}, {"HX-Request": "true"}):
        text = words_of(client.get(url, trial(page), headers=headers))
        assert "Publish these pairs" not in text
        assert "Keep these weights first" in text


def test_a_mentor_to_find_has_the_topic_as_title(client, page):
    response = client.get(reverse("matching:recruiting", args=[page.round.pk]))
    recruits = response.context["recruits"]
    assert recruits
    for one in recruits:
        assert f">{one['title']}<" in re.sub(r">\s+|\s+<", lambda found: found[0].strip(), response.content.decode())
        assert not re.search(r"\d\d:\d\d", one["days"])


def test_a_pair_that_is_not_possible_offers_no_way_to_keep_it(client, page):
    mentee, mentor = (page.place(pk) for pk in page.pairs[0])
    url = reverse("matching:pair", args=[page.round.pk, mentee.pk, mentor.pk])
    assert "Keep together" in words_of(client.get(url))
    Enrolment.objects.filter(pk=mentor.pk).update(organisation=mentee.organisation)
    scenarios.solve(page.scenario, by=page.coordinator)
    text = words_of(client.get(url))
    assert "Not possible" in text
    assert "Keep together" not in text


def test_what_a_pair_would_cost_is_told_against_the_whole(client, page):
    mentee, mentor = page.pairs[0]
    points = f"{round(page.run.result['total'] * 100):,} points"
    others = [row[0] for row in queries.options(page.run, mentee) if row[2] and row[0] != mentor]
    texts = [words_of(client.get(reverse("matching:pair", args=[page.round.pk, mentee, other]))) for other in others]
    assert any(f"of {points}." in text or f"on {points}." in text for text in texts)


def test_a_rule_that_would_help_several_stands_once_above_them_and_is_applied(client):
    afternoon = afternoon_of(mentees=12, mentors=4)
    afternoon.programme.enrolments.mentors().update(capacity=3)
    afternoon.scenario.rules = {**afternoon.scenario.rules, **EVERYBODY, "max_mentees": 1}
    afternoon.scenario.save()
    run = scenarios.solve(afternoon.scenario, by=afternoon.coordinator)
    client.force_login(afternoon.coordinator)
    url = reverse("matching:without", args=[afternoon.round.pk])
    response = client.get(url)
    said = "Allow up to 2 mentees for each mentor."
    assert words_of(response).count(said) == 1
    person, remedy = next(one for one in response.context["rules"] if one[1].text == said)
    client.post(reverse("matching:take_up", args=[run.pk]), {"person": person, "number": remedy.number})
    assert queries.latest_run(afternoon.scenario).result["placed"] == run.result["placed"] + remedy.more


def test_the_effect_of_a_slider_comes_with_every_answer(client, page):
    address = reverse("matching:round", args=[page.round.pk])
    saved = client.get(address).content.decode()
    assert saved.count('id="effect"') == 1
    assert saved.index('id="effect"') < saved.index('type="range"')
    swapped = client.get(address, hours_matter_most(page), headers={"HX-Request": "true"})
    effect = swapped.content.decode().split('id="effect"')[1].split('id="rules"')[0]
    assert 'hx-swap-oob="outerHTML"' in effect
    plan = swapped.context["plan"]
    said = " ".join(re.sub(r"<[^>]+>", " ", effect).split())
    for part in (plan.figures[1].figure, f"Unmatched {len(plan.without)}", plan.figures[2].figure, "would change"):
        assert part in said


def test_two_plans_are_told_apart_in_groups_and_long_ones_are_folded(client, page):
    other = scenarios.copy(page.scenario, by=page.coordinator, name="Nobody from afar")
    mentee, mentor = (page.place(pk) for pk in page.pairs[0])
    scenarios.fix(other, by=page.coordinator, kind="forbid", mentee=mentee, mentor=mentor, reason="")
    answer = client.get(reverse("matching:compare", args=[page.round.pk]), {"a": page.scenario.pk, "b": other.pk})
    compared = answer.context["compared"]
    assert sum(len(moves) for _which, moves in compared.groups) == len(compared.moves) > 0
    for _which, moves in compared.groups:
        assert all(move.mentee.name in words_of(answer) for move in moves)
    kept = {page.place(one).user.name for one, _other in page.pairs} - {move.mentee.name for move in compared.moves}
    section = words_of(answer).split("Who differs")[1].split("Another plan")[0]
    assert kept
    assert not any(f"{name}:" in section for name in kept)


def test_a_trial_draws_the_saved_pairs_behind_and_names_the_weakest(client, page):
    address = reverse("matching:round", args=[page.round.pk])
    saved = client.get(address)
    assert not saved.context["plan"].chart.former
    response = client.get(address, hours_matter_most(page))
    chart, worst = response.context["plan"].chart, response.context["plan"].worst
    html = response.content.decode()
    assert html.count('class="chart-former"') == len(chart.former) > 0
    assert sum(before for _band, before, _now in chart.rows) == len(page.pairs)
    assert sum(now for _band, _before, now in chart.rows) == len(response.context["plan"].rows)
    assert f"the weakest pair is {worst.mentee.name} and {worst.mentor.name}" in html


@pytest.mark.parametrize("objective", ["total", "fair", "sum"])
def test_every_objective_on_offer_can_be_kept(client, page, objective):
    client.post(reverse("matching:keep", args=[page.round.pk]), trial(page, objective=objective))
    assert queries.latest_run(page.scenario).result["objective"] == objective


@pytest.mark.parametrize("closed", [True, False])
def test_only_what_the_coordinator_ruled_out_is_offered_to_be_allowed_again(client, closed):
    afternoon = afternoon_of(mentees=1, mentors=1)
    afternoon.scenario.rules = {**afternoon.scenario.rules, **EVERYBODY, "same_organisation_allowed": True}
    afternoon.scenario.save()
    mentee, mentor = (getattr(afternoon.programme.enrolments, role)().get() for role in ("mentees", "mentors"))
    if closed:
        ProposalFactory(programme=afternoon.programme, mentee=mentee, mentor=mentor, state="declined")
    scenarios.fix(afternoon.scenario, by=afternoon.coordinator, kind="forbid", mentee=mentee, mentor=mentor, reason="")
    client.force_login(afternoon.coordinator)
    text = words_of(client.get(reverse("matching:without", args=[afternoon.round.pk])))
    assert ("whom you ruled out" in text) is not closed


def test_alternatives_for_both_tell_their_exact_cost_and_come_true(client, page):
    mentee, mentor = page.pairs[0]
    response = client.get(reverse("matching:pair", args=[page.round.pk, mentee, mentor]))
    others = [*response.context["for_mentee"], *response.context["for_mentor"]]
    assert {one.pair[0] == mentee for one in others} == {True, False}
    for one in others[::3]:
        text = words_of(client.get(reverse("matching:pair", args=[page.round.pk, *one.pair])))
        assert one.person.name in text
        if one.is_now or not one.price:
            continue
        found = queries.pair(page.run, *(page.place(pk) for pk in one.pair))
        people = {"mentee": page.place(one.pair[0]), "mentor": page.place(one.pair[1])}
        edited = scenarios.fix(page.scenario, by=page.coordinator, kind="lock", reason="", **people)
        assert edited.result["placed"] == page.run.result["placed"] - found["cost_placed"]
        assert edited.result["total"] == pytest.approx(page.run.result["total"] - found["cost_total"])
        scenarios.lift(page.scenario.edits.get(), by=page.coordinator)


def test_every_pair_of_the_table_leads_to_its_page(client, page):
    html = client.get(reverse("matching:round", args=[page.round.pk])).content.decode()
    for pair in page.pairs:
        assert reverse("matching:pair", args=[page.round.pk, *pair]) in html


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"status": "possible", "cost_placed": 0, "cost_total": 0.0}, "Nothing"),
        ({"status": "possible", "cost_placed": 1, "cost_total": 0.514}, "1 pair fewer, 51.4 points less"),
        ({"status": "possible", "cost_placed": 0, "cost_total": -0.02}, "2.0 points more"),
        ({"status": "impossible"}, "Not possible with what you have decided by hand"),
    ],
)
def test_a_price_is_told_in_a_few_words(found, said):
    assert price(found) == said


@pytest.mark.parametrize("people", [(1, 1), (3, 3), (20, 14)])
def test_the_page_of_a_pair_asks_the_database_as_often_for_few_as_for_many(client, people, django_assert_num_queries):
    afternoon = afternoon_of(mentees=people[0], mentors=people[1])
    client.force_login(afternoon.coordinator)
    pair = [getattr(afternoon.programme.enrolments, role)().first().pk for role in ("mentees", "mentors")]
    address = reverse("matching:pair", args=[afternoon.round.pk, *pair])
    client.get(address)
    with django_assert_num_queries(10):
        client.get(address)
