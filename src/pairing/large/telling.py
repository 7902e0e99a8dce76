"""What is said of each pair and of everybody who goes without, a hundred people at a time."""

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

AT_ONCE = 100
FEW_TOLD = 200
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
    mentees = [source.mentees[row] for row in np.flatnonzero(missing > 0)]
    mentors = [source.mentors[column] for column in np.flatnonzero(gives == 0)]
    few = len(mentees) + len(mentors) <= FEW_TOLD
    lacking = dict(zip((person.id for person in mentees), missing[missing > 0].tolist(), strict=True))
    found = [
        _without(source, person, possible, lacking[person.id], few)
        for person, possible in zip(mentees, _possible(source, mentees, source.mentors, True), strict=True)
    ]
    found += [
        _without(source, person, possible, max(1, constraints.places_of(person, source.problem)), few)
        for person, possible in zip(mentors, _possible(source, source.mentees, mentors, False), strict=True)
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


def _without(source: Profiles, person: Person, possible: int, missing: int, few: bool) -> Unmatched:
    """Why somebody goes without. What stands in the way is counted for everybody where they are few."""
    is_mentor = person.role == "mentor"
    if is_mentor and constraints.places_of(person, source.problem) == 0:
        reason = "no_capacity"
    elif not is_mentor and person.demand == 0:
        reason = "no_demand"
    elif not possible:
        reason = "nobody_possible"
    else:
        reason = "not_needed" if is_mentor else "no_places"
    obstacles = _obstacles(source, person) if few or reason == "nobody_possible" else {}
    return Unmatched(person.id, person.role, reason, possible, obstacles, missing)


def _obstacles(source: Profiles, person: Person) -> dict[str, int]:
    """How many of the other side stand behind each reason."""
    sides = (source.mentees, (person,)) if person.role == "mentor" else ((person,), source.mentors)
    forbidden = frozenset(pair for pair in source.problem.forbidden if person.id == pair[person.role == "mentor"])
    facts, problem = Ordered(*sides), replace(source.problem, forbidden=forbidden)
    of_rules = constraints.rules_mask(facts, problem, constraints.people_mask(facts, problem))
    mask = constraints.full_mask(facts, problem, of_rules)
    counts: dict[str, int] = {}
    for bits, count in zip(*(part.tolist() for part in np.unique(mask, return_counts=True)), strict=True):
        for name in constraints.public_reasons(bits):
            counts[name] = counts.get(name, 0) + count
    return dict(sorted(counts.items()))
