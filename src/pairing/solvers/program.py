"""The case with side conditions: group limits, quotas, least sizes, demand above one. Exact, by HiGHS.

A linear program over the promising pairs gives prices; every other pair is priced and joins if it would pay, until
none does. Where the relaxed optimum is not whole, branch and bound runs over the pairs whose reduced cost leaves
them a chance, and over all of those, so that its answer is the best of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from scipy.optimize import linprog

from pairing.errors import Infeasible, OutOfTime
from pairing.solvers import rounding
from pairing.solvers.arrays import Bools, Floats, on_grid
from pairing.solvers.branching import largest
from pairing.solvers.goals import Goal
from pairing.solvers.rows import NO_MORE, PLACED, Layout, Rows, Side, layout
from pairing.solvers.task import Plan, Prices, Task, bound, empty_plan

FIRST_CANDIDATES = 8
FEW_CELLS = 4_000
SECONDS = 20.0
TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The relaxed optimum: pairs in play, values of all variables, its worth, duals, reduced cost of every pair."""

    active: Bools
    used: Floats
    value: float
    duals: Floats
    reduced: Floats


def in_turn(task: Task, goals: Sequence[Goal], seconds: float = SECONDS) -> Plan:
    """The plan that is best for the first goal, among these for the second, and so on. Raises Infeasible."""
    if not task.allowed.any():
        require_possible_without_pairs(task)
        return empty_plan(task)
    search = _Search(task, seconds)
    plan: Plan | None = None
    for place, goal in enumerate(goals):
        plan = search.best(goal, plan)
        if place < len(goals) - 1:
            search.keep(goal, plan, PLACED if goal.counts_pairs else f"goal {place}")
    assert plan is not None
    return plan


def best_plan(task: Task, placing_first: bool) -> Plan:
    """The best total, after as many pairs as can be, or at once."""
    worth = Goal(pairs=np.where(task.allowed, task.scores, 0.0))
    return in_turn(task, [_count(task), worth] if placing_first else [worth])


def most_placed(task: Task) -> int:
    """How many pairs there can be. Raises Infeasible."""
    return in_turn(task, [_count(task)]).placed


def _count(task: Task) -> Goal:
    return Goal(pairs=np.ones(task.scores.shape), whole=True)


def require_possible_without_pairs(task: Task) -> None:
    """Whether making no pair at all keeps the quotas. Raises Infeasible."""
    for quota in task.quotas:
        if quota.needed(0) > 0:
            raise Infeasible(f"The quota {quota.name} cannot be met: the locked pairs alone already break it.")
    for limit in task.limits:
        if limit.least > 0:
            raise Infeasible(f"Nobody is left for {limit.name}.")


