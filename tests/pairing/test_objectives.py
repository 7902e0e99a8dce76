"""Rounds under every objective, several shares at once and least sizes of groups, against trying everything."""

import random
from dataclasses import replace

import numpy as np
import pytest

import pairing
from pairing import certificate, costs, record
from pairing.errors import BadProblem, Infeasible
from pairing.types import Problem, Rules
from tests.pairing.rounds import couples, every_plan, mentee, mentor, problem, random_round

BANDS = [-np.inf, *[step / 10 for step in range(1, 10)], np.inf]


def tried(asked: Problem, key):
    """The best key of all plans that keep the rules of a round."""
    settled = pairing.prepare(asked).settled()
    scores, best = settled.task.scores, None
    for plan in every_plan(settled.task):
        given = [column for _row, column in plan]
        least = settled.task.least
        if least is not None and any(0 < given.count(column) < least[column] for column in given):
            continue
        if settled.opposites.among(plan):
            continue
        value = key(plan, [float(scores[cell]) for cell in plan])
        best = value if best is None else max(best, value)
    return best


def as_plan(asked, solution):
    facts = pairing.prepare(asked).facts
    plan = [(facts.row[pair.mentee_id], facts.column[pair.mentor_id]) for pair in solution.pairs]
    return plan, [pair.score for pair in solution.pairs]


def leximin(_plan, scores):
    counts = np.histogram(scores, BANDS)[0]
    return (len(scores), min(scores, default=0.0), *(-counts).tolist(), round(sum(scores), 6))


@pytest.mark.parametrize("seed", range(25))
def test_fairness_in_steps_is_as_if_everything_had_been_tried(seed):
    asked = random_round(seed, 6, 4, objective="leximin")
    assert leximin(*as_plan(asked, pairing.solve(asked))) == pytest.approx(tried(asked, leximin))


def cover(asked):
    facts = pairing.prepare(asked).facts
    order = [facts.row[person_id] for person_id in asked.cover]

    def key(plan, scores):
        has = {row for row, _column in plan}
        return (*(row in has for row in order), len(has), len(plan), round(sum(scores), 6))

    return key


@pytest.mark.parametrize("seed", range(25))
def test_nobody_is_left_out_for_the_sake_of_somebody_after_them(seed):
    asked = random_round(seed, 6, 3, objective="cover")
    order = random.Random(seed).sample([one.id for one in asked.mentees], 4)
    asked = replace(asked, cover=tuple(order))
    key = cover(asked)
    assert key(*as_plan(asked, pairing.solve(asked))) == pytest.approx(tried(asked, key))


@pytest.mark.parametrize("seed", range(15))
def test_somebody_who_may_be_on_both_sides_is_covered_exactly_too(seed):
    asked = random_round(seed, 5, 3, objective="cover", rules=Rules(same_organisation_allowed=True))
    asked = replace(asked, mentees=tuple(replace(one, identity=f"p{n}") for n, one in enumerate(asked.mentees)))
    asked = replace(asked, mentors=tuple(replace(one, identity=f"p{n}") for n, one in enumerate(asked.mentors)))
    asked = replace(asked, cover=tuple(one.id for one in asked.mentees[:3]))
    key = cover(asked)
    assert key(*as_plan(asked, pairing.solve(asked))) == pytest.approx(tried(asked, key))


def likes(asked, one, other, score):
    def place(shortlist, person_id):
        return -shortlist.index(person_id) if person_id in shortlist else -99

    people = {person.id: person for person in (*asked.mentees, *asked.mentors)}
    return (place(people[one].shortlist, other), score)


@pytest.mark.parametrize("seed", range(25))
def test_in_a_stable_plan_no_two_would_rather_have_each_other(seed):
    asked = random_round(seed, 8, 5, objective="stable")
    prepared = pairing.prepare(asked)
    solution = prepared.solve()
    has = {person.id: [] for person in (*asked.mentees, *asked.mentors)}
    for pair in solution.pairs:
        has[pair.mentee_id].append(likes(asked, pair.mentee_id, pair.mentor_id, pair.score))
        has[pair.mentor_id].append(likes(asked, pair.mentor_id, pair.mentee_id, pair.score))
    cap = asked.rules.max_mentees or 9
    room = {person.id: min(person.capacity, cap) if person.role == "mentor" else 1 for person in prepared.facts.mentors}
    for one in asked.mentees:
        for other in asked.mentors:
            reason = pairing.explain_pair(prepared, one.id, other.id)
            if not reason.allowed or (one.id, other.id) in solution.pair_keys():
                continue
            mine = len(has[one.id]) < 1 or likes(asked, one.id, other.id, reason.score) > min(has[one.id])
            theirs = len(has[other.id]) < room[other.id] or likes(asked, other.id, one.id, reason.score) > min(
                has[other.id]
            )
            assert not (mine and theirs)


