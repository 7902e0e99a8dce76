"""The table that `config` hands over at start: which task starts how often."""

from collections.abc import Mapping
from datetime import timedelta

every: dict[str, timedelta] = {}


def install(table: Mapping[str, timedelta]) -> None:
    every.clear()
    every.update(table)
