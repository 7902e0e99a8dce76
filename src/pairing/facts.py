"""What two people have in common, as matrices of mentees (rows) by mentors (columns).

Everything here is about people alone: no weights, no rules. Each matrix is computed once, when first asked for.
People stand in an order of their own, by a hash of their ids, so that the order of the input cannot matter and
ties fall the same way on every machine.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from pairing.solvers.arrays import Bools as Bools
from pairing.solvers.arrays import Floats as Floats
from pairing.solvers.arrays import Ints as Ints
from pairing.types import WEEK, Interval, Person

OFFICERS, MEMBERS = 1, 2


def in_own_order(people: Iterable[Person]) -> tuple[Person, ...]:
    """People by the hash of their ids."""
    return tuple(sorted(people, key=lambda person: sha256(person.id.encode()).digest()))


def rung(level: str | int) -> tuple[int, int]:
    """The ladder (0 when there is none) and the rung on it."""
    text = str(level).strip().upper()
    if text.isdigit():
        return OFFICERS, int(text)
    if text[:1] == "E" and text[1:].isdigit():
        return MEMBERS, int(text[1:])
    return 0, 0


def both(rows: Sequence[bool], columns: Sequence[bool]) -> Bools:
    """True where both sides are."""
    return np.array(np.asarray(rows, dtype=bool)[:, None] & np.asarray(columns, dtype=bool)[None, :])


def same(rows: Sequence[str], columns: Sequence[str]) -> Bools:
    """True where two texts are equal and not empty."""
    numbers: dict[str, int] = {}
    left = np.array([numbers.setdefault(text, len(numbers)) if text else -1 for text in rows], dtype=np.int64)
    right = np.array([numbers.setdefault(text, len(numbers)) if text else -2 for text in columns], dtype=np.int64)
    return np.equal.outer(left, right)


def shared_counts(rows: Sequence[Iterable[str]], columns: Sequence[Iterable[str]]) -> Floats:
    """How many keys two sets share."""
    left, right = [set(keys) for keys in rows], [set(keys) for keys in columns]
    common = set[str]().union(*left) & set[str]().union(*right)
    numbers = {key: number for number, key in enumerate(sorted(common))}
    product = _multi_hot(left, numbers) @ _multi_hot(right, numbers).T
    return product.astype(np.float64)


def _multi_hot(sets: Sequence[set[str]], numbers: Mapping[str, int]) -> NDArray[np.float32]:
    table = np.zeros((len(sets), len(numbers)), dtype=np.float32)
    for row, keys in enumerate(sets):
        for key in keys:
            if key in numbers:
                table[row, numbers[key]] = 1.0
    return table


def merged(hours: Iterable[Interval]) -> list[Interval]:
    """The same hours without overlaps, in order."""
    result: list[Interval] = []
    for start, end in sorted(hours):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _second(person: Person) -> Sequence[Interval]:
    return person.hours if person.second_week is None else person.second_week


def minutes_a_week(person: Person) -> int:
    """How much somebody works; of weeks that alternate, the mean of the two."""
    weeks = (person.hours, _second(person))
    return sum(end - start for hours in weeks for start, end in merged(hours)) // 2


def shared_minutes(rows: Sequence[Iterable[Interval]], columns: Sequence[Iterable[Interval]]) -> Ints:
    """Minutes of the week in which both work, exact to the minute."""
    left, right = [merged(hours) for hours in rows], [merged(hours) for hours in columns]
    edges = np.array(sorted({0, WEEK}.union(edge for hours in (*left, *right) for span in hours for edge in span)))
    lengths = np.diff(edges).astype(np.float32)
    product = (_presence(left, edges) * lengths) @ _presence(right, edges).T
    return np.rint(product).astype(np.int64)


def _presence(people: Sequence[Sequence[Interval]], edges: Ints) -> NDArray[np.float32]:
    table = np.zeros((len(people), len(edges) - 1), dtype=np.float32)
    for row, hours in enumerate(people):
        for first, last in np.searchsorted(edges, np.array(hours, dtype=np.int64).reshape(-1, 2)):
            table[row, first:last] = 1.0
    return table


class Facts:
    """The people of a problem and what every two of them have in common."""

    def __init__(self, mentees: Iterable[Person], mentors: Iterable[Person]) -> None:
        self.mentees = in_own_order(mentees)
        self.mentors = in_own_order(mentors)
        self.shape = (len(self.mentees), len(self.mentors))
        self.row = {person.id: number for number, person in enumerate(self.mentees)}
        self.column = {person.id: number for number, person in enumerate(self.mentors)}

    def texts(self, of: Callable[[Person], str]) -> tuple[list[str], list[str]]:
        """One text per person, for both sides."""
        return [of(person) for person in self.mentees], [of(person) for person in self.mentors]

    def same(self, of: Callable[[Person], str]) -> Bools:
        """Where both have the same text."""
        return same(*self.texts(of))

    def known(self, of: Callable[[Person], object]) -> Bools:
        """Where both have said something."""
        return both([bool(of(person)) for person in self.mentees], [bool(of(person)) for person in self.mentors])

    def shared(self, of: Callable[[Person], Iterable[str]]) -> Floats:
        """How many keys both have."""
        return shared_counts([of(person) for person in self.mentees], [of(person) for person in self.mentors])

    def named(self, by: Callable[[Person], Iterable[str]]) -> tuple[Bools, Bools]:
        """Where the mentee names the mentor by id or identity, and where the mentor names the mentee."""
        forth, back = np.zeros(self.shape, dtype=bool), np.zeros(self.shape, dtype=bool)
        for row, person in enumerate(self.mentees):
            for name in by(person):
                forth[row, self._mentors_called.get(name, [])] = True
        for column, person in enumerate(self.mentors):
            for name in by(person):
                back[self._mentees_called.get(name, []), column] = True
        return forth, back

    @cached_property
    def _mentees_called(self) -> dict[str, list[int]]:
        return _called(self.mentees)

    @cached_property
    def _mentors_called(self) -> dict[str, list[int]]:
        return _called(self.mentors)

    @cached_property
    def same_organisation(self) -> Bools:
        return self.same(lambda person: person.organisation)

    @cached_property
    def same_person(self) -> Bools:
        by_id = self.same(lambda person: person.id)
        by_identity = self.same(lambda person: person.identity)
        return by_id | by_identity | self.named(lambda person: [person.identity] if person.identity else [])[0]

    @cached_property
    def hours_known(self) -> Bools:
        return self.known(lambda person: person.hours or person.second_week)

    @cached_property
    def shared_minutes(self) -> Ints:
        """A week; of weeks that alternate, the mean of the two."""
        first = shared_minutes([person.hours for person in self.mentees], [person.hours for person in self.mentors])
        if all(person.second_week is None for person in (*self.mentees, *self.mentors)):
            return first
        mentees, mentors = ([_second(person) for person in side] for side in (self.mentees, self.mentors))
        return (first + shared_minutes(mentees, mentors)) // 2

    @cached_property
    def languages_known(self) -> Bools:
        return self.known(lambda person: person.languages)

    @cached_property
    def shared_languages(self) -> Floats:
        return self.shared(lambda person: person.languages)

    @cached_property
    def level_gap(self) -> Floats:
        """Levels that the mentor stands above the mentee; not a number where they cannot be compared."""
        left = np.array([rung(person.level) for person in self.mentees], dtype=np.int64).reshape(-1, 2)
        right = np.array([rung(person.level) for person in self.mentors], dtype=np.int64).reshape(-1, 2)
        gap = np.subtract.outer(-left[:, 1], -right[:, 1]).astype(np.float64)
        comparable = np.equal.outer(left[:, 0], right[:, 0]) & (left[:, :1] > 0)
        return np.where(comparable, gap, np.nan)

    @cached_property
    def paired_before(self) -> Bools:
        forth, back = self.named(lambda person: person.previous)
        return forth | back


def _called(people: Sequence[Person]) -> dict[str, list[int]]:
    names: dict[str, list[int]] = {}
    for number, person in enumerate(people):
        for name in {person.id, person.identity} - {""}:
            names.setdefault(name, []).append(number)
    return names
