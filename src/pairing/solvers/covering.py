"""Who must not be left out, in order; then the total."""

from collections.abc import Sequence

import numpy as np

from pairing.solvers import assignment, faces, goals
from pairing.solvers.arrays import Bools, Floats, Ints
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
    seats = _Seats(task.allowed if of_rows else task.allowed.T, task.capacity if of_rows else task.demand)
    wants = task.demand if of_rows else task.capacity
    return [person for person in people if wants[person] > 0 and seats.found_for(person)]


class _Seats:
    """Who sits where, each person on one of many seats of a place."""

    def __init__(self, allowed: Bools, room: Ints) -> None:
        self.allowed = allowed & (room > 0)
        self.free = room.copy()
        self.held: list[set[int]] = [set() for _ in room]
        self.at: dict[int, int] = {}

    def found_for(self, person: int) -> bool:
        """A seat for one more, along one augmenting path, breadth first; nobody who has one loses it."""
        unseen = np.ones(len(self.free), dtype=bool)
        came_from: dict[int, int] = {}
        queue = [person]
        for mover in queue:
            open_ones = self.allowed[mover] & unseen
            unseen &= ~open_ones
            places = np.flatnonzero(open_ones)
            came_from |= dict.fromkeys(places.tolist(), mover)
            empty = places[self.free[places] > 0]
            if len(empty):
                self._move_up(came_from, int(empty[0]))
                return True
            for place in places.tolist():
                queue.extend(self.held[place])
        return False

    def _move_up(self, came_from: dict[int, int], place: int) -> None:
        self.free[place] -= 1
        left: int | None = place
        while left is not None:
            mover = came_from[left]
            before = self.at.get(mover)
            if before is not None:
                self.held[before].discard(mover)
            self.held[left].add(mover)
            self.at[mover] = left
            left = before


def _side(task: Task, side: str) -> Goal:
    if side == "pairs":
        return goals.most_pairs(task)
    return goals.most_rows(task) if side == "mentees" else goals.most_columns(task)


def _size(task: Task, side: str) -> int:
    return len(task.demand) if side == "mentees" else len(task.capacity)


def _worth(side: str, worth: Floats) -> Goal:
    return Goal(rows=worth, whole=True) if side == "mentees" else Goal(columns=worth, whole=True)
