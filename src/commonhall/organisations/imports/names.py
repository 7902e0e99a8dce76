"""Which organisation some words mean: official names, short names, abbreviations, misspellings, and former councils."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from commonhall.core.sheets.words import plain


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """`successors` are the keys of those that followed an organisation that has ended."""

    key: str
    name: str
    other_names: tuple[str, ...] = ()
    ended: bool = False
    successors: tuple[str, ...] = ()
    email_domains: tuple[str, ...] = ()
    time_zone: str = "Europe/London"


@dataclass(frozen=True, slots=True)
class NameFound:
    """`how`: official, other (another known name), short, guess (abbreviated or misspelt), several, none.

    `key` is set unless it is several or none; `candidates` are keys, best first.
    """

    how: str
    key: str = ""
    candidates: tuple[str, ...] = ()


NONE = NameFound("none")

_TYPE_TEXT = (
    "the of council councils borough district city county metropolitan london royal authority unitary combined town "
    "cc bc dc mbc mdc lbc lb rb rbc ua ca cbc cdc dcc bcc local government corporation mayoral and"
)
_TYPE_WORDS = frozenset(_TYPE_TEXT.split())
_LONG_TYPE_WORDS = [word for word in _TYPE_WORDS if len(word) >= 6]
_SHORT_TYPES = {
    "cc": ("county council", "city council"),
    "dc": ("district council",),
    "bc": ("borough council",),
    "mbc": ("metropolitan borough council", "borough council", "council"),
    "mdc": ("metropolitan district council", "district council", "council"),
    "lbc": ("london borough council",),
    "lb": ("london borough",),
    "rbc": ("royal borough council", "borough council"),
    "ca": ("combined authority",),
    "ua": ("council",),
    "cbc": ("borough council", "county borough council"),
    "cdc": ("district council",),
    "dcc": ("county council",),
}
_SHIRE_TEXT = (
    "beds=bedfordshire berks=berkshire bucks=buckinghamshire cambs=cambridgeshire ches=cheshire "
    "derbys=derbyshire  glos=gloucestershire hants=hampshire herts=hertfordshire hunts=huntingdonshire "
    "lancs=lancashire  leics=leicestershire lincs=lincolnshire middx=middlesex northants=northamptonshire "
    "northumb=northumberland  notts=nottinghamshire oxon=oxfordshire salop=shropshire shrops=shropshire "
    "staffs=staffordshire  warks=warwickshire wilts=wiltshire worcs=worcestershire yorks=yorkshire nth=north "
    "sth=south n=north s=south  e=east w=west nw=northwest ne=northeast st=saint mid=mid kings=kings "
    "gtr=greater pboro=peterborough  mk=milton"
)
_SHIRES = dict(pair.split("=") for pair in _SHIRE_TEXT.split())
_SPELLING, _CORE_SPELLING, _NOT_FAR = 88.0, 90.0, 65.0


def core(words: str) -> str:
    """What is left of a name without the words for the kind of council."""
    return " ".join(word for word in words.split() if word not in _TYPE_WORDS)


def _joined(words: str) -> str:
    return words.replace(" ", "")


def _saints(words: str) -> str:
    return re.sub(r"\bst\b", "saint", words)


class Directory:
    """Every known organisation by every way of writing it."""

    def __init__(self, organisations: Iterable[KnownOrganisation]) -> None:
        self.by_key = {organisation.key: organisation for organisation in organisations}
        self.official: dict[str, list[str]] = defaultdict(list)
        self.others: dict[str, list[str]] = defaultdict(list)
        self.cores: dict[str, list[str]] = defaultdict(list)
        self.initials: dict[str, list[str]] = defaultdict(list)
        self.domains: dict[str, list[str]] = defaultdict(list)
        for organisation in self.by_key.values():
            self._add(organisation)

    def _add(self, organisation: KnownOrganisation) -> None:
        key, words = organisation.key, _saints(plain(organisation.name))
        self.official[_joined(words)].append(key)
        if core(words):
            self.cores[_joined(core(words))].append(key)
        self.initials["".join(word[0] for word in words.split() if word not in ("the", "of", "and"))].append(key)
        for name in organisation.other_names:
            other = _saints(plain(name))
            self.others[_joined(other)].append(key)
            if core(other):
                self.cores[_joined(core(other))].append(key)
        for domain in organisation.email_domains:
            self.domains[domain.casefold()].append(key)

    @cached_property
    def _spellings(self) -> dict[str, str]:
        """Full names as they may be misspelt, to keys; of two with one name the one that still exists."""
        ended_first = sorted(self.by_key.values(), key=lambda organisation: not organisation.ended)
        return {_saints(plain(organisation.name)): organisation.key for organisation in ended_first}

    @cached_property
    def _core_spellings(self) -> dict[str, str]:
        return {joined: keys[0] for joined, keys in self.cores.items() if len(joined) >= 5}

    def name(self, key: str) -> str:
        return self.by_key[key].name

    def find(self, text: str) -> NameFound:
        words = _saints(plain(text))
        if not words:
            return NONE
        for how, index, asked in (
            ("official", self.official, _joined(words)),
            ("other", self.others, _joined(words)),
            ("short", self.cores, _joined(core(words)) if _is_bare(words) else ""),
        ):
            if asked and (found := self._one(how, index.get(asked, []))):
                return found
        return self._abbreviated(words) or self._typed_core(words) or self._misspelt(words)

    def _one(self, how: str, keys: list[str]) -> NameFound | None:
        """One organisation; of several with this name, those that still exist."""
        keys = list(dict.fromkeys(keys))
        current = [key for key in keys if not self.by_key[key].ended] or keys
        if len(current) > 1 and how == "short":
            own = {key: _joined(core(_saints(plain(self.name(key))))) for key in current}
            shortest = min(own.values(), key=len)
            current = [key for key in current if own[key] == shortest]
        if len(current) == 1:
            return NameFound(how, current[0], tuple(current))
        return NameFound("several", candidates=tuple(current)) if current else None

    def _typed_core(self, words: str) -> NameFound | None:
        """ "Harborough Borough Council" for Harborough District Council: right place, wrong kind of council."""
        found = self._one("guess", self.cores.get(_joined(core(words)), []))
        if found and found.how == "several":
            kinds = set(words.split()) & _TYPE_WORDS
            fitting = [key for key in found.candidates if kinds <= set(plain(self.name(key)).split())]
            return self._one("guess", fitting) or found
        return found

    def _abbreviated(self, words: str) -> NameFound | None:
        parts = [_SHIRES.get(word, word) for word in words.split()]
        expanded = " ".join(parts)
        kinds = [kind for word in parts for kind in _SHORT_TYPES.get(word, ())]
        if expanded == words and not kinds:
            return self._one("guess", self.initials.get(_joined(words), [])) if len(words) <= 6 else None
        place = _joined(core(expanded))
        full = [key for kind in kinds for key in self.official.get(place + _joined(kind), [])]
        return self._one("guess", full) or self._one("guess", self.cores.get(place, []))

    def _misspelt(self, words: str) -> NameFound:
        """The name, and the place within it, must both be near: councils differ in their places, not in their kinds."""
        place = _joined(core(_types_mended(words)))
        near = process.extract(words, list(self._spellings), scorer=fuzz.ratio, limit=5, score_cutoff=60)
        keys = [
            self._spellings[name]
            for name, score, _index in near
            if score >= _SPELLING and _near(place, _joined(core(name)))
        ]
        if not keys and len(place) >= 5:
            places = list(self._core_spellings)
            cores = process.extract(place, places, scorer=fuzz.ratio, limit=3, score_cutoff=_CORE_SPELLING)
            keys = [self._core_spellings[name] for name, _score, _index in cores if name[0] == place[0]]
        current = [key for key in dict.fromkeys(keys) if not self.by_key[key].ended] or keys
        if current:
            return NameFound("guess", current[0], tuple(current))
        return NameFound("none", candidates=self._not_far(place))

    def _not_far(self, place: str) -> tuple[str, ...]:
        """Places that may be meant; that both are borough councils brings two names no nearer."""
        cores = process.extract(place, list(self.cores), scorer=fuzz.ratio, limit=5, score_cutoff=_NOT_FAR)
        keys = dict.fromkeys(key for core_name, _score, _index in cores for key in self.cores[core_name])
        return tuple(key for key in keys if not self.by_key[key].ended)[:3]

    def by_domain(self, email: str) -> str:
        """The one organisation that uses the domain of an address, or ""."""
        domain = email.rsplit("@", 1)[-1].casefold()
        keys = [key for key in self.domains.get(domain, []) if not self.by_key[key].ended]
        return keys[0] if len(set(keys)) == 1 else ""

    def current(self, key: str) -> tuple[str, ...]:
        """The organisation itself, or those that followed it, in the end."""
        found, seen, ahead = [], {key}, [key]
        while ahead:
            organisation = self.by_key[ahead.pop(0)]
            if not organisation.ended:
                found.append(organisation.key)
                continue
            followed = [one for one in organisation.successors if one in self.by_key and one not in seen]
            seen.update(followed)
            ahead += followed
        return tuple(found)

    def mentioned(self, text: str) -> tuple[str, ...]:
        """Organisations that a sentence names, by full or short name; the longest name at each place wins."""
        written = re.findall(r"[^\W_][\w'’-]*|&", text)
        words = [_saints(plain(word)) for word in written]
        found: list[str] = []
        at = 0
        while at < len(words):
            length, key = self._named_at(written, words, at)
            found += [key] if key else []
            at += length
        return tuple(dict.fromkeys(found))

    def _named_at(self, written: list[str], words: list[str], at: int) -> tuple[int, str]:
        for length in range(min(9, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            place = core(phrase)
            if not place or not _reads_as_name(written[at : at + length], place, words[at + length : at + length + 1]):
                continue
            for index, asked in ((self.official, phrase), (self.others, phrase), (self.cores, place)):
                if (one := self._one("other", index.get(_joined(asked), []))) and one.key:
                    return length, one.key
        return 1, ""


def _near(place: str, other: str) -> bool:
    """Misspelt, but hardly in the first letter: Ambridge is not Cambridge."""
    return place[:1] == other[:1] and fuzz.ratio(place, other) >= _SPELLING


def _types_mended(words: str) -> str:
    """ "peterbrough city counsil" with its kind of council spelt right, so that the place can be told apart."""
    return " ".join(
        match[0] if (match := process.extractOne(word, _LONG_TYPE_WORDS, scorer=fuzz.ratio, score_cutoff=80)) else word
        for word in words.split()
    )


def _reads_as_name(written: list[str], place: str, following: list[str]) -> bool:
    """One word in small letters ("reading", "bath") is no council, unless it is followed by "council" or the like."""
    kinds = {"council", "city", "county", "borough", "district"} & {*following, *map(str.casefold, written)}
    return " " in place or bool(kinds) or any(word[:1].isupper() and plain(word) == place for word in written)


def _is_bare(words: str) -> bool:
    """No word in it says what kind of council it is, but for "council" itself."""
    return not (set(words.split()) & (_TYPE_WORDS - {"council", "the", "of", "and"}))
