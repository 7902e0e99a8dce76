"""A whole plan near a relaxed one: the multipliers of quotas and limits, stretched until the plan keeps them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from pairing.solvers import assignment
from pairing.solvers.task import Plan, Prices, Task, keeps_conditions, worths

STRETCHES = (1.0, 1.01, 1.05, 1.2, 2.0, 5.0, 20.0)
REPAIRS = 6


def near(task: Task, prices: Prices, placed: int | None) -> Plan | None:
    """The best total among a few plans that keep the conditions; None where none does.

    placed: how many pairs there must be, where that is settled.
    """
    plain = task.plain()
    if not assignment.fits(plain) or (task.demand > 1).any():
        return None
    bonus = 0.0 if placed is None else assignment.placing_bonus(plain)
    found: Plan | None = None
    for tried, stretch in _tries(task, prices):
        if found is not None and tried is not prices:
            break
        plan = _within_limits(task, tried, bonus, stretch)
        sound = keeps_conditions(task, plan) and placed in (None, plan.placed)
        if sound and (found is None or plan.total(task) > found.total(task)):
            found = plan
    return found


def as_many_as_can_be(task: Task) -> Plan | None:
    """A plan with as many pairs as room and limits can allow at all, if one is found at once."""
    plain = task.plain()
    if not assignment.fits(plain) or (task.demand > 1).any():
        return None
    most = assignment.best_plan(plain, assignment.placing_bonus(plain)).placed
    for of_rows, room in ((True, task.demand), (False, task.capacity)):
        left, seen = int(np.minimum(room, max(task.scores.shape)).sum()), np.zeros(len(room), dtype=bool)
        for limit in task.limits:
            if limit.of_rows == of_rows and not (seen & limit.members).any():
                seen |= limit.members
                left -= max(0, int(np.minimum(room, max(task.scores.shape))[limit.members].sum()) - limit.most)
        most = min(most, left)
    return near(task, Prices(np.zeros(len(task.capacity))), most)


def _tries(task: Task, prices: Prices) -> Iterator[tuple[Prices, float]]:
    """The prices of the relaxed plan, stretched; then, if need be, more and more for every quota alike."""
    for stretch in STRETCHES:
        yield prices, stretch
    spread = float(np.ptp(task.scores[task.allowed])) or 1.0
    alike = Prices(np.zeros(len(task.capacity)), 0.0, {quota.name: spread / 4.0 for quota in task.quotas})
    for stretch in STRETCHES[::2]:
        yield alike, stretch


def _within_limits(task: Task, prices: Prices, bonus: float, stretch: float) -> Plan:
    """Whoever is too many under a limit steps back, those with the least score first; and again, if others follow."""
    plan, narrowed = _stretched(task, prices, bonus, stretch), task
    for _ in range(REPAIRS):
        allowed, capacity = narrowed.allowed.copy(), narrowed.capacity.copy()
        broken = False
        for limit in task.limits:
            inside = np.flatnonzero(limit.members[plan.rows if limit.of_rows else plan.columns])
            surplus = len(inside) - limit.most
            if surplus <= 0:
                continue
            broken = True
            last = inside[np.argsort(task.scores[plan.rows[inside], plan.columns[inside]], kind="stable")[:surplus]]
            if limit.of_rows:
                allowed[plan.rows[last]] = False
            else:
                np.subtract.at(capacity, plan.columns[last], 1)
        if not broken:
            break
        narrowed = replace(narrowed, allowed=allowed, capacity=np.maximum(capacity, 0))
        plan = _stretched(narrowed, prices, bonus, stretch)
    return plan


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
