from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.template import Context

from commonhall.core import clock
from commonhall.notifications import declared
from commonhall.notifications.kinds import LABELS
from commonhall.notifications.models import Notice, Preference

DEFAULT = Preference.How.NOW


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


def unread_count(user: Any) -> int:
    return Notice.objects.visible_to(user).unread().count()


def digests_due() -> list[Any]:
    """People whose digest is to go out now: after seven in the morning of their own day."""
    waiting = Notice.objects.filter(email=Notice.Email.DIGEST).select_related("user").order_by("user")
    due = {}
    for notice in waiting.iterator():
        if notice.user and _is_morning_after(notice):
            due[notice.user.pk] = notice.user
    return list(due.values())


def _is_morning_after(notice: Notice) -> bool:
    from_zone = clock.zone(notice.user.time_zone)
    here = clock.now().astimezone(from_zone)
    seven = here.replace(hour=7, minute=0, second=0, microsecond=0)
    return here >= seven and notice.created_at < seven


def digest_of(user: Any) -> QuerySet[Notice]:
    return Notice.objects.filter(user=user, email=Notice.Email.DIGEST).order_by("created_at")
