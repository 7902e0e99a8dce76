"""The plain case, solved exactly at once: capacities, no side conditions.

A linear assignment over single places, then the lowest prices that prove it: the right-hand derivatives of the
optimum, so that a column's price is exactly what one more place there would be worth. Where single places would be too
many, shortest paths among whole columns.
"""

from dataclasses import dataclass

import numpy as np

from pairing.solvers import transport
from pairing.solvers.arrays import Floats, Ints
from pairing.solvers.lsap import linear_sum_assignment
from pairing.solvers.task import Plan, Prices, Task, worths

MOST_CELLS = 30_000_000
MOST_PATHS = 20


@dataclass(frozen=True, slots=True)
class Start:
    """An earlier answer: each row's column (-1 for none), and the prices of columns and of a placement."""

    at: Ints
    prices: Floats
    placing: float


def placing_bonus(task: Task) -> float:
    """A bonus per pair that makes one more pair worth more than any scores lost for it."""
    if not task.allowed.any():
        return 1.0
    scores = task.scores[task.allowed]
    most = min(int(task.demand.sum()), int(task.capacity.sum()))
    lowest, highest = min(0.0, float(scores.min())), max(0.0, float(scores.max()))
    return float(np.ceil((highest - lowest) * (most + 1) - lowest) + 1.0)


def fits(task: Task) -> bool:
    """Whether single places say everything: no side conditions, and no pair that could be made twice."""
    if task.limits or task.quotas or task.least is not None:
        return False
    if task.demand.max(initial=0) < 2 or task.capacity.max(initial=0) < 2:
        return True
    return not (task.allowed[task.demand > 1][:, task.capacity > 1]).any()


def best_plan(task: Task, placing: float) -> Plan:
    """The plan with the largest sum of (score + placing)."""
    prices = Prices(np.zeros(len(task.capacity)), placing)
    worth = worths(task, prices)
    units = np.repeat(np.arange(len(task.demand)), np.minimum(task.demand, task.allowed.sum(axis=1)))
    every = len(units) == len(worth) and (task.demand == 1).all()
    at, column = placed_units(worth if every else worth[units], task.capacity)
    placed = at >= 0
    return Plan(units[placed], at[placed], Prices(column, placing))


def best_plan_from(start: Start, task: Task) -> Plan:
    """The plan with the most pairs and then the best total, found from an earlier one.

    As good as that of `best_plan`, and exact whatever the earlier one was; of equally good plans perhaps another. The
    prices prove it, but after a few paths need not be the lowest.
    """
    needed = placing_bonus(task)
    placing = start.placing if needed <= start.placing <= 4.0 * needed else needed
    if (task.demand > 1).any() or not task.allowed.any():
        return best_plan(task, placing)
    worth = worths(task, Prices(np.zeros(len(task.capacity)), placing))
    worth[task.demand == 0] = -np.inf
    at, prices = transport.solve_near(worth, task.capacity, start.at, start.prices, MOST_PATHS)
    if at is None:
        at, prices = from_prices(worth, task.capacity, start.prices)
    rows = np.flatnonzero(at >= 0)
    return Plan(rows, at[rows], Prices(prices, placing))


def from_prices(worth: Floats, room: Ints, prices: Floats) -> tuple[Ints, Floats]:
    """An assignment in which old prices are taken off first; that changes nothing, but shortens every path."""
    places = np.repeat(np.arange(len(room)), np.minimum(room, (worth >= 0).sum(axis=0)))
    if len(places) > 4 * len(room):
        return placed_units(worth, room)
    size = max(len(worth), len(places))
    single = np.zeros((size, size))
    np.maximum(worth if (room == 1).all() and len(places) == len(room) else worth[:, places], 0.0,
               out=single[: len(worth), : len(places)])  # fmt: skip
    single[:, : len(places)] -= prices[places]
    single -= single.max(axis=1, keepdims=True)
    rows, chosen = linear_sum_assignment(single, maximize=True)
    kept = (rows < len(worth)) & (chosen < len(places))
    rows, columns = rows[kept], places[chosen[kept]]
    good = worth[rows, columns] >= 0
    at = np.full(len(worth), -1, dtype=np.int64)
    at[rows[good]] = columns[good]
    lowest = lowest_prices(worth, at)
    return transport.with_more(worth, room, at, lowest), lowest


def placed_units(worth: Floats, room: Ints) -> tuple[Ints, Floats]:
    """The column of each row (-1 for none) and the lowest prices, for the largest sum of worth.

    worth: rows x columns, -inf where not allowed. Of equally good plans, one with as many pairs as any has.
    """
    if not worth.size:
        return np.full(len(worth), -1, dtype=np.int64), np.zeros(worth.shape[1])
    room = np.minimum(room, (worth >= 0).sum(axis=0))
    if len(worth) * int(room.sum()) > max(MOST_CELLS, 2 * worth.size):
        at, _ = transport.solve(worth, room)
    else:
        at = _by_places(worth, room)
    prices = lowest_prices(worth, at)
    return transport.with_more(worth, room, at, prices), prices


def _by_places(worth: Floats, room: Ints) -> Ints:
    places = np.repeat(np.arange(len(room)), room)
    single = np.maximum(worth if (room == 1).all() else worth[:, places], 0.0)
    rows, chosen = linear_sum_assignment(single, maximize=True)
    columns = places[chosen]
    good = worth[rows, columns] >= 0
    at = np.full(len(worth), -1, dtype=np.int64)
    at[rows[good]] = columns[good]
    return at


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
