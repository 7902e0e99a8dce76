"""What 'best' means: each objective as a way to ask the solvers.

The solvers that only some rounds need are imported when they are needed: scipy.optimize and scipy.sparse take longer to
import than a plain round of five hundred pairs takes to solve.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from pairing.errors import Infeasible, OutOfTime
from pairing.solvers import assignment, faces, goals
from pairing.solvers.arrays import Floats
from pairing.solvers.goals import Goal
from pairing.solvers.task import Plan, Task, empty_plan, keeps_conditions

Name = Literal["total", "fair", "sum", "leximin", "stable", "cover"]
SECONDS = 20.0
FEW_CELLS = 4_000


@dataclass(frozen=True, slots=True)
class Wish:
    """An objective by name, with what it needs to know.

    bands: for ``leximin``, the lowest scores of each band above the worst, rising. worst_first: whether the worst pair
    comes before the bands. cover: for ``cover``, whole sides ("mentees", "mentors"), all "pairs", or people of one side
    in their order. likes: for ``stable``, how much rows like columns, and columns rows. seconds: how long branch and
    bound may take at a time.
    """

    name: Name
    bands: tuple[float, ...] = ()
    worst_first: bool = False
    cover: tuple[str | tuple[str, tuple[int, ...]], ...] = ()
    likes: tuple[Floats, Floats] | None = None
    seconds: float = SECONDS


def best(task: Task, objective: Name | Wish) -> tuple[Plan, float | None]:
    """The best plan; the floor under the scores of its pairs, if there is one. Raises Infeasible."""
    wish = objective if isinstance(objective, Wish) else Wish(objective)
    if wish.name == "fair" and task.allowed.any():
        floor = best_floor(task, wish.seconds)
        return _best_total(task.above(floor), wish.seconds), floor
    if wish.name == "sum":
        return _best_sum(task, wish.seconds), None
    if wish.name == "leximin":
        return _in_bands(task, wish)
    if wish.name == "cover":
        from pairing.solvers import covering

        return covering.best_plan(task, wish.cover, wish.seconds), None
    if wish.name == "stable":
        from pairing.solvers import stable

        return stable.best_plan(task, *(wish.likes or (task.scores, task.scores)), wish.seconds), None
    return _best_total(task, wish.seconds), None


def _in_bands(task: Task, wish: Wish) -> tuple[Plan, float | None]:
    if not wish.worst_first or not task.allowed.any():
        return in_turn(task, leximin(task, wish.bands), wish.seconds), None
    floor = best_floor(task, wish.seconds)
    above = task.above(floor)
    return in_turn(above, leximin(above, [edge for edge in wish.bands if edge > floor]), wish.seconds), floor


def _through(task: Task, wanted: Sequence[Goal], seconds: float) -> Plan:
    from pairing.solvers import program

    return program.in_turn(task, wanted, seconds)


def leximin(task: Task, edges: Sequence[float]) -> list[Goal]:
    """As many pairs, as few of them as can be in the lowest band, then in the next, and so on; then the sum."""
    lows = [-np.inf, *edges[:-1]] if edges else []
    bands = [goals.fewest_within(task, low, high) for low, high in zip(lows, edges, strict=True)]
    return [goals.most_pairs(task), *bands, goals.largest_sum(task)]


def in_turn(task: Task, wanted: Sequence[Goal], seconds: float = SECONDS) -> Plan:
    """The plan that is best for the first goal, among these for the second, and so on. Raises Infeasible."""
    plain = task.plain()
    if assignment.fits(plain):
        plan = faces.in_turn(plain, wanted)
        if keeps_conditions(task, plan):
            return plan
    return _through(task, wanted, seconds)


def _best_total(task: Task, seconds: float) -> Plan:
    plain = task.plain()
    if assignment.fits(plain):
        plan = assignment.best_plan(plain, assignment.placing_bonus(plain))
        if keeps_conditions(task, plan):
            return plan
    return _by_one_quota(task, True, seconds) or _through(
        task, [goals.most_pairs(task), goals.largest_sum(task)], seconds
    )


def _by_one_quota(task: Task, placing_first: bool, seconds: float) -> Plan | None:
    """Worth the while where a program would have to begin with a part of the pairs.

    Of several quotas often one alone is hard to keep: the best plan for it is the best for all, where it keeps them.
    """
    if not task.quotas or int(task.allowed.sum()) <= FEW_CELLS:
        return None
    from pairing.solvers import one_quota

    for quota in task.quotas:
        plan = one_quota.best_plan(replace(task, quotas=(quota,)), placing_first, seconds)
        if plan is not None and keeps_conditions(task, plan):
            return plan
    return None


def _best_sum(task: Task, seconds: float) -> Plan:
    """A pair below zero is made only where a side condition makes up for it."""
    plain = task.plain()
    plain = replace(plain, allowed=plain.allowed & (plain.scores >= 0))
    if assignment.fits(plain):
        plan = assignment.best_plan(plain, 0.0)
        if keeps_conditions(task, plan):
            return plan
    return _by_one_quota(task, False, seconds) or _through(task, [goals.largest_sum(task)], seconds)


def most_placed(task: Task, seconds: float = SECONDS) -> int:
    """How many pairs there can be."""
    if assignment.fits(task) and _few_places(task):
        units = np.repeat(np.arange(len(task.demand)), task.demand)
        places = np.repeat(np.arange(len(task.capacity)), np.minimum(task.capacity, task.allowed.sum(axis=0)))
        if not len(units) or not len(places):
            return 0
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import maximum_bipartite_matching

        graph = csr_array(task.allowed[np.ix_(units, places)])
        return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())
    if assignment.fits(task):
        return faces.in_turn(task, [goals.most_pairs(task)]).placed
    return _through(task, [goals.most_pairs(task)], seconds).placed


def _few_places(task: Task) -> bool:
    return int(np.minimum(task.capacity, task.allowed.sum(axis=0)).sum()) <= 4 * len(task.capacity) + 1000


def best_floor(task: Task, seconds: float = SECONDS) -> float:
    """The highest score that no pair need fall below, with as many placed as without it."""
    plain = task.plain()
    if not assignment.fits(task) and assignment.fits(plain):
        return _floor_beside_conditions(task, plain, seconds)
    most = most_placed(task, seconds)
    steps = np.unique(task.scores[task.allowed])
    if not most or not len(steps):
        return -np.inf

    def reached(step: int) -> bool:
        return most_placed(task.above(float(steps[step])), seconds) >= most

    return float(steps[_highest(reached, 0, len(steps) - 1)])


def _floor_beside_conditions(task: Task, plain: Task, seconds: float) -> float:
    """Side conditions are slow to try, so that every plan that is found counts: from the worst pair of the best total
    upwards, and never beyond the floor that there is without conditions."""
    best = _best_total(task, seconds)
    if not best.placed:
        return -np.inf
    steps = np.unique(task.scores[task.allowed])

    def worst_above(step: int) -> int:
        """How far up the worst pair of a plan lies that keeps this floor; -1 where none places as many."""
        above = task.above(float(steps[step]))
        try:
            plan = _through(above, [goals.most_pairs(above)], seconds) if above.allowed.any() else empty_plan(above)
        except OutOfTime:
            raise
        except Infeasible:
            return -1
        return -1 if plan.placed < best.placed else _worst_step(steps, task, plan)

    low, high = _worst_step(steps, task, best), int(np.searchsorted(steps, best_floor(plain, seconds)))
    stride, step = 1, high
    while low < high:
        found = worst_above(step)
        if found < 0:
            high, stride = step - 1, 1 if step == high else max(1, (step - low) // 2)
        else:
            low, stride = found, 2 * stride
        step = min(low + stride, high)
    return float(steps[low])


def _worst_step(steps: Floats, task: Task, plan: Plan) -> int:
    return int(np.searchsorted(steps, task.scores[plan.rows, plan.columns].min()))


def _highest(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The last step at which it holds; it holds at ``low``, and nowhere after where it does not."""
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low
