from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from commonhall.core import clock
from commonhall.integrations.models import BusySpan, Calendar

Span = tuple[datetime, datetime]
EVERY = timedelta(hours=1)
AT_MOST = timedelta(days=1)


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


def calendars_of(user: Any) -> "QuerySet[Calendar, Calendar]":
    """Somebody's calendars, each with the number of its busy times that are still to come (`busy`)."""
    to_come = Count("spans", filter=Q(spans__ends_at__gt=clock.now()))
    return Calendar.objects.visible_to(user).annotate(busy=to_come)


def calendar_for_meetings(user: Any) -> Calendar | None:
    """Into which calendar somebody wants their meetings written, if any."""
    return Calendar.objects.filter(user=user, takes_meetings=True).first()


def due() -> list[Calendar]:
    """Calendars to be asked again, the longest unasked first: each hour, and ever less often while that fails."""
    now = clock.now()
    asked = Calendar.objects.exclude(address="").filter(Q(asked_at=None) | Q(asked_at__lte=now - EVERY))
    waiting = asked.filter(user__is_active=True).order_by("asked_at", "pk")
    return [one for one in waiting.only("pk", "asked_at", "read_at", "added_at", "problem") if _is_due(one, now)]


def _is_due(calendar: Calendar, now: datetime) -> bool:
    """After a failure we wait as long again as it has failed already, from an hour to a day."""
    if not calendar.problem or calendar.asked_at is None:
        return True
    failing = calendar.asked_at - (calendar.read_at or calendar.added_at)
    return now >= calendar.asked_at + min(max(failing, EVERY), AT_MOST)
