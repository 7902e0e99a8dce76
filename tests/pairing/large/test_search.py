"""Price and certify against a dense exact solver; and its bound against the definition."""

import doctest

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment, milp

from pairing.large import scan, search
from pairing.large.source import Matrix

KINDS = ("fine", "ties", "negative", "huge")


def scores(dice, rows, columns, kind, density=0.6):
    table = dice.random((rows, columns))
    if kind == "ties":
        table = np.rint(table * 2) / 2
    table = {"negative": -table, "huge": table * 1e9 - 3e8}.get(kind, table)
    return np.where(dice.random((rows, columns)) < density, table, np.nan)


def best_sum(table, capacity, placing):
    worth = np.maximum(np.where(np.isnan(table), 0.0, table + placing), 0.0)
    places = np.repeat(np.arange(len(capacity)), capacity)
    rows, taken = linear_sum_assignment(worth[:, places], maximize=True)
    return float(worth[:, places][rows, taken].sum())


def promised(table, demand, capacity, found):
    """The bound that anybody can add up from the prices alone."""
    surplus = np.where(np.isnan(table), 0.0, np.maximum(table + found.placing - found.prices, 0.0))
    best = sum(float(np.sort(row)[::-1][:most].sum()) for row, most in zip(surplus, demand, strict=True))
    return best + float(capacity @ found.prices) - found.placing * found.placed


def keeps_the_rules(table, demand, capacity, found):
    assert not np.isnan(table[found.rows, found.columns]).any()
    assert len(set(zip(found.rows.tolist(), found.columns.tolist(), strict=True))) == found.placed
    assert (np.bincount(found.rows, minlength=len(demand)) <= demand).all()
    assert (np.bincount(found.columns, minlength=len(capacity)) <= capacity).all()
    assert found.total == pytest.approx(float(table[found.rows, found.columns].sum()))


@pytest.mark.parametrize("placing", [0.0, 3.0])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_forty_random_rounds_are_solved_as_by_a_dense_solver(kind, dtype, placing):
    for seed in range(40):
        dice = np.random.default_rng(seed)
        rows, columns = dice.integers(1, 40, 2)
        table = scores(dice, rows, columns, kind).astype(dtype).astype(np.float64)
        demand, capacity = np.ones(rows, dtype=np.int64), dice.integers(0, 3, columns)
        found = search.solve(Matrix(table.astype(dtype)), demand, capacity, placing, enough=0.0, few=2)
        keeps_the_rules(table, demand, capacity, found)
        best = best_sum(table, capacity, placing)
        assert found.total + placing * found.placed == pytest.approx(best, rel=1e-9)
        assert promised(table, demand, capacity, found) <= found.bound + 1e-6 * max(1.0, abs(found.bound))
        size = abs(found.total) + (1.0 + placing) * found.placed
        assert found.bound - found.total <= (1e-6 if dtype == np.float32 else 1e-9) * size
        assert (found.prices >= 0).all()


@pytest.mark.parametrize("seed", range(12))
def test_a_demand_for_several_is_met_by_different_mentors(seed):
    dice = np.random.default_rng(seed)
    table = scores(dice, 9, 6, KINDS[seed % 2])
    demand, capacity = dice.integers(0, 4, 9), dice.integers(0, 4, 6)
    found = search.solve(Matrix(table), demand, capacity, enough=0.0, few=1)
    keeps_the_rules(table, demand, capacity, found)
    rows, columns = np.nonzero(~np.isnan(table))
    lines = np.array([*(rows == row for row in range(9)), *(columns == column for column in range(6))], dtype=float)
    limits = (lines, -np.inf, np.concatenate([demand, capacity]))
    answer = milp(-table[rows, columns], integrality=np.ones(len(rows)), bounds=(0, 1), constraints=limits)
    assert found.total == pytest.approx(-answer.fun)
    assert promised(table, demand, capacity, found) == pytest.approx(found.total)


@pytest.mark.parametrize("enough", [0.3, 0.01, 1e-4])
def test_a_gap_that_is_enough_ends_the_search_and_holds(enough):
    dice = np.random.default_rng(5)
    table = scores(dice, 300, 200, "fine", density=0.9)
    demand, capacity = np.ones(300, dtype=np.int64), np.full(200, 1)
    found = search.solve(Matrix(table), demand, capacity, enough=enough, few=2)
    assert found.gap <= enough
    assert found.total <= best_sum(table, capacity, 0.0) <= found.bound + 1e-9


@pytest.mark.parametrize(
    ("shape", "demand", "capacity"),
    [((0, 3), [], [1, 1, 1]), ((3, 0), [1, 1, 1], []), ((2, 2), [1, 1], [0, 0]), ((2, 2), [0, 0], [1, 1])],
)
def test_empty_sides_and_no_places_are_an_answer(shape, demand, capacity):
    counts = (np.array(demand, dtype=np.int64), np.array(capacity, dtype=np.int64))
    found = search.solve(Matrix(np.ones(shape)), *counts)
    assert (found.placed, found.total, found.bound, found.gap) == (0, 0.0, 0.0, 0.0)


def test_where_everything_is_forbidden_nobody_is_paired():
    ones = np.ones(3, dtype=np.int64)
    found = search.solve(Matrix(np.full((3, 3), np.nan)), ones, ones)
    assert (found.placed, found.bound) == (0, 0.0)


def test_a_hundred_thousand_ties_are_no_trouble():
    demand, capacity = np.ones(400, dtype=np.int64), np.full(250, 2)
    found = search.solve(Matrix(np.full((400, 250), 0.5, dtype=np.float32)), demand, capacity)
    assert (found.placed, found.total) == (400, 200.0)
    assert found.gap <= 1e-6


def test_a_score_file_is_read_in_blocks(tmp_path):
    dice = np.random.default_rng(3)
    table = scores(dice, 500, 400, "fine")
    np.save(tmp_path / "scores.npy", table)
    mapped = np.load(tmp_path / "scores.npy", mmap_mode="r")
    demand, capacity = np.ones(500, dtype=np.int64), np.ones(400, dtype=np.int64)
    found = search.solve(Matrix(mapped), demand, capacity, enough=0.0)
    assert found.total == pytest.approx(best_sum(table, capacity, 0.0))


def test_the_same_question_has_the_same_answer():
    dice = np.random.default_rng(4)
    table = scores(dice, 900, 700, "ties")
    demand, capacity = np.ones(900, dtype=np.int64), np.ones(700, dtype=np.int64)
    first, second = (search.solve(Matrix(table), demand, capacity) for _ in range(2))
    assert (first.rows.tolist(), first.columns.tolist()) == (second.rows.tolist(), second.columns.tolist())
    assert first.prices.tolist() == second.prices.tolist()


@pytest.mark.parametrize("few", [1, 5, 30])
def test_candidates_hold_each_sides_best(few):
    table = np.random.default_rng(few).random((700, 600)).astype(np.float32)
    found = scan.candidates(Matrix(table), np.zeros(600, dtype=np.float32), few)
    pairs = set(zip(found.rows.tolist(), found.columns.tolist(), strict=True))
    for row in range(700):
        assert {(row, column) for column in np.argsort(-table[row])[:few].tolist()} <= pairs
    given_up = table - table.max(axis=1, keepdims=True)
    for column in range(600):
        assert {(row, column) for row in np.argsort(-given_up[:, column])[:few].tolist()} <= pairs
    assert len(pairs) < 700 * 4 * few + 600 * few
    assert found.most == table.max()


def test_the_example_runs():
    assert doctest.testmod(search).failed == 0
