"""The folder's answers against trying every plan, for each objective with each condition."""

import json
from dataclasses import replace

import numpy as np
import pytest

from pairing.folder import answering, checking
from pairing.folder.question import Question
from tests.pairing import folders

CONDITIONS = [
    (),
    ("demand",),
    ("fixed",),
    ("previous",),
    ("quota",),
    ("least",),
    ("limit", "fixed"),
    ("demand", "quota", "fixed"),
    ("demand", "least", "previous"),
    ("quota", "limit", "least", "fixed", "previous"),
]
EACH = {"total": 40, "fair": 25, "leximin": 20, "cover": 20, "stable": 40}


def answered(question, path):
    """The answer, after the independent checker has seen it."""
    result = answering.answer(question)
    path.write_text(json.dumps(result, allow_nan=False))
    if result["status"] == "ok":
        verdict = checking.check(question, path)
        assert verdict.faults == ()
        if result["proof"] == "prices" and question.objective != "stable":
            assert verdict.gap < 1e-7
    return result


def flat(values):
    return [float(value) for value in values]


@pytest.mark.parametrize("conditions", CONDITIONS, ids=[" ".join(some) or "nothing else" for some in CONDITIONS])
@pytest.mark.parametrize("objective", ["total", "fair", "leximin", "cover"])
def test_the_answer_is_the_best_of_all_plans(objective, conditions, tmp_path):
    for seed in range(EACH[objective]):
        question = folders.random_question(np.random.default_rng(seed), objective, conditions)
        plans = folders.every_plan(question)
        result = answered(question, tmp_path / "result.json")
        if result["status"] != "ok":
            assert not plans or (question.quotas and max(plans, key=len) == []), (seed, result)
            continue
        pairs = [tuple(pair) for pair in result["pairs"]]
        best = max(folders.key(question, plan) for plan in plans)
        assert flat(folders.key(question, pairs)) == pytest.approx(flat(best), abs=1e-6), (seed, pairs)
        assert result["gap"] < 1e-7, seed
        assert result["value"] == pytest.approx(result["bound"], abs=1e-6), seed
        assert sorted(pairs) in [sorted(plan) for plan in plans]


@pytest.mark.parametrize("conditions", CONDITIONS, ids=[" ".join(some) or "nothing else" for some in CONDITIONS])
def test_a_stable_answer_has_no_two_who_would_rather_have_each_other(conditions, tmp_path):
    for seed in range(EACH["stable"]):
        question = folders.random_question(np.random.default_rng(seed), "stable", conditions)
        result = answered(question, tmp_path / "result.json")
        stable = [plan for plan in folders.every_plan(question) if not folders.blocked(question, plan)]
        if result["status"] != "ok":
            assert not stable or not any(stable), (seed, result["status"])
            continue
        pairs = sorted(tuple(pair) for pair in result["pairs"])
        assert pairs in [sorted(plan) for plan in stable], seed
        assert result["stability_costs"] >= -1e-9 or conditions


def couples(people):
    """Every way to make couples among people, as lists."""
    if len(people) < 2:
        yield []
        return
    first, *rest = people
    yield from couples(rest)
    for other in rest:
        for more in couples([one for one in rest if one != other]):
            yield [(first, other), *more]


@pytest.mark.parametrize("objective", ["total", "fair"])
def test_couples_of_one_side_are_the_best_of_all(objective):
    for seed in range(60):
        dice = np.random.default_rng(seed)
        size = int(dice.integers(1, 8))
        scores = dice.integers(0, 9, (size, size)) / 8
        scores[dice.random((size, size)) < dice.random() * 0.5] = np.nan
        ones = np.ones(size, dtype=int)
        question = Question(
            scores=scores, capacity=ones, demand=ones, least=0 * ones, objective=objective, one_mode=True
        )
        both = scores / 2 + scores.T / 2
        plans = [plan for plan in couples(range(size)) if not any(np.isnan(both[pair]) for pair in plan)]

        def key(plan, both=both):
            total = sum(both[pair] for pair in plan)
            worst = min((both[pair] for pair in plan), default=0.0)
            return (len(plan), worst, total) if objective == "fair" else (len(plan), total)

        result = answering.answer(question)
        assert flat(key([tuple(pair) for pair in result["pairs"]])) == pytest.approx(flat(max(map(key, plans)))), seed
        assert result["gap"] < 1e-7


@pytest.mark.parametrize("objective", ["total", "fair", "leximin", "stable", "cover"])
def test_the_same_people_get_the_same_mentors_in_any_order(objective):
    for seed in range(12):
        dice = np.random.default_rng(seed)
        question = folders.random_question(dice, objective, ("previous", "fixed"))
        height, width = question.shape
        ids = tuple(f"mentee {one}" for one in range(height)), tuple(f"mentor {one}" for one in range(width))
        question = replace(question, mentee_ids=ids[0], mentor_ids=ids[1])
        rows, columns = dice.permutation(height), dice.permutation(width)
        other = answering._reordered(question, rows, columns)
        other = replace(
            other, mentee_ids=tuple(ids[0][row] for row in rows), mentor_ids=tuple(ids[1][one] for one in columns)
        )

        def named(asked):
            pairs = answering.answer(asked)["pairs"]
            return sorted((asked.mentee_ids[row], asked.mentor_ids[column]) for row, column in pairs)

        assert named(question) == named(other)


def test_a_second_choice_and_a_back_up_for_everybody():
    question = Question(
        scores=np.array([[0.9, 0.8, 0.1, np.nan], [0.9, 0.85, 0.2, 0.1]]),
        capacity=np.array([1, 1, 1, 0]),
        demand=np.array([1, 1]),
        least=np.zeros(4, dtype=int),
        want=frozenset({"backups"}),
    )
    assert answering.answer(question)["alternatives"] == [
        {"pair": [0, 0], "second": 1, "backup": 2},
        {"pair": [1, 1], "second": 0, "backup": 2},
    ]


def test_inertia_keeps_pairs_that_cost_little_and_gives_up_those_that_cost_much():
    scores = np.array([[1.0, 0.9], [0.95, 0.9]])
    one = np.array([1, 1])
    question = Question(scores=scores, capacity=one, demand=one, least=0 * one, previous=((0, 1), (1, 0)))
    assert answering.answer(question)["pairs"] == [[0, 0], [1, 1]]
    sticky = answering.answer(replace(question, stickiness=0.05))
    assert sticky["pairs"] == [[0, 1], [1, 0]]
    assert (sticky["total"], sticky["value"]) == pytest.approx((1.85, 1.95))
