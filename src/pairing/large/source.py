"""Where scores come from when there are too many to hold: blocks of rows, as often as they are asked for."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pairing.solvers.arrays import Floats, Ints

Block = NDArray[Any]
ALL = slice(None)


class Source(Protocol):
    """Scores of rows x columns.

    slack: by how much a score in a block may be off, at most. ``exact`` is what counts.
    """

    @property
    def shape(self) -> tuple[int, int]: ...

    @property
    def slack(self) -> float: ...

    def block(self, rows: slice, columns: slice = ALL) -> Block:
        """Scores of some rows by some or all columns, a fresh array of floats; -inf where not allowed."""
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

    def block(self, rows: slice, columns: slice = ALL) -> Block:
        found = np.array(self.scores[rows, columns], dtype=np.result_type(self.scores.dtype, np.float32))
        found[np.isnan(found)] = -np.inf
        return found

    def exact(self, rows: Ints, columns: Ints) -> Floats:
        found = self.scores[rows, columns].astype(np.float64)
        found[np.isnan(found)] = -np.inf
        return found


class Part:
    """The first rows and columns of a source: people stand in the order of a hash, so this is a fair sample."""

    def __init__(self, source: Source, rows: int, columns: int) -> None:
        self.source, self.shape, self.slack = source, (rows, columns), source.slack

    def block(self, rows: slice, columns: slice = ALL) -> Block:
        start, stop, _ = columns.indices(self.shape[1])
        return self.source.block(slice(*rows.indices(self.shape[0])), slice(start, stop))

    def exact(self, rows: Ints, columns: Ints) -> Floats:
        return self.source.exact(rows, columns)
