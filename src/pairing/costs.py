"""What a round's choices cost: its objective against the best total, and its shares against none."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np

from pairing import reciprocal
from pairing.errors import Infeasible
from pairing.locks import Settled
from pairing.prepared import Prepared
from pairing.shares import BORDERS
from pairing.solvers.task import Plan
from pairing.types import Solution


@dataclass(frozen=True, slots=True)
class Cost:
    """How many pairs fewer, how much less in total, and how much lower the worst pair; below 0 for what is gained."""

    placed: int
    total: float
    worst: float


def of(prepared: Prepared, solution: Solution) -> Mapping[str, Mapping[str, float]]:
    """The exact cost of what was chosen beside the best total: "objective", "shares", as plain numbers.

    The shares are judged under the best total, so that the two costs add up.
    """
    settled, found = prepared.settled(), {}
    task = settled.task
    reached = (solution.placed, solution.total, solution.worst)
    if solution.objective != "total":
        freely = _figures(settled, prepared.freely(settled))
        found["objective"] = asdict(_cost(freely, reached))
        reached = freely
    if any(border.asked(prepared.problem.rules) for border in BORDERS):
        without = replace(task, quotas=())
        try:
            plan, _floor = reciprocal.best(without, "total", settled.opposites)
        except Infeasible:
            return found
        found["shares"] = asdict(_cost(_figures(settled, plan), reached))
    return found


Figures = tuple[int, float, float]


def _figures(settled: Settled, plan: Plan) -> Figures:
    rows, columns = np.concatenate([settled.rows, plan.rows]), np.concatenate([settled.columns, plan.columns])
    scores = settled.task.scores[rows, columns]
    return len(rows), float(scores.sum()), float(scores.min()) if len(scores) else 0.0


def _cost(best: Figures, reached: Figures) -> Cost:
    return Cost(best[0] - reached[0], best[1] - reached[1], best[2] - reached[2])
