"""The case with side conditions: group limits, a quota, demand above one. Exact, by HiGHS.

A linear program over the promising pairs gives prices; every other pair is priced and joins if it would pay, until
none does. Where the relaxed optimum is not whole, branch and bound runs over the pairs whose reduced cost leaves
them a chance, and over all of those, so that its answer is the best of all.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, hstack, vstack

from pairing.errors import Infeasible
from pairing.solvers.arrays import Bools, Floats, on_grid
from pairing.solvers.task import Plan, Prices, Task, bound, empty_plan, worths

FIRST_CANDIDATES = 8
SECONDS = 20.0
TOLERANCE = 1e-7


@dataclass(slots=True)
class Rows:
    """The rows of the program, all 'at most', with a slack (none, or its penalty) for each."""

    blocks: list[Floats | csr_array] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    elastic: list[bool] = field(default_factory=list)

    def add(self, block: Floats | csr_array, most: list[float], elastic: bool = False) -> None:
        self.blocks.append(block)
        self.most.extend(most)
        self.elastic.extend([elastic] * len(most))


@dataclass(frozen=True, slots=True)
class Aim:
    """What a program maximises: the given value per pair, with at least ``placed`` pairs, if that is set."""

    value: Floats
    placed: int | None = None


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The relaxed optimum: the pairs that were in play, how much of each is used, its value and its prices."""

    active: Bools
    used: Floats
    value: float
    prices: Prices

    def whole(self) -> Plan | None:
        """The plan that it is, if every pair is used wholly or not at all."""
        if np.abs(self.used - np.rint(self.used)).max(initial=0.0) > TOLERANCE:
            return None
        rows, columns = (index[self.used > 0.5] for index in np.nonzero(self.active))
        return Plan(rows, columns, self.prices)


def best_plan(task: Task, placing_first: bool) -> Plan:
    """The best plan; where its prices leave a gap, ``searched`` says whether branch and bound closed it."""
    if not task.allowed.any():
        _require_quota_without_pairs(task)
        return empty_plan(task)
    return _solve(task, Aim(task.scores, most_placed(task) if placing_first else None))


def most_placed(task: Task) -> int:
    """How many pairs a plan can have at most: whole numbers, since more pairs only ever cost the quota evenly."""
    if not task.allowed.any():
        return 0
    aim = Aim(np.ones_like(task.scores))
    return int(np.floor(_priced(task, aim, _candidates(task)).value + 1e-6))


def _require_quota_without_pairs(task: Task) -> None:
    if task.quota is not None and task.quota.needed(0) > 0:
        raise Infeasible(f"The quota {task.quota.name} cannot be met: the locked pairs alone already break it.")


def _candidates(task: Task) -> Bools:
    """Each side's best few."""
    scores = np.where(task.allowed, task.scores, -np.inf)
    active = np.zeros(task.allowed.shape, dtype=bool)
    for axis, size in ((1, scores.shape[1]), (0, scores.shape[0])):
        few = min(FIRST_CANDIDATES, size)
        np.put_along_axis(active, np.argpartition(-scores, few - 1, axis=axis).take(range(few), axis=axis), True, axis)
    return active & task.allowed


def _program(task: Task, aim: Aim, rows: np.ndarray, columns: np.ndarray) -> Rows:
    count = len(rows)
    cells = np.arange(count)
    ones = np.ones(count)
    program = Rows()
    program.add(csr_array((ones, (rows, cells)), shape=(len(task.demand), count)), task.demand.tolist())
    program.add(csr_array((ones, (columns, cells)), shape=(len(task.capacity), count)), task.capacity.tolist())
    for limit in task.limits:
        inside = limit.members[rows] if limit.of_rows else limit.members[columns]
        program.add(inside[None, :].astype(np.float64), [float(limit.most)])
    if task.quota is not None:
        has = task.quota.has[rows, columns].astype(np.float64)
        if aim.placed is None:
            lacking = task.quota.share * task.quota.done - task.quota.done_with
            program.add((task.quota.share - has)[None, :], [-lacking], elastic=True)
        else:
            program.add(-has[None, :], [-float(task.quota.needed(aim.placed))], elastic=True)
    if aim.placed is not None:
        program.add(-ones[None, :], [-float(aim.placed)], elastic=True)
        if task.quota is not None:  # the quota was counted for so many pairs and no more
            program.add(ones[None, :], [float(aim.placed)])
    return program


def _matrix(program: Rows) -> tuple[csr_array, int]:
    """The rows with one slack column for every elastic row."""
    elastic = np.flatnonzero(program.elastic)
    slack = csr_array(
        (np.full(len(elastic), -1.0), (elastic, np.arange(len(elastic)))), shape=(len(program.most), len(elastic))
    )
    return csr_array(hstack([vstack([csr_array(block) for block in program.blocks]), slack])), len(elastic)