def test_a_shortlist_comes_before_the_score_where_nobody_is_to_wish_for_another():
    mentees = [mentee("ben", shortlist=("zoe",), services=("housing",), languages=frozenset({"en"}))]
    mentors = [mentor("hana", languages=frozenset({"en"})), mentor("zoe", languages=frozenset({"en", "cy"}))]
    asked = problem(mentees, mentors, weights={"languages": 1.0}, objective="stable")
    assert couples(pairing.solve(asked)) == [("ben", "zoe")]


SHARES = {
    "two": Rules(same_organisation_allowed=True, cross_organisation_share=0.5, cross_region_share=0.5),
    "three": Rules(
        same_organisation_allowed=True, cross_organisation_share=0.3, cross_region_share=0.4, cross_service_share=0.5
    ),
    "with places": Rules(
        same_organisation_allowed=True, cross_region_share=0.5, cross_service_share=0.5, places_given={"south": 1}
    ),
}


def total(_plan, scores):
    return (len(scores), round(sum(scores), 6))


@pytest.mark.parametrize("rules", SHARES.values(), ids=SHARES)
@pytest.mark.parametrize("seed", range(12))
def test_several_shares_are_kept_at_once_and_the_best_is_found(rules, seed):
    asked = random_round(seed, 6, 4, rules=rules)
    best = tried(asked, total)
    if not best[0]:
        with pytest.raises(Infeasible, match="cannot hold"):
            pairing.solve(asked)
        return
    solution = pairing.solve(asked)
    assert (solution.placed, solution.total) == pytest.approx(best, abs=1e-5)
    for name in ("organisation", "region", "service"):
        assert solution.shares[name] >= (getattr(rules, f"cross_{name}_share") or 0.0) - 1e-9
    proof = certificate.check(asked, solution)
    assert proof.valid
    assert proof.bound >= solution.total - 1e-6
    assert not certificate.check(replace(asked, rules=replace(rules, cross_region_share=1.0)), solution).valid or (
        solution.shares["region"] == 1.0
    )


def test_shares_that_contradict_are_named():
    here = {"pool_region": "coast", "country": "GB"}
    mentors = [mentor("hana", **here), mentor("zoe", pool_region="coast", country="IE")]
    asked = problem(
        [mentee("ben", **here), mentee("amy", **here)],
        mentors,
        rules=Rules(cross_organisation_share=0.5, cross_region_share=0.2, cross_country_share=0.5),
    )
    with pytest.raises(Infeasible) as refusal:
        pairing.solve(asked)
    assert str(refusal.value) == (
        "At least 20% of the pairs across regions cannot hold with the people, locks and rules of this round."
    )
    apart = replace(mentors[0], country="GB", pool_region="hills")
    both = replace(asked, mentors=(apart, mentors[1]), rules=Rules(cross_region_share=0.7, cross_country_share=0.7))
    with pytest.raises(Infeasible, match="70% of the pairs across regions and at least 70% of the pairs across countr"):
        pairing.solve(both)


def test_a_region_that_is_not_known_is_not_another_one():
    asked = problem([mentee(pool_region="coast")], [mentor()], rules=Rules(cross_region_share=0.1))
    assert pairing.solve(asked).placed == 0


def circles(seed, least, rules=None, **values):
    dice = random.Random(seed)
    asked = random_round(seed, 6, 3, rules=replace(rules or Rules(), min_mentees=least), **values)
    return replace(asked, mentors=tuple(replace(one, capacity=dice.randint(1, 4)) for one in asked.mentors))


@pytest.mark.parametrize("objective", ["total", "fair"])
@pytest.mark.parametrize("least", [2, 3])
@pytest.mark.parametrize("seed", range(8))
def test_a_mentor_has_nobody_or_a_circle_of_the_least_size(seed, least, objective):
    def fair(_plan, scores):
        return (len(scores), min(scores, default=0.0), round(sum(scores), 6))

    key = {"total": total, "fair": fair}[objective]
    asked = circles(seed, least, objective=objective)
    solution = pairing.solve(asked)
    assert key(*as_plan(asked, solution)) == pytest.approx(tried(asked, key))
    given = [pair.mentor_id for pair in solution.pairs]
    assert all(given.count(one) >= least for one in given)
    assert certificate.check(asked, solution).valid


def test_a_circle_that_meets_already_may_grow_by_one():
    mentees, rules = [mentee("ben")], Rules(min_mentees=3)
    assert pairing.solve(problem(mentees, [mentor(capacity=4)], rules=rules)).placed == 0
    assert pairing.solve(problem(mentees, [mentor(capacity=1, mentees_now=3)], rules=rules)).placed == 1


def test_a_locked_mentee_asks_for_a_whole_circle():
    mentees = [mentee("ben"), mentee("amy"), mentee("joe", organisation="south")]
    asked = problem(mentees, [mentor(capacity=4)], rules=Rules(min_mentees=2), locks=frozenset({("ben", "hana")}))
    assert couples(pairing.solve(asked)) == [("amy", "hana"), ("ben", "hana")]
    with pytest.raises(
        Infeasible, match="hana needs three mentees for a circle and has one lock, but no more than one"
    ):
        pairing.solve(replace(asked, rules=Rules(min_mentees=3)))


