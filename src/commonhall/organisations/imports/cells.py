"""Single cells of a sheet of organisations."""

import re
from collections.abc import Iterable

from commonhall.core.sheets import numbers
from commonhall.core.sheets.words import plain
from commonhall.core.text import line
from commonhall.organisations.imports import places

country = places.country
number = numbers.parse
whole = numbers.whole
tidy = line

_TIERS = {
    "single": "single, single tier, one tier, unitary, unitary authority, metropolitan, london borough, ni district,"
    "city and county, consolidated",
    "upper": "upper, upper tier, county, county council, regional council upper",
    "lower": "lower, lower tier, district, borough, district council, municipality, city, town, parish",
    "regional": "regional, combined, combined authority, region, regional council, metro, strategic authority",
    "association": "association, federation, network, local government association",
    "other": "other, none, partnership, fire authority, national park",
}
_TIER_WORDS = {plain(word): tier for tier, words in _TIERS.items() for word in words.split(",")}
_SIZES = {"small": "small", "medium": "medium", "large": "large", "very large": "very_large", "verylarge": "very_large"}
_LANGUAGES = {
    "english": "en",
    "welsh": "cy",
    "cymraeg": "cy",
    "irish": "ga",
    "gaeilge": "ga",
    "gaelic": "gd",
    "scottish gaelic": "gd",
    "maori": "mi",
    "te reo maori": "mi",
    "te reo": "mi",
    "french": "fr",
    "francais": "fr",
    "german": "de",
    "deutsch": "de",
    "dutch": "nl",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "polish": "pl",
    "danish": "da",
    "swedish": "sv",
    "norwegian": "nb",
    "finnish": "fi",
    "cornish": "kw",
}
_CODE = re.compile(r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$", re.I)
_DOMAIN = re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")


def pieces(text: str, separators: Iterable[str] = ",;|\n") -> list[str]:
    marks = "".join(re.escape(mark) for mark in separators)
    return [piece.strip() for piece in re.split(f"[{marks}]", text) if piece.strip()]


def tier(text: str) -> str | None:
    return _TIER_WORDS.get(plain(text)) if text else "other"


def size_band(text: str, population: int | None) -> str | None:
    """The named band, else the band of the population, else ""; None for a name that is no band."""
    if text:
        return _SIZES.get(plain(text))
    if population is None:
        return ""
    bounds = ((50_000, "small"), (150_000, "medium"), (500_000, "large"))
    return next((band for below, band in bounds if population < below), "very_large")


def language(text: str) -> str | None:
    if known := _LANGUAGES.get(plain(text)):
        return known
    return text.split("-")[0].lower() + text[len(text.split("-")[0]) :] if _CODE.match(text) else None


def domain(text: str) -> str | None:
    bare = text.strip().casefold().rsplit("@", 1)[-1].strip(". ")
    return bare if _DOMAIN.match(bare) else None


def time_zone(text: str, country_code: str) -> tuple[str, str]:
    """A zone, and the code of what is wrong: unknown, or missing where a country has several."""
    zones = places.zones_of(country_code) or ("Europe/London",)
    if text:
        return (text, "") if text in places.zones() else (zones[0], "zone_unknown")
    return zones[0], "zone_missing" if len(zones) > 1 else ""
