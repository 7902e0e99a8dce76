"""A whole plan near a relaxed one: the multipliers of quotas and limits, stretched until the plan keeps them."""

from dataclasses import replace

import numpy as np

from pairing.solvers import assignment
from pairing.solvers.task import Plan, Prices, Task, keeps_conditions, worths

STRETCHES = (1.0, 1.01, 1.05, 1.2, 2.0, 5.0, 20.0)


def near(task: Task, prices: Prices, placed: int | None) -> Plan | None:
    """The best total among a few plans that keep the conditions; None where none does.

    placed: how many pairs there must be, where that is settled.
    """
    plain = task.plain()
    if not assignment.fits(plain) or (task.demand > 1).any():
        return None
    bonus = 0.0 if placed is None else assignment.placing_bonus(plain)
    found: Plan | None = None
    for stretch in STRETCHES:
        plan = _stretched(task, prices, bonus, stretch)
        sound = keeps_conditions(task, plan) and placed in (None, plan.placed)
        if sound and (found is None or plan.total(task) > found.total(task)):
            found = plan
    return found


def _stretched(task: Task, prices: Prices, bonus: float, stretch: float) -> Plan:
    quotas = {name: price * stretch for name, price in prices.quotas.items()}
    limits = {name: price * stretch for name, price in prices.limits.items()}
    shares = 0.0 if bonus else sum(quotas.get(quota.name, 0.0) * quota.share for quota in task.quotas)
    worth = worths(task, Prices(prices.column, bonus * (1.0 + stretch), quotas, limits)) - shares
    worth[task.demand == 0] = -np.inf
    at, _ = assignment.placed_units(_on_fine_grid(worth), task.capacity)
    rows = np.flatnonzero(at >= 0)
    return Plan(rows, at[rows], replace(prices))


def _on_fine_grid(worth: np.ndarray) -> np.ndarray:
    """Multipliers of a linear program are any numbers; on a grid the prices that come of them are exact."""
    finite = np.isfinite(worth)
    largest = float(np.abs(worth[finite]).max(initial=0.0))
    if not largest:
        return worth
    step = 2.0 ** (np.ceil(np.log2(largest)) - 48)
    return np.where(finite, np.rint(np.where(finite, worth, 0.0) / step) * step, -np.inf)
