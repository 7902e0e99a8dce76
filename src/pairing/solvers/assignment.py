"""The plain case, solved exactly at once: capacities, no side conditions.

A linear assignment over single places, then the lowest prices that prove it. They are the right-hand derivatives
of the optimum: a column's price is exactly what one more place there would be worth.
"""

import numpy as np

from pairing.solvers.arrays import Floats, Ints
from pairing.solvers.lsap import linear_sum_assignment
from pairing.solvers.task import Plan, Prices, Task, worths


def placing_bonus(task: Task) -> float:
    """A bonus per pair that makes one more pair worth more than any scores lost for it."""
    if not task.allowed.any():
        return 1.0
    scores = task.scores[task.allowed]
    most = min(int(task.demand.sum()), int(task.capacity.sum()))
    lowest, highest = min(0.0, float(scores.min())), max(0.0, float(scores.max()))
    return float(np.ceil((highest - lowest) * (most + 1) - lowest) + 1.0)


def fits(task: Task) -> bool:
    """Whether single places say everything: no limits, no quota, and no pair that could be made twice."""
    twice = np.minimum.outer(task.demand, task.capacity) > 1
    return not task.limits and task.quota is None and not (twice & task.allowed).any()


def best_plan(task: Task, placing: float) -> Plan:
    """The plan with the largest sum of (score + placing)."""
    prices = Prices(np.zeros(len(task.capacity)), placing)
    worth = worths(task, prices)
    units = np.repeat(np.arange(len(task.demand)), np.minimum(task.demand, task.allowed.sum(axis=1)))
    places = np.repeat(np.arange(len(task.capacity)), np.minimum(task.capacity, task.allowed.sum(axis=0)))
    single = worth[np.ix_(units, places)]
    chosen_units, chosen_places = linear_sum_assignment(np.maximum(single, 0.0), maximize=True)
    good = single[chosen_units, chosen_places] >= 0
    chosen_units, chosen_places = chosen_units[good], chosen_places[good]
    matched = np.full(len(units), -1, dtype=np.int64)
    matched[chosen_units] = places[chosen_places]
    column = lowest_prices(worth[units], matched)
    return Plan(units[chosen_units], places[chosen_places], Prices(column, placing))


def lowest_prices(worth: Floats, matched: Ints) -> Floats:
    """The least prices at which nobody would rather have another column.

    worth: rows x columns, -inf where not allowed. matched: each row's column or -1. Prices only rise, each time
    because a row whose own column became dearer would outbid another; with an optimal matching this ends.
    """
    own = np.where(matched >= 0, worth[np.arange(len(matched)), np.maximum(matched, 0)], 0.0)
    prices = np.zeros(worth.shape[1])
    dearer = np.arange(len(matched))
    while len(dearer):
        keeps = own[dearer] - np.where(matched[dearer] >= 0, prices[np.maximum(matched[dearer], 0)], 0.0)
        bids = (worth[dearer] - keeps[:, None]).max(axis=0, initial=0.0)
        raised = bids > prices
        prices = np.maximum(prices, bids)
        dearer = np.flatnonzero((matched >= 0) & raised[np.maximum(matched, 0)])
    return prices
