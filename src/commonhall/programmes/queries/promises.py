"""How many places are really free: those that nobody has, less those that open proposals and requests have promised.

Proposals are made in a higher room, which `config` names at start. Every page and rule that speaks of a free place
asks here.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest

from commonhall.programmes.models import Enrolment
from commonhall.programmes.queries import shelf

Counting = Callable[[], Any]
_counting: list[Counting] = []


def know_of_promises(counting: Counting) -> None:
    """`counting` gives the number of promised places of the enrolment that `OuterRef("pk")` names."""
    _counting[:] = [counting]


def with_free(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each enrolment with `free`, the places that could be given away now; never below none."""
    promised = _counting[0]() if _counting else Value(0)
    widened: QuerySet[Any] = rows.annotate(free=Greatest(F("capacity") - F("taken") - promised, Value(0)))
    return widened


def free_places(enrolment: Enrolment) -> int:
    """The same for one, as things stand now."""
    found: int = with_free(Enrolment.objects.filter(pk=enrolment.pk)).values_list("free", flat=True)[0]
    return found


def count_afresh(programme_id: int) -> None:
    """Places were promised or given back: the directory's filters count again once that is saved."""
    transaction.on_commit(partial(shelf.forget, programme_id))
