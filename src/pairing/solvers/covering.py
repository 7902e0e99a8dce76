"""Who must not be left out, in order; then the total."""

from collections.abc import Sequence

import numpy as np

from pairing.solvers import assignment, faces, goals
from pairing.solvers.arrays import Bools, Floats
from pairing.solvers.goals import Goal
from pairing.solvers.task import Plan, Task, keeps_conditions

AT_A_TIME = 10
Order = Sequence[str | tuple[str, tuple[int, ...]]]


def best_plan(task: Task, order: Order, seconds: float) -> Plan:
    """The plan that leaves out as few of each whole side, or as late a person of each list, as can be."""
    plain = task.plain()
    if assignment.fits(plain):
        plan = faces.in_turn(plain, [*_plain_goals(plain, order), goals.largest_sum(plain)])
        if keeps_conditions(task, plan):
            return plan
    from pairing.solvers import program

    return program.in_turn(task, [*_goals(task, order), goals.largest_sum(task)], seconds)


def _goals(task: Task, order: Order) -> list[Goal]:
    """Lists of people a few at a time, each person worth more than all that follow among these few."""
    found = []
    for entry in order:
        if isinstance(entry, str):
            found.append(_side(task, entry))
            continue
        side, people = entry
        for begin in range(0, len(people), AT_A_TIME):
            some = people[begin : begin + AT_A_TIME]
            worth = np.zeros(_size(task, side))
            worth[list(some)] = 2.0 ** np.arange(len(some) - 1, -1, -1)
            found.append(_worth(side, worth))
    return found


def _plain_goals(task: Task, order: Order) -> list[Goal]:
    """Whom a list covers is found one by one: who can be covered beside those before is, and that is a matroid."""
    found = []
    for entry in order:
        if isinstance(entry, str):
            found.append(_side(task, entry))
        else:
            side, people = entry
            worth = np.zeros(_size(task, side))
            worth[list(coverable(task, side, people))] = 1.0
            found.append(_worth(side, worth))
    return found


def coverable(task: Task, side: str, people: Sequence[int]) -> list[int]:
    """Of people in order, each who can have somebody together with those taken before."""
    of_rows = side == "mentees"
    allowed: Bools = task.allowed if of_rows else task.allowed.T
    room = (task.capacity if of_rows else task.demand).tolist()
    wants = task.demand if of_rows else task.capacity
    held: list[set[int]] = [set() for _ in room]
    return [person for person in people if wants[person] > 0 and _seated(allowed, room, held, person)]


def _seated(allowed: Bools, room: list[int], held: list[set[int]], person: int) -> bool:
    """One augmenting path, breadth first."""
    came_from: dict[int, int] = {}
    queue = [person]
    for mover in queue:
        for place in np.flatnonzero(allowed[mover]).tolist():
            if place in came_from or not room[place]:
                continue
            came_from[place] = mover
            if len(held[place]) < room[place]:
                _reseat(held, came_from, place, person)
                return True
            queue.extend(held[place])
    return False


def _reseat(held: list[set[int]], came_from: dict[int, int], place: int, person: int) -> None:
    while True:
        mover = came_from[place]
        previous = next((seat for seat in came_from if mover in held[seat]), None)
        held[place].add(mover)
        if mover == person or previous is None:
            return
        held[previous].remove(mover)
        place = previous


def _side(task: Task, side: str) -> Goal:
    if side == "pairs":
        return goals.most_pairs(task)
    return goals.most_rows(task) if side == "mentees" else goals.most_columns(task)


def _size(task: Task, side: str) -> int:
    return len(task.demand) if side == "mentees" else len(task.capacity)


def _worth(side: str, worth: Floats) -> Goal:
    return Goal(rows=worth, whole=True) if side == "mentees" else Goal(columns=worth, whole=True)
