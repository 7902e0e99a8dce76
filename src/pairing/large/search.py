"""Price and certify: solve over the promising pairs, prove it over all of them, add what the proof shows to be missing.

A sparse flow over each side's best few pairs gives a plan and prices. A scan of all pairs with these prices gives a
bound that holds whatever the prices are, and the pairs that would pay; they join, and the flow is solved again. When
the bound is close enough, or nothing pays any more, the plan is proven.
"""

from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from pairing.flow import choice
from pairing.flow.market import Market, whole
from pairing.large import scan
from pairing.large.source import Block, Part, Source
from pairing.solvers.arrays import Floats, Ints

ENOUGH = 1e-4
FEW = 14
MORE = 6
SCANS = 40
SMALL = 2**22
PART = 8
ROUGHLY = 2e-3


@dataclass(frozen=True, slots=True)
class Step:
    """One scan: what it proved, over how many pairs the plan was made, and how long it all took."""

    pairs: int
    total: float
    bound: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Proven:
    """A plan of pairs, and prices >= 0 per place that bound every other plan of as many pairs.

    total: the sum of the chosen scores. bound: no plan of as many pairs totals more. placing: what each pair counted
    beside its score. earned: what each row earns at the prices, by the pairs at hand. steps: one for every scan.
    """

    rows: Ints
    columns: Ints
    total: float
    bound: float
    prices: Floats
    placing: float
    earned: Floats = field(compare=False)
    steps: tuple[Step, ...] = field(compare=False, default=())

    @property
    def placed(self) -> int:
        return len(self.rows)

    @property
    def gap(self) -> float:
        """How far the bound lies above the total, relative to it."""
        return max(0.0, self.bound - self.total) / max(abs(self.bound), 1e-12)


def solve(
    source: Source, demand: Ints, capacity: Ints, placing: float = 0.0, enough: float = ENOUGH, few: int = FEW
) -> Proven:
    """The pairs with the largest sum of (score + placing), within ``enough`` of the best of all pairs.

    demand, capacity: how many partners each row and column may have, every pair at most once.

    >>> import numpy as np
    >>> from pairing.large.source import Matrix
    >>> scores = np.array([[0.9, 0.8], [0.7, np.nan]])
    >>> found = solve(Matrix(scores), np.array([1, 1]), np.array([1, 1]))
    >>> list(zip(found.rows.tolist(), found.columns.tolist())), round(found.total, 6), found.gap < 1e-9
    ([(0, 1), (1, 0)], 1.5, True)
    """
    if not demand.any() or not capacity.any():
        return _nothing(len(capacity), placing)
    return _Search(source, demand, capacity, placing).run(enough, few)


def _nothing(columns: int, placing: float) -> Proven:
    nobody = np.zeros(0, dtype=np.int64)
    return Proven(nobody, nobody, 0.0, 0.0, np.zeros(columns), placing, np.zeros(0))


class _Search:
    def __init__(self, source: Source, demand: Ints, capacity: Ints, placing: float) -> None:
        self.source, self.demand, self.capacity, self.placing = source, demand, capacity, placing
        self.flow = choice.preferred()
        self.keys = np.zeros(0, dtype=np.int64)
        self.scores = np.zeros(0)
        self.steps: list[Step] = []
        self.most = 0.0

    def run(self, enough: float, few: int) -> Proven:
        started = perf_counter()
        taken, _ = self.levels(self.guess(few))
        found = scan.candidates(self.source, taken, few)
        self.most = found.most + self.source.slack + self.placing
        self.add(found.rows, found.columns)
        best = _nothing(len(self.capacity), self.placing)
        bound = np.inf
        for _ in range(SCANS):
            rows, columns, total, prices, earned = self.plan()
            taken, exact = self.levels(prices)
            proof = scan.proof(self.source, taken, self.demand, earned, MORE)
            worth = float(proof.earned.sum() + self.capacity @ exact)
            if worth - self.placing * len(rows) < bound or len(rows) != best.placed:
                best = Proven(rows, columns, total, 0.0, exact, self.placing, earned)
                bound = worth - self.placing * len(rows)
            self.steps.append(Step(len(self.keys), total, bound, perf_counter() - started))
            if not self.add(proof.rows, proof.columns) or bound - total <= enough * abs(bound):
                break
        return Proven(rows, columns, total, max(bound, total), best.prices, self.placing, earned, tuple(self.steps))

    def guess(self, few: int) -> Floats:
        """Prices to begin with: those of a smaller market of the same kind, at which every mentor could enter it."""
        rows, columns = self.source.shape
        if rows * columns <= SMALL:
            return np.zeros(columns)
        some = (-(-rows // PART), -(-columns // PART))
        part = _Search(Part(self.source, *some), self.demand[: some[0]], self.capacity[: some[1]], self.placing)
        earned = part.run(ROUGHLY, few).earned
        return scan.entry_prices(Part(self.source, some[0], columns), earned - self.placing, self.capacity)

    def levels(self, prices: Floats) -> tuple[Block, Floats]:
        """What a scan takes off each column's scores, and the prices that this is exactly.

        Scans may run in 32 bits. Any prices prove something, so they are rounded first to what 32 bits can hold.
        Who has no place is too dear for anybody.
        """
        taken = np.where(self.capacity > 0, prices - self.placing, np.inf)
        if self.source.block(slice(0, 1)).dtype == np.float32:
            taken = taken.astype(np.float32)
        exact = np.maximum(taken.astype(np.float64) + self.placing, 0.0)
        return taken, np.where(self.capacity > 0, exact, max(0.0, self.most))

    def add(self, rows: Ints, columns: Ints) -> bool:
        """Pairs that join; False if all were there already."""
        width = len(self.capacity)
        open_to = (self.demand[rows] > 0) & (self.capacity[columns] > 0)
        fresh = np.setdiff1d(rows[open_to] * width + columns[open_to], self.keys)
        scores = self.source.exact(fresh // width, fresh % width)
        fresh, scores = fresh[scores > -np.inf], scores[scores > -np.inf]
        keys = np.concatenate([self.keys, fresh])
        order = np.argsort(keys, kind="stable")
        self.keys, self.scores = keys[order], np.concatenate([self.scores, scores])[order]
        return len(fresh) > 0

    def plan(self) -> tuple[Ints, Ints, float, Floats, Floats]:
        """The best plan over the pairs at hand, its total, its prices, and what each row earns at them."""
        rows, columns = np.divmod(self.keys, len(self.capacity))
        gain, scale = whole(self.scores + self.placing)
        chosen = self.flow(Market(self.demand, self.capacity, rows, columns, gain))
        prices = chosen.prices / scale
        surplus = np.maximum(self.scores + self.placing - prices[columns], 0.0)
        earned = _least_of_best(rows, surplus, self.demand)
        taken = chosen.pairs
        return rows[taken], columns[taken], float(self.scores[taken].sum()), prices, earned


def _least_of_best(rows: Ints, surplus: Floats, demand: Ints) -> Floats:
    """Each row's surplus from the last of as many pairs as it wants; 0 where it has not so many."""
    order = np.lexsort((-surplus, rows))
    starts = np.searchsorted(rows[order], np.arange(len(demand)))
    last = starts + demand - 1
    there = (demand > 0) & (last < len(order))
    there[there] = rows[order][last[there]] == np.flatnonzero(there)
    found = np.zeros(len(demand))
    found[there] = surplus[order][last[there]]
    return found
