"""What depends on people who name each other: a few pairs among millions, found without a matrix."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from pairing.solvers.arrays import Floats, Ints
from pairing.types import Person, Problem

Names = Callable[[Person], Iterable[str]]


def _called(people: Iterable[Person]) -> dict[str, list[int]]:
    names: dict[str, list[int]] = {}
    for number, person in enumerate(people):
        for name in {person.id, person.identity} - {""}:
            names.setdefault(name, []).append(number)
    return names


def _people_not_with(person: Person) -> Iterable[str]:
    return (entry.removeprefix("person:") for entry in person.not_with if entry.startswith("person:"))


def _oneself(person: Person) -> Iterable[str]:
    return [person.identity] if person.identity else []


_NEVER: tuple[Names, ...] = (
    _people_not_with,
    lambda person: person.blocked,
    lambda person: person.line_manager_ids,
)


class Named:
    """Who names whom, by row and column, without a matrix."""

    def __init__(self, mentees: tuple[Person, ...], mentors: tuple[Person, ...]) -> None:
        self.mentees, self.mentors = mentees, mentors
        self.row = {person.id: row for row, person in enumerate(mentees)}
        self.column = {person.id: column for column, person in enumerate(mentors)}
        self._mentees_called, self._mentors_called = _called(mentees), _called(mentors)

    def forth(self, by: Names) -> Iterator[tuple[int, int, int]]:
        """(row, column, place on the list) where a mentee names a mentor."""
        for row, person in enumerate(self.mentees):
            for place, name in enumerate(by(person)):
                for column in self._mentors_called.get(name, ()):
                    yield row, column, place

    def back(self, by: Names) -> Iterator[tuple[int, int, int]]:
        """The same where a mentor names a mentee."""
        for column, person in enumerate(self.mentors):
            for place, name in enumerate(by(person)):
                for row in self._mentees_called.get(name, ()):
                    yield row, column, place

    def never(self, problem: Problem) -> set[tuple[int, int]]:
        """Pairs that somebody's own words or the coordinator's rule out."""
        found = {(row, column) for names in _NEVER for row, column, _ in (*self.forth(names), *self.back(names))}
        found |= {(row, column) for row, column, _ in self.forth(_oneself)}
        found |= {(row, self.column[name]) for name, row in self.row.items() if name in self.column}
        return found | {(self.row[mentee_id], self.column[mentor_id]) for mentee_id, mentor_id in problem.forbidden}


def shortlisted(named: Named) -> dict[tuple[int, int], float]:
    """The criterion ``shortlist`` for the pairs that are on a list; it is 0 for all others."""
    found: dict[tuple[int, int], float] = {}
    for side in (named.forth, named.back):
        seen: set[tuple[int, int]] = set()
        for row, column, place in side(lambda person: person.shortlist):
            if (row, column) not in seen:
                seen.add((row, column))
                lists = bool(named.mentees[row].shortlist) + bool(named.mentors[column].shortlist)
                value = max(0.4, 1.0 - 0.1 * place) / lists
                found[row, column] = found.get((row, column), 0.0) + value
    return found


def paired_before(named: Named) -> dict[tuple[int, int], float]:
    """The criterion ``previous``."""
    both = (*named.forth(lambda person: person.previous), *named.back(lambda person: person.previous))
    return {(row, column): 1.0 for row, column, _ in both}


def arrays(width: int, pairs: Mapping[tuple[int, int], float]) -> tuple[Ints, Floats]:
    """Pairs as rising keys (row x width + column), with their values."""
    keys = np.array([row * width + column for row, column in pairs], dtype=np.int64)
    order = np.argsort(keys)
    return keys[order], np.array(list(pairs.values()), dtype=np.float64)[order]
