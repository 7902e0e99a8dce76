import pytest

from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.matching.actions import rounds, scenarios
from commonhall.matching.models import Edit, Round, Run
from commonhall.matching.queries import rounds as queries
from commonhall.matching.solver import NotPossible
from commonhall.programmes.models import Enrolment
from tests.factories.matching import region
from tests.factories.programmes import EnrolmentFactory, ProgrammeFactory, coordinator_of
from tests.matching.conftest import afternoon_of

pytestmark = pytest.mark.django_db


def pairs(run):
    return set(queries.pairs_of(run))


def other_pair(afternoon):
    """A mentee and a mentor who could be a pair and are not."""
    for mentee, mentor in afternoon.pairs:
        for option, _score, allowed, _left in queries.options(afternoon.run, mentee):
            if allowed and option != mentor:
                return mentee, option
    raise AssertionError("nobody has an alternative")


def test_a_run_keeps_the_rules_and_says_how_good_it_is(afternoon):
    result = afternoon.run.result
    assert result["placed"] == len(result["pairs"]) > 0
    assert result["gap"] < 1e-9
    for mentee, mentor in afternoon.pairs:
        assert afternoon.place(mentee).organisation_id != afternoon.place(mentor).organisation_id
    assert Event.objects.filter(verb="round.solved", details__run=afternoon.run.pk).exists()


def test_a_stored_run_is_repeated_to_the_same_result(afternoon):
    stored = Run.objects.get(pk=afternoon.run.pk)
    assert scenarios.repeat(stored)
    stored.result["pairs"][0][2] += 0.01
    assert not scenarios.repeat(stored)


def test_a_run_that_has_forgotten_somebody_cannot_be_repeated(afternoon):
    Run.objects.update(inputs=b"")
    with pytest.raises(Conflict, match="forgotten"):
        scenarios.repeat(Run.objects.get(pk=afternoon.run.pk))


def test_solving_again_with_the_same_people_gives_the_same_pairs(afternoon):
    assert pairs(scenarios.solve(afternoon.scenario, by=afternoon.coordinator)) == set(afternoon.pairs)


def test_a_trial_saves_nothing(afternoon):
    before = dict(afternoon.scenario.weights)
    outcome = queries.trial(afternoon.run, {"weights": {"hours": 1.0}})
    afternoon.scenario.refresh_from_db()
    assert outcome["placed"] == afternoon.run.result["placed"]
    assert afternoon.scenario.weights == before
    assert Run.objects.count() == 1


def test_kept_weights_and_rules_are_solved_as_the_trial_was(afternoon):
    settings = {
        "weights": {"hours": 3.0, "perspective": 1.0},
        "rules": {"min_shared_minutes": 300},
        "objective": "fair",
    }
    tried = queries.trial(afternoon.run, settings)
    run = scenarios.keep(afternoon.scenario, by=afternoon.coordinator, **settings)
    afternoon.scenario.refresh_from_db()
    assert afternoon.scenario.weights == settings["weights"]
    assert afternoon.scenario.rules["min_shared_minutes"] == 300
    assert run.result["total"] == pytest.approx(tried["total"])
    assert pairs(run) == {(pair[0], pair[1]) for pair in tried["pairs"]}


def test_a_pair_kept_together_is_in_every_plan_from_now_on(afternoon):
    mentee, mentor = other_pair(afternoon)
    run = scenarios.fix(
        afternoon.scenario, by=afternoon.coordinator, kind="lock", mentee=afternoon.place(mentee),
        mentor=afternoon.place(mentor), reason="They have met",
    )  # fmt: skip
    assert (mentee, mentor) in pairs(run)
    assert (mentee, mentor) in pairs(scenarios.solve(afternoon.scenario, by=afternoon.coordinator))
    assert Edit.objects.get().reason == "They have met"


def test_a_pair_kept_apart_goes_and_comes_back_when_that_is_lifted(afternoon):
    mentee, mentor = afternoon.pairs[0]
    decided = {"mentee": afternoon.place(mentee), "mentor": afternoon.place(mentor), "reason": ""}
    run = scenarios.fix(afternoon.scenario, by=afternoon.coordinator, kind="forbid", **decided)
    assert (mentee, mentor) not in pairs(run)
    assert pairs(scenarios.lift(Edit.objects.get(), by=afternoon.coordinator)) == set(afternoon.pairs)


