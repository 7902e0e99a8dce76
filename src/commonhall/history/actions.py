"""What happened, once, in the past tense."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models, transaction

from commonhall.core import clock
from commonhall.history import reactions
from commonhall.history.models import Event

_gathered: ContextVar[list[Event] | None] = ContextVar("gathered_history", default=None)


@transaction.atomic(savepoint=False)
def record(
    verb: str,
    *,
    about: models.Model,
    by: Any = None,
    within: models.Model | None = None,
    via: str = "",
    **details: Any,
) -> Event:
    """Write one fact and queue, in the same transaction, whatever `config.reactions` lists for it.

    `details` holds identifiers, codes and counts, never what people wrote.
    """
    event = Event(
        verb=reactions.known(verb), about=about, within=within, by=by, via=via, at=clock.now(), details=details
    )
    gathered = _gathered.get()
    if gathered is None:
        _write([event])
    else:
        gathered.append(event)
    return event


@contextmanager
def together() -> Iterator[None]:
    """What is recorded inside is written at its end, all facts at once and all that follows from them at once.

    It stands inside the transaction of the data. Until its end a fact has no id.
    """
    if _gathered.get() is not None:
        yield
        return
    gathered: list[Event] = []
    token = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(token)
    _write(gathered)


@transaction.atomic(savepoint=False)
def record_many(verb: str, facts: Iterable[Mapping[str, Any]]) -> list[Event]:
    """The same for many rows at once; each mapping holds the arguments of `record`."""
    now = clock.now()
    events = [Event(**{"verb": reactions.known(verb), "at": now, **fact}) for fact in facts]
    _write(events)
    return events


@transaction.atomic(savepoint=False)
def _write(events: list[Event]) -> None:
    Event.objects.bulk_create(events, batch_size=500)
    reactions.start([(event.verb, event.pk) for event in events])
