"""A second choice and a back-up for everybody who has somebody."""

from dataclasses import dataclass

import numpy as np

from pairing.solvers.arrays import Floats, Ints
from pairing.solvers.task import Plan, Task


@dataclass(frozen=True, slots=True)
class Alternatives:
    """For each pair of a plan a column, or -1.

    second: the best other column that the row may have, be there a place or not. backup: the best other column with a
    place left while all pairs stand; nobody has to move for it, but it is kept for nobody: several may name the same.
    """

    second: Ints
    backup: Ints


def alternatives(task: Task, plan: Plan) -> Alternatives:
    """Second choices and back-ups, by score; of equals the first column."""
    mine = np.where(task.allowed[plan.rows], task.scores[plan.rows], -np.inf)
    for place, row in enumerate(plan.rows.tolist()):
        mine[place, plan.columns[plan.rows == row]] = -np.inf
    used = np.bincount(plan.columns, minlength=len(task.capacity))
    free = used < task.capacity
    if task.least is not None:  # one more alone does not open a group
        free &= used + 1 >= task.least
    return Alternatives(_best(mine), _best(np.where(free, mine, -np.inf)))


def _best(scores: Floats) -> Ints:
    if not scores.size:
        return np.full(len(scores), -1, dtype=np.int64)
    best = scores.argmax(axis=1)
    return np.where(np.isfinite(scores[np.arange(len(scores)), best]), best, -1)
