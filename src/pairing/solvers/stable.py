"""Plans in which no two people would rather have each other: deferred acceptance, with many places on both sides.

Rows propose. Ties go to whoever stands first, and rows and columns stand in the order of a hash of their ids.
"""

from heapq import heappush, heappushpop

import numpy as np

from pairing.errors import Infeasible
from pairing.solvers.arrays import Bools, Floats, Ints
from pairing.solvers.task import Plan, Prices, Task, keeps_conditions

MOST_ENTRIES = 4_000_000


def best_plan(task: Task, by_rows: Floats, by_columns: Floats, seconds: float) -> Plan:
    """The stable plan that rows like best; with side conditions, of the stable plans that keep them the best total.

    by_rows, by_columns: how much each row likes each column, and each column each row; both rows x columns.
    """
    plan = deferred(task, by_rows, by_columns)
    if keeps_conditions(task, plan):
        return plan
    height, width = task.scores.shape
    if height * width * (height + width) > MOST_ENTRIES:
        raise Infeasible("The stable plan breaks a quota, a limit or a least size, and others are too many to try.")
    from pairing.solvers import stable_program

    return stable_program.best_plan(task, by_rows, by_columns, seconds)


def deferred(task: Task, by_rows: Floats, by_columns: Floats) -> Plan:
    """The stable plan that rows like best."""
    height, width = task.scores.shape
    liked = np.argsort(np.where(task.allowed, -by_rows, np.inf), axis=1, kind="stable")
    rank = np.argsort(np.argsort(-by_columns, axis=0, kind="stable"), axis=0)
    several = task.allowed.sum(axis=1)
    held: list[list[tuple[int, int]]] = [[] for _ in range(width)]
    asked = [0] * height
    waiting = [row for row in range(height) for _ in range(min(int(task.demand[row]), int(several[row])))][::-1]
    while waiting:
        row = waiting.pop()
        if asked[row] == several[row]:
            continue
        column = int(liked[row, asked[row]])
        asked[row] += 1
        refused = _offer(held[column], int(task.capacity[column]), -int(rank[row, column]), row)
        if refused is not None:
            waiting.append(refused)
    couples = sorted((row, column) for column, rows in enumerate(held) for _, row in rows)
    rows, columns = np.array(couples, dtype=np.int64).reshape(-1, 2).T
    return Plan(rows, columns, Prices(np.zeros(width)), searched=True)


def _offer(held: list[tuple[int, int]], room: int, rank: int, row: int) -> int | None:
    """Who is sent away when a row asks for a place."""
    if len(held) < room:
        heappush(held, (rank, row))
        return None
    return heappushpop(held, (rank, row))[1] if room else row


def blocking(task: Task, by_rows: Floats, by_columns: Floats, rows: Ints, columns: Ints) -> Bools:
    """Pairs that would rather have each other than what they have; a place left over is worse than anybody."""
    has_row = _least_liked(by_rows[rows, columns], rows, task.demand)
    has_column = _least_liked(by_columns[rows, columns], columns, task.capacity)
    found: Bools = task.allowed & (by_rows > has_row[:, None]) & (by_columns > has_column)
    found[rows, columns] = False
    return found


def _least_liked(liked: Floats, people: Ints, room: Ints) -> Floats:
    worst = np.full(len(room), np.inf)
    np.minimum.at(worst, people, liked)
    return np.where(np.bincount(people, minlength=len(room)) < room, -np.inf, worst)
