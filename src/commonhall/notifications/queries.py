from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.template import Context

from commonhall.core import clock
from commonhall.notifications import declared
from commonhall.notifications.kinds import LABELS
from commonhall.notifications.models import Notice, Preference

DEFAULT = Preference.How.NOW
LATE = timedelta(hours=4)


@dataclass(frozen=True)
class Choice:
    kind: str
    label: Any
    how: str


def plain_context(context: dict[str, Any]) -> Context:
    """A template context for plain text, in which nothing is escaped for HTML."""
    return Context(context, autoescape=False)


def preference(user: Any, kind: str) -> str:
    row = Preference.objects.filter(user=user, kind=kind).first()
    return row.how if row else DEFAULT


def choices(user: Any) -> list[Choice]:
    kept = dict(Preference.objects.filter(user=user).values_list("kind", "how"))
    return [Choice(kind, LABELS[kind], kept.get(kind, DEFAULT)) for kind in declared.optional_kinds()]


def with_unread(users: QuerySet[Any]) -> QuerySet[Any]:
    """Each with the number of notices that they have not read, as `unread_notices`."""
    unread = Notice.objects.filter(user=OuterRef("pk")).unread().order_by().values("user").annotate(number=Count("pk"))
    widened: QuerySet[Any] = users.annotate(unread_notices=Coalesce(Subquery(unread.values("number")), 0))
    return widened


def unread_count(user: Any) -> int:
    known: int | None = getattr(user, "unread_notices", None)
    if known is not None:
        return known
    return Notice.objects.visible_to(user).unread().count()


def kinds_in_digest(user: Any) -> list[str]:
    return list(Preference.objects.filter(user=user, how=Preference.How.DIGEST).values_list("kind", flat=True))


def digests_due() -> list[int]:
    """The ids of people whose digest is to go out now: after seven in the morning of their own day."""
    waiting = Notice.objects.filter(email=Notice.Email.DIGEST, user__is_active=True).order_by()
    oldest = waiting.values_list("user", "user__time_zone").annotate(Min("created_at"))
    return [user_id for user_id, zone, since in oldest if _is_morning_after(since, zone)]


def _is_morning_after(since: datetime, zone: str) -> bool:
    here = clock.now().astimezone(clock.zone(zone))
    seven = here.replace(hour=7, minute=0, second=0, microsecond=0)
    return here >= seven and since < seven


def undelivered() -> QuerySet[Notice]:
    """E-mails that did not reach anybody: refused for good, or still waiting hours later."""
    late = Q(email=Notice.Email.WAITING, created_at__lt=clock.now() - LATE)
    return Notice.objects.filter(Q(email=Notice.Email.FAILED) | late).select_related("user").order_by("-created_at")


def digest_of(user: Any) -> QuerySet[Notice]:
    return Notice.objects.filter(user=user, email=Notice.Email.DIGEST).order_by("created_at")
