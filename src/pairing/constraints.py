"""What never happens, each reason one bit of a mask per pair.

A constraint is one function and one line in FUNCTIONS. What nobody has said forbids nothing: without stated
hours, languages or comparable levels, the constraint about them is silent.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairing.facts import Bools, Facts
from pairing.types import CONSTRAINTS, HIDDEN, NOT_POSSIBLE, Obstacle, Person, Problem

Mask = NDArray[np.uint16]
BIT = {name: np.uint16(1 << place) for place, name in enumerate(CONSTRAINTS)}
_HIDDEN_BITS = int(sum(int(BIT[name]) for name in HIDDEN))


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


FUNCTIONS: dict[str, Callable[[Facts, Problem], Bools]] = {
    "same_person": same_person,
    "conflict": conflict,
    "blocked": blocked,
    "reporting_line": reporting_line,
    "forbidden_by_coordinator": forbidden_by_coordinator,
    "organisation_rule": organisation_rule,
    "same_organisation": same_organisation,
    "no_common_language": no_common_language,
    "no_shared_hours": no_shared_hours,
    "seniority": seniority,
    "capacity": capacity,
}
# Those that depend on people alone, and those that depend on rules and places too.
OF_PEOPLE = ("same_person", "conflict", "blocked", "reporting_line", "organisation_rule")
OF_RULES = tuple(name for name in FUNCTIONS if name not in (*OF_PEOPLE, "forbidden_by_coordinator"))


def people_mask(facts: Facts, problem: Problem) -> Mask:
    """The part of the mask that no rule and no decision changes."""
    return _mask(facts, problem, OF_PEOPLE)


def rules_mask(facts: Facts, problem: Problem, of_people: Mask) -> Mask:
    """The mask of people and rules, before the coordinator's own decisions."""
    return of_people | _mask(facts, problem, OF_RULES)


def full_mask(facts: Facts, problem: Problem, of_rules: Mask) -> Mask:
    """Every reason against every pair; 0 where a pair is allowed."""
    return of_rules | _mask(facts, problem, ("forbidden_by_coordinator",)) if problem.forbidden else of_rules


def _mask(facts: Facts, problem: Problem, names: tuple[str, ...]) -> Mask:
    mask = np.zeros(facts.shape, dtype=np.uint16)
    for name in names:
        mask[FUNCTIONS[name](facts, problem)] |= BIT[name]
    return mask


def reasons(bits: int) -> list[str]:
    """The names in a mask, hidden ones included: for the engine's own use."""
    return [name for name in CONSTRAINTS if bits & int(BIT[name])]


def public_reasons(bits: int) -> list[str]:
    """The names that may be shown; a pair that only a hidden reason forbids is ``not_possible``."""
    shown = [name for name in reasons(bits) if name not in HIDDEN]
    return shown or ([NOT_POSSIBLE] if bits & _HIDDEN_BITS else [])


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
