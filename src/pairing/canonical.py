"""One text for one problem: the same whatever the order of people, sets or keys, on every machine."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from hashlib import sha256
from operator import attrgetter
from typing import Any

from pairing.types import PairKey, Person, Problem, Rules, Wish

# What was added later is left out where it is not said, so that a run from before keeps its name.
LATER = frozenset(
    {"mentees_now", "second_week", "min_mentees", "cross_region_share", "cross_country_share", "cross_service_share"}
    | {"cover"}
)
_PERSON_FIELDS = tuple(sorted({field.name for field in fields(Person)} - LATER))
_values = attrgetter(*_PERSON_FIELDS)
_NESTED = (tuple, frozenset, list, set)
_RULE_FIELDS = tuple(sorted(field.name for field in fields(Rules)))


def inputs_hash(problem: Problem, people: str = "") -> str:
    """SHA-256 of the canonical text; ``people`` may carry their digest from before."""
    whole = {
        "people": people or people_digest(problem),
        "weights": {name: float(weight) for name, weight in problem.weights.items()},
        "rules": _rules(problem.rules),
        "locks": _pairs(problem.locks),
        "forbidden": _pairs(problem.forbidden),
        "objective": problem.objective,
        "relatedness": _plain(problem.relatedness),
    }
    if problem.cover:
        whole["cover"] = list(problem.cover)
    return _digest(whole)


def _rules(rules: Rules) -> dict[str, Any]:
    said = {name: getattr(rules, name) for name in _RULE_FIELDS}
    return {name: _plain(value) for name, value in said.items() if name not in LATER or value != getattr(Rules(), name)}


def people_digest(problem: Problem) -> str:
    """SHA-256 of all people in canonical text, with the vectors of what they wrote."""
    whole = [_people(problem.mentees), _people(problem.mentors), _plain(problem.vectors), problem.text_model]
    now = {mentor.id: mentor.mentees_now for mentor in problem.mentors if mentor.mentees_now}
    everybody = (*problem.mentees, *problem.mentors)
    second = sorted([one.role, one.id, _plain(one.second_week)] for one in everybody if one.second_week is not None)
    return _digest([*whole, *([now] if now or second else []), *([second] if second else [])])


def _people(people: Iterable[Person]) -> list[list[Any]]:
    return [
        [_plain(value) if type(value) in _NESTED else value for value in _values(person)]
        for person in sorted(people, key=lambda one: one.id)
    ]


def _pairs(pairs: Iterable[PairKey]) -> list[list[str]]:
    return sorted([mentee_id, mentor_id] for mentee_id, mentor_id in pairs)


def _plain(value: Any) -> Any:
    """Sets sorted, tuples as lists, wishes as lists, mappings as they are (their keys are sorted on writing)."""
    if isinstance(value, str):
        return value
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, Wish):
        return [value.kind, value.key, value.level, float(value.weight)]
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value] if value else []
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_number)
    return sha256(text.encode()).hexdigest()


def _number(value: Any) -> float | int:
    """A number of another library as one of Python's."""
    number: float | int = value.item()
    return number
