"""Who takes a letter: a function for each kind of address. `config.inbox` hands the table over at start.

A handler acts, or raises `Refused` with words for the sender; it runs inside a transaction.
"""

from collections.abc import Callable, Mapping

from commonhall.integrations.inbox.letters import Letter

Handler = Callable[[Letter, tuple[int, ...]], None]
_table: dict[str, Handler] = {}


def install(table: Mapping[str, Handler]) -> None:
    _table.clear()
    _table.update(table)


def known(kind: str) -> Handler | None:
    return _table.get(kind)
