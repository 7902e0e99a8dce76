"""Everything that Commonhall tells people, by the fact that it follows."""

from collections import defaultdict
from importlib import import_module

from commonhall.core.notices import Notice

ROOMS: tuple[str, ...] = ("programmes", "mentorships", "meetings", "matching", "workspace")


def by_verb() -> dict[str, list[Notice]]:
    table: dict[str, list[Notice]] = defaultdict(list)
    for room in ROOMS:
        for notice in import_module(f"commonhall.{room}.notices").NOTICES:
            table[notice.verb].append(notice)
    return dict(table)