class _Search:
    """One task, and the goals that have been reached so far."""

    def __init__(self, task: Task, seconds: float) -> None:
        self.task, self.seconds = task, seconds
        self.kept: list[Side] = []
        self.placed: int | None = None
        self.reached_other = False
        self.active = candidates(task)

    def keep(self, goal: Goal, plan: Plan, name: str) -> None:
        """From now on nothing may be worse for this goal."""
        value = goal.reached(self.task, plan.rows, plan.columns)
        slack = 0.0 if goal.whole else 1e-7 * max(1.0, abs(value))
        self.kept.append(Side(name, goal, -1.0, slack - value))
        if name == PLACED:
            self.placed = plan.placed
            if self.task.quotas:  # they are counted for so many pairs and no more
                self.kept.append(Side(NO_MORE, goal, 1.0, value))
        else:
            self.reached_other = True
        self.active[plan.rows, plan.columns] = True

    def best(self, goal: Goal, before: Plan | None) -> Plan:
        """The best plan for a goal. ``before``: one that reaches all goals so far, for the case that time runs out."""
        at_once = rounding.as_many_as_can_be(self.task) if goal.counts_pairs and before is None else None
        if at_once is not None:
            return replace(at_once, searched=True)
        rows = Rows(self.task, goal, self.kept, self.placed)
        try:
            relaxed = self._relaxed(rows)
        except OutOfTime:
            if before is None:
                raise
            return replace(before, searched=False)
        return self._whole_best(goal, rows, relaxed, before)

    def _whole_best(self, goal: Goal, rows: Rows, relaxed: Relaxed, before: Plan | None) -> Plan:
        """From the relaxed optimum to the best whole plan."""
        self.active = relaxed.active
        first = self._whole_already(rows, relaxed) or self._rounded(rows, relaxed)
        try:
            plan = first or self._searched(rows, relaxed.active, relaxed)
        except OutOfTime:
            if before is None:
                raise
            first = plan = replace(before, prices=self._prices(rows, relaxed, before.placed), reach=relaxed.value)
        missing = relaxed.value - goal.reached(self.task, plan.rows, plan.columns)
        if missing <= self._trifle(goal, relaxed.value):
            return replace(plan, searched=True)
        hopeful = self.task.allowed & (relaxed.reduced >= -missing - self._trifle(goal, missing))
        if first is None:
            hopeful |= relaxed.active
            return plan if (hopeful == relaxed.active).all() else self._searched(rows, hopeful, relaxed)
        hopeful[plan.rows, plan.columns] = True
        return self._better(goal, rows, hopeful, relaxed, plan)

    def _rounded(self, rows: Rows, relaxed: Relaxed) -> Plan | None:
        """A whole plan near the relaxed optimum, where the goal is a total and nothing else has been settled."""
        counting = rows.goal.counts_pairs
        if self.reached_other or rows.goal.pairs is None or rows.goal.whole > counting:
            return None
        placed = int(relaxed.value + 1e-6) if counting else self.placed
        found = rounding.near(self.task, rows.prices(relaxed.duals), placed)
        return found and replace(found, prices=self._prices(rows, relaxed, found.placed), reach=relaxed.value)

    def _better(self, goal: Goal, rows: Rows, hopeful: Bools, relaxed: Relaxed, plan: Plan) -> Plan:
        """The best among the hopeful pairs, or the plan at hand where time runs out before that."""
        try:
            found = self._searched(rows, hopeful, relaxed)
        except Infeasible:
            return plan
        values = [goal.reached(self.task, one.rows, one.columns) for one in (found, plan)]
        return found if found.searched or values[0] >= values[1] else replace(plan, reach=found.reach)

    def _trifle(self, goal: Goal, value: float) -> float:
        return 1.0 - 1e-6 if goal.whole else TOLERANCE * max(1.0, abs(value))

    def _relaxed(self, rows: Rows) -> Relaxed:
        """Solve the relaxed program, adding pairs until no other pair pays."""
        active, last = self.active, monotonic() + self.seconds
        while True:
            plan = layout(rows, active)
            result = linprog(
                -plan.gain, A_ub=plan.matrix, b_ub=plan.most, bounds=np.stack([plan.low, plan.high], axis=1),
                method="highs", options={"time_limit": max(0.01, last - monotonic())},
            )  # fmt: skip
            if result.status == 1:
                raise OutOfTime("The time allowed was too short to begin with.")
            if result.x is None:
                raise Infeasible("These demands contradict each other.")
            duals = np.maximum(-result.ineqlin.marginals, 0.0) * rows.scale
            reduced = rows.reduced(duals)
            paying = (reduced > TOLERANCE * rows.scale) & self.task.allowed & ~active
            if not paying.any():
                self._require_no_slack(rows, plan, result.x)
                return Relaxed(active, result.x, float(-result.fun) * rows.scale, duals, reduced)
            active = active | _best_of_each_row(reduced, paying)

    def _require_no_slack(self, rows: Rows, plan: Layout, values: Floats) -> None:
        slack = values[plan.slack]
        if slack.size and float(slack.max()) > 1e-5:
            name = rows.elastic[int(slack.argmax())].name
            what = name if name.startswith("at least") else f"The quota {name}"
            raise Infeasible(
                f"{what[0].upper() + what[1:]} cannot be met with the people, locks and rules of this round."
            )

    def _whole_already(self, rows: Rows, relaxed: Relaxed) -> Plan | None:
        """The plan that the relaxed optimum is, if every pair is used wholly or not at all."""
        cells = int(relaxed.active.sum())
        used = relaxed.used[:cells]
        if rows.least or np.abs(used - np.rint(used)).max(initial=0.0) > TOLERANCE * 10:
            return None
        chosen_rows, chosen_columns = (index[used > 0.5] for index in np.nonzero(relaxed.active))
        return Plan(chosen_rows, chosen_columns, self._prices(rows, relaxed, len(chosen_rows)), True)

    def _searched(self, rows: Rows, active: Bools, relaxed: Relaxed) -> Plan:
        """The best whole plan among the active pairs."""
        plan = layout(rows, active)
        result = largest(plan.gain, plan.matrix, plan.most, plan.low, plan.high, plan.whole, self.seconds)
        if result.x is None:
            late = "No plan was found within the time allowed; fewer limits or a smaller quota would help."
            raise OutOfTime(late) if result.status == 1 else Infeasible("These demands contradict each other.")
        self._require_no_slack(rows, plan, result.x)
        chosen = result.x[: len(plan.rows)] > 0.5
        prices = self._prices(rows, relaxed, int(chosen.sum()))
        reach = relaxed.value if result.mip_dual_bound is None else -float(result.mip_dual_bound) * rows.scale
        reach = np.inf if self.reached_other else max(reach, 0.0)
        return Plan(plan.rows[chosen], plan.columns[chosen], prices, result.status == 0, reach)

    def _prices(self, rows: Rows, relaxed: Relaxed, placed: int) -> Prices:
        """The duals as prices, or these on the grid, where those of a program without quotas truly lie."""
        found = rows.prices(relaxed.duals)
        limits = {name: float(on_grid(np.array(value))) for name, value in found.limits.items()}
        grid = Prices(on_grid(found.column), float(on_grid(np.array(found.placing))), found.quotas, limits)
        return min((found, grid), key=lambda some: bound(self.task, some, placed if self.placed is not None else None))


def candidates(task: Task) -> Bools:
    """Each side's best few; all, where all are few."""
    if int(task.allowed.sum()) <= FEW_CELLS:
        return task.allowed.copy()
    scores = np.where(task.allowed, task.scores, -np.inf)
    active = np.zeros(task.allowed.shape, dtype=bool)
    for axis, size in ((1, scores.shape[1]), (0, scores.shape[0])):
        few = min(FIRST_CANDIDATES, size)
        np.put_along_axis(active, np.argpartition(-scores, few - 1, axis=axis).take(range(few), axis=axis), True, axis)
    return active & task.allowed


def _best_of_each_row(reduced: Floats, paying: Bools) -> Bools:
    few = min(4, reduced.shape[1])
    best = np.argpartition(-np.where(paying, reduced, -np.inf), few - 1, axis=1)[:, :few]
    chosen = np.zeros_like(paying)
    np.put_along_axis(chosen, best, True, axis=1)
    return chosen & paying
