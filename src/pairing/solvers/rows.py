"""The rows of a linear program about pairs: who may have how many, and what else must hold.

Every row says 'at most'. The variables are the pairs in play, then what breaks an elastic row, then whether each column
is used (where it has a least size), then whether each row and each column has anybody (where a goal asks).
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_array, csr_array, diags_array, eye_array

from pairing.solvers.arrays import Bools, Floats, Ints
from pairing.solvers.goals import Goal
from pairing.solvers.task import Limit, Prices, Quota, Task

PLACED = "so many pairs"
NO_MORE = "no more pairs"


@dataclass(frozen=True, slots=True)
class Side:
    """One more row: ``sign`` times a goal's sum is at most ``most``."""

    name: str
    goal: Goal
    sign: float
    most: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A program as HiGHS takes it. rows, columns: the pairs in play; slack: where the elastic variables stand."""

    rows: Ints
    columns: Ints
    gain: Floats
    matrix: csr_array
    most: Floats
    low: Floats
    high: Floats
    whole: Floats
    slack: slice


class Rows:
    """What a task, the goals already reached and the present goal ask for, pair by pair."""

    def __init__(self, task: Task, goal: Goal, kept: list[Side], placed: int | None) -> None:
        self.task, self.goal, self.placed = task, goal, placed
        self.limits = [Side(limit.name, Goal(pairs=_members(task, limit)), 1.0, limit.most) for limit in task.limits]
        least = [
            Side(f"at least {limit.name}", Goal(pairs=_members(task, limit)), -1.0, -limit.least)
            for limit in task.limits
            if limit.least > 0
        ]
        self.elastic = [*(self._quota(quota) for quota in task.quotas), *least, *kept]
        self.sides = self.limits + self.elastic
        goals = [goal, *(side.goal for side in kept)]
        self.least = task.least is not None and bool((task.least > 1).any())
        self.counts_rows = any(one.rows is not None for one in goals)
        self.counts_columns = any(one.columns is not None for one in goals)
        self.scale = self._largest() or 1.0
        self.pairs = np.zeros(task.scores.shape) if goal.pairs is None else goal.pairs

    def _quota(self, quota: Quota) -> Side:
        """Counted for so many pairs where their number is settled, else for as many as there are."""
        if self.placed is not None:
            return Side(quota.name, Goal(pairs=-quota.has.astype(np.float64)), 1.0, -float(quota.needed(self.placed)))
        return Side(
            quota.name,
            Goal(pairs=quota.share - quota.has.astype(np.float64)),
            1.0,
            quota.done_with - quota.share * quota.done,
        )

    def _largest(self) -> float:
        parts = [part for part in (self.goal.pairs, self.goal.rows, self.goal.columns) if part is not None]
        return max((float(np.abs(part).max(initial=0.0)) for part in parts), default=0.0)

    def penalty(self) -> float:
        """What breaking an elastic row costs, in units of the scale: more than any plan can be worth."""
        most = min(int(self.task.demand.sum()), int(self.task.capacity.sum())) + 1
        return 16.0 * most

    def reduced(self, duals: Floats) -> Floats:
        """What every pair would add under the duals."""
        rows, columns = self.task.scores.shape
        found = self.pairs - duals[:rows, None] - duals[rows : rows + columns]
        place = rows + columns
        if self.least:
            found += duals[place : place + columns]
            place += columns
        if self.counts_rows:
            found += duals[place : place + rows, None]
            place += rows
        if self.counts_columns:
            found += duals[place : place + columns]
            place += columns
        for side, price in zip(self.sides, duals[place:].tolist(), strict=True):
            if price and side.goal.pairs is not None:
                found -= price * side.sign * side.goal.pairs
        return found

    def prices(self, duals: Floats) -> Prices:
        """The duals that a certificate can use."""
        rows, columns = self.task.scores.shape
        by_name = dict(
            zip([side.name for side in self.sides], duals[len(duals) - len(self.sides) :].tolist(), strict=True)
        )
        quotas = {quota.name: by_name[quota.name] for quota in self.task.quotas}
        worth = by_name.get(PLACED, 0.0) - by_name.get(NO_MORE, 0.0)
        limits = {limit.name: by_name[limit.name] for limit in self.task.limits}
        return Prices(duals[rows : rows + columns].copy(), worth, quotas, limits)


def _members(task: Task, limit: Limit) -> Floats:
    inside = limit.members[:, None] if limit.of_rows else limit.members[None, :]
    return np.broadcast_to(inside, task.scores.shape).astype(np.float64)


def layout(asked: Rows, active: Bools) -> Layout:
    """The program over the active pairs."""
    task, scale = asked.task, asked.scale
    rows, columns = np.nonzero(active)
    many, (height, width) = len(rows), active.shape
    cells = np.arange(many)
    of_rows = csr_array((np.ones(many), (rows, cells)), shape=(height, many))
    of_columns = csr_array((np.ones(many), (columns, cells)), shape=(width, many))
    used, row_has, column_has = (
        width if asked.least else 0,
        height if asked.counts_rows else 0,
        width if asked.counts_columns else 0,
    )
    least = task.least if task.least is not None else np.ones(width)
    blocks = [[of_rows, None, None, None, None]]
    if asked.least:
        blocks.append([of_columns, None, diags_array(-task.capacity.astype(np.float64)), None, None])
        blocks.append([-of_columns, None, diags_array(np.asarray(least, dtype=np.float64)), None, None])
    else:
        blocks.append([of_columns, None, None, None, None])
    if row_has:
        blocks.append([-of_rows, None, None, eye_array(height), None])
    if column_has:
        blocks.append([-of_columns, None, None, None, eye_array(width)])
    blocks += [_side_block(asked, side, rows, columns) for side in asked.sides]
    sizes = (many, len(asked.elastic), used, row_has, column_has)
    goal = asked.goal
    gain = np.concatenate([
        asked.pairs[rows, columns] / scale,
        np.full(len(asked.elastic), -asked.penalty()),
        np.zeros(used),
        np.zeros(row_has) if goal.rows is None else goal.rows / scale,
        np.zeros(column_has) if goal.columns is None else goal.columns / scale,
    ])  # fmt: skip
    high = np.ones(sum(sizes))
    high[many : many + len(asked.elastic)] = np.inf
    whole = np.ones(sum(sizes))
    whole[many : many + len(asked.elastic)] = 0.0
    return Layout(
        rows, columns, gain, _stacked(blocks, sizes), _most(asked), np.zeros(sum(sizes)), high, whole,
        slice(many, many + len(asked.elastic)),
    )  # fmt: skip


def _side_block(asked: Rows, side: Side, rows: Ints, columns: Ints) -> list[csr_array | None]:
    goal, (height, width) = side.goal, asked.task.scores.shape
    pairs = np.zeros(len(rows)) if goal.pairs is None else goal.pairs[rows, columns]
    block: list[csr_array | None] = [csr_array(side.sign * pairs[None, :]), None, None, None, None]
    if asked.elastic:
        slack = np.array([[-1.0 if side is other else 0.0 for other in asked.elastic]])
        block[1] = csr_array(slack)
    if goal.rows is not None:
        block[3] = csr_array(side.sign * goal.rows.reshape(1, height))
    if goal.columns is not None:
        block[4] = csr_array(side.sign * goal.columns.reshape(1, width))
    return block


def _stacked(blocks: list[list[csr_array | None]], sizes: tuple[int, ...]) -> csr_array:
    """The blocks beside and below each other, empty ones filled."""
    full = []
    for line in blocks:
        height = next(block.shape[0] for block in line if block is not None)
        full.append(
            [
                csr_array((height, size)) if block is None else block
                for block, size in zip(line, sizes, strict=True)
                if size
            ]
        )
    return csr_array(block_array(full, format="csr"))


def _most(asked: Rows) -> Floats:
    task = asked.task
    height, width = task.scores.shape
    parts = [task.demand.astype(np.float64), np.zeros(width) if asked.least else task.capacity.astype(np.float64)]
    if asked.least:
        parts.append(np.zeros(width))
    if asked.counts_rows:
        parts.append(np.zeros(height))
    if asked.counts_columns:
        parts.append(np.zeros(width))
    parts.append(np.array([side.most for side in asked.sides], dtype=np.float64))
    return np.concatenate(parts)
