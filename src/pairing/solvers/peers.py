"""Everybody with one other of the same people: a matching in a general graph.

A linear program over the promising pairs, made whole by odd sets (of five people at most two pairs can be made) and at
last by branch and bound over all pairs whose reduced cost leaves them a chance. Exact, unless time runs out.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from pairing.errors import Infeasible
from pairing.solvers.arrays import Bools, Floats, Ints
from pairing.solvers.branching import largest
from pairing.solvers.task import Quota

CANDIDATES = 12
TOLERANCE = 1e-7
ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Couples:
    """Pairs (one, other) with one < other. most: no plan of as many pairs is worth more. searched: nor than this."""

    one: Ints
    other: Ints
    most: float
    searched: bool


def best_couples(worth: Floats, allowed: Bools, quotas: tuple[Quota, ...] = (), seconds: float = 20.0) -> Couples:
    """As many couples as can be, then the largest sum of worth. Raises Infeasible.

    worth, allowed: people x people; only what stands above the diagonal counts.
    """
    return _Peers(worth, np.triu(allowed, 1), quotas, seconds).solved()


def best_floor(worth: Floats, allowed: Bools, quotas: tuple[Quota, ...] = (), seconds: float = 20.0) -> float:
    """The highest worth that no couple need fall below, with as many couples as without it."""
    steps = np.unique(worth[np.triu(allowed, 1)])
    if not len(steps):
        return -np.inf
    nothing = np.zeros(worth.shape)
    most = len(best_couples(nothing, allowed, quotas, seconds).one)
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if len(best_couples(nothing, allowed & (worth >= steps[middle]), quotas, seconds).one) >= most:
            low = middle
        else:
            high = middle - 1
    return float(steps[low])


class _Peers:
    def __init__(self, worth: Floats, allowed: Bools, quotas: tuple[Quota, ...], seconds: float) -> None:
        self.worth, self.allowed, self.quotas, self.seconds = worth, allowed, quotas, seconds
        used = worth[allowed]
        self.scale = float(np.abs(used).max(initial=0.0)) or 1.0
        self.bonus = len(worth) + 2.0
        self.gain = worth / self.scale + self.bonus
        self.odd: list[Ints] = []
        self.active = self._candidates()

    def _candidates(self) -> Bools:
        if int(self.allowed.sum()) <= 4_000:
            return self.allowed.copy()
        both = np.where(self.allowed | self.allowed.T, np.where(self.allowed, self.worth, self.worth.T), -np.inf)
        few = min(CANDIDATES, len(both))
        active = np.zeros(both.shape, dtype=bool)
        np.put_along_axis(active, np.argpartition(-both, few - 1, axis=1)[:, :few], True, axis=1)
        return np.triu(active | active.T, 1) & self.allowed

    def solved(self) -> Couples:
        if not self.allowed.any():
            if any(quota.needed(0) > 0 for quota in self.quotas):
                raise Infeasible("The fixed pairs alone already break a quota.")
            nothing = np.zeros(0, dtype=np.int64)
            return Couples(nothing, nothing, 0.0, True)
        values, most, reduced = self._relaxed()
        one, other = np.nonzero(self.active)
        whole = np.abs(values - np.rint(values)).max(initial=0.0) < TOLERANCE * 10
        chosen = values > 0.5
        searched = True
        if not whole:
            chosen, searched = self._searched(one, other)
            missing = most - float(self.gain[one[chosen], other[chosen]].sum())
            hopeful = self.allowed & (self.active | (reduced >= -missing - TOLERANCE))
            if missing > TOLERANCE * len(self.worth) and (hopeful != self.active).any():
                one, other = np.nonzero(hopeful)
                chosen, searched = self._searched(one, other)
        one, other = one[chosen], other[chosen]
        return Couples(one, other, (most - self.bonus * len(one)) * self.scale, searched)

    def _relaxed(self) -> tuple[Floats, float, Floats]:
        """The values of the active pairs, the relaxed optimum, and the reduced cost of every pair."""
        for _ in range(ROUNDS):
            one, other = np.nonzero(self.active)
            matrix, most = self._program(one, other)
            result = linprog(-self.gain[one, other], A_ub=matrix, b_ub=most, bounds=(0.0, 1.0), method="highs")
            if result.x is None:
                raise Infeasible("The quotas and the fixed pairs contradict each other.")
            reduced = self._reduced(np.maximum(-result.ineqlin.marginals, 0.0))
            paying = (reduced > TOLERANCE) & self.allowed & ~self.active
            if paying.any():
                self.active = self.active | paying if paying.sum() < 20_000 else self.active | _some(paying, reduced)
            elif not self._add_odd_sets(one, other, result.x):
                break
        return result.x, float(-result.fun), reduced

    def _program(self, one: Ints, other: Ints) -> tuple[csr_array, Floats]:
        many, people = len(one), len(self.worth)
        cells = np.arange(many)
        ends = csr_array((np.ones(2 * many), (np.concatenate([one, other]), np.tile(cells, 2))), shape=(people, many))
        blocks, most = [ends], [np.ones(people)]
        for members in self.odd:
            inside = np.zeros(people, dtype=bool)
            inside[members] = True
            blocks.append(csr_array((inside[one] & inside[other]).astype(np.float64)[None, :]))
            most.append(np.array([(len(members) - 1) / 2.0]))
        for quota in self.quotas:
            blocks.append(csr_array((quota.share - quota.has[one, other].astype(np.float64))[None, :]))
            most.append(np.array([quota.done_with - quota.share * quota.done]))
        return csr_array(vstack(blocks, format="csr")), np.concatenate(most)

    def _reduced(self, duals: Floats) -> Floats:
        people = len(self.worth)
        reduced = self.gain - duals[:people, None] - duals[:people]
        prices = iter(duals[people:].tolist())
        for members in self.odd:
            reduced[np.ix_(members, members)] -= next(prices)
        for quota in self.quotas:
            reduced -= next(prices) * (quota.share - quota.has.astype(np.float64))
        return reduced

    def _add_odd_sets(self, one: Ints, other: Ints, values: Floats) -> bool:
        """Odd groups of people held together by halves, in which more pairs are made than can be."""
        broken = (values > 1e-6) & (values < 1.0 - 1e-6)
        people = len(self.worth)
        graph = csr_array((np.ones(int(broken.sum())), (one[broken], other[broken])), shape=(people, people))
        _, group = connected_components(graph, directed=False)
        sizes = np.bincount(group)
        found = False
        for number in np.flatnonzero((sizes > 1) & (sizes % 2 == 1)).tolist():
            inside = group == number
            if values[inside[one] & inside[other]].sum() > (sizes[number] - 1) / 2.0 + 1e-6:
                self.odd.append(np.flatnonzero(inside))
                found = True
        return found

    def _searched(self, one: Ints, other: Ints) -> tuple[Bools, bool]:
        matrix, most = self._program(one, other)
        ones = np.ones(len(one))
        result = largest(self.gain[one, other], matrix, most, np.zeros(len(one)), ones, ones, self.seconds)
        if result.x is None:
            raise Infeasible("No plan was found within the time allowed, or none keeps the quotas.")
        chosen: Bools = result.x > 0.5
        return chosen, result.status == 0


def _some(paying: Bools, reduced: Floats) -> Bools:
    """The best few of each person."""
    best = np.argpartition(-np.where(paying, reduced, -np.inf), 7, axis=1)[:, :8]
    chosen = np.zeros_like(paying)
    np.put_along_axis(chosen, best, True, axis=1)
    return chosen & paying
