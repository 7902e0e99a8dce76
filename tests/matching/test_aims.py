"""What a round is matched for: chosen in plain words, tried at once, kept, compared, recorded and reported."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from commonhall.core import clock
from commonhall.matching import aims
from commonhall.matching.actions import scenarios
from commonhall.matching.forms import TryForm
from commonhall.matching.models import Run, Scenario
from commonhall.matching.queries import rounds as queries
from commonhall.matching.solver import NotPossible
from commonhall.organisations.models import Organisation
from commonhall.people.models import Profile
from commonhall.programmes.models import Enrolment
from tests.factories.matching import WishFactory
from tests.factories.programmes import ProgrammeFactory, coordinator_of
from tests.matching.conftest import afternoon_of
from tests.matching.test_views_of_rounds import trial, words_of

pytestmark = pytest.mark.django_db
Objective = Scenario.Objective


@pytest.fixture
def page(client):
    day = afternoon_of(mentees=14, mentors=6)
    client.force_login(day.coordinator)
    return day


def tried(client, page, **changes):
    return client.get(reverse("matching:round", args=[page.round.pk]), trial(page, **changes))


def kept(client, page, **changes):
    values = trial(page, **changes)
    response = client.post(reverse("matching:keep", args=[page.round.pk]), values)
    assert response.status_code == 302
    page.scenario.refresh_from_db()
    return queries.latest_run(page.scenario)


def test_every_choice_says_what_it_means_before_it_is_made(client, page):
    text = words_of(client.get(reverse("matching:round", args=[page.round.pk])))
    for objective in Objective:
        assert str(objective.label) in text
        assert str(aims.MEANS[objective]) in text
    assert "What matters most: Best overall" in text


@pytest.mark.parametrize("objective", ["fair", "leximin", "stable", "cover", "sum"])
def test_a_choice_that_is_tried_tells_its_cost_and_saves_nothing(client, page, objective):
    response = tried(client, page, objective=objective)
    text, plan = words_of(response), response.context["plan"]
    assert "A trial: nothing is saved" in text
    assert f"What matters most: {Objective(objective).label}" in text
    assert len(plan.costs) == 1
    assert plan.costs[0] in text
    assert plan.costs[0].startswith("Against “Best overall”: ")
    assert Run.objects.count() == 1


def test_the_fairest_plan_lifts_the_weakest_pair_and_says_by_how_much(client, page):
    page = afternoon_of(mentees=24, mentors=24, seed=3)
    client.force_login(page.coordinator)
    free, fair = tried(client, page).context["plan"], tried(client, page, objective="fair").context["plan"]
    assert fair.worst.score > free.worst.score
    [cost] = fair.costs
    better = re.search(r"points of fit less in all, the weakest pair (\d+) points? better", cost)
    assert int(better[1]) == round(100 * (fair.worst.score - free.worst.score))


def test_what_is_kept_is_the_plan_from_then_on_and_repeats(client, page):
    for objective in ("leximin", "stable", "cover"):
        run = kept(client, page, objective=objective)
        assert run.result["objective"] == page.scenario.objective == objective
        assert run.result["costs"]["objective"]["placed"] >= 0
        assert scenarios.repeat(run)
        copied = scenarios.copy(page.scenario, by=page.coordinator, name=objective)
        assert (copied.objective, copied.cover) == (objective, page.scenario.cover)
        assert queries.latest_run(copied).result["pairs"] == run.result["pairs"]


def test_in_a_stable_plan_a_mentee_has_whom_they_asked_for_unless_the_mentor_is_better_off(client, page):
    mentee = page.place(page.pairs[0][0])
    reachable = [row[0] for row in queries.options(page.run, str(mentee.pk)) if row[2]]
    wanted = page.place(reachable[-1])
    WishFactory(mentee=mentee, mentor=wanted, rank=1)
    Enrolment.objects.filter(pk=wanted.pk).update(capacity=14)
    run = kept(client, page, objective="stable", max_mentees=14)
    assert [str(mentee.pk), str(wanted.pk)] in [pair[:2] for pair in run.result["pairs"]]
    text = words_of(client.get(reverse("matching:round", args=[page.round.pk])))
    assert "Proven: no mentee and mentor would both rather have each other than whom they have." in text


def without_rivals(page):
    """One mentor is left with one place, whom all can reach."""
    mentors = page.programme.enrolments.mentors()
    keep = mentors.first()
    mentors.exclude(pk=keep.pk).update(state=Enrolment.State.WITHDRAWN)
    mentors.filter(pk=keep.pk).update(capacity=1)
    run = scenarios.solve(page.scenario, by=page.coordinator)
    reachable = {one["person_id"] for one in run.result["unmatched"] if one.get("possible")}
    return sorted(reachable | {run.result["pairs"][0][0]})


def test_whoever_has_waited_longest_is_not_left_out(client, page):
    able = without_rivals(page)
    for patient in (able[0], able[-1]):
        Enrolment.objects.filter(pk__in=able).update(applied_at=clock.now())
        Enrolment.objects.filter(pk=patient).update(applied_at=clock.now() - timedelta(days=300))
        trial_pairs = [row.mentee.pk for row in tried(client, page, objective="cover").context["plan"].rows]
        run = kept(client, page, objective="cover", cover="waited")
        assert [pair[0] for pair in run.result["pairs"]] == [patient] == trial_pairs


@pytest.mark.parametrize("kind", ["organisation", "level"])
def test_one_council_or_level_comes_first_and_inside_it_the_longest_wait(client, page, kind):
    able = [page.place(pk) for pk in without_rivals(page)]
    Enrolment.objects.filter(pk__in=[one.pk for one in able]).update(applied_at=clock.now() - timedelta(days=300))
    named = able[1]
    if kind == "level":
        Profile.objects.filter(user=named.user_id).update(level="1")
        Profile.objects.filter(user__in=[one.user_id for one in able if one != named], level="1").update(level="2")
        cover = "level:1"
    else:
        home = named.organisation
        Enrolment.objects.filter(organisation=home).update(applied_at=clock.now())
        Enrolment.objects.filter(pk=named.pk).update(applied_at=clock.now() - timedelta(days=1))
        cover = f"organisation:{home.pk}"
    run = kept(client, page, objective="cover", cover=cover)
    assert [pair[0] for pair in run.result["pairs"]] == [str(named.pk)]
    assert page.scenario.cover == cover


def test_somebody_who_comes_first_cannot_be_made_up(client, page):
    response = tried(client, page, objective="cover", cover="organisation:0")
    assert response.status_code == 422
    assert "“Who comes first”: choose one of the answers on the page." in words_of(response)


def borders(page):
    """Two regions, and one country for all."""
    for number, home in enumerate(Organisation.objects.filter(pool_members__pool=page.programme.pool).order_by("pk")):
        Organisation.objects.filter(pk=home.pk).update(region=f"Region {number % 2}", country="GB")
    scenarios.solve(page.scenario, by=page.coordinator)


def test_several_shares_hold_at_once_and_say_what_they_cost(client, page):
    borders(page)
    free = tried(client, page).context["plan"]
    assert free.crossing == []
    response = tried(client, page, region_share=80, service_share=70)
    plan, text = response.context["plan"], words_of(response)
    reached = {one.label: int(one.figure.split()[0]) for one in plan.crossing}
    assert reached["Across regions"] >= 80
    assert reached["Across services"] >= 70
    assert "at least 80 % asked" in text
    assert "Shares across borders: 2 asked for" in text
    [cost] = plan.costs
    assert cost.startswith("Because of the shares across borders: ")
    run = kept(client, page, region_share=80, service_share=70)
    assert page.scenario.rules["cross_region_share"] == 0.8
    assert run.result["shares"]["region"] >= 0.8
    assert run.result["shares"]["service"] >= 0.7
    assert scenarios.repeat(run)


def test_shares_that_cannot_hold_are_named_and_nothing_is_kept(client, page):
    borders(page)
    text = words_of(tried(client, page, region_share=40, country_share=30))
    sentence = "At least 30% of the pairs across countries cannot hold with the people, locks and rules of this round."
    assert "That cannot be worked out" in text
    assert sentence in text
    before = Run.objects.count()
    response = client.post(
        reverse("matching:keep", args=[page.round.pk]), trial(page, region_share=40, country_share=30)
    )
    assert response.status_code == 422
    assert sentence in words_of(response)
    assert Run.objects.count() == before
    page.scenario.refresh_from_db()
    assert "country" not in str([name for name, value in page.scenario.rules.items() if value])


def test_a_lower_share_is_among_the_changes_that_would_match_somebody(client, page):
    borders(page)
    homes = page.programme.enrolments.mentors().values("organisation")
    Organisation.objects.filter(pk__in=homes).update(region="Region 0")
    run = kept(client, page, region_share=100)
    waiting = [one["person_id"] for one in run.result["unmatched"] if one["role"] == "mentee"]
    offered = {pk: queries.changes(run, [pk])[pk] for pk in waiting}
    person, number = next(
        (pk, place)
        for pk, changes in offered.items()
        for place, one in enumerate(changes)
        if one["kind"] == "lower_cross_region_share"
    )
    text = words_of(client.get(reverse("matching:without", args=[page.round.pk])))
    assert re.search(r"Ask for \d+ % of pairs across regions, no more\.", text)
    after = scenarios.take_up(run, by=page.coordinator, person=person, number=number)
    assert after.result["placed"] > run.result["placed"]
    page.scenario.refresh_from_db()
    assert page.scenario.rules["cross_region_share"] < 1


def test_two_plans_compare_what_they_are_made_for_and_what_it_costs(client, page):
    other = scenarios.copy(page.scenario, by=page.coordinator, name="Fair")
    settings = {"weights": other.weights, "rules": {"cross_service_share": 0.5}, "objective": "leximin"}
    scenarios.keep(other, by=page.coordinator, **settings)
    response = client.get(reverse("matching:compare", args=[page.round.pk]), {"a": page.scenario.pk, "b": other.pk})
    rows = {label: (one, two) for label, one, two in response.context["compared"].rows}
    assert rows["What matters most"] == ("Best overall", "Fair in steps")
    assert set(rows) > {"Across regions", "Across countries", "Across services"}
    one, two = rows["What the choices cost"]
    assert one == "–"
    assert two.startswith("Against “Best overall”: ")
    assert "Because of the shares across borders: " in two


def test_the_record_and_the_report_tell_the_choice_its_cost_and_who_came_first(client, page):
    home = page.place(page.pairs[0][0]).organisation
    run = kept(client, page, objective="cover", cover=f"organisation:{home.pk}", service_share=10)
    record = json.loads(client.get(reverse("matching:record", args=[run.pk])).content)
    people = page.programme.enrolments.mentees()
    assert record["problem"]["objective"] == "cover"
    first = [pk for pk in record["problem"]["cover"] if people.get(pk=pk).organisation_id == home.pk]
    assert record["problem"]["cover"][: len(first)] == first
    assert first
    assert record["about"]["costs"] == run.result["costs"]
    text = words_of(client.get(reverse("matching:report", args=[run.pk])))
    assert "Nobody is left out for the sake of somebody who comes after them." in text
    assert f"First come: people of {home.label}, then whoever has waited longest." in text
    assert "At least 10% of the pairs join two service areas." in text
    assert "Against “Best overall”: " in text


def test_who_coordinates_another_programme_tries_nothing_here(client, page):
    client.force_login(coordinator_of(ProgrammeFactory()))
    assert tried(client, page, objective="stable").status_code == 404
    values = trial(page, objective="stable")
    assert client.post(reverse("matching:keep", args=[page.round.pk]), values).status_code == 404
    page.scenario.refresh_from_db()
    assert page.scenario.objective == "total"


@pytest.mark.parametrize(("changes", "expected"), [({}, 10), ({"objective": "cover"}, 11)])
@pytest.mark.parametrize("people", [(4, 3), (16, 9)])
def test_a_trial_asks_the_database_as_often_for_few_as_for_many(
    client, people, changes, expected, django_assert_num_queries
):
    day = afternoon_of(mentees=people[0], mentors=people[1])
    client.force_login(day.coordinator)
    tried(client, day)
    with django_assert_num_queries(expected):
        assert tried(client, day, **changes).context["plan"].is_trial


def test_the_form_shows_what_a_scenario_has(page):
    page.scenario.rules = {**page.scenario.rules, "cross_region_share": 0.25}
    page.scenario.objective, page.scenario.cover = "cover", "level:3"
    shown = TryForm.saved(page.scenario)
    assert (shown["region_share"], shown["country_share"], shown["cover"]) == (25, None, "level:3")
    assert TryForm.saved(Scenario())["cover"] == "waited"


def test_a_lock_that_breaks_a_share_is_refused_in_words(page):
    borders(page)
    page.scenario.rules = {**page.scenario.rules, "cross_region_share": 1.0}
    page.scenario.save()
    scenarios.solve(page.scenario, by=page.coordinator)
    run = queries.latest_run(page.scenario)
    for mentee in page.programme.enrolments.mentees().select_related("organisation", "user", "programme"):
        for row in queries.options(run, str(mentee.pk)):
            mentor = page.place(row[0])
            if row[2] and mentor.organisation.region == mentee.organisation.region:
                with pytest.raises(NotPossible, match="At least 100% of the pairs across regions"):
                    scenarios.fix(
                        page.scenario, by=page.coordinator, kind="lock", mentee=mentee, mentor=mentor, reason=""
                    )
                return
    raise AssertionError("no two of one region may be a pair")


def test_what_cannot_be_matched_again_is_told_on_a_page_of_its_own(client, page):
    borders(page)
    page.scenario.rules = {**page.scenario.rules, "cross_region_share": 0.4, "cross_country_share": 0.3}
    page.scenario.save()
    response = client.post(reverse("matching:run", args=[page.round.pk]), {"scenario": page.scenario.pk})
    assert response.status_code == 422
    assert "At least 30% of the pairs across countries cannot hold" in words_of(response)
    assert "Nothing has been changed." in words_of(response)
