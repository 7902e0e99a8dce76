"""The shipped words of local government: service areas, competencies, languages and channels.

Everything is data in `vocabulary/`; an organisation's own words are mapped onto the keys given here.
"""

import csv
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from rapidfuzz import fuzz, process

from commonhall.core.sheets.words import plain


@dataclass(frozen=True, slots=True)
class Term:
    key: str
    name: str
    about: str = ""
    synonyms: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    endonym: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """How some words were understood: `how` is name, synonym, part or spelling."""

    key: str
    how: str
    confidence: float


_SMALL_WORDS = frozenset({"the", "of", "for", "team", "department", "dept", "directorate", "division", "services"})
_SMALL_WORDS |= {"service", "section", "unit", "office", "group", "branch"}


def _core(words: str) -> str:
    return " ".join(word for word in words.split() if word not in _SMALL_WORDS)


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files("commonhall.people").joinpath("vocabulary", name).read_text("utf-8"))


def _terms(name: str) -> Mapping[str, Term]:
    return MappingProxyType(
        {
            key: Term(
                key,
                entry["name"],
                entry.get("about", ""),
                tuple(entry.get("synonyms", ())),
                tuple(entry.get("levels", ())),
            )
            for key, entry in _toml(name).items()
        }
    )


@cache
def service_areas() -> Mapping[str, Term]:
    return _terms("service_areas.toml")


@cache
def competencies() -> Mapping[str, Term]:
    return _terms("competencies.toml")


@cache
def channels() -> Mapping[str, Term]:
    return _terms("channels.toml")


@cache
def languages() -> Mapping[str, Term]:
    """By BCP 47 code, with the English name, the language's own name and other names."""
    text = files("commonhall.people").joinpath("vocabulary", "languages.csv").read_text("utf-8")
    return MappingProxyType(
        {
            row["code"]: Term(
                row["code"],
                row["name"],
                synonyms=tuple(part.strip() for part in row["also"].split(";") if part.strip()),
                endonym=row["endonym"],
            )
            for row in csv.DictReader(text.splitlines())
        }
    )


class _Index:
    """Every name and synonym of one list, for looking up and for suggesting."""

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self.terms = terms
        self.exact: dict[str, Found] = {}
        self.cores: dict[str, Found] = {}
        for term in terms.values():
            for text in filter(None, (term.name, term.endonym)):
                self.exact.setdefault(plain(text), Found(term.key, "name", 1.0))
        for key in terms:
            self.exact.setdefault(plain(key), Found(key, "name", 1.0))
        for term in terms.values():
            for text in term.synonyms:
                self.exact.setdefault(plain(text), Found(term.key, "synonym", 0.95))
        for words, found in self.exact.items():
            if core := _core(words):
                self.cores.setdefault(core, Found(found.key, "synonym", 0.9))
        self.long = [words for words in self.exact if len(words) >= 5]

    def find(self, text: str, *, spelling: float = 88) -> Found | None:
        words = plain(text)
        if not words:
            return None
        found = self.exact.get(words) or self.cores.get(_core(words) or words)
        if found is None and len(words) >= 5:
            match = process.extractOne(words, self.long, scorer=fuzz.ratio, score_cutoff=spelling)
            found = Found(self.exact[match[0]].key, "spelling", round(match[1] / 100, 2)) if match else None
        return found

    def suggest(self, text: str, limit: int) -> list[Term]:
        words = plain(text)
        if not words:
            return list(self.terms.values())[:limit]
        ranked: dict[str, tuple[float, str]] = {}
        for known, found in self.exact.items():
            rank = _rank(words, known)
            name = self.terms[found.key].name
            if rank and (found.key not in ranked or rank < ranked[found.key][0]):
                ranked[found.key] = (rank + (0 if found.how == "name" else 0.5), name)
        if not ranked and (near := self.find(text, spelling=75)):
            return [self.terms[near.key]]
        return [self.terms[key] for key in sorted(ranked, key=ranked.__getitem__)[:limit]]


def _rank(typed: str, known: str) -> float:
    if known == typed:
        return 1
    if known.startswith(typed):
        return 2
    if f" {typed}" in known:
        return 3
    return 4 if len(typed) > 2 and all(f" {word}" in f" {known}" for word in typed.split()) else 0


@cache
def _service_area_index() -> _Index:
    return _Index(service_areas())


@cache
def _competency_index() -> _Index:
    return _Index(competencies())


@cache
def _language_index() -> _Index:
    return _Index(languages())


@cache
def _channel_index() -> _Index:
    return _Index(channels())


_JOINTS = re.compile(r"\s*(?:,|;|/|&|\+|\band\b|\bwith\b|-|–|\()\s*", re.I)


@lru_cache(maxsize=8192)
def service_area(text: str) -> Found | None:
    """The service area that a department's name means.

    A name that nobody has listed is read from its parts ("Parks, Trees & Cemeteries"): the first part that is known.
    """
    index = _service_area_index()
    found = index.find(text)
    if found is None:
        parts = [part for part in _JOINTS.split(text.replace(")", " ")) if part.strip()]
        for part in parts if len(parts) > 1 else ():
            if (piece := index.find(part, spelling=92)) is not None:
                return Found(piece.key, "part", 0.7)
    return found


@lru_cache(maxsize=8192)
def competency(text: str) -> Found | None:
    return _competency_index().find(text)


_QUALIFIER = re.compile(
    r"\s*(?:\(.*?\)|\[.*?\]|[-–:].*|\b(?:native|fluent|basic|conversational|intermediate)\b.*)$", re.I
)


@lru_cache(maxsize=8192)
def language(text: str) -> Found | None:
    """By code ("cy", "pt-BR"), English name, own name or another name; "French (basic)" is French."""
    text = text.strip()
    code = text.replace("_", "-").split("-")[0].lower()
    is_name = text in {term.name for term in languages().values()}
    if not is_name and code in languages() and re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", text):
        return Found(code, "name", 1.0)
    index = _language_index()
    return index.find(text) or index.find(_QUALIFIER.sub("", text))


@lru_cache(maxsize=8192)
def channel(text: str) -> Found | None:
    index = _channel_index()
    return index.find(text) or index.find(re.sub(r"\(.*?\)", "", text))


def suggest(text: str, limit: int = 8, *, among: str = "service_areas") -> list[Term]:
    """Terms for what has been typed so far, best first; `among` names one of the four lists."""
    index = {
        "service_areas": _service_area_index,
        "competencies": _competency_index,
        "languages": _language_index,
        "channels": _channel_index,
    }[among]()
    return index.suggest(text, limit)


def name_of(key: str, *, among: str = "service_areas") -> str:
    """The name for a key; a key that is no longer shipped names itself."""
    terms = {
        "service_areas": service_areas,
        "competencies": competencies,
        "languages": languages,
        "channels": channels,
    }[among]()
    return terms[key].name if key in terms else key


def names(keys: Iterable[str], *, among: str = "service_areas") -> list[str]:
    return [name_of(key, among=among) for key in keys]


@cache
def relatedness() -> Mapping[tuple[str, str], float]:
    """How near two service areas are, 0 to 1, for both orders of every pair that is not 0; a key to itself is 1."""
    near = {(key, key): 1.0 for key in service_areas()}
    for one, others in _toml("relatedness.toml").items():
        for other, closeness in others.items():
            near[one, other] = near[other, one] = float(closeness)
    return MappingProxyType(near)
