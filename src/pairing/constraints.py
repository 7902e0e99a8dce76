"""What never happens, each reason one bit of a mask per pair.

A constraint is one function and one line: below, or ``register`` for one of your own. What nobody has said forbids
nothing: without stated hours, languages or comparable levels, the constraint about them is silent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairing.facts import Bools, Facts
from pairing.phrases import OBSTACLES
from pairing.types import NOT_POSSIBLE, Obstacle, Person, Problem

Mask = NDArray[np.uint32]
MOST = 32


def same_person(facts: Facts, problem: Problem) -> Bools:
    return facts.same_person


def conflict(facts: Facts, problem: Problem) -> Bools:
    def people(person: Person) -> list[str]:
        return [entry.removeprefix("person:") for entry in person.not_with if entry.startswith("person:")]

    forth, back = facts.named(people)
    result = forth | back
    employers = {mentor.organisation for mentor in facts.mentors} | {mentee.organisation for mentee in facts.mentees}
    mentor_at = np.array([mentor.organisation for mentor in facts.mentors], dtype=object)
    mentee_at = np.array([mentee.organisation for mentee in facts.mentees], dtype=object)
    for row, mentee in enumerate(facts.mentees):
        for organisation in _organisations(mentee) & employers:
            result[row, mentor_at == organisation] = True
    for column, mentor in enumerate(facts.mentors):
        for organisation in _organisations(mentor) & employers:
            result[mentee_at == organisation, column] = True
    return result


def _organisations(person: Person) -> set[str]:
    prefix = "organisation:"
    return {entry.removeprefix(prefix) for entry in person.not_with if entry.startswith(prefix)}


def blocked(facts: Facts, problem: Problem) -> Bools:
    forth, back = facts.named(lambda person: person.blocked)
    return forth | back


def reporting_line(facts: Facts, problem: Problem) -> Bools:
    forth, back = facts.named(lambda person: person.line_manager_ids)
    return forth | back


def forbidden_by_coordinator(facts: Facts, problem: Problem) -> Bools:
    result = np.zeros(facts.shape, dtype=bool)
    for mentee_id, mentor_id in problem.forbidden:
        result[facts.row[mentee_id], facts.column[mentor_id]] = True
    return result


def organisation_rule(facts: Facts, problem: Problem) -> Bools:
    """Each side accepts its own organisation, people who share a pool with it, or anyone."""
    in_pool = facts.shared(lambda person: person.pools or {""}) > 0
    result = np.zeros(facts.shape, dtype=bool)
    for accepts, allowed in (("own", facts.same_organisation), ("pool", in_pool | facts.same_organisation)):
        rows = np.array([mentee.accepts_from == accepts for mentee in facts.mentees], dtype=bool)
        columns = np.array([mentor.accepts_from == accepts for mentor in facts.mentors], dtype=bool)
        result |= ~allowed & (rows[:, None] | columns[None, :])
    return result


def same_organisation(facts: Facts, problem: Problem) -> Bools:
    if problem.rules.same_organisation_allowed:
        return np.zeros(facts.shape, dtype=bool)
    return facts.same_organisation


def no_common_language(facts: Facts, problem: Problem) -> Bools:
    if not problem.rules.require_common_language:
        return np.zeros(facts.shape, dtype=bool)
    return np.array(facts.languages_known & (facts.shared_languages == 0))


def no_shared_hours(facts: Facts, problem: Problem) -> Bools:
    return np.array(facts.hours_known & (facts.shared_minutes < problem.rules.min_shared_minutes))


def seniority(facts: Facts, problem: Problem) -> Bools:
    if problem.rules.seniority is None:
        return np.zeros(facts.shape, dtype=bool)
    least, most = problem.rules.seniority
    return np.array((facts.level_gap < least) | (facts.level_gap > most))


def capacity(facts: Facts, problem: Problem) -> Bools:
    """Somebody who offers or asks for no place."""
    rows = np.array([mentee.demand == 0 for mentee in facts.mentees], dtype=bool)
    columns = np.array([places_of(mentor, problem) == 0 for mentor in facts.mentors], dtype=bool)
    return np.array(rows[:, None] | columns[None, :])


def places_of(mentor: Person, problem: Problem) -> int:
    """A mentor's places under the programme's cap."""
    cap = problem.rules.max_mentees
    return mentor.capacity if cap is None else min(mentor.capacity, cap)


def least_of(mentor: Person, problem: Problem) -> int:
    """How many mentees a mentor needs to have any: 1 where a circle meets already."""
    return max(1, problem.rules.min_mentees - mentor.mentees_now)


@dataclass(frozen=True, slots=True)
class Constraint:
    """forbids: where a pair is never made. of_people: depends on people alone, on no rule and no place. hidden: the
    reason is shown to nobody. says: what fits after "but" and after "because"; without it the name speaks."""

    name: str
    forbids: Callable[[Facts, Problem], Bools]
    of_people: bool = False
    hidden: bool = False
    says: str = ""


REGISTERED: dict[str, Constraint] = {}
BIT: dict[str, np.uint32] = {}


def register(constraint: Constraint) -> None:
    """One more reason for which a pair is never made, in every problem that is prepared from now on.

    Raises ValueError for a name that there is already, and beyond 32 constraints.
    """
    if constraint.name in REGISTERED:
        raise ValueError(f"There is a constraint called {constraint.name!r} already.")
    if len(REGISTERED) == MOST:
        raise ValueError(f"There are {MOST} constraints already; no more can be told apart.")
    BIT[constraint.name] = np.uint32(1 << len(REGISTERED))
    REGISTERED[constraint.name] = constraint
    OBSTACLES.setdefault(constraint.name, constraint.says or constraint.name.replace("_", " "))


for _one in (
    Constraint("same_person", same_person, of_people=True),
    Constraint("conflict", conflict, of_people=True, hidden=True),
    Constraint("blocked", blocked, of_people=True, hidden=True),
    Constraint("reporting_line", reporting_line, of_people=True),
    Constraint("forbidden_by_coordinator", forbidden_by_coordinator),
    Constraint("organisation_rule", organisation_rule, of_people=True),
    Constraint("same_organisation", same_organisation),
    Constraint("no_common_language", no_common_language),
    Constraint("no_shared_hours", no_shared_hours),
    Constraint("seniority", seniority),
    Constraint("capacity", capacity),
):
    register(_one)

DECIDED = "forbidden_by_coordinator"


def _names(*, of_people: bool) -> tuple[str, ...]:
    """Those that depend on people alone, or on rules and places too; the coordinator's own decisions stand apart."""
    return tuple(name for name, one in REGISTERED.items() if one.of_people == of_people and name != DECIDED)