def test_deciding_again_about_a_pair_replaces_the_first_decision(afternoon):
    mentee, mentor = afternoon.pairs[0]
    decided = {"mentee": afternoon.place(mentee), "mentor": afternoon.place(mentor), "reason": ""}
    scenarios.fix(afternoon.scenario, by=afternoon.coordinator, kind="forbid", **decided)
    run = scenarios.fix(afternoon.scenario, by=afternoon.coordinator, kind="lock", **decided)
    assert (mentee, mentor) in pairs(run)
    assert Edit.objects.get().kind == Edit.Kind.LOCK


def test_an_impossible_lock_is_refused_by_name_and_leaves_nothing_behind(afternoon):
    mentee, mentor = (afternoon.place(pk) for pk in afternoon.pairs[0])
    Enrolment.objects.filter(pk=mentor.pk).update(organisation=mentee.organisation)
    scenarios.solve(afternoon.scenario, by=afternoon.coordinator)
    with pytest.raises(NotPossible, match="same council") as refusal:
        scenarios.fix(
            afternoon.scenario, by=afternoon.coordinator, kind="lock", mentee=mentee, mentor=mentor, reason=""
        )
    assert mentee.user.name in str(refusal.value)
    assert not Edit.objects.exists()
    assert Run.objects.count() == 2


def test_more_locks_than_places_are_refused_with_the_mentors_name(afternoon):
    mentor = next(pk for pk in {pair[1] for pair in afternoon.pairs} if afternoon.place(pk).capacity == 1)
    mentees = [
        mentee for mentee in {pair[0] for pair in afternoon.pairs}
        if any(row[0] == mentor and row[2] for row in queries.options(afternoon.run, mentee))
    ][:2]  # fmt: skip
    decided = {"kind": "lock", "mentor": afternoon.place(mentor), "reason": ""}
    scenarios.fix(afternoon.scenario, by=afternoon.coordinator, mentee=afternoon.place(mentees[0]), **decided)
    with pytest.raises(NotPossible) as refusal:
        scenarios.fix(afternoon.scenario, by=afternoon.coordinator, mentee=afternoon.place(mentees[1]), **decided)
    assert afternoon.place(mentor).user.name in str(refusal.value)
    assert Edit.objects.count() == 1


@pytest.mark.parametrize("seed", range(12))
def test_every_listed_change_matches_the_person_when_it_is_taken_up(seed):
    afternoon = afternoon_of(mentees=9, mentors=4, seed=seed)
    person = afternoon.without()[seed % len(afternoon.without())]
    offered = queries.changes(afternoon.run, [person])[person]
    assert offered
    number = seed % len(offered)
    run = scenarios.take_up(afternoon.run, by=afternoon.coordinator, person=person, number=number)
    assert person in {mentee for mentee, _mentor in queries.pairs_of(run)}
    assert run.result["placed"] == offered[number]["placed_after"]


def test_a_change_that_counts_on_somebodys_yes_can_be_taken_back(afternoon):
    person = afternoon.without()[0]
    offered = queries.changes(afternoon.run, [person])[person]
    number = next(n for n, change in enumerate(offered) if change["kind"] == "one_more_place")
    scenarios.take_up(afternoon.run, by=afternoon.coordinator, person=person, number=number)
    afternoon.scenario.refresh_from_db()
    assert [one["kind"] for one in afternoon.scenario.assumptions] == ["one_more_place"]
    run = scenarios.drop(afternoon.scenario, by=afternoon.coordinator, number=0)
    assert pairs(run) == set(afternoon.pairs)
    with pytest.raises(Conflict):
        scenarios.drop(afternoon.scenario, by=afternoon.coordinator, number=0)


@pytest.mark.parametrize("number", [-1, 99])
def test_a_change_that_is_not_on_offer_is_refused(afternoon, number):
    with pytest.raises(Conflict, match="not on offer"):
        scenarios.take_up(afternoon.run, by=afternoon.coordinator, person=afternoon.without()[0], number=number)


def test_a_change_from_an_old_page_is_refused(afternoon):
    scenarios.solve(afternoon.scenario, by=afternoon.coordinator)
    with pytest.raises(Conflict, match="worked on since"):
        scenarios.take_up(afternoon.run, by=afternoon.coordinator, person=afternoon.without()[0], number=0)


def test_a_copy_has_the_same_decisions_and_a_life_of_its_own(afternoon):
    mentee, mentor = afternoon.pairs[0]
    scenarios.fix(
        afternoon.scenario, by=afternoon.coordinator, kind="forbid", mentee=afternoon.place(mentee),
        mentor=afternoon.place(mentor), reason="",
    )  # fmt: skip
    other = scenarios.copy(afternoon.scenario, by=afternoon.coordinator, name="Plan B")
    assert pairs(queries.latest_run(other)) == pairs(queries.latest_run(afternoon.scenario))
    scenarios.lift(other.edits.get(), by=afternoon.coordinator)
    assert afternoon.scenario.edits.count() == 1
    with pytest.raises(Conflict, match="of this name"):
        scenarios.copy(afternoon.scenario, by=afternoon.coordinator, name="Plan B")


