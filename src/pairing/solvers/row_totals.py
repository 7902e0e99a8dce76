"""Fair by the row: everybody who can be placed is, then the smallest sum that a row has is as large as it can be.

With one partner each this is the worst pair. With several it is a hard problem in general, so branch and bound: over
all pairs where they are few, else over each side's best, and then without a proof.
"""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from pairing.errors import OutOfTime
from pairing.solvers import goals
from pairing.solvers.arrays import Floats
from pairing.solvers.branching import largest
from pairing.solvers.program import candidates, in_turn
from pairing.solvers.rows import Rows, Side, layout
from pairing.solvers.task import Plan, Prices, Task


def best_plan(task: Task, seconds: float) -> tuple[Plan, float]:
    """The plan, and the smallest sum among rows with somebody. Raises Infeasible."""
    wanted = [goals.most_rows(task), goals.most_pairs(task)]
    first = in_turn(task, wanted, seconds)
    if not first.placed:
        return first, -np.inf
    kept = [
        Side(f"goal {place}", goal, -1.0, -goal.reached(task, first.rows, first.columns))
        for place, goal in enumerate(wanted)
    ]
    few = replace(task, allowed=candidates(task))
    few.allowed[first.rows, first.columns] = True
    every = bool((few.allowed == task.allowed).all())
    try:
        fairest, proven = _search(few, kept, None, seconds)
    except OutOfTime:
        late = in_turn(task, [*wanted, goals.largest_sum(task)], seconds)
        return replace(late, searched=False, reach=np.inf), smallest(task, late)
    try:
        plan, whole = _search(few, kept, smallest(task, fairest), seconds)
    except OutOfTime:
        plan, whole = fairest, False
    return replace(plan, searched=proven and whole and every), smallest(task, plan)


def smallest(task: Task, plan: Plan) -> float:
    """The smallest sum among rows with somebody."""
    sums = np.zeros(len(task.demand))
    np.add.at(sums, plan.rows, task.scores[plan.rows, plan.columns])
    return float(sums[np.unique(plan.rows)].min(initial=np.inf))


def _search(task: Task, kept: list[Side], floor: float | None, seconds: float) -> tuple[Plan, bool]:
    """The largest smallest sum, or with a floor under it the largest total."""
    asked = Rows(task, goals.largest_sum(task), kept, None)
    program, scale = layout(asked, task.allowed), asked.scale
    scores: Floats = task.scores / scale
    height, many, wide = len(task.demand), len(program.rows), len(program.gain)
    most = _most_of_a_row(task, scores)
    cells = np.arange(many)
    sums = csr_array((scores[program.rows, program.columns], (program.rows, cells)), shape=(height, wide))
    has = csr_array(
        (np.full(height, 1.0), (np.arange(height), wide - height + np.arange(height))), shape=(height, wide)
    )
    lines = hstack([has * (2.0 * most) - sums, np.ones((height, 1))])
    matrix = vstack([hstack([program.matrix, csr_array((program.matrix.shape[0], 1))]), lines], format="csr")
    aim = np.zeros(wide + 1) if floor is None else np.append(program.gain, 0.0)
    aim[-1] = 1.0 if floor is None else 0.0
    aim[program.slack] = -asked.penalty() * most
    high = np.append(program.high, most)
    low = np.append(program.low, -most if floor is None else floor / scale - 1e-7)
    limits = np.append(program.most, np.full(height, 2.0 * most))
    result = largest(aim, matrix, limits, low, high, np.append(program.whole, 0.0), seconds)
    if result.x is None or result.x[program.slack].max(initial=0.0) > 1e-5:
        raise OutOfTime("No fair plan was found within the time allowed; fewer conditions would help.")
    chosen = result.x[:many] > 0.5
    return Plan(program.rows[chosen], program.columns[chosen], Prices(np.zeros(len(task.capacity)))), result.status == 0


def _most_of_a_row(task: Task, scores: Floats) -> float:
    """No row's sum lies farther from 0 than this."""
    highest = np.where(task.allowed, np.abs(scores), 0.0).max(initial=0.0)
    return float(highest * max(1, int(np.minimum(task.demand, task.allowed.sum(axis=1)).max(initial=1)))) + 1.0