def people_mask(facts: Facts, problem: Problem) -> Mask:
    """The part of the mask that no rule and no decision changes."""
    return _mask(facts, problem, _names(of_people=True))


def rules_mask(facts: Facts, problem: Problem, of_people: Mask) -> Mask:
    """The mask of people and rules, before the coordinator's own decisions."""
    return of_people | _mask(facts, problem, _names(of_people=False))


def full_mask(facts: Facts, problem: Problem, of_rules: Mask) -> Mask:
    """Every reason against every pair; 0 where a pair is allowed."""
    return of_rules | _mask(facts, problem, (DECIDED,)) if problem.forbidden else of_rules


def _mask(facts: Facts, problem: Problem, names: tuple[str, ...]) -> Mask:
    mask = np.zeros(facts.shape, dtype=np.uint32)
    for name in names:
        mask[REGISTERED[name].forbids(facts, problem)] |= BIT[name]
    return mask


def reasons(bits: int) -> list[str]:
    """The names in a mask, hidden ones included: for the engine's own use."""
    return [name for name in REGISTERED if bits & int(BIT[name])]


def public_reasons(bits: int) -> list[str]:
    """The names that may be shown; a pair that only a hidden reason forbids is ``not_possible``."""
    against = reasons(bits)
    return [name for name in against if not REGISTERED[name].hidden] or ([NOT_POSSIBLE] if against else [])


def obstacles(facts: Facts, problem: Problem, bits: int, row: int, column: int) -> tuple[Obstacle, ...]:
    """The public reasons against one pair, with the numbers that go with them."""
    return tuple(Obstacle(name, _evidence(facts, problem, name, row, column)) for name in public_reasons(bits))


def _evidence(facts: Facts, problem: Problem, name: str, row: int, column: int) -> dict[str, Any]:
    if name == "no_shared_hours":
        return {
            "shared_minutes": int(facts.shared_minutes[row, column]),
            "needed_minutes": problem.rules.min_shared_minutes,
        }
    if name == "seniority" and problem.rules.seniority is not None:
        least, most = problem.rules.seniority
        return {"levels_above": int(facts.level_gap[row, column]), "least": least, "most": most}
    if name == "same_organisation":
        return {"organisation": facts.mentees[row].organisation}
    return {}
