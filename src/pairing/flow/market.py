"""What a flow solver sees: rows with a demand, columns with a capacity, and a few pairs with a whole-number gain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairing.solvers.arrays import Bools, Ints


@dataclass(frozen=True, slots=True)
class Market:
    """Pairs in rising order of (row, column), each at most once. A row may go without, for a gain of 0."""

    demand: Ints
    capacity: Ints
    rows: Ints
    columns: Ints
    gain: Ints


@dataclass(frozen=True, slots=True)
class Chosen:
    """pairs: which of the market's pairs make the largest sum of gains. prices: per column, in gain, at least 0.

    No row would rather have another pair at these prices, and a place left over costs nothing: so they prove the
    sum to be the largest.
    """

    pairs: Bools
    prices: Ints


def whole(values: NDArray[np.float64], most_bits: int = 40) -> tuple[Ints, float]:
    """Values as whole numbers and the scale between: a power of two, so that scores on the grid stay exact."""
    largest = float(np.abs(values).max(initial=0.0))
    bits = 26 if largest == 0.0 else min(most_bits, most_bits - int(np.ceil(np.log2(largest))) - 1)
    scale = float(2.0**bits)
    return np.rint(values * scale).astype(np.int64), scale
