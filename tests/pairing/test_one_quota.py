"""One quota in a round with more pairs than a program is tried on: near to another solver, proven, and quick."""

from dataclasses import replace

import numpy as np
import pytest

from pairing.solvers import blending, objectives
from pairing.solvers.arrays import on_grid
from pairing.solvers.task import Plan, Prices, Quota, Task, bound, keeps_conditions
from tests.pairing.rounds import task_of
from tests.pairing.test_optimal import by_another_solver


def crowded(seed, rows=90, columns=80, share=0.7, done=0) -> Task:
    dice = np.random.default_rng(seed)
    scores = on_grid(dice.random((rows, 6)) @ dice.random((6, columns)) / 6)
    has = dice.random((rows, columns)) < 0.25
    return task_of(scores, capacity=dice.integers(0, 3, columns), quotas=(Quota("q", has, share, done, 0),))


@pytest.mark.parametrize("seed", range(4))
def test_a_crowded_round_with_a_quota_is_solved_as_by_an_integer_program(seed):
    task = crowded(seed)
    plan, _ = objectives.best(task, "total")
    placed, total = by_another_solver(task)
    assert plan.placed == placed
    assert keeps_conditions(task, plan)
    assert plan.total(task) == pytest.approx(total, rel=1e-5)
    most = bound(task, plan.prices, plan.placed)
    assert most >= total - 1e-6
    assert plan.searched or most <= plan.total(task) * (1 + 1.01e-5)


@pytest.mark.parametrize("seed", range(30))
def test_the_best_of_two_plans_is_the_best_of_all_their_parts(seed):
    dice = np.random.default_rng(seed)
    size, blocks = 12, 6
    has = dice.random((size, size)) < 0.5
    straight = np.arange(size)
    share = float(dice.random() * has[straight, straight].mean())
    task = task_of(dice.random((size, size)), quotas=(Quota("q", has, share),))
    crossed = straight.reshape(blocks, 2)[:, ::-1].ravel()
    made = [Plan(straight, columns, Prices(np.zeros(size))) for columns in (straight, crossed)]
    quota = task.quotas[0]
    assert keeps_conditions(task, made[0])
    values = []
    for choice in range(2**blocks):
        columns = np.where(np.repeat([choice >> block & 1 for block in range(blocks)], 2), crossed, straight)
        plan = Plan(straight, columns, Prices(np.zeros(size)))
        if keeps_conditions(task, plan):
            values.append(plan.total(task))
    found = blending.blended(task, quota, *made)
    assert keeps_conditions(task, found)
    assert found.total(task) == pytest.approx(max(values))


def test_a_blend_keeps_the_places_of_everybody():
    scores = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])
    task = task_of(scores, capacity=[2, 1], quotas=(Quota("q", np.ones((3, 2), dtype=bool), 0.5),))
    rows = np.arange(3)
    kept, better = (Plan(rows, np.array(columns), Prices(np.zeros(2))) for columns in ([1, 0, 0], [0, 1, 0]))
    found = blending.blended(task, task.quotas[0], kept, better)
    assert found.columns.tolist() == [0, 1, 0]


def test_a_floor_under_many_pairs_with_a_quota_is_the_highest_there_is():
    task = crowded(5)
    task = replace(task, quotas=(Quota("low", task.scores < 0.2, 0.3),))
    floor = objectives.best_floor(task)
    steps = np.unique(task.scores[task.allowed])
    above = float(steps[np.searchsorted(steps, floor) + 1])
    most = objectives.most_placed(task)
    assert objectives.most_placed(task.above(floor)) == most
    assert objectives.most_placed(task.above(above)) < most
    assert objectives.best_floor(task.plain()) > floor
