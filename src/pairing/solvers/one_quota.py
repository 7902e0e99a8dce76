"""One quota by a single multiplier: what a pair with the attribute is worth on top, until enough of them are made.

The multiplier proves how good the plan is. It jumps from a plan that keeps the quota with room to spare to one that
does not; the best of both is taken (``blending``). Where a little is still missing to the proof, branch and bound has
only the few pairs to try that the missing little allows; where these are many and it is a hundred-thousandth of the
total, the gap stays as it is proven.
"""

from dataclasses import dataclass, replace

import numpy as np

from pairing.solvers import assignment, blending, goals
from pairing.solvers.arrays import Floats, on_grid
from pairing.solvers.task import Plan, Prices, Quota, Task, bound, empty_plan, worths

STEPS = 16
SOME_CELLS, FEW_CELLS = 4_000, 60_000
NEAR_ENOUGH = 1e-5
TOLERANCE = 1e-9


def best_plan(task: Task, placing_first: bool, seconds: float) -> Plan | None:
    """The best plan that keeps the task's one quota; None where this way does not lead there."""
    plain = task.plain()
    alone = len(task.quotas) == 1 and not task.limits and task.least is None
    if not alone or not assignment.fits(plain) or (task.demand > 1).any():
        return None
    if not placing_first:
        plain = replace(plain, allowed=plain.allowed & np.isfinite(plain.scores))
    found = _Search(task, plain, placing_first).tightened()
    return None if found is None else _closed(task, found, placing_first, seconds)


@dataclass(frozen=True, slots=True)
class Tight:
    """The best plan that keeps the quota, the prices that prove most, and what they leave open."""

    plan: Plan
    prices: Prices
    gap: float


class _Search:
    def __init__(self, task: Task, plain: Task, placing_first: bool) -> None:
        self.task, self.plain, self.quota = task, plain, task.quotas[0]
        self.placing = assignment.placing_bonus(plain) if placing_first else 0.0
        self.counted = placing_first
        self.last = Prices(np.zeros(len(task.capacity)))
        self.freely = empty_plan(task)
        self.placed = -1

    def tightened(self) -> Tight | None:
        """Halve the range of the multiplier, from a value at which the quota is kept."""
        low, high = 0.0, self._enough()
        if high is None:
            return None
        best: Plan | None = None
        below = self.freely
        prices, least = self.last, np.inf
        for step in range(STEPS):
            middle = high if step == 0 else float(on_grid(np.array((low + high) / 2.0)))
            plan = self._at(middle)
            if self.counted and plan.placed != self.placed:
                return None
            proven = bound(self.task, plan.prices, plan.placed if self.counted else None)
            if proven < least:
                prices, least = plan.prices, proven
            if _kept(self.quota, plan):
                high = middle
                best = plan if best is None or plan.total(self.task) > best.total(self.task) else best
            else:
                low, below = middle, plan
        if best is None:
            return None
        best = blending.blended(self.task, self.quota, best, below)
        return Tight(best, prices, least - best.total(self.task))

    def _enough(self) -> float | None:
        """A multiplier at which the quota is kept without a pair less; None where there is none."""
        self.freely = self._at(0.0)
        self.placed = self.freely.placed
        scores = self.plain.scores[self.plain.allowed]
        price = 2.0 ** np.ceil(np.log2(max(float(np.ptp(scores)), 2.0**-20)))
        for _ in range(10):
            plan = self._at(price)
            if self.counted and plan.placed < self.placed:
                return None
            if _kept(self.quota, plan):
                return float(price)
            price *= 2.0
        return None

    def _at(self, price: float) -> Plan:
        """The best plan where each pair with the attribute is worth so much more."""
        shift = 0.0 if self.counted else float(on_grid(np.array(price * self.quota.share)))
        prices = Prices(self.last.column, self.placing + price * self.counted, {self.quota.name: price})
        worth: Floats = worths(replace(self.task, allowed=self.plain.allowed), prices) - shift
        worth[self.task.demand == 0] = -np.inf
        at, column = assignment.from_prices(worth, self.task.capacity, self.last.column)
        self.last = replace(prices, column=column)
        rows = np.flatnonzero(at >= 0)
        return Plan(rows, at[rows], self.last)


def _kept(quota: Quota, plan: Plan) -> bool:
    return int(quota.has[plan.rows, plan.columns].sum()) >= quota.needed(plan.placed)


def _closed(task: Task, found: Tight, placing_first: bool, seconds: float) -> Plan | None:
    """The plan, if it is proven; else the best among the pairs that what is missing leaves a chance."""
    if found.gap <= TOLERANCE * max(1.0, abs(found.plan.total(task))):
        return replace(found.plan, prices=found.prices)
    prices = found.prices
    share = 0.0 if placing_first else task.quotas[0].share * prices.quotas[task.quotas[0].name]
    surplus = worths(task, prices) - share - prices.column
    lost = np.maximum(surplus.max(axis=1, keepdims=True), 0.0) - surplus
    hopeful = task.allowed & (lost <= found.gap * (1.0 + 1e-9) + TOLERANCE)
    hopeful[found.plan.rows, found.plan.columns] = True
    cells = int(hopeful.sum())
    if cells > SOME_CELLS and found.gap <= NEAR_ENOUGH * abs(found.plan.total(task)):
        return replace(found.plan, prices=prices)
    if cells > FEW_CELLS:
        return None
    from pairing.solvers import program

    few = replace(task, allowed=hopeful)
    wanted = [goals.most_pairs(few), goals.largest_sum(few)] if placing_first else [goals.largest_sum(few)]
    return replace(program.in_turn(few, wanted, seconds), prices=prices)
