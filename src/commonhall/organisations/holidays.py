"""Public holidays by country and region, out of the `holidays` library."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commonhall.organisations.countries import country_name

NONE: Mapping[date, str] = MappingProxyType({})


def holidays(country: str, region: str, year: int) -> Mapping[date, str]:
    """The public holidays of a year with their names; none where the country is not known."""
    return _table(country, region, year, get_language() or "en")


def between(country: str, region: str, starting: date, until: date) -> Iterator[tuple[date, str]]:
    """Holidays from one day to another, both included, in order."""
    for year in range(starting.year, until.year + 1):
        for day, name in holidays(country, region, year).items():
            if starting <= day <= until:
                yield day, name


@lru_cache(maxsize=512)
def _table(country: str, region: str, year: int, language: str) -> Mapping[date, str]:
    if country not in countries() or (region and region not in regions(country)):
        return NONE
    kind = _kind(country)
    found = kind(subdiv=region or None, years=year, expand=False, language=_spoken(kind, language))
    return MappingProxyType(dict(sorted(found.items())))


def _library() -> Any:
    """Loaded when first asked for: it takes a tenth of a second and 15 MB, and most requests need no holidays."""
    return import_module("holidays")


def _kind(country: str) -> Any:
    return getattr(_library(), country)


def _spoken(kind: Any, language: str) -> str | None:
    """The nearest that the country's names come in: the reader's language, or the country's own."""
    base = language.partition("-")[0]
    own = str(kind.default_language or "")
    choices = [own, *sorted(kind.supported_languages)]
    return next((one for one in choices if one.partition("_")[0] == base), own) or None


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """Codes of the countries whose holidays are known."""
    return frozenset(_library().list_supported_countries(include_aliases=False))


@lru_cache(maxsize=256)
def regions(country: str) -> Mapping[str, str]:
    """Code and name of each region with holidays of its own; empty where there are none."""
    if country not in countries():
        return MappingProxyType({})
    kind = _kind(country)
    named = {code: name for name, code in reversed((kind.subdivisions_aliases or {}).items())}
    codes = sorted(kind.subdivisions, key=lambda code: named.get(code, code))
    return MappingProxyType({code: named.get(code, code) for code in codes})


def place(country: str, region: str = "") -> str:
    """Whose holidays they are, in words."""
    if region and (name := regions(country).get(region)):
        return _("%(region)s, %(country)s") % {"region": name, "country": country_name(country)}
    return country_name(country)


def short_place(country: str, region: str = "") -> str:
    return (regions(country).get(region) if region else "") or country_name(country)
