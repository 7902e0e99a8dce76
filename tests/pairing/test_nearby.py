"""From one answer to the next: as good as a whole new solution, and proven by its own prices."""

from dataclasses import replace

import numpy as np
import pytest

import pairing
from pairing import certificate
from pairing.errors import Infeasible
from pairing.solvers import assignment, transport
from pairing.solvers.arrays import on_grid
from pairing.solvers.lsap import linear_sum_assignment
from pairing.types import DEFAULT_WEIGHTS, Rules
from tests.pairing.rounds import random_round


def best_sum(worth, room):
    places = np.repeat(np.arange(len(room)), np.minimum(room, len(worth)))
    single = np.maximum(worth[:, places], 0.0)
    return single[linear_sum_assignment(single, maximize=True)].sum() if single.size else 0.0


def proven(worth, room, at, prices):
    rows = np.flatnonzero(at >= 0)
    total = worth[rows, at[rows]].sum()
    assert (prices >= 0).all()
    assert (np.bincount(at[rows], minlength=len(room)) <= room).all()
    assert total == room @ prices + np.maximum((worth - prices).max(axis=1), 0.0).sum()
    return total


def random_worth(dice):
    shape = dice.integers(1, 10), dice.integers(1, 6)
    worth = dice.integers(-3, 8, shape).astype(float) if dice.random() < 0.5 else on_grid(dice.random(shape))
    worth[dice.random(shape) < dice.random() * 0.6] = -np.inf
    return worth, dice.integers(0, 4, shape[1])


def test_paths_among_columns_find_the_best_sum_from_anywhere():
    dice = np.random.default_rng(7)
    for _ in range(1500):
        worth, room = random_worth(dice)
        at, prices = transport.solve(worth, room)
        assert proven(worth, room, at, prices) == best_sum(worth, room)
        worth[dice.integers(len(worth)), dice.integers(len(room))] = dice.choice([-np.inf, 9.0, 0.0])
        room[dice.integers(len(room))] = dice.integers(0, 4)
        assert proven(worth, room, *transport.solve(worth, room, at, prices)) == best_sum(worth, room)
        anywhere = dice.integers(0, 9, len(room)).astype(float)
        nobody = np.full(len(worth), -1)
        assert proven(worth, room, *transport.solve(worth, room, nobody, anywhere)) == best_sum(worth, room)


def test_many_more_people_than_columns_begin_with_a_sample():
    worth = on_grid(np.random.default_rng(2).random((9000, 4)))
    room = np.array([1000, 1500, 2000, 0])
    assert proven(worth, room, *transport.solve(worth, room)) > 0


def test_nobody_goes_without_for_a_pair_that_costs_nothing():
    worth = np.array([[1.0, 0.0], [1.0, -np.inf], [0.0, 0.0]])
    at, _ = assignment.placed_units(worth, np.array([1, 1]))
    assert sorted(at.tolist()) == [-1, 0, 1]


CHANGES = ["forbidden", "locks", "weights"]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("rules", [None, Rules(cross_organisation_share=0.6, places_given={"south": 3})])
def test_the_next_solution_is_as_good_as_one_from_nothing(change, rules):
    for seed in range(12):
        prepared = pairing.prepare(random_round(seed, 12, 9, rules))
        last = prepared.solve()
        dice = np.random.default_rng(seed)
        row, column = dice.integers(12), dice.integers(9)
        pair = (prepared.facts.mentees[row].id, prepared.facts.mentors[column].id)
        moved = {
            "forbidden": frozenset([*prepared.problem.forbidden, *list(last.pair_keys())[:1]]),
            "locks": frozenset({pair}),
            "weights": {**DEFAULT_WEIGHTS, "hours": 3.5},
        }[change]
        try:
            whole = prepared.solve(**{change: moved})
        except Infeasible:
            with pytest.raises(Infeasible):
                prepared.solve_again(last, **{change: moved})
            continue
        near = prepared.solve_again(last, **{change: moved})
        assert (near.placed, near.total) == (whole.placed, pytest.approx(whole.total))
        assert near.inputs_hash == whole.inputs_hash
        told = {(pair.mentee_id, pair.mentor_id): pair.contributions for pair in whole.pairs}
        for one in near.pairs:
            assert one.contributions == told.get((one.mentee_id, one.mentor_id), one.contributions)
        checked = certificate.check(replace(prepared.problem, **{change: moved}), near)
        assert checked.valid
        if near.status == "optimal":
            assert checked.gap <= 1e-9


def test_a_big_change_begins_with_the_old_prices():
    dice = np.random.default_rng(5)
    for _ in range(30):
        rows, columns = dice.integers(30, 60, 2)
        room = dice.integers(0, 3, columns)
        before = on_grid(dice.random((rows, columns)))
        before[dice.random(before.shape) < 0.3] = -np.inf
        at, prices = assignment.placed_units(before, room)
        after = np.where(np.isfinite(before), on_grid(dice.random(before.shape)), -np.inf)
        assert transport.solve_near(after, room, at, prices, 3)[0] is None
        assert proven(after, room, *assignment.from_prices(after, room, prices)) == best_sum(after, room)
