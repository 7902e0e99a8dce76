"""Countries and their time zones, from the tables that come with the time zone data."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from zoneinfo import available_timezones

from commonhall.core.sheets.words import plain

_ALSO = {
    "uk": "GB",
    "united kingdom": "GB",
    "great britain": "GB",
    "england": "GB",
    "wales": "GB",
    "scotland": "GB",
    "northern ireland": "GB",
    "usa": "US",
    "united states of america": "US",
    "aotearoa": "NZ",
    "aotearoa new zealand": "NZ",
    "republic of ireland": "IE",
    "eire": "IE",
    "holland": "NL",
    "the netherlands": "NL",
    "south korea": "KR",
    "czechia": "CZ",
}


def _table(name: str) -> list[list[str]]:
    text = files("tzdata.zoneinfo").joinpath(name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def country_names() -> Mapping[str, str]:
    return MappingProxyType({row[0]: row[1] for row in _table("iso3166.tab")})


@cache
def _country_words() -> dict[str, str]:
    words = {plain(name): code for code, name in country_names().items()}
    return words | {code.casefold(): code for code in country_names()} | _ALSO


def country(text: str) -> str | None:
    """The ISO 3166 code for a code or an English name."""
    return _country_words().get(plain(text))


@cache
def zones_of(country_code: str) -> tuple[str, ...]:
    """The time zones of a country; the first is the one where most people live, by the table's own order."""
    return tuple(row[2] for row in _table("zone.tab") if row[0] == country_code)


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())
