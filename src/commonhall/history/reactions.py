"""The table that `config` hands over at start: which tasks follow which fact."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

_table: dict[str, Sequence[str]] = {}
_verbs: set[str] = set()
_quiet: ContextVar[bool] = ContextVar("quiet_history", default=False)
_enqueue: Callable[[Iterable[tuple[str, int]]], None] | None = None


def install(
    verbs: Mapping[str, object],
    table: Mapping[str, Sequence[str]],
    enqueue: Callable[[Iterable[tuple[str, int]]], None],
) -> None:
    global _enqueue
    _verbs.clear()
    _verbs.update(verbs)
    _table.clear()
    _table.update(table)
    _enqueue = enqueue


def known(verb: str) -> str:
    """The verb itself, or LookupError when `config.timeline` has no words for it."""
    if verb not in _verbs:
        raise LookupError(f"history has no words for “{verb}”: add it to config/timeline.py")
    return verb


@contextmanager
def quietly() -> Iterator[None]:
    """What is recorded inside is on record, and nothing follows from it: a story of the past being told."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def start(events: Iterable[tuple[str, int]]) -> None:
    """Queue what follows from these facts, each given as its verb and its id, all at once."""
    if _quiet.get():
        return
    if calls := [(task, event_id) for verb, event_id in events for task in _table.get(verb, ())]:
        assert _enqueue is not None
        _enqueue(calls)
