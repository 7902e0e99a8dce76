from collections.abc import Iterable
from datetime import datetime
from typing import Any

from commonhall.integrations.models import BusySpan

Span = tuple[datetime, datetime]


def busy_spans(users: Iterable[Any], starting: datetime, until: datetime) -> dict[int, list[Span]]:
    """When each of these people is busy elsewhere between two moments, in order, overlaps made one; by their pk.

    Everybody asked for has an entry. What their calendars said last counts, however long ago that was: it is a hint.
    """
    found: dict[int, list[Span]] = {user.pk: [] for user in users}
    rows = BusySpan.objects.filter(calendar__user__in=found, starts_at__lt=until, ends_at__gt=starting)
    for user, begins, ends in rows.order_by("starts_at").values_list("calendar__user", "starts_at", "ends_at"):
        spans = found[user]
        if spans and begins <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], ends))
        else:
            spans.append((begins, ends))
    return found
