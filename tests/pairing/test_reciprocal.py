"""Two people are never each other's mentor: against trying everything, and in words."""

import random
from dataclasses import replace

import numpy as np
import pytest

import pairing
from pairing import certificate, reciprocal
from pairing.errors import Infeasible
from pairing.prepared import prepare
from pairing.types import Rules, Wish
from tests.pairing.rounds import every_plan, mentee, mentor, problem

LOOSE = Rules(same_organisation_allowed=True, min_shared_minutes=0)


def both(name, *, wants="housing", offers="planning", **values):
    """One human being in both roles, under two ids."""
    subject = {"organisation": name, "identity": f"user:{name}"}
    return (
        mentee(f"{name}-as-mentee", wants=(Wish("service", wants),), **subject, **values),
        mentor(f"{name}-as-mentor", offers=(Wish("service", offers),), **subject, **values),
    )


def two_of_a_kind(**values):
    """Ana and Bo fit each other best both ways; Cyd would do for either."""
    ana, bo = both("ana", wants="housing", offers="waste"), both("bo", wants="waste", offers="housing")
    cyd = mentor("cyd", organisation="cyd", offers=(Wish("service", "libraries"),), capacity=2)
    return problem([ana[0], bo[0]], [ana[1], bo[1], cyd], **{"rules": LOOSE, **values})


def one_way(solution):
    pairs = {tuple(part.split("-")[0] for part in pair) for pair in solution.pair_keys()}
    return not any((other, one) in pairs for one, other in pairs)


def test_two_who_fit_each_other_both_ways_are_paired_one_way():
    solution = pairing.solve(two_of_a_kind())
    assert solution.placed == 2
    assert one_way(solution)
    assert {mentor_id for _mentee, mentor_id in solution.pair_keys()} & {"ana-as-mentor", "bo-as-mentor"}
    assert certificate.check(two_of_a_kind(), solution).valid


def test_a_programme_may_allow_it():
    allowed = two_of_a_kind(rules=replace(LOOSE, both_ways_allowed=True))
    assert not one_way(pairing.solve(allowed))
    assert not certificate.check(two_of_a_kind(), pairing.solve(allowed)).valid


def test_somebody_may_be_mentor_of_one_and_mentee_of_another():
    ana, bo, cyd = (both(name, wants="housing", offers="housing") for name in ("ana", "bo", "cyd"))
    solution = pairing.solve(problem([ana[0], bo[0], cyd[0]], [ana[1], bo[1], cyd[1]], rules=LOOSE))
    assert solution.placed == 3
    assert one_way(solution)


def test_with_nobody_else_one_of_two_goes_without():
    ana, bo = both("ana"), both("bo")
    assert pairing.solve(problem([ana[0], bo[0]], [ana[1], bo[1]], rules=LOOSE)).placed == 1


def test_a_lock_rules_its_opposite_out():
    locked = two_of_a_kind(locks=frozenset({("ana-as-mentee", "bo-as-mentor")}))
    solution = pairing.solve(locked)
    assert solution.mentors_of("bo-as-mentee") == ("cyd",)
    verdict = pairing.why_not(locked, solution, "bo-as-mentee", "ana-as-mentor")
    assert [one.key for one in verdict.obstacles] == ["decided"]


def test_locks_both_ways_are_refused_by_name():
    locks = frozenset({("ana-as-mentee", "bo-as-mentor"), ("bo-as-mentee", "ana-as-mentor")})
    with pytest.raises(Infeasible, match=r"mentee ana-as-mentee .* never each other's mentor"):
        pairing.solve(two_of_a_kind(locks=locks))


def circle(seed):
    """Some who are both, some who are not, with scores of all sorts."""
    dice = random.Random(seed)
    areas = ("housing", "waste", "planning")
    people = [both(f"p{n}", wants=dice.choice(areas), offers=dice.choice(areas)) for n in range(4)]
    return problem(
        [one for one, _other in people],
        [replace(other, capacity=dice.randint(1, 2)) for _one, other in people[: dice.randint(2, 4)]],
        rules=LOOSE,
        objective=dice.choice(["total", "fair", "sum"]),
    )


@pytest.mark.parametrize("seed", range(60))
def test_the_plan_is_the_best_of_all_that_go_one_way(seed):
    asked = circle(seed)
    prepared = prepare(asked)
    task, opposites = prepared.settled().task, reciprocal.Opposites(prepared.facts)
    plans = [plan for plan in every_plan(task) if not opposites.among(plan)]
    solution = prepared.solve()
    assert one_way(solution)
    assert key(asked, [float(one.score) for one in solution.pairs]) == pytest.approx(
        max(key(asked, [float(task.scores[cell]) for cell in plan]) for plan in plans)
    )
    assert solution.bound >= solution.total - 1e-9
    assert certificate.check(asked, solution).valid


def key(asked, scores):
    total, worst = sum(scores), min(scores, default=0.0)
    return {"total": (len(scores), total), "fair": (len(scores), worst, total), "sum": (total,)}[asked.objective]


def test_many_who_are_both_still_get_a_plan_that_says_how_near_it_is():
    people = [both(f"p{n}") for n in range(24)]
    asked = problem([one for one, _ in people], [other for _, other in people], rules=LOOSE)
    solution = pairing.solve(asked)
    assert one_way(solution)
    assert solution.placed == 24
    assert np.isfinite(solution.gap)
