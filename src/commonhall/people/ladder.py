"""The generic career ladder, onto which each council maps its own grades."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonhall.core.sheets.words import plain

LEVELS: Mapping[str, Promise] = MappingProxyType(
    {
        "1": _("Entry, trade or operative"),
        "2": _("Officer or administrator"),
        "3": _("Senior officer, specialist or qualified professional"),
        "4": _("Team leader or supervisor"),
        "5": _("Service manager"),
        "6": _("Head of service or division manager"),
        "7": _("Director or department head"),
        "8": _("Deputy or assistant chief executive"),
        "9": _("Chief executive, city or county manager"),
        "E1": _("Councillor"),
        "E2": _("Committee chair or portfolio holder"),
        "E3": _("Leader or mayor"),
        "R": _("Retired"),
    }
)
ELECTED = frozenset({"E1", "E2", "E3"})

_KEY = re.compile(
    r"^(?:level|lvl|grade|step|stufe|l)?[\s:.#-]*(e\s?[1-3]|[1-9]|r)(?:\.0)?(?:\s*[-–—:.,)|/]\s*\S.*)?$", re.I
)


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    found: dict[str, str] = {}
    data = files("commonhall.people").joinpath("vocabulary", "levels.toml").read_text("utf-8")
    for key, texts in tomllib.loads(data).items():
        for text in texts:
            found.setdefault(plain(text), key)
    return found


@lru_cache(maxsize=4096)
def parse(text: str) -> str | None:
    """The level that words mean ("4", "L4", "LE1", "5 – Service manager", "Senior officer, specialist"), or None."""
    text = text.strip()
    if match := _KEY.match(text):
        return match[1].replace(" ", "").upper()
    words = plain(re.sub(r"\(.*?\)", " ", text))
    known = _words()
    return known.get(words) or known.get(words.removeprefix("a ").removeprefix("an ")) or _by_parts(text)


def _by_parts(text: str) -> str | None:
    """ "Officer or administrator": every part says the same level, or nothing."""
    parts = [plain(part) for part in re.split(r",|/|;|\bor\b|&|\band\b", text) if plain(part)]
    levels = {_words()[part] for part in parts if part in _words()}
    return levels.pop() if len(levels) == 1 and len(parts) > 1 else None


def name_of(level: str) -> str:
    return str(LEVELS.get(level, level))


def rung(level: str) -> int | None:
    """The height of an officer's level, 1 to 9; elected members and the retired stand on no rung."""
    return int(level) if level.isdigit() else None


def label_of(level: str) -> str:
    """ "5 – Service manager", as people choose it."""
    return f"{level} – {name_of(level)}" if level in LEVELS else level


def choices() -> list[tuple[str, str]]:
    return [(level, label_of(level)) for level in LEVELS]
