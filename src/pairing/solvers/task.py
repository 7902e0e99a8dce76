"""The numbers that the solvers see, the plan they give back, and the bound that proves it.

A task knows nothing of people: scores, which pairs are allowed, how many each side may have, limits on groups and at
most one quota. The part 'locks' is settled before: locked pairs are taken out and capacities reduced.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from pairing.solvers.arrays import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` pairs, and at least ``least``, among the members of one group: rows or else columns."""

    name: str
    of_rows: bool
    members: Bools
    most: int
    least: int = 0


@dataclass(frozen=True, slots=True)
class Quota:
    """At least ``share`` of all pairs have the attribute ``has``; ``done`` and ``done_with`` count locked pairs."""

    name: str
    has: Bools
    share: float
    done: int = 0
    done_with: int = 0

    def needed(self, placed: int) -> int:
        """How many pairs with the attribute a plan of ``placed`` free pairs must have."""
        return max(0, int(np.ceil(self.share * (placed + self.done) - 1e-9)) - self.done_with)


@dataclass(frozen=True, slots=True)
class Task:
    """scores: rows x columns, on the grid. demand, capacity: how many partners each row and column may have.

    least: a column has nobody, or at least so many; None where one is enough for all.
    """

    scores: Floats
    allowed: Bools
    demand: Ints
    capacity: Ints
    limits: tuple[Limit, ...] = ()
    quotas: tuple[Quota, ...] = ()
    least: Ints | None = None

    def above(self, floor: float) -> "Task":
        """The same task without the pairs below a score."""
        return replace(self, allowed=self.allowed & (self.scores >= floor))

    def plain(self) -> "Task":
        """The same task without side conditions."""
        return replace(self, limits=(), quotas=(), least=None)


@dataclass(frozen=True, slots=True)
class Prices:
    """Dual values, all at least 0 (placing alone may be negative where a quota is dearer than a placement).

    column: per place. placing: what each placement is worth beside its score. quotas: per pair with a quota's
    attribute, by name. limits: per pair inside each limit, by name.
    """

    column: Floats
    placing: float = 0.0
    quotas: dict[str, float] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The chosen pairs as two index arrays, with the prices that prove how good they are.

    searched: branch and bound has shown that nothing better exists, whatever gap the prices leave. reach: where it
    ran out of time, the total that nothing can pass.
    """

    rows: Ints
    columns: Ints
    prices: Prices
    searched: bool = False
    reach: float = float("inf")

    @property
    def placed(self) -> int:
        return len(self.rows)

    def total(self, task: Task) -> float:
        return float(task.scores[self.rows, self.columns].sum())


def empty_plan(task: Task) -> Plan:
    """Nobody with anybody."""
    nothing = np.zeros(0, dtype=np.int64)
    return Plan(nothing, nothing, Prices(np.zeros(len(task.capacity))))


def keeps_conditions(task: Task, plan: Plan) -> bool:
    """Whether a plan that was made without side conditions happens to keep them."""
    for limit in task.limits:
        index = plan.rows if limit.of_rows else plan.columns
        if not limit.least <= int(limit.members[index].sum()) <= limit.most:
            return False
    if task.least is not None:
        used = np.bincount(plan.columns, minlength=len(task.capacity))
        if ((used > 0) & (used < task.least)).any():
            return False
    return all(int(quota.has[plan.rows, plan.columns].sum()) >= quota.needed(plan.placed) for quota in task.quotas)


def worths(task: Task, prices: Prices) -> Floats:
    """What each pair adds under the prices, its column's price not yet paid; -inf where not allowed."""
    worth = task.scores + prices.placing
    for quota in task.quotas:
        price = prices.quotas.get(quota.name, 0.0)
        if price:
            worth = worth + price * quota.has
    for limit in task.limits:
        price = prices.limits.get(limit.name, 0.0)
        if price:
            worth = worth - price * (limit.members[:, None] if limit.of_rows else limit.members[None, :])
    return np.where(task.allowed, worth, -np.inf)


def bound(task: Task, prices: Prices, placed: int | None) -> float:
    """No plan of ``placed`` pairs within the task can total more, whatever the prices are.

    Each row earns at most its best surpluses, each place at most its price; what the prices of placing and quotas
    promised for ``placed`` pairs is taken off again. Where any number of pairs will do (None), each pair pays the
    share of the quotas that it uses up.
    """
    shares = sum(prices.quotas.get(quota.name, 0.0) * quota.share for quota in task.quotas) if placed is None else 0.0
    surplus = np.maximum(worths(task, prices) - shares - prices.column[None, :], 0.0)
    earned = best_of_rows(surplus, task.demand) + float(task.capacity @ prices.column)
    earned += sum(prices.limits.get(limit.name, 0.0) * limit.most for limit in task.limits)
    for quota in task.quotas:
        price = prices.quotas.get(quota.name, 0.0)
        owed = quota.share * quota.done - quota.done_with if placed is None else float(quota.needed(placed))
        earned -= price * owed
    return float(earned - prices.placing * (placed or 0))


def best_of_rows(surplus: Floats, demand: Ints) -> float:
    """What the rows can earn at most, each from as many pairs as it asks for."""
    if not surplus.size:
        return 0.0
    single = demand == 1
    best = float(surplus[single].max(axis=1).sum()) if single.any() else 0.0
    for row in np.flatnonzero(demand > 1):
        best += float(np.sort(surplus[row])[::-1][: demand[row]].sum())
    return best
