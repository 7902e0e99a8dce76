"""What 'best' means: each objective as a way to ask the solvers.

The solvers that only some rounds need are imported when they are needed: scipy.optimize and scipy.sparse take longer to
import than a plain round of five hundred pairs takes to solve.
"""

from dataclasses import replace
from types import ModuleType

import numpy as np

from pairing.solvers import assignment
from pairing.solvers.task import Plan, Task
from pairing.types import Objective


def best(task: Task, objective: Objective) -> tuple[Plan, float | None]:
    """The best plan; the floor under the scores of its pairs, if there is one."""
    if objective == "fair" and task.allowed.any():
        floor = best_floor(task)
        return _best_total(task.above(floor)), floor
    if objective == "sum":
        return _best_sum(task), None
    return _best_total(task), None


def _program() -> ModuleType:
    from pairing.solvers import program

    return program


def _solved_as_program(task: Task, placing_first: bool) -> Plan:
    plan: Plan = _program().best_plan(task, placing_first)
    return plan


def keeps_conditions(task: Task, plan: Plan) -> bool:
    """Whether a plan that was made without limits and quota happens to keep them."""
    for limit in task.limits:
        index = plan.rows if limit.of_rows else plan.columns
        if int(limit.members[index].sum()) > limit.most:
            return False
    if task.quota is None:
        return True
    return int(task.quota.has[plan.rows, plan.columns].sum()) >= task.quota.needed(plan.placed)


def _best_total(task: Task) -> Plan:
    plain = replace(task, limits=(), quota=None)
    if assignment.fits(plain):
        plan = assignment.best_plan(plain, assignment.placing_bonus(plain))
        if keeps_conditions(task, plan):
            return plan
    return _solved_as_program(task, placing_first=True)


def _best_sum(task: Task) -> Plan:
    worth_it = replace(task, allowed=task.allowed & (task.scores >= 0))
    plain = replace(worth_it, limits=(), quota=None)
    if assignment.fits(plain):
        plan = assignment.best_plan(plain, 0.0)
        if keeps_conditions(task, plan):
            return plan
    return _solved_as_program(worth_it, placing_first=False)


def most_placed(task: Task) -> int:
    """How many pairs there can be."""
    if assignment.fits(task):
        units = np.repeat(np.arange(len(task.demand)), task.demand)
        places = np.repeat(np.arange(len(task.capacity)), np.minimum(task.capacity, task.allowed.sum(axis=0)))
        if not len(units) or not len(places):
            return 0
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import maximum_bipartite_matching

        graph = csr_array(task.allowed[np.ix_(units, places)])
        return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())
    return int(_program().most_placed(task))


def best_floor(task: Task) -> float:
    """The highest score that no pair need fall below, with as many placed as without it."""
    most = most_placed(task)
    steps = np.unique(task.scores[task.allowed])
    if not most or not len(steps):
        return -np.inf
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if most_placed(task.above(float(steps[middle]))) >= most:
            low = middle
        else:
            high = middle - 1
    return float(steps[low])