def test_a_smaller_circle_is_offered_where_it_would_match_somebody():
    mentees = [mentee("ben"), mentee("amy")]
    asked = problem(mentees, [mentor(capacity=4)], rules=Rules(min_mentees=3))
    solution = pairing.solve(asked)
    assert {one.reason for one in solution.unmatched if one.role == "mentee"} == {"limits"}
    [change] = pairing.cheapest_changes(asked, solution, "ben", limit=1)
    assert (change.kind, change.value, change.placed_after) == ("smaller_circles", 2.0, 2)


@pytest.mark.parametrize("border", ["region", "country", "service"])
def test_a_lower_share_is_offered_where_it_would_match_somebody(border):
    one, other = {"region": ("pool_region", "hills"), "country": ("country", "IE")}.get(
        border, ("services", ("waste",))
    )
    here = {"pool_region": "coast", "country": "GB", "services": ("housing",)}
    mentors = [mentor("hana", **here), mentor("zoe", **{**here, one: other})]
    rules = Rules(**{f"cross_{border}_share": 1.0})
    asked = problem([mentee("ben", **here), mentee("amy", **here)], mentors, rules=rules)
    solution = pairing.solve(asked)
    [alone] = [person.person_id for person in solution.unmatched if person.role == "mentee"]
    changes = pairing.cheapest_changes(asked, solution, alone)
    [lower] = [change for change in changes if change.kind == f"lower_cross_{border}_share"]
    assert lower.value == 0.5
    assert pairing.solve(pairing.apply_change(asked, lower)).placed == 2


@pytest.mark.parametrize("objective", ["fair", "leximin", "stable", "cover"])
def test_what_an_objective_costs_beside_the_best_total(objective):
    found = 0.0
    for seed in range(12):
        asked = random_round(seed, 9, 7, objective=objective)
        asked = replace(asked, cover=tuple(one.id for one in asked.mentees[:3]) if objective == "cover" else ())
        prepared = pairing.prepare(asked)
        solution, freely = prepared.solve(), prepared.solve(objective="total")
        cost = costs.of(prepared, solution)["objective"]
        assert cost["placed"] == freely.placed - solution.placed
        assert cost["total"] == pytest.approx(freely.total - solution.total)
        assert cost["worst"] == pytest.approx(freely.worst - solution.worst)
        found += abs(cost["total"])
        assert certificate.check(prepared, solution).valid
    assert found > 0


def test_what_the_shares_cost_with_a_locked_pair():
    asked = random_round(4, 8, 6, rules=SHARES["two"])
    asked = replace(asked, rules=replace(asked.rules, cross_region_share=0.8))
    free = replace(asked, rules=Rules(same_organisation_allowed=True))
    lock = couples(pairing.solve(asked))[0]
    asked, free = (replace(one, locks=frozenset({lock})) for one in (asked, free))
    prepared = pairing.prepare(asked)
    solution, freely = prepared.solve(), pairing.solve(free)
    cost = costs.of(prepared, solution)["shares"]
    assert cost["placed"] == freely.placed - solution.placed
    assert cost["total"] == pytest.approx(freely.total - solution.total)


def test_a_record_of_any_objective_gives_the_same_again():
    for objective in ("leximin", "stable", "cover"):
        asked = random_round(3, 9, 7, objective=objective, rules=SHARES["two"] if objective == "leximin" else None)
        asked = replace(asked, cover=tuple(one.id for one in asked.mentees[:2]) if objective == "cover" else ())
        text = record.dumps(record.of(asked, pairing.solve(asked)))
        assert record.repeat(record.loads(text)).same
        assert f'"objective": "{objective}"' in text


def test_what_was_added_later_changes_no_older_hash_until_it_is_said():
    asked = problem()
    name = pairing.solve(asked).inputs_hash
    assert name == "dfcbf270dc53924505dc1918064fec7bf7a14b38cbda0a292150586da58a97e7"
    for other in (
        replace(asked, cover=("ben",)),
        replace(asked, rules=Rules(min_mentees=2)),
        replace(asked, rules=Rules(cross_country_share=0.1)),
        replace(asked, mentors=(mentor(mentees_now=1),)),
        replace(asked, mentors=(mentor(second_week=()),)),
    ):
        assert pairing.prepare(other).inputs_hash() != name


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"cover": ("ben", "ben")}, "'ben' stands 2 times among those who must not be left out"),
        ({"cover": ("zoe",)}, "no mentee of this round is called so"),
        ({"rules": Rules(min_mentees=-1)}, "At least -1 mentees for a mentor"),
        ({"rules": Rules(cross_service_share=1.5)}, "A share of 1.5 pairs across service areas"),
    ],
)
def test_what_makes_no_sense_is_refused(values, sentence):
    with pytest.raises(BadProblem, match=sentence):
        pairing.prepare(problem(**values))
