"""Scores of the different mentees by the different mentors, where only a few features make them different.

A table is measured by the criterion itself, on stand-ins who have said only what it reads; so it can never drift from
what a small round measures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairing.facts import Facts
from pairing.large.features import Read
from pairing.solvers.arrays import Floats, Ints
from pairing.types import Person

Singles = NDArray[np.float32]
Measure = Callable[[Facts], Floats]


@dataclass(frozen=True, slots=True)
class Sorted:
    """People by what they have said of one feature: each person's number, and a stand-in for every number."""

    codes: Ints
    standins: tuple[Person, ...]


def sort(people: Sequence[Person], read: Read) -> Sorted:
    """Number what people say; the same words get the same number."""
    numbers: dict[tuple[object, ...], int] = {}
    standins: list[Person] = []
    codes = np.empty(len(people), dtype=np.int64)
    for place, person in enumerate(people):
        said = read(person)
        key = tuple(said.values())
        if key not in numbers:
            numbers[key] = len(numbers)
            standins.append(Person(id=f"{person.role}-{numbers[key]}", role=person.role, **said))
        codes[place] = numbers[key]
    return Sorted(codes, tuple(standins))


def measured(rows: Sequence[Person], columns: Sequence[Person], measure: Measure, most: int = 2**22) -> Floats:
    """A measure for stand-ins in the order given, some columns at a time."""
    found = np.empty((len(rows), len(columns)))
    size = max(1, most // max(1, len(rows)))
    for start in range(0, len(columns), size):
        part = columns[start : start + size]
        found[:, start : start + size] = measure(Ordered(rows, part))
    return found


class Ordered(Facts):
    """Facts about people who stand in their order already."""

    def __init__(self, mentees: Sequence[Person], mentors: Sequence[Person]) -> None:
        self.mentees, self.mentors = tuple(mentees), tuple(mentors)
        self.shape = (len(self.mentees), len(self.mentors))
        self.row = {person.id: number for number, person in enumerate(self.mentees)}
        self.column = {person.id: number for number, person in enumerate(self.mentors)}


class Whole:
    """What no table can hold: measured anew for every block, and pair by pair in squares."""

    SQUARE = 128

    def __init__(self, mentees: tuple[Person, ...], mentors: tuple[Person, ...], measure: Measure) -> None:
        self.mentees, self.mentors, self.measure = mentees, mentors, measure

    def block(self, rows: Ints) -> Floats:
        return self.measure(Ordered([self.mentees[row] for row in rows.tolist()], self.mentors))

    def of(self, rows: Ints, columns: Ints) -> Floats:
        found = np.empty(len(rows))
        for start in range(0, len(rows), self.SQUARE):
            part = slice(start, start + self.SQUARE)
            some, at_row = np.unique(rows[part], return_inverse=True)
            others, at_column = np.unique(columns[part], return_inverse=True)
            square = Ordered([self.mentees[row] for row in some], [self.mentors[column] for column in others])
            found[part] = self.measure(square)[at_row, at_column]
        return found


@dataclass(frozen=True, slots=True)
class Table:
    """values[row_codes[i], column_codes[j]] is what mentee i and mentor j have; -inf where they are not allowed."""

    values: Floats
    row_codes: Ints
    column_codes: Ints

    def of(self, rows: Ints, columns: Ints) -> Floats:
        found: Floats = self.values[self.row_codes[rows], self.column_codes[columns]]
        return found

    def wide(self) -> "Wide":
        """One row of scores over all mentors for every different mentee."""
        return Wide(np.take(self.values.astype(np.float32), self.column_codes, axis=1), self.row_codes)


@dataclass(frozen=True, slots=True)
class Wide:
    values: Singles
    row_codes: Ints

    def merged(self, other: "Wide", most: int) -> "Wide | None":
        """Both in one table, if not more than ``most`` different mentees come of it."""
        keys = self.row_codes * len(other.values) + other.row_codes
        different, codes = np.unique(keys, return_inverse=True)
        if len(different) > most:
            return None
        mine, others = np.divmod(different, len(other.values))
        return Wide(self.values[mine] + other.values[others], codes.astype(np.int64))


@dataclass(frozen=True, slots=True)
class Narrow:
    """A table too large to widen: mentors are looked up in it."""

    values: Singles
    row_codes: Ints
    column_codes: Ints
