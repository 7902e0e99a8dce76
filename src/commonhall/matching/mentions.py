"""Which service areas and competencies somebody's own words are about, found by the shipped names and synonyms."""

from collections import Counter
from collections.abc import Mapping
from functools import cache

from commonhall.core.sheets.words import plain
from commonhall.people import taxonomy

SHORTEST = 4
LONGEST = 6
Topic = tuple[str, str]


@cache
def _phrases() -> Mapping[tuple[str, ...], Topic]:
    found: dict[tuple[str, ...], Topic] = {}
    for kind, terms in (("service", taxonomy.service_areas()), ("competency", taxonomy.competencies())):
        for term in terms.values():
            for words in (term.name, *term.synonyms):
                phrase = plain(words)
                if len(phrase) >= SHORTEST:
                    found.setdefault(tuple(phrase.split()), (kind, term.key))
    return found


def called(words: str) -> Topic | None:
    """The topic that goes by exactly this name or synonym.

    >>> called("Street Cleaning"), called("choirs")
    (('service', 'waste-and-recycling'), None)
    """
    return _phrases().get(tuple(plain(words).split()))


def topics(text: str, most: int = 4) -> list[Topic]:
    """(kind, key) of what is mentioned, what is mentioned most first; of two phrases at one place the longer counts.

    >>> topics("How a small council runs its elections")
    [('service', 'democratic-services')]
    """
    known, words = _phrases(), plain(text).split()
    found: Counter[Topic] = Counter()
    place = 0
    while place < len(words):
        for length in range(min(LONGEST, len(words) - place), 0, -1):
            if topic := known.get(tuple(words[place : place + length])):
                found[topic] += 1
                place += length - 1
                break
        place += 1
    return [topic for topic, _times in found.most_common(most)]
