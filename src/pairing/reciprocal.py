"""Nobody is the mentor of their own mentor: of two pairs that are each other's opposite a plan holds one at most.

Two such pairs hang together by people, not by rows and columns, so the solvers know nothing of them. A plan that
holds both is solved again, once without the one and once without the other, and so on, the most promising first: the
first plan without opposites is the best there is.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count, product

import numpy as np

from pairing.errors import Infeasible
from pairing.facts import Facts
from pairing.solvers import objectives
from pairing.solvers.arrays import Floats
from pairing.solvers.objectives import Name, Wish
from pairing.solvers.task import Plan, Task

Cell = tuple[int, int]
Key = tuple[float, ...]
MOST_TRIES = 60


class Opposites:
    """Which pairs are each other's opposite. Without people who are both mentee and mentor there are none."""

    def __init__(self, facts: Facts, allowed: bool = False) -> None:
        self.as_mentor: dict[int, list[int]] = defaultdict(list)
        self.as_mentee: dict[int, list[int]] = defaultdict(list)
        for row, column in [] if allowed else np.argwhere(facts.same_person).tolist():
            self.as_mentor[row].append(column)
            self.as_mentee[column].append(row)

    def of(self, row: int, column: int) -> Iterator[Cell]:
        """The same two people the other way round."""
        return product(self.as_mentee.get(column, ()), self.as_mentor.get(row, ()))

    def among(self, cells: Iterable[Cell]) -> list[tuple[Cell, Cell]]:
        """The opposites in a plan, each two once."""
        chosen = set(cells)
        found = ((cell, other) for cell in sorted(chosen) for other in self.of(*cell))
        return [(cell, other) for cell, other in found if other in chosen and cell < other]


def best(task: Task, wanted: Name | Wish, opposites: Opposites) -> tuple[Plan, float | None]:
    """As `objectives.best`, without opposites. Raises Infeasible where none such is left."""
    wish = wanted if isinstance(wanted, Wish) else Wish(wanted)
    plan, floor = objectives.best(task, wish)
    if not _opposite(plan, opposites):
        return plan, floor
    if wish.name == "stable":
        return _stable(task, wish, opposites, plan), None
    return _search(task, wish, opposites, (plan, floor))


def _stable(task: Task, wish: Wish, opposites: Opposites, plan: Plan) -> Plan:
    """Of two opposites the one that fits less is ruled out; the plan is stable among all pairs that are left."""
    while pairs := _opposite(plan, opposites):
        task = without(task, [min(two, key=lambda cell: task.scores[cell]) for two in pairs])
        plan, _floor = objectives.best(task, wish)
    return plan


def _search(
    task: Task, wish: Wish, opposites: Opposites, first: tuple[Plan, float | None]
) -> tuple[Plan, float | None]:
    order = count()
    open_ones = [(_key(task, *first, wish), next(order), task, *first)]
    tries = 0
    while open_ones:
        _value, _number, tried, plan, floor = heapq.heappop(open_ones)
        pairs = _opposite(plan, opposites)
        if not pairs:
            proven = tries <= MOST_TRIES and (plan.searched or (not task.quotas and task.least is None))
            return replace(plan, searched=proven), floor
        out: Iterable[list[Cell]] = [[cell] for cell in pairs[0]]
        if tries > MOST_TRIES:
            out, open_ones = [[min(two, key=lambda cell: task.scores[cell]) for two in pairs]], []
        for cells in out:
            tries += 1
            branch = without(tried, cells)
            try:
                found = objectives.best(branch, wish)
            except Infeasible:
                continue
            heapq.heappush(open_ones, (_key(branch, *found, wish), next(order), branch, *found))
    raise Infeasible("The other rules leave no plan in which nobody is the mentor of their own mentor.")


def without(task: Task, cells: Iterable[Cell]) -> Task:
    """The task in which these pairs are not allowed."""
    allowed = task.allowed.copy()
    for cell in cells:
        allowed[cell] = False
    return replace(task, allowed=allowed)


def _opposite(plan: Plan, opposites: Opposites) -> list[tuple[Cell, Cell]]:
    if not opposites.as_mentor:
        return []
    return opposites.among(zip(plan.rows.tolist(), plan.columns.tolist(), strict=True))


def _key(task: Task, plan: Plan, floor: float | None, wish: Wish) -> Key:
    """What the objective wants most comes first; the least key is the best plan."""
    total = -plan.total(task)
    if wish.name == "sum":
        return (total,)
    if wish.name == "cover":
        has = set(plan.rows.tolist())
        listed = [person for entry in wish.cover if not isinstance(entry, str) for person in entry[1]]
        return (*(-float(person in has) for person in listed), -len(has), -plan.placed, total)
    bands = _in_bands(task.scores[plan.rows, plan.columns], wish.bands)
    return (-plan.placed, -(floor or 0.0), *bands, total)


def _in_bands(scores: Floats, edges: tuple[float, ...]) -> list[float]:
    """How many pairs lie in each band, from the lowest."""
    return np.histogram(scores, [-np.inf, *edges])[0].astype(float).tolist() if edges else []
