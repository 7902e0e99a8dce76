"""What travel takes: set and dropped by the site's administrators, each change on record with what it was."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import transaction

from commonhall.accounts.models import User
from commonhall.core import text
from commonhall.core.verdicts import require
from commonhall.history.actions import record
from commonhall.meetings import travel
from commonhall.meetings.models import TravelFactors
from commonhall.meetings.queries.factors import EVERYWHERE, KEPT, SOURCES, in_force
from commonhall.organisations.rules import is_site_administrator


@transaction.atomic
def set_factors(country: str, *, by: User, values: Mapping[str, Any], sources: Mapping[str, str]) -> TravelFactors:
    """From now on, for every meeting: those of the past are counted by the same numbers."""
    require(is_site_administrator(by))
    known, cited = in_force(country)
    row, made = TravelFactors.objects.select_for_update().get_or_create(
        country=country, defaults={"values": dict(known), "sources": dict(cited)}
    )
    new = known | {name: values[name] for name in travel.VALUES if name in values}
    new_sources = cited | {part: text.clean(sources[part]) for part in SOURCES if part in sources}
    changed = _changed(known, new) | _changed(cited, new_sources)
    row.values, row.sources = new, new_sources
    row.save(update_fields=["values", "sources"])
    _forget()
    if changed or made:
        record("travel.set", about=row, by=by, country=country, changed=changed)
    return row


@transaction.atomic
def drop_factors(country: str, *, by: User) -> None:
    """The country goes by the numbers of all again."""
    require(is_site_administrator(by))
    row = TravelFactors.objects.select_for_update().filter(country=country).exclude(country=EVERYWHERE).first()
    if row is None:
        return
    own = row.values
    about = row.pk
    row.delete()
    _forget()
    row.pk = about
    record("travel.dropped", about=row, by=by, country=country, changed=_changed(own, in_force(country)[0]))


def _forget() -> None:
    """What was kept of them, also for whoever read between now and the end of this."""
    cache.delete(KEPT)
    transaction.on_commit(partial(cache.delete, KEPT))


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
