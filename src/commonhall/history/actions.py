"""What happened, once, in the past tense."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction

from commonhall.core import clock
from commonhall.history import reactions
from commonhall.history.models import Event


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
    event = Event.objects.create(
        verb=reactions.known(verb), about=about, within=within, by=by, via=via, at=clock.now(), details=details
    )
    reactions.start(verb, event.pk)
    return event


@transaction.atomic(savepoint=False)
def record_many(verb: str, facts: Iterable[Mapping[str, Any]]) -> list[Event]:
    """The same for many rows at once; each mapping holds the arguments of `record`."""
    now = clock.now()
    events = Event.objects.bulk_create(
        [Event(**{"verb": reactions.known(verb), "at": now, **fact}) for fact in facts], batch_size=500
    )
    for event in events:
        reactions.start(verb, event.pk)
    return events
