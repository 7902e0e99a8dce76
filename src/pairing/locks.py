"""What the coordinator has decided is settled first: locked pairs leave the task, and take their places with them."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from pairing import constraints
from pairing.errors import Infeasible
from pairing.facts import Bools, Facts, Floats, Ints
from pairing.phrases import OBSTACLES, counted
from pairing.reciprocal import Opposites, without
from pairing.shares import BORDERS
from pairing.solvers.task import Limit, Quota, Task
from pairing.types import Person, Problem

# The name of the limit that keeps a mentor's circle at its least size.
CIRCLE = "circle:"


@dataclass(frozen=True, slots=True)
class Settled:
    """The task that is left, the locked pairs as two index arrays, and which pairs are each other's opposite."""

    task: Task
    rows: Ints
    columns: Ints
    opposites: Opposites


def settle(problem: Problem, facts: Facts, mask: constraints.Mask, scores: Floats) -> Settled:
    """Take the locks out of a problem. Raises Infeasible, naming the two demands that contradict each other."""
    locks = sorted((facts.row[mentee_id], facts.column[mentor_id]) for mentee_id, mentor_id in problem.locks)
    rows, columns = np.array(locks, dtype=np.int64).reshape(-1, 2).T
    for row, column in locks:
        _require_allowed(problem, facts, mask, row, column)
    opposites = Opposites(facts, problem.rules.both_ways_allowed)
    _require_one_way(facts, opposites, locks)
    demand = np.array([person.demand for person in facts.mentees], dtype=np.int64)
    capacity = np.array([constraints.places_of(person, problem) for person in facts.mentors], dtype=np.int64)
    _require_room(facts.mentees, rows, demand, "mentee", "asks for", "mentor")
    _require_room(facts.mentors, columns, capacity, "mentor", "has room for", "mentee")
    allowed = mask == 0
    allowed[rows, columns] = False
    given = np.bincount(columns, minlength=len(capacity))
    least = np.array([constraints.least_of(person, problem) for person in facts.mentors], dtype=np.int64)
    if (least > 1).any():
        allowed[:, capacity < least] = False
    task = Task(
        scores=scores,
        allowed=allowed,
        demand=demand - np.bincount(rows, minlength=len(demand)),
        capacity=capacity - given,
        limits=(*_limits(problem, facts, rows, columns), *_opened(facts, least, given, allowed, capacity)),
        quotas=_quotas(problem, facts, rows, columns),
        least=np.where(given > 0, 1, least) if (least[given == 0] > 1).any() else None,
    )
    task = without(task, [other for lock in locks for other in opposites.of(*lock)])
    return Settled(task, rows, columns, opposites)


def _require_allowed(problem: Problem, facts: Facts, mask: constraints.Mask, row: int, column: int) -> None:
    found = constraints.public_reasons(int(mask[row, column]))
    if found:
        mentee, mentor = facts.mentees[row].id, facts.mentors[column].id
        why = " and ".join(OBSTACLES[name] for name in found)
        raise Infeasible(f"The mentee {mentee} and the mentor {mentor} are locked together, but {why}.")


def _require_one_way(facts: Facts, opposites: Opposites, locks: list[tuple[int, int]]) -> None:
    for (row, column), (other_row, other_column) in opposites.among(locks):
        raise Infeasible(
            f"The mentee {facts.mentees[row].id} is locked with the mentor {facts.mentors[column].id}, and the mentee "
            f"{facts.mentees[other_row].id} with the mentor {facts.mentors[other_column].id}: "
            "two people are never each other's mentor."
        )


def _require_room(people: tuple[Person, ...], taken: Ints, room: Ints, role: str, verb: str, other: str) -> None:
    for place, locks in Counter(taken.tolist()).items():
        if locks > room[place]:
            asked = counted(int(room[place]), other)
            raise Infeasible(f"The {role} {people[place].id} {verb} {asked}, but {counted(locks, 'lock')} name them.")


def _opened(facts: Facts, least: Ints, given: Ints, allowed: Bools, capacity: Ints) -> list[Limit]:
    """A mentor with a locked mentee has a circle, and it must reach the least size. Raises Infeasible."""
    found = []
    for column in np.flatnonzero((given > 0) & (least > given)).tolist():
        mentor, missing = facts.mentors[column].id, int(least[column] - given[column])
        possible = min(int(allowed[:, column].sum()), int(capacity[column] - given[column]))
        if possible < missing:
            raise Infeasible(
                f"The mentor {mentor} needs {counted(int(least[column]), 'mentee')} for a circle and has "
                f"{counted(int(given[column]), 'lock')}, but no more than {counted(possible, 'other mentee')} may join."
            )
        members = np.arange(len(capacity)) == column
        found.append(Limit(f"{CIRCLE}{mentor}", False, members, int(capacity[column] - given[column]), missing))
    return found


def _limits(problem: Problem, facts: Facts, rows: Ints, columns: Ints) -> tuple[Limit, ...]:
    found = []
    for word, places, of_rows, people, taken in (
        ("taken", problem.rules.places_taken, True, facts.mentees, rows),
        ("given", problem.rules.places_given, False, facts.mentors, columns),
    ):
        for organisation, most in sorted(places.items()):
            members: Bools = np.array([person.organisation == organisation for person in people], dtype=bool)
            locked = int(members[taken].sum())
            if locked > most:
                side = "takes" if of_rows else "gives"
                raise Infeasible(
                    f"The organisation {organisation} {side} at most {counted(most, 'place')}, "
                    f"but {counted(locked, 'lock')} use its places."
                )
            if members.any():
                found.append(Limit(f"{word}:{organisation}", of_rows, members, most - locked))
    return tuple(found)


def _quotas(problem: Problem, facts: Facts, rows: Ints, columns: Ints) -> tuple[Quota, ...]:
    asked = ((border, border.crossed(facts)) for border in BORDERS if border.asked(problem.rules))
    return tuple(
        Quota(border.quota, across, border.asked(problem.rules), len(rows), int(across[rows, columns].sum()))
        for border, across in asked
    )
