"""Names of countries, from the list that comes with the time-zone database."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

BETTER = {"GB": "United Kingdom", "US": "United States"}


@cache
def _names() -> Mapping[str, str]:
    lines = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if line and not line.startswith("#")) | BETTER


def countries() -> Mapping[str, str]:
    """Every country by its two letters."""
    return _names()


def country_name(code: str) -> str:
    return _names().get(code, code)
