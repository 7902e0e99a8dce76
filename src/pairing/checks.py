"""Whether a problem can be read at all. Each refusal is a sentence that names what is wrong and where."""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import isfinite
from numbers import Integral, Real
from typing import get_args

from pairing.criteria import CRITERIA
from pairing.errors import BadProblem
from pairing.facts import MEMBERS, OFFICERS, rung
from pairing.shares import BORDERS
from pairing.types import (
    WEEK,
    AcceptsFrom,
    Objective,
    PairKey,
    Person,
    Problem,
    Role,
    Rules,
    Wish,
)

# The ladder of local government has nine rungs; others may be longer.
TOP = {OFFICERS: 20, MEMBERS: 3}

MOST_HELD = 2_000 * 2_000


def check(problem: Problem) -> None:
    """Raise BadProblem at the first thing that makes no sense."""
    for role, people in zip(get_args(Role), (problem.mentees, problem.mentors), strict=True):
        _check_ids(role, people)
        for person in people:
            _check_person(role, person)
    check_weights(problem.weights)
    _check_rules(problem.rules)
    check_objective(problem.objective)
    _check_cover(problem)
    check_pairs("lock", problem.locks, problem)
    check_pairs("forbidden pair", problem.forbidden, problem)
    _check_relatedness(problem.relatedness)


def check_weights(weights: Mapping[str, float]) -> None:
    """Weights are known, finite, not negative and not all zero."""
    for name, weight in weights.items():
        if name not in CRITERIA:
            raise BadProblem(f"There is no criterion called {name!r}; there are {', '.join(CRITERIA)}.")
        if not _is_number(weight) or weight < 0:
            raise BadProblem(f"The weight of {name} is {weight!r}; it must be a number from 0 up.")
    if not any(weights.values()):
        raise BadProblem("Every weight is zero; give at least one criterion a weight.")


def check_objective(objective: str) -> None:
    """The objective is one of those there are."""
    if objective not in get_args(Objective):
        raise BadProblem(f"There is no objective called {objective!r}; there are {', '.join(get_args(Objective))}.")


def _check_cover(problem: Problem) -> None:
    known = {person.id for person in problem.mentees}
    for person_id, times in Counter(problem.cover).items():
        if person_id not in known:
            raise BadProblem(f"{person_id!r} must not be left out, but no mentee of this round is called so.")
        if times > 1:
            raise BadProblem(f"{person_id!r} stands {times} times among those who must not be left out.")


def check_pairs(what: str, pairs: Iterable[PairKey], problem: Problem) -> None:
    """Both ends of every pair are in the problem."""
    mentees = {person.id for person in problem.mentees}
    mentors = {person.id for person in problem.mentors}
    for mentee_id, mentor_id in pairs:
        if mentee_id not in mentees:
            raise BadProblem(f"A {what} names the mentee {mentee_id!r}, who is not in this round.")
        if mentor_id not in mentors:
            raise BadProblem(f"A {what} names the mentor {mentor_id!r}, who is not in this round.")


def _is_number(value: object) -> bool:
    if type(value) is float:
        return isfinite(value)
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def _is_count(value: object) -> bool:
    if type(value) is int:
        return value >= 0
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 0


def _check_ids(role: str, people: Iterable[Person]) -> None:
    for person_id, times in Counter(person.id for person in people).items():
        if not isinstance(person_id, str) or not person_id:
            raise BadProblem(f"A {role} has no id.")
        if times > 1:
            raise BadProblem(f"The {role} {person_id!r} is in this round {times} times.")


