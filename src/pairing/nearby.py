"""From one solution to the next of the same round: a lock, a forbidden pair or a weight moves few people."""

from collections.abc import Mapping

import numpy as np

from pairing.facts import Facts
from pairing.locks import Settled
from pairing.solvers import assignment
from pairing.solvers.task import Plan
from pairing.types import Pair, Solution

Known = dict[tuple[str, str, bool, float], Pair]


def plan(facts: Facts, settled: Settled, last: Solution) -> Plan | None:
    """The best plan, found from the last; None where side conditions ask for more than that."""
    if not assignment.fits(settled.task):
        return None
    at = np.full(len(facts.mentees), -1, dtype=np.int64)
    for pair in last.pairs:
        row, column = facts.row.get(pair.mentee_id), facts.column.get(pair.mentor_id)
        if row is not None and column is not None and settled.task.allowed[row, column]:
            at[row] = column
    prices = np.array([last.prices.get(mentor.id, 0.0) for mentor in facts.mentors])
    start = assignment.Start(at, prices, last.multipliers.get("placing", 0.0))
    found = assignment.best_plan_from(start, settled.task)
    couples = zip(
        np.concatenate([settled.rows, found.rows]).tolist(),
        np.concatenate([settled.columns, found.columns]).tolist(),
        strict=True,
    )
    return None if settled.opposites.among(couples) else found


def pairs(last: Solution, weights: Mapping[str, float]) -> Known:
    """The pairs of the last solution by what would make them the same, if the weights are."""
    if any(part.weight != weights.get(part.criterion) for pair in last.pairs[:1] for part in pair.contributions):
        return {}
    return {(pair.mentee_id, pair.mentor_id, pair.locked, pair.score): pair for pair in last.pairs}