def test_a_stranger_changes_nothing(afternoon):
    outsider = coordinator_of(EnrolmentFactory().programme)
    with pytest.raises(Refused):
        scenarios.solve(afternoon.scenario, by=outsider)
    with pytest.raises(Refused):
        scenarios.copy(afternoon.scenario, by=outsider, name="Mine")
    assert Run.objects.count() == 1


def test_a_published_round_stays_as_it_is(afternoon):
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    afternoon.scenario.refresh_from_db()
    with pytest.raises(Refused, match="stays as it is"):
        scenarios.solve(afternoon.scenario, by=afternoon.coordinator)


def test_work_that_was_overtaken_while_solving_is_refused(afternoon, monkeypatch):
    colleague = coordinator_of(afternoon.programme)
    ask = scenarios.shared.ask

    def slow(question, **arguments):
        answer = ask(question, **arguments)
        monkeypatch.setattr(scenarios.shared, "ask", ask)
        scenarios.solve(afternoon.scenario, by=colleague)
        return answer

    monkeypatch.setattr(scenarios.shared, "ask", slow)
    mentee, mentor = afternoon.pairs[0]
    with pytest.raises(Conflict, match="Somebody else"):
        scenarios.fix(
            afternoon.scenario, by=afternoon.coordinator, kind="forbid", mentee=afternoon.place(mentee),
            mentor=afternoon.place(mentor), reason="",
        )  # fmt: skip
    assert not Edit.objects.exists()


def decided(afternoon):
    """What the history says of a round, but for the matching itself, each with what it is about."""
    told = Event.objects.about(afternoon.round).exclude(verb__in=["round.created", "round.solved"]).order_by("pk")
    assert all(event.by == afternoon.coordinator for event in told)
    return [(event.verb, event.details) for event in told]


def test_the_history_says_who_changed_what_in_a_plan(afternoon):
    by, plan = afternoon.coordinator, afternoon.scenario
    mentee, mentor = (afternoon.place(pk) for pk in afternoon.pairs[0])
    two = {"mentee": mentee.pk, "mentor": mentor.pk}
    scenarios.keep(plan, by=by, weights={**plan.weights, "hours": 0.9}, rules={}, objective="total")
    scenarios.fix(plan, by=by, kind="forbid", mentee=mentee, mentor=mentor, reason="They share an office")
    scenarios.lift(Edit.objects.get(), by=by)
    run, person = queries.latest_run(plan), afternoon.without()[0]
    number, change = next(
        (n, one) for n, one in enumerate(queries.changes(run, [person])[person]) if one["kind"] == "one_more_place"
    )
    scenarios.take_up(run, by=by, person=person, number=number)
    plan.refresh_from_db()
    scenarios.drop(plan, by=by, number=0)
    other = scenarios.copy(plan, by=by, name="Plan B")
    here = {"scenario": plan.pk}
    assert decided(afternoon) == [
        ("round.weighed", here),
        ("round.edited", {**here, "kind": "forbid", **two}),
        ("round.lifted", {**here, "kind": "forbid", **two}),
        ("round.change_taken_up", {**here, "kind": change["kind"], "mentee": int(person)}),
        ("round.change_dropped", {**here, "kind": change["kind"]}),
        ("round.plan_copied", {"scenario": other.pk, "source": plan.pk}),
    ]


def test_a_decision_that_cannot_be_solved_leaves_no_trace(afternoon):
    by, plan = afternoon.coordinator, afternoon.scenario
    with pytest.raises(NotPossible):
        scenarios.keep(plan, by=by, weights=plan.weights, rules={"seniority": [3, 1]}, objective="total")
    assert decided(afternoon) == []
    plan.rules["seniority"] = [3, 1]
    with pytest.raises(NotPossible):
        scenarios.copy(plan, by=by, name="Plan B")
    assert afternoon.round.scenarios.count() == 1


def test_a_round_whose_first_plan_cannot_be_solved_is_not_begun():
    programme = ProgrammeFactory(rules={"seniority": [3, 1]})
    region(programme, mentees=2, mentors=2)
    with pytest.raises(NotPossible):
        scenarios.begin(programme, by=coordinator_of(programme), name="Autumn")
    assert not Round.objects.exists()
    assert not Event.objects.filter(verb="round.created").exists()
