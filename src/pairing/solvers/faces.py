"""Goals in turn, exactly and fast, where single places say everything.

After each goal the plans that reach it are those which use only pairs without surplus cost, and leave out nobody who
has a price: the optimal face. The next goal is sought there.
"""

from collections.abc import Sequence

import numpy as np

from pairing.solvers.arrays import Floats, Ints
from pairing.solvers.assignment import placed_units
from pairing.solvers.goals import Goal
from pairing.solvers.task import Plan, Prices, Task

BITS = 50


def in_turn(task: Task, goals: Sequence[Goal]) -> Plan:
    """The plan that is best for the first goal, among these for the second, and so on."""
    face = _Face(task, split=any(goal.columns is not None for goal in goals))
    for goal in goals:
        face.narrow(goal)
    placed = face.at >= 0
    columns = face.columns[face.at[placed]]
    return Plan(face.units[placed], columns, Prices(np.zeros(len(task.capacity))), searched=True)


def snapped(values: Floats, largest: float) -> Floats:
    """The nearest numbers of a grid on which sums up to ``largest`` are exact."""
    if not largest > 0:
        return values
    step = 2.0 ** (np.ceil(np.log2(largest)) - BITS)
    found: Floats = np.rint(values / step) * step
    return found


class _Face:
    """Units that each want one place, berths with room for many, and which plans are still best.

    split: the first place of each column is a berth of its own, so that it may be worth more than the others.
    """

    def __init__(self, task: Task, split: bool) -> None:
        asked = np.minimum(task.demand, task.allowed.sum(axis=1))
        room = np.minimum(task.capacity, task.allowed.sum(axis=0))
        self.units = np.repeat(np.arange(len(asked)), asked)
        self.first_unit = np.ones(len(self.units), dtype=bool)
        self.first_unit[1:] = self.units[1:] != self.units[:-1]
        self.columns, self.room, self.first_berth = _berths(room, split)
        self.open = task.allowed[np.ix_(self.units, self.columns)]
        self.must_unit = np.zeros(len(self.units), dtype=bool)
        self.must_berth = np.zeros(len(self.columns), dtype=bool)
        self.at: Ints = np.full(len(self.units), -1, dtype=np.int64)

    def narrow(self, goal: Goal) -> None:
        """Find the best plan of the face for a goal, and keep only plans that are as good."""
        worth = self._worth(goal)
        self.at, prices = placed_units(worth, self.room)
        if not worth.size:
            return
        surplus = worth - prices
        earns = np.maximum(surplus.max(axis=1), 0.0)
        self.open &= surplus == earns[:, None]
        self.must_unit |= earns > 0
        self.must_berth |= prices > 0

    def _worth(self, goal: Goal) -> Floats:
        worth = np.zeros(self.open.shape)
        if goal.pairs is not None:
            worth += goal.pairs[np.ix_(self.units, self.columns)]
        if goal.rows is not None:
            worth += (goal.rows[self.units] * self.first_unit)[:, None]
        if goal.columns is not None:
            worth += goal.columns[self.columns] * self.first_berth
        used = worth[self.open]
        spread = float(np.abs(used).max()) if used.size else 0.0
        tie = max(spread, 1.0 if goal.whole else spread) * 2.0 * (min(len(self.units), int(self.room.sum())) + 1)
        worth = worth if goal.whole else snapped(worth, 2.0 * tie + spread)
        bonus = 2.0 ** np.ceil(np.log2(tie)) if tie > 0 else 1.0
        worth += bonus * (self.must_unit.astype(np.float64)[:, None] + self.must_berth)
        return np.where(self.open, worth, -np.inf)


def _berths(room: Ints, split: bool) -> tuple[Ints, Ints, np.ndarray]:
    columns = np.flatnonzero(room > 0)
    if not split:
        return columns, room[columns], np.zeros(len(columns), dtype=bool)
    more = np.flatnonzero(room > 1)
    first = np.concatenate([np.ones(len(columns), dtype=bool), np.zeros(len(more), dtype=bool)])
    return (
        np.concatenate([columns, more]),
        np.concatenate([np.ones(len(columns), dtype=np.int64), room[more] - 1]),
        first,
    )
