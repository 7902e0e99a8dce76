"""What this room tells people."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.notices import Notice, of_room
from commonhall.history.models import Event
from commonhall.mentorships.queries import partners
from commonhall.workspace.models import Action
from commonhall.workspace.queries.actions import with_people


def _action(event: Event) -> Action:
    return with_people(Action.objects.all()).get(pk=event.about_id)


def the_owner(event: Event) -> Iterable[User]:
    action = _action(event)
    return [action.owner] if action.owner and action.done_at is None else []


def _context(event: Event, user: User) -> dict[str, Any]:
    action = _action(event)
    return {
        "name": ", ".join(one.user.name for one in partners(action.mentorship, user)),
        "words": action.words,
        "day": date_format(action.due_on, "l j F") if action.due_on else "",
        "late": action.due_on is not None and action.due_on < clock.today(user.time_zone),
    }


def _list(event: Event, user: User) -> str:
    return reverse("workspace:actions", args=[_action(event).mentorship_id])


_notice = of_room("workspace", _context, url=_list)

NOTICES: tuple[Notice, ...] = (
    _notice("action.near", "near", _("Due on %(day)s: what you said to %(name)s"), _("Tick it off"), to=the_owner),
)
