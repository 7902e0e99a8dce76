"""Where scores come from when there are too many to hold: blocks of rows, as often as they are asked for."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pairing.solvers.arrays import Floats, Ints

Block = NDArray[Any]


class Source(Protocol):
    """Scores of rows x columns.

    slack: by how much a score in a block may be off, at most. ``exact`` is what counts.
    """

    @property
    def shape(self) -> tuple[int, int]: ...

    @property
    def slack(self) -> float: ...

    def block(self, rows: slice | Ints) -> Block:
        """Scores of some rows by all columns, a fresh array of floats; -inf where not allowed."""
        ...

    def exact(self, rows: Ints, columns: Ints) -> Floats:
        """The scores of some pairs; -inf where not allowed."""
        ...


class Matrix:
    """An array or a memory-mapped file as a source: NaN is not allowed. A file is read in blocks."""

    def __init__(self, scores: Block) -> None:
        self.scores = scores
        self.shape: tuple[int, int] = (scores.shape[0], scores.shape[1])
        self.slack = 0.0

    def block(self, rows: slice | Ints) -> Block:
        found = np.array(self.scores[rows], dtype=np.result_type(self.scores.dtype, np.float32))
        found[np.isnan(found)] = -np.inf
        return found

    def exact(self, rows: Ints, columns: Ints) -> Floats:
        found = self.scores[rows, columns].astype(np.float64)
        found[np.isnan(found)] = -np.inf
        return found
