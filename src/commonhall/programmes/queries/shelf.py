"""Filters that count: who has which value of which facet, one bit a person.

With 7,000 people a facet's value is 900 bytes, and a count under any combination of filters takes microseconds. A
shelf is kept for a minute or until something is decided; what a page lists is always asked of the database.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.core.cache import cache

Fact = tuple[int, str, str]
Chosen = Mapping[str, Collection[str]]
SECONDS = 60


@dataclass(frozen=True)
class Shelf:
    places: Mapping[int, int]
    masks: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> "Shelf":
        """From (id, facet, value); an id may come any number of times."""
        places: dict[int, int] = {}
        bits: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for key, facet, value in facts:
            bits[facet][value].append(places.setdefault(key, len(places)))
        size = len(places) // 8 + 1
        masks = {
            facet: {value: _mask(found, size) for value, found in values.items() if value}
            for facet, values in bits.items()
        }
        return cls(places, masks)

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

    def those(self, mask: int, order: Iterable[int]) -> list[int]:
        """The ids of a mask, in the order given."""
        size = len(self.places) // 8 + 1
        row, places = mask.to_bytes(size, "little"), self.places
        found = ((key, places[key]) for key in order if key in places)
        return [key for key, place in found if row[place >> 3] >> (place & 7) & 1]

    def counts(self, facet: str, chosen: Chosen, among: int) -> dict[str, int]:
        """How many there would be with each value of a facet, everything else chosen as it is."""
        rest = self.chosen(chosen, among, without=facet)
        counted = {value: (mask & rest).bit_count() for value, mask in self.masks.get(facet, {}).items()}
        kept = set(chosen.get(facet, ()))
        return {value: count for value, count in counted.items() if count or value in kept}

    def values_of(self, facet: str, key: int) -> list[str]:
        """The values that one person has."""
        bit = 1 << self.places[key] if key in self.places else 0
        return [value for value, mask in self.masks.get(facet, {}).items() if mask & bit]


def _mask(found: Iterable[int], size: int) -> int:
    row = bytearray(size)
    for place in found:
        row[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(row, "little")


def kept(kind: str, programme_id: int, build: Callable[[], Shelf]) -> Shelf:
    shelf: Shelf | None = cache.get(_key(kind, programme_id))
    if shelf is None:
        shelf = build()
        cache.set(_key(kind, programme_id), shelf, SECONDS)
    return shelf


def forget(programme_id: int) -> None:
    """Somebody came, went or was decided on: count afresh."""
    cache.delete_many([_key(kind, programme_id) for kind in ("applicants", "directory")])


def _key(kind: str, programme_id: int) -> str:
    return f"programmes:shelf:{kind}:{programme_id}"
