"""What is wanted first, and what next: one goal at a time, each within what the ones before leave open."""

from dataclasses import dataclass

import numpy as np

from pairing.solvers.arrays import Floats
from pairing.solvers.task import Task


@dataclass(frozen=True, slots=True)
class Goal:
    """The largest sum of a worth per pair, per row that has anybody, and per column that has anybody.

    whole: every worth is a whole number.
    """

    pairs: Floats | None = None
    rows: Floats | None = None
    columns: Floats | None = None
    whole: bool = False

    @property
    def counts_pairs(self) -> bool:
        """Whether this is the number of pairs and nothing else."""
        alone = self.rows is None and self.columns is None
        return alone and self.pairs is not None and bool((self.pairs == 1).all())

    def reached(self, task: Task, rows: np.ndarray, columns: np.ndarray) -> float:
        """What a plan is worth."""
        worth = 0.0 if self.pairs is None else float(self.pairs[rows, columns].sum())
        if self.rows is not None:
            worth += float(self.rows[np.unique(rows)].sum())
        if self.columns is not None:
            worth += float(self.columns[np.unique(columns)].sum())
        return worth


def most_pairs(task: Task) -> Goal:
    """As many pairs as can be."""
    return Goal(pairs=np.ones(task.scores.shape), whole=True)


def largest_sum(task: Task) -> Goal:
    """The largest sum of scores."""
    return Goal(pairs=np.where(task.allowed, task.scores, 0.0))


def most_rows(task: Task) -> Goal:
    """As many rows with somebody as can be."""
    return Goal(rows=np.ones(len(task.demand)), whole=True)


def most_columns(task: Task) -> Goal:
    """As many columns with somebody as can be."""
    return Goal(columns=np.ones(len(task.capacity)), whole=True)


def fewest_within(task: Task, low: float, high: float) -> Goal:
    """As few pairs as can be that score from low up to, not including, high."""
    return Goal(pairs=-((task.scores >= low) & (task.scores < high) & task.allowed).astype(np.float64), whole=True)
