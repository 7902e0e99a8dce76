"""Whom somebody must not be matched with, out of an address, a name, or a sentence."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from commonhall.core.sheets.words import plain
from commonhall.organisations.imports.names import Directory
from commonhall.programmes.imports import answers
from commonhall.programmes.imports.addresses import is_valid

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
_OWN = re.compile(
    r"\b(?:my|our|the) own (?:council|organi[sz]ation|authority|employer|team)\b|\bsame (?:council|organi[sz]ation)\b",
    re.I,
)
_REPORTING = re.compile(
    r"\b(line manager|reporting line|my (own )?(boss|manager|managers|team|director|supervisor))\b", re.I
)
_EVERY = re.compile(r"^(everyone|everybody|anyone|anybody|all)( (at all|else|please|of (you|them)|here|there))+$")
_EVERYBODY_TEXT = (
    "all, all councils, all mentees, all mentors, all of them, all people, any, any council, any council or "
    "person, any mentee, any mentor, any person, anybody, anyone, every one, everybody, everybody else, everyone, "
    "everyone else, the lot, the whole pool"
)
_EVERYBODY = frozenset(_EVERYBODY_TEXT.split(", "))
_TITLES_TEXT = "cllr, councillor, dame, dr, lady, lord, miss, mr, mrs, ms, mx, prof, professor, rev, sir"
_TITLES = frozenset(_TITLES_TEXT.split(", "))


@dataclass(frozen=True, slots=True)
class Conflict:
    """`addresses` and `names` of people, keys of organisations; `own` is their council, `reporting` their bosses."""

    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    own: bool = False
    reporting: bool = False
    everybody: bool = False
    self_named: bool = False
    words: str = ""

    @property
    def is_read(self) -> bool:
        return bool(self.addresses or self.names or self.organisations or self.own or self.reporting)


@lru_cache(maxsize=16384)
def name_words(name: str) -> tuple[str, ...]:
    """A name as it is compared: without titles, brackets and accents."""
    words = plain(re.sub(r"\(.*?\)", " ", name)).split()
    return tuple(word for word in words if word not in _TITLES)


class Names:
    """Addresses of people by their full names."""

    def __init__(self, people: Iterable[tuple[str, str]]) -> None:
        self.found: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name, email in people:
            words = name_words(name)
            if len(words) > 1 and email not in self.found[words]:
                self.found[words].append(email)
        self.longest = max((len(words) for words in self.found), default=0)

    def address(self, name: str) -> str:
        """The one address of a full name, or ""."""
        found = self.found.get(name_words(name), [])
        return found[0] if len(found) == 1 else ""

    def mentioned(self, text: str) -> list[tuple[str, list[str]]]:
        """Full names that stand in a sentence, with the addresses of those who are called so."""
        words = [word for word in plain(text).split() if word not in _TITLES]
        result = []
        at = 0
        while at < len(words):
            for length in range(min(self.longest, len(words) - at), 1, -1):
                if found := self.found.get(tuple(words[at : at + length])):
                    result.append((" ".join(words[at : at + length]), found))
                    at += length - 1
                    break
            at += 1
        return result


def read(text: str, directory: Directory, names: Names) -> Conflict | None:
    """What a cell says, or None when it says that there is nothing."""
    if answers.is_nothing(text):
        return None
    if plain(text) in _EVERYBODY or _EVERY.match(plain(text)):
        return Conflict(everybody=True, words=text)
    addresses = [found.strip(".").casefold() for found in _ADDRESS.findall(text)]
    rest = _ADDRESS.sub(" ", text)
    people = names.mentioned(rest)
    for name, _found in people:
        rest = _without(rest, name)
    return Conflict(
        addresses=tuple(
            dict.fromkeys([a for a in addresses if is_valid(a)] + [a for _n, found in people for a in found])
        ),
        self_named=plain(rest) in {"me", "myself", "i", "self"},
        names=tuple(name for name, _found in people),
        organisations=directory.mentioned(rest),
        own=_OWN.search(text) is not None,
        reporting=_REPORTING.search(text) is not None,
        words=text,
    )


def _without(text: str, name: str) -> str:
    """A sentence without a name, so that "Ashley Bath" is not taken for the council of Bath."""
    pieces = re.findall(r"\S+", text)
    wanted = set(name.split())
    return " ".join(piece for piece in pieces if not set(plain(piece).split()) & wanted)
