"""Everything that Commonhall tells people, by the fact that it follows."""

from collections import defaultdict

from commonhall.core.notices import Notice

ROOMS: tuple[tuple[Notice, ...], ...] = ()


def by_verb() -> dict[str, list[Notice]]:
    table: dict[str, list[Notice]] = defaultdict(list)
    for notices in ROOMS:
        for notice in notices:
            table[notice.verb].append(notice)
    return dict(table)
