"""The criterion ``wants_offers`` for many: each different wish is measured once against every mentor.

A mentee's value is half the best-met wish and half the weighted mean of all, as in ``pairing.wishes``.
"""

import numpy as np
from numpy.typing import NDArray

from pairing import wishes
from pairing.facts import Facts
from pairing.large import features, tables
from pairing.solvers.arrays import Floats, Ints
from pairing.types import Person, Problem, Wish

Singles = NDArray[np.float32]
MOST_CELLS = 2**26


class Wanting:
    """met: different wishes x different mentors, with two rows more: nothing, and the neutral value."""

    def __init__(self, problem: Problem, mentees: tuple[Person, ...], mentors: tuple[Person, ...], neutral: float):
        wants = [wishes.wanted(person) for person in mentees]
        numbers: dict[Wish, int] = {}
        for many in wants:
            for want in many:
                numbers.setdefault(_bare(want), len(numbers))
        sorted_mentors = tables.sort(mentors, features.OFFERS)
        self.column_codes = sorted_mentors.codes
        offers = np.array([bool(wishes.offered(person)) for person in sorted_mentors.standins], dtype=bool)
        self.known = bool(numbers) and bool(offers.any())
        seekers = [Person(id=f"wish-{number}", role="mentee", wants=(want,)) for want, number in numbers.items()]

        def measure(facts: Facts) -> Floats:
            return wishes.measure(facts, problem)[0]

        met = tables.measured(seekers, sorted_mentors.standins, measure)
        met[:, ~offers] = neutral
        nothing, even = np.zeros((1, met.shape[1])), np.full((1, met.shape[1]), neutral)
        self.met = np.concatenate([met, nothing, even])
        self._number(wants, numbers)

    def _number(self, wants: list[list[Wish]], numbers: dict[Wish, int]) -> None:
        longest = max((len(many) for many in wants), default=0) or 1
        self.wish = np.full((len(wants), longest), len(numbers), dtype=np.int64)
        self.weight = np.zeros((len(wants), longest))
        for row, many in enumerate(wants):
            weights = np.array([want.weight for want in many])
            self.wish[row, : len(many)] = [numbers[_bare(want)] for want in many]
            self.weight[row, : len(many)] = weights / weights.sum()
            if not many:
                self.wish[row, 0], self.weight[row, 0] = len(numbers) + 1, 1.0

    @property
    def additions(self) -> int:
        return 2 * self.wish.shape[1] + 2

    def of(self, rows: Ints, columns: Ints) -> Floats:
        """The values of some pairs."""
        found = np.empty(len(rows))
        for start in range(0, len(rows), 2**18):
            part = slice(start, start + 2**18)
            met = self.met[self.wish[rows[part]], self.column_codes[columns[part], None]]
            found[part] = 0.5 * met.max(axis=1) + 0.5 * (self.weight[rows[part]] * met).sum(axis=1)
        return found

    def scaled(self, share: float) -> "Scaled":
        """Ready for blocks, at its share of the score."""
        return Scaled(self, share)


class Scaled:
    """The same in 32 bits over all mentors."""

    def __init__(self, wanting: Wanting, share: float) -> None:
        half = (0.5 * share * wanting.met).astype(np.float32)
        self.half = np.take(half, wanting.column_codes, axis=1)
        self.wish, self.weight = wanting.wish, wanting.weight.astype(np.float32)

    def add(self, block: Singles, rows: Ints, columns: slice) -> None:
        """Add the criterion to a block of scores."""
        wish, weight = self.wish[rows], self.weight[rows]
        half = self.half[:, columns]
        best = half[wish[:, 0]]
        mean = best * weight[:, :1]
        for place in range(1, wish.shape[1]):
            one = half[wish[:, place]]
            np.maximum(best, one, out=best)
            one *= weight[:, place, None]
            mean += one
        block += best
        block += mean


def _bare(want: Wish) -> Wish:
    return Wish(want.kind, want.key, want.level)
