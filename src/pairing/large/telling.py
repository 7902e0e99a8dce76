"""What is said of each pair and of everybody who goes without, some hundred people at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from pairing import constraints
from pairing.large.profiles import Profiles
from pairing.large.scan import blocks
from pairing.large.tables import Ordered
from pairing.scoring import Scoring
from pairing.solvers.arrays import Floats, Ints
from pairing.types import Contribution, Pair, Person, Unmatched

AT_ONCE = 300
FEW = 50
NOBODY = "nobody_possible"
Told = tuple[Contribution, ...]
People = Sequence[Person]


def pairs_told(
    source: Profiles, rows: Ints, columns: Ints, scores: Floats, locked: int, reasons: bool
) -> tuple[Pair, ...]:
    """The pairs in order of ids, the first ``locked`` of them locked; with their contributions where asked for."""
    told: Iterator[Told] = _contributions(source, rows, columns) if reasons else iter([()] * len(rows))
    found = [
        Pair(source.mentees[row].id, source.mentors[column].id, score, why, place < locked)
        for place, (row, column, score, why) in enumerate(
            zip(rows.tolist(), columns.tolist(), scores.tolist(), told, strict=True)
        )
    ]
    return tuple(sorted(found, key=lambda pair: (pair.mentee_id, pair.mentor_id)))


def _contributions(source: Profiles, rows: Ints, columns: Ints) -> Iterator[Told]:
    for start in range(0, len(rows), AT_ONCE):
        some, at_row = np.unique(rows[start : start + AT_ONCE], return_inverse=True)
        others, at_column = np.unique(columns[start : start + AT_ONCE], return_inverse=True)
        facts = Ordered([source.mentees[row] for row in some], [source.mentors[column] for column in others])
        scoring = Scoring(facts, source.problem)
        scoring.silent = source.silent
        told = scoring.told(source.problem.weights)
        yield from (told(row, column) for row, column in zip(at_row.tolist(), at_column.tolist(), strict=True))


def goes_without(source: Profiles, rows: Ints, columns: Ints) -> tuple[Unmatched, ...]:
    """Everybody who has fewer partners than they asked for, or none."""
    wanted = np.array([max(1, person.demand) for person in source.mentees], dtype=np.int64)
    missing = wanted - np.bincount(rows, minlength=len(wanted))
    gives = np.bincount(columns, minlength=source.shape[1])
    places = np.array([max(1, constraints.places_of(person, source.problem)) for person in source.mentors], dtype=int)
    mentees = [source.mentees[row] for row in np.flatnonzero(missing > 0)]
    mentors = [source.mentors[column] for column in np.flatnonzero(gives == 0)]
    found = [
        *_told(source, mentees, missing[missing > 0].tolist(), _possible(source, mentees, source.mentors, True)),
        *_told(source, mentors, places[gives == 0].tolist(), _possible(source, source.mentees, mentors, False)),
    ]
    return tuple(sorted(found, key=lambda one: (one.role, one.person_id)))


def _possible(source: Profiles, mentees: People, mentors: People, of_rows: bool) -> list[int]:
    """How many of the other side each could be paired with, if their places were free."""
    problem = source.problem
    names = ({person.id for person in mentees}, {person.id for person in mentors})
    forbidden = frozenset(pair for pair in problem.forbidden if pair[0] in names[0] and pair[1] in names[1])
    only = replace(problem, mentees=tuple(mentees), mentors=tuple(mentors), forbidden=forbidden, weights={})
    part = Profiles(only)
    wants = np.array([person.demand > 0 for person in part.mentees], dtype=bool)
    takes = np.array([constraints.places_of(person, problem) > 0 for person in part.mentors], dtype=bool)
    found = np.zeros(part.shape[0 if of_rows else 1], dtype=np.int64)
    for start, stop in blocks(part):
        free = (part.block(slice(start, stop)) == 0.0) & takes & wants[start:stop, None]
        if of_rows:
            found[start:stop] = free.sum(axis=1)
        else:
            found += free.sum(axis=0)
    counted: list[int] = found.tolist()
    return counted


def _told(source: Profiles, people: People, missing: list[int], possible: list[int]) -> Iterator[Unmatched]:
    """Why people go without. What stands in the way is counted for all where they are few, else where it decides."""
    reasons = [_reason(source, person, open_to) for person, open_to in zip(people, possible, strict=True)]
    asked = [person for person, why in zip(people, reasons, strict=True) if len(people) <= FEW or why == NOBODY]
    obstacles: dict[str, dict[str, int]] = {}
    for start in range(0, len(asked), FEW):
        obstacles |= _obstacles(source, asked[start : start + FEW])
    for person, why, open_to, lacking in zip(people, reasons, possible, missing, strict=True):
        yield Unmatched(person.id, person.role, why, open_to, obstacles.get(person.id, {}), lacking)


def _reason(source: Profiles, person: Person, possible: int) -> str:
    is_mentor = person.role == "mentor"
    if is_mentor and constraints.places_of(person, source.problem) == 0:
        return "no_capacity"
    if not is_mentor and person.demand == 0:
        return "no_demand"
    if not possible:
        return NOBODY
    return "not_needed" if is_mentor else "no_places"


def _obstacles(source: Profiles, people: People) -> dict[str, dict[str, int]]:
    """How many of the other side stand behind each reason, for some people of one role."""
    is_mentor = people[0].role == "mentor"
    ids = {person.id for person in people}
    forbidden = frozenset(pair for pair in source.problem.forbidden if pair[is_mentor] in ids)
    facts = Ordered(source.mentees, people) if is_mentor else Ordered(people, source.mentors)
    problem = replace(source.problem, forbidden=forbidden)
    of_rules = constraints.rules_mask(facts, problem, constraints.people_mask(facts, problem))
    mask = constraints.full_mask(facts, problem, of_rules)
    sides = mask.T if is_mentor else mask
    return {person.id: _counted(against) for person, against in zip(people, sides, strict=True)}


def _counted(against: constraints.Mask) -> dict[str, int]:
    counts: dict[str, int] = {}
    for bits, count in zip(*(part.tolist() for part in np.unique(against, return_counts=True)), strict=True):
        for name in constraints.public_reasons(bits):
            counts[name] = counts.get(name, 0) + count
    return dict(sorted(counts.items()))
