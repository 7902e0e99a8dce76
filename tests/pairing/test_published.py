"""Instances that nobody here wrote, where they are at hand; a small one of our own always."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from pairing.solvers import objectives
from pairing.solvers.task import bound
from tests.pairing.rounds import task_of

SHARED = Path(__file__).parents[3] / "shared" / "data" / "matching"
OPTIMA = {"assign100": 305, "assign200": 475, "assign300": 626, "assign400": 804, "assign800": 1552}


def published(name, key):
    path = SHARED / f"{name}.npz"
    if not path.exists():
        pytest.skip(f"the published instance {name} is not on this machine")
    with np.load(path) as stored:
        return stored[key].astype(np.float64)


@pytest.mark.parametrize(("name", "optimum"), OPTIMA.items(), ids=OPTIMA)
def test_the_optima_of_the_library_are_reached_and_proven(name, optimum):
    task = task_of(-published(name, "cost"))
    plan, _ = objectives.best(task, "total")
    assert (plan.placed, -plan.total(task)) == (len(task.demand), optimum)
    assert -bound(task, plan.prices, plan.placed) == optimum


def test_a_conference_with_four_papers_to_a_reviewer_is_solved_through_its_ties():
    bids = published("aamas2015_bids", "bids")
    task = task_of(bids, capacity=[4] * bids.shape[1])
    plan, _ = objectives.best(task, "total")
    assert plan.placed == len(bids)
    assert bound(task, plan.prices, plan.placed) == plan.total(task)


def test_a_small_instance_with_a_known_optimum():
    cost = np.array([[(7 * row * row + 3 * column * row + 5 * column) % 11 for column in range(6)] for row in range(6)])
    task = task_of(-cost)
    plan, _ = objectives.best(task, "total")
    assert -plan.total(task) == min(sum(cost[range(6), order]) for order in permutations(range(6)))
