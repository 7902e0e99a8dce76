"""The arrays of the solvers, and the grid that makes their sums exact."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

GRID = float(2**26)


def on_grid(values: Floats) -> Floats:
    """The nearest multiples of 2**-26. Sums of such numbers are exact in a 64-bit float."""
    return np.rint(values * GRID) / GRID