def _check_person(role: str, person: Person) -> None:
    name = f"The {role} {person.id!r}"
    if person.role != role:
        raise BadProblem(f"{name} stands among the {role}s but has the role {person.role!r}.")
    for what, count in (
        ("capacity", person.capacity),
        ("number of mentees from before", person.mentees_now),
        ("demand", person.demand),
        ("size", person.organisation_size),
        ("rhythm", person.rhythm),
    ):
        if not _is_count(count):
            raise BadProblem(f"{name} has a {what} of {count!r}; it must be a whole number from 0 up.")
    if person.accepts_from not in get_args(AcceptsFrom):
        raise BadProblem(f"{name} accepts people from {person.accepts_from!r}; it must be own, pool or anyone.")
    _check_level(name, person.level)
    for start, end in (*person.hours, *(person.second_week or ())):
        if not (_is_count(start) and _is_count(end) and start < end <= WEEK):
            raise BadProblem(f"{name} has the hours {start!r} to {end!r}; they must be minutes of the week, in order.")
    for wish in (*person.wants, *person.offers):
        _check_wish(name, wish)


def _check_level(name: str, level: str | int) -> None:
    text = str(level).strip().upper()
    ladder, step = rung(level)
    if text in {"", "R"} or (ladder and 1 <= step <= TOP[ladder]):
        return
    raise BadProblem(f"{name} has the level {level!r}; levels are 1 to 20, E1 to E3 and R.")


def _check_wish(name: str, wish: Wish) -> None:
    if not _is_number(wish.weight) or wish.weight < 0:
        raise BadProblem(f"{name} has a wish for {wish.key!r} with the weight {wish.weight!r}.")
    if not _is_count(wish.level) or wish.level > 4:
        raise BadProblem(f"{name} has a wish for {wish.key!r} with the level {wish.level!r}; levels are 1 to 4.")


def _check_rules(rules: Rules) -> None:
    if not _is_number(rules.min_shared_minutes) or rules.min_shared_minutes < 0:
        raise BadProblem(f"At least {rules.min_shared_minutes!r} shared minutes a week is not a number from 0 up.")
    for span in (rules.seniority, rules.preferred_seniority):
        if span is not None and not (all(_is_number(end) for end in span) and span[0] <= span[1]):
            raise BadProblem(f"The seniority from {span[0]!r} to {span[1]!r} levels above is not a range.")
    if rules.max_mentees is not None and not _is_count(rules.max_mentees):
        raise BadProblem(f"At most {rules.max_mentees!r} mentees for a mentor is not a whole number from 0 up.")
    if not _is_count(rules.min_mentees):
        raise BadProblem(f"At least {rules.min_mentees!r} mentees for a mentor is not a whole number from 0 up.")
    _check_shares_and_places(rules)


def _check_shares_and_places(rules: Rules) -> None:
    for border in BORDERS:
        share = getattr(rules, border.rule)
        if share is not None and not (_is_number(share) and 0 <= share <= 1):
            raise BadProblem(f"A share of {share!r} pairs {border.says} is not between 0 and 1.")
    for organisation, places in (*rules.places_given.items(), *rules.places_taken.items()):
        if not _is_count(places):
            raise BadProblem(f"The organisation {organisation!r} has {places!r} places; it must be a whole number.")


def _check_relatedness(relatedness: Mapping[str, Mapping[str, float]]) -> None:
    for key, others in relatedness.items():
        for other, value in others.items():
            if not _is_number(value) or not 0 <= value <= 1:
                raise BadProblem(f"{key!r} and {other!r} are related by {value!r}; it must be between 0 and 1.")


def is_large(problem: Problem) -> bool:
    """Whether a problem has too many pairs to hold them all, and asks for what can be proven without."""
    rules = problem.rules
    asked = any(border.asked(rules) for border in BORDERS) or rules.min_mentees > 1
    plain = not (asked or rules.places_given or rules.places_taken)
    many = len(problem.mentees) * len(problem.mentors) > MOST_HELD
    one_way = rules.both_ways_allowed or not _in_both(problem)
    return many and plain and one_way and problem.objective in ("total", "sum")


def _in_both(problem: Problem) -> bool:
    """Whether somebody may be mentee and mentor at once."""
    sides = (problem.mentees, problem.mentors)
    mentees, mentors = ({name for one in people for name in (one.id, one.identity) if name} for people in sides)
    return not mentees.isdisjoint(mentors)
