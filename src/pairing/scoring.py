"""From criteria and weights to one score per pair.

The score is the weighted mean of the criteria, rounded to a grid of 2**-26. On the grid every sum that the solvers
form is exact in a 64-bit float, so that certificates close to the last digit and ties are real ties.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from pairing.criteria import CRITERIA
from pairing.facts import Bools, Facts, Floats
from pairing.solvers.arrays import on_grid
from pairing.types import Contribution, Problem

CELLS_AT_ONCE = 2**14


def shares(weights: Mapping[str, float], silent: Bools, names: Iterable[str]) -> Floats:
    """Each criterion's share of the score, in the order of the names; 0 for one about which nobody said anything."""
    given = np.array([float(weights.get(name, 0.0)) for name in names])
    heard = np.where(silent, 0.0, given / max(given.max(), 1e-300))
    return heard / heard.sum() if heard.sum() > 0 else heard


class Scoring:
    """All criteria of a problem's people, measured once; weights only recombine them."""

    def __init__(self, facts: Facts, problem: Problem) -> None:
        self.facts, self.problem = facts, problem
        self.names = tuple(CRITERIA)
        self.values: list[Floats] = []
        self.known: list[Bools] = []
        for criterion in CRITERIA.values():
            values, known = criterion.measure(facts, problem)
            self.known.append(known)
            self.values.append(values if known.all() else np.where(known, values, criterion.neutral))
        self.silent = np.array([not known.any() for known in self.known])
        self._seen: dict[tuple[int, int, int], Mapping[str, object]] = {}
        self._last: tuple[tuple[float, ...], Floats] | None = None

    def shares(self, weights: Mapping[str, float]) -> Floats:
        """Each criterion's share of the score; one about which nobody said anything takes no part."""
        return shares(weights, self.silent, self.names)

    def scores(self, weights: Mapping[str, float]) -> Floats:
        """The score of every pair. The array is kept for the next question with these weights: it is for reading."""
        asked = tuple(self.shares(weights).tolist())
        if self._last is None or self._last[0] != asked:
            result = np.zeros(self.facts.shape)
            size = max(1, CELLS_AT_ONCE // max(1, self.facts.shape[1]))
            for start in range(0, self.facts.shape[0], size):
                some = result[start : start + size]  # what fits a processor's own memory is added up there
                for share, values in zip(asked, self.values, strict=True):
                    if share > 0:
                        some += share * values[start : start + size]
                some[:] = on_grid(some)
            result.flags.writeable = False
            self._last = asked, result
        return self._last[1]

    def told(self, weights: Mapping[str, float]) -> Callable[[int, int], tuple[Contribution, ...]]:
        """What tells for one pair what each weighted criterion gave to it, most points first."""
        shares = self.shares(weights).tolist()
        heard = [
            (place, name, float(weights[name]), shares[place], self.values[place].item)
            for place, name in enumerate(self.names)
            if shares[place] > 0
        ]

        def contributions(row: int, column: int) -> tuple[Contribution, ...]:
            found = [
                Contribution(name, value, weight, share * value, self._evidence(place, row, column))
                for place, name, weight, share, value_of in heard
                for value in (float(value_of(row, column)),)
            ]
            return tuple(sorted(found, key=lambda item: (-item.points, item.criterion)))

        return contributions

    def _evidence(self, place: int, row: int, column: int) -> Mapping[str, object]:
        key = (place, row, column)
        seen = self._seen.get(key)
        if seen is None:
            seen = {"known": False}
            if self.known[place].item(row, column):
                details = CRITERIA[self.names[place]].evidence(self.facts, self.problem, row, column)
                seen = {"known": True, **details}
            self._seen[key] = seen
        return seen
