"""The flow solvers against each other, and their prices against the definition."""

import importlib.util

import numpy as np
import pytest

from pairing.flow import choice
from pairing.flow.market import Market, whole

SOLVERS = choice.available()


def market(seed, most=8):
    dice = np.random.default_rng(seed)
    rows, columns = dice.integers(0, most, 2)
    some, others = np.nonzero(dice.random((rows, columns)) < 0.6)
    return Market(
        dice.integers(0, 3, rows), dice.integers(0, 3, columns), some, others, dice.integers(-3, 9, len(some))
    )


def promised(market, prices):
    """What the prices prove: each row's best surpluses, and every place at its price."""
    earned = int(market.capacity @ prices)
    for row, demand in enumerate(market.demand):
        of_row = market.rows == row
        surplus = np.sort(market.gain[of_row] - prices[market.columns[of_row]])[::-1][:demand]
        earned += int(np.maximum(surplus, 0).sum())
    return earned


@pytest.mark.parametrize("name", ["pylmcf", "ortools", "scipy"])
@pytest.mark.parametrize("seed", range(0, 300, 10))
def test_a_choice_is_proven_by_its_prices(name, seed):
    if name not in SOLVERS:
        pytest.skip(f"{name} is not installed")
    for number in range(seed, seed + 10):
        made = market(number)
        found = SOLVERS[name](made)
        assert (np.bincount(made.rows[found.pairs], minlength=len(made.demand)) <= made.demand).all()
        assert (np.bincount(made.columns[found.pairs], minlength=len(made.capacity)) <= made.capacity).all()
        assert (found.prices >= 0).all()
        assert promised(made, found.prices) == made.gain[found.pairs].sum()


@pytest.mark.parametrize("seed", range(5))
def test_all_solvers_reach_the_same_sum_for_two_hundred_people(seed):
    made = market(seed, most=150)
    assert len({int(made.gain[solve(made).pairs].sum()) for solve in SOLVERS.values()}) == 1


def test_scipy_stands_in_where_no_flow_library_is_installed():
    assert "scipy" in SOLVERS


def test_the_main_solver_is_lemon():
    if importlib.util.find_spec("pylmcf") is None:
        pytest.skip("pylmcf is not installed")
    assert choice.preferred() is SOLVERS["pylmcf"]


@pytest.mark.parametrize("values", [[0.0], [0.3, -0.7], [1e9, 1.0], [-3e12, 5.0]])
def test_whole_numbers_stay_small_enough_and_near_enough(values):
    found, scale = whole(np.array(values))
    assert np.abs(found).max() <= 2**40
    assert found / scale == pytest.approx(values, abs=max(2.0**-26, max(map(abs, values)) * 2.0**-39))
