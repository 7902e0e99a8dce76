"""Fixed pairs leave the question and take their places with them; what contradicts itself is named."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from pairing.errors import Infeasible
from pairing.folder.question import Question
from pairing.phrases import counted
from pairing.solvers.arrays import Bools, Floats, Ints
from pairing.solvers.task import Limit, Quota, Task


@dataclass(frozen=True, slots=True)
class Settled:
    """What is left to solve, in scores as given, and the fixed pairs as two index arrays.

    worth: scores with what stickiness adds to pairs that stood before.
    """

    task: Task
    worth: Floats
    rows: Ints
    columns: Ints


def settle(question: Question) -> Settled:
    """Take out the fixed pairs. Raises Infeasible, naming what contradicts what."""
    allowed = ~np.isnan(question.scores)
    for row, column in question.forbidden:
        allowed[row, column] = False
    _require_sound(question, allowed)
    rows, columns = np.array(sorted(question.fixed), dtype=np.int64).reshape(-1, 2).T
    taken = np.bincount(rows, minlength=len(question.demand))
    given = np.bincount(columns, minlength=len(question.capacity))
    _require_room(taken, question.demand, "mentee", "asks for", "mentor")
    _require_room(given, question.capacity, "mentor", "has room for", "mentee")
    allowed[rows, columns] = False
    scores = np.nan_to_num(question.scores, nan=0.0)
    worth = scores.copy()
    if question.stickiness and question.previous:
        before = np.array(sorted(set(question.previous)), dtype=np.int64)
        worth[before[:, 0], before[:, 1]] += question.stickiness
    opened = _opened(question, given, allowed[question.demand > taken])
    least = np.where(given > 0, 0, question.least)
    task = Task(
        scores=scores,
        allowed=allowed,
        demand=question.demand - taken,
        capacity=question.capacity - given,
        limits=(*_limits(question, rows, columns), *opened),
        quotas=tuple(
            Quota(share.name, share.has, share.least, len(rows), int(share.has[rows, columns].sum()))
            for share in question.quotas
            if share.least > 0
        ),
        least=least if (least > 1).any() else None,
    )
    return Settled(task, worth, rows, columns)


def _require_sound(question: Question, allowed: Bools) -> None:
    for (row, column), times in Counter(question.fixed).items():
        if times > 1:
            raise Infeasible(f"fixed_pairs names mentee {row} and mentor {column} {times} times.")
        if (row, column) in question.forbidden:
            raise Infeasible(
                f"Mentee {row} and mentor {column} are fixed together, but forbidden_pairs names them too."
            )
        if not allowed[row, column]:
            raise Infeasible(
                f"Mentee {row} and mentor {column} are fixed together, but their score allows no pair (NaN)."
            )
    for column in np.flatnonzero((question.least > question.capacity) & (question.capacity > 0)).tolist():
        least, most = int(question.least[column]), counted(int(question.capacity[column]), "place")
        raise Infeasible(f"Mentor {column} is to have at least {counted(least, 'mentee')}, but has {most}.")


def _require_room(taken: Ints, room: Ints, role: str, verb: str, other: str) -> None:
    for place in np.flatnonzero(taken > room).tolist():
        fixed = counted(int(taken[place]), "fixed pair")
        raise Infeasible(f"The {role} {place} {verb} {counted(int(room[place]), other)}, but {fixed} name them.")


def _opened(question: Question, given: Ints, allowed: Bools) -> list[Limit]:
    """A mentor who has fixed mentees must reach the least size."""
    found = []
    for column in np.flatnonzero((given > 0) & (question.least > given)).tolist():
        members = np.arange(len(question.capacity)) == column
        missing = int(question.least[column] - given[column])
        possible = int(allowed[:, column].sum())
        if possible < missing:
            raise Infeasible(
                f"Mentor {column} has {counted(int(given[column]), 'fixed pair')} and is to have at least "
                f"{counted(int(question.least[column]), 'mentee')}, but only {possible} more may join."
            )
        most = int(question.capacity[column] - given[column])
        found.append(Limit(f"the least size of mentor {column}", False, members, most, missing))
    return found


def _limits(question: Question, rows: Ints, columns: Ints) -> list[Limit]:
    found = []
    for group in question.groups:
        of_rows = group.side == "mentees"
        members = np.zeros(question.shape[0 if of_rows else 1], dtype=bool)
        members[list(group.members)] = True
        used = int(members[rows if of_rows else columns].sum())
        if used > group.most:
            fixed = counted(used, "fixed pair")
            raise Infeasible(f"The limit {group.name} allows {counted(group.most, 'pair')}, but {fixed} fall under it.")
        found.append(Limit(group.name, of_rows, members, group.most - used))
    return found
