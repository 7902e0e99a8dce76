"""Filters that count: who has which value of which facet, one bit a person.

With 7,000 people a facet's value is 900 bytes, and a count under any combination of filters takes microseconds. A
shelf is kept for a minute or until something is decided; what a page lists is always asked of the database.
"""

import secrets
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from django.core.cache import cache

Fact = tuple[int, str, str]
Chosen = Mapping[str, Collection[str]]
SECONDS = 60


@dataclass(frozen=True)
class Shelf:
    """`again` marks, for each distance, the ids that are the same person as the id so far before them."""

    places: Mapping[int, int]
    masks: Mapping[str, Mapping[str, int]]
    again: Sequence[int] = ()

    @classmethod
    def of(cls, facts: Iterable[Fact], people: Mapping[int, int] = MappingProxyType({})) -> "Shelf":
        """From (id, facet, value); an id may come any number of times. `people` says whose an id is.

        The ids of one person stand beside each other, and who is counted is the person.
        """
        places: dict[int, int] = {}
        bits: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for key, facet, value in facts:
            bits[facet][value].append(places.setdefault(key, len(places)))
        size = len(places) // 8 + 1
        masks = {
            facet: {value: _mask(found, size) for value, found in values.items() if value}
            for facet, values in bits.items()
        }
        return cls(places, masks, _again([people[key] for key in places]) if people else ())

    def heads(self, mask: int) -> int:
        """Of each person's ids in a mask the first."""
        first = mask
        for distance, same in enumerate(self.again, 1):
            first &= ~((mask << distance) & same)
        return first

    @property
    def everybody(self) -> int:
        return (1 << len(self.places)) - 1

    def among(self, ids: Iterable[int]) -> int:
        return _mask([self.places[key] for key in ids if key in self.places], len(self.places) // 8 + 1)

    def chosen(self, chosen: Chosen, among: int, *, without: str = "") -> int:
        """Those who have, of every facet chosen, at least one of the values."""
        for facet, values in chosen.items():
            if values and facet != without:
                masks = self.masks.get(facet, {})
                together = 0
                for value in values:
                    together |= masks.get(value, 0)
                among &= together
        return among

    def those(self, mask: int, order: Iterable[int], part: slice) -> list[int]:
        """A part of the ids of a mask, in the order given."""
        size = len(self.places) // 8 + 1
        row, places = self.heads(mask).to_bytes(size, "little"), self.places
        found = ((key, places[key]) for key in order if key in places)
        return list(islice((key for key, place in found if row[place >> 3] >> (place & 7) & 1), part.start, part.stop))

    def counts(self, facet: str, chosen: Chosen, among: int) -> dict[str, int]:
        """How many there would be with each value of a facet, everything else chosen as it is."""
        rest = self.chosen(chosen, among, without=facet)
        counted = {value: self.heads(mask & rest).bit_count() for value, mask in self.masks.get(facet, {}).items()}
        kept = set(chosen.get(facet, ()))
        return {value: count for value, count in counted.items() if count or value in kept}

    def values_of(self, facets: Iterable[str], ids: Collection[int]) -> dict[int, dict[str, list[str]]]:
        """The values that some people have of some facets."""
        keys = {1 << self.places[key]: key for key in ids if key in self.places}
        here = sum(keys)
        found: dict[int, dict[str, list[str]]] = {key: {facet: [] for facet in facets} for key in ids}
        for facet in facets:
            for value, mask in self.masks.get(facet, {}).items():
                rest = mask & here
                while rest:
                    bit = rest & -rest
                    found[keys[bit]][facet].append(value)
                    rest ^= bit
        return found


def _again(people: Sequence[int]) -> tuple[int, ...]:
    found = []
    for distance in range(1, len(people)):
        same = [place for place in range(distance, len(people)) if people[place] == people[place - distance]]
        if not same:
            break
        found.append(_mask(same, len(people) // 8 + 1))
    return tuple(found)


def _mask(found: Iterable[int], size: int) -> int:
    row = bytearray(size)
    for place in found:
        row[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(row, "little")


# What this process holds, by the word that the cache has for it now; another process holds its own.
_held: OrderedDict[str, tuple[str, Shelf]] = OrderedDict()
MOST_HELD = 30


def kept(kind: str, programme_ids: Collection[int], build: Callable[[], Shelf]) -> Shelf:
    """The shelf of one programme or of several; it is built anew when one of them changed."""
    keys = [_key(kind, programme_id) for programme_id in sorted(programme_ids)]
    words = cache.get_many(keys)
    words |= {key: str(cache.get_or_set(key, _new_word, SECONDS)) for key in keys if key not in words}
    key, word = ",".join(keys), ",".join(words[key] for key in keys)
    known, shelf = _held.get(key, ("", None))
    if shelf is None or known != word:
        shelf = build()
        _held[key] = (word, shelf)
        while len(_held) > MOST_HELD:
            _held.popitem(last=False)
    return shelf


def _new_word() -> str:
    return secrets.token_hex(8)


def forget(programme_id: int) -> None:
    """Somebody came, went or was decided on: count afresh."""
    cache.delete_many([_key(kind, programme_id) for kind in ("applicants", "directory")])


def _key(kind: str, programme_id: int) -> str:
    return f"programmes:shelf:{kind}:{programme_id}"
