from dataclasses import dataclass

from django.db.models import F, QuerySet

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.prepared import Prepared
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.times import with_people

MOST_IN_AGENDA = 60


@dataclass(frozen=True)
class Agenda:
    """Somebody's meetings, by what they wait for."""

    waiting: tuple[Meeting, ...]
    sent: tuple[Meeting, ...]
    to_log: tuple[Meeting, ...]
    coming: tuple[Meeting, ...]
    past: tuple[Meeting, ...]


def to_log(user: User) -> QuerySet[Meeting]:
    """Agreed meetings whose time is over, and of which nobody has said whether they took place."""
    over = Meeting.objects.visible_to(user).agreed().filter(ends_at__lt=clock.now())
    return with_people(over.order_by("starts_at"))


def agenda(user: User) -> Agenda:
    """All that is open, and what lies behind, in one look; meetings that were called off are left out."""
    meetings = _in_agenda(user=user.pk)
    asked = [one for one in meetings if one.state in Meeting.OPEN and one.options.all()]
    agreed = [one for one in reversed(meetings) if one.state == Meeting.State.AGREED]
    return Agenda(
        waiting=tuple(one for one in asked if one.proposed_by_id != user.pk),
        sent=tuple(one for one in asked if one.proposed_by_id == user.pk),
        to_log=tuple(one for one in agreed if one.is_over),
        coming=tuple(one for one in agreed if not one.is_over),
        past=tuple(one for one in meetings if one.state in Meeting.LOGGED),
    )


def _not_cancelled(user: int) -> QuerySet[Meeting]:
    mine = Meeting.objects.visible_to(user).exclude(state=Meeting.State.CANCELLED)
    return with_people(mine).order_by(F("starts_at").desc(nulls_first=True))[:MOST_IN_AGENDA]


_in_agenda = Prepared(_not_cancelled, user=int)