def _priced(task: Task, aim: Aim, active: Bools) -> Relaxed:
    """Solve the relaxed program, adding pairs until no other pair pays."""
    penalty = _penalty(task, aim)
    while True:
        rows, columns = np.nonzero(active)
        program = _program(task, aim, rows, columns)
        matrix, slacks = _matrix(program)
        gain = np.concatenate([aim.value[rows, columns], np.full(slacks, -penalty)])
        limits = [(0.0, 1.0)] * len(rows) + [(0.0, None)] * slacks
        result = linprog(-gain, A_ub=matrix, b_ub=program.most, bounds=limits, method="highs")
        row_price, prices = _unpacked(task, aim, np.maximum(-result.ineqlin.marginals, 0.0))
        reduced = worths(Task(aim.value, task.allowed, task.demand, task.capacity, task.limits, task.quota), prices)
        reduced = reduced - prices.column[None, :] - row_price[:, None]
        paying = (reduced > TOLERANCE) & ~active
        if not paying.any():
            _require_no_slack(task, result.x[len(rows) :])
            return Relaxed(active, result.x[: len(rows)], float(-result.fun), prices)
        active = active | _best_of_each_row(reduced, paying)


def _require_no_slack(task: Task, slack: Floats) -> None:
    if slack.size and float(slack.max()) > 1e-5:
        name = task.quota.name if task.quota is not None else "placing"
        raise Infeasible(f"The quota {name} cannot be met with the people, locks and rules of this round.")


def _unpacked(task: Task, aim: Aim, dual: Floats) -> tuple[Floats, Prices]:
    rows, columns = len(task.demand), len(task.capacity)
    rest = iter(dual[rows + columns :].tolist())
    limits = {limit.name: next(rest) for limit in task.limits}
    quota = next(rest) if task.quota is not None else 0.0
    if aim.placed is not None:
        placing = next(rest) - next(rest, 0.0)
    else:
        placing = -quota * task.quota.share if task.quota is not None else 0.0
    return dual[:rows], Prices(dual[rows : rows + columns], placing, quota, limits)


def _best_of_each_row(reduced: Floats, paying: Bools) -> Bools:
    few = min(4, reduced.shape[1])
    best = np.argpartition(-np.where(paying, reduced, -np.inf), few - 1, axis=1)[:, :few]
    chosen = np.zeros_like(paying)
    np.put_along_axis(chosen, best, True, axis=1)
    return chosen & paying


def _snapped(prices: Prices) -> Prices:
    """Prices on the grid, where those of a program without a quota truly lie."""
    limits = {name: float(on_grid(np.array(value))) for name, value in prices.limits.items()}
    return Prices(on_grid(prices.column), float(on_grid(np.array(prices.placing))), prices.quota, limits)


def _solve(task: Task, aim: Aim) -> Plan:
    relaxed = _priced(task, aim, _candidates(task))
    plan = relaxed.whole() or _whole(task, aim, relaxed.active, relaxed.prices)
    prices = min((relaxed.prices, _snapped(relaxed.prices)), key=lambda some: bound(task, some, plan.placed))
    gap = bound(task, prices, plan.placed) - plan.total(task)
    if gap <= TOLERANCE:
        return replace(plan, prices=prices)
    surplus = worths(task, prices) - prices.column[None, :]
    best = np.maximum(surplus.max(axis=1, keepdims=True), 0.0)
    hopeful = relaxed.active | (task.allowed & (surplus - best >= -gap - TOLERANCE))
    return _whole(task, aim, hopeful, prices)


def _whole(task: Task, aim: Aim, active: Bools, prices: Prices) -> Plan:
    """The best whole plan among the active pairs."""
    rows, columns = np.nonzero(active)
    program = _program(task, aim, rows, columns)
    matrix, slacks = _matrix(program)
    gain = np.concatenate([aim.value[rows, columns], np.full(slacks, -_penalty(task, aim))])
    result = milp(
        -gain,
        integrality=np.concatenate([np.ones(len(rows)), np.zeros(slacks)]),
        bounds=Bounds(0.0, np.concatenate([np.ones(len(rows)), np.full(slacks, np.inf)])),
        constraints=LinearConstraint(matrix, ub=np.array(program.most)),
        options={"mip_rel_gap": 1e-10, "time_limit": SECONDS},
    )
    if result.x is None:
        raise Infeasible("No plan was found within the time allowed; fewer limits or a smaller quota would help.")
    _require_no_slack(task, result.x[len(rows) :])
    chosen = result.x[: len(rows)] > 0.5
    return Plan(rows[chosen], columns[chosen], prices, searched=result.status == 0)


def _penalty(task: Task, aim: Aim) -> float:
    """What breaking an elastic row costs: more than any plan can be worth."""
    most = min(len(task.demand), len(task.capacity)) + 1
    return 4.0 * (1.0 + float(np.abs(aim.value[task.allowed]).max())) * most
