"""What this room tells people. The words of a message stand in no notice: they go into the e-mail, and only there."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.notices import Notice, of_room
from commonhall.history.models import Event
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import partners
from commonhall.programmes.queries.programmes import coordinators_of
from commonhall.workspace.models import Action, Block, Message, Reading, Report
from commonhall.workspace.queries.actions import with_people
from commonhall.workspace.queries.messages import correspondence_of
from commonhall.workspace.replies import reply_address

MOST_IN_A_LETTER = 10


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


def _reading(event: Event) -> Reading:
    return Reading.objects.select_related("mentorship__programme", "user").get(pk=event.about_id)


def whoever_waits(event: Event) -> Iterable[User]:
    return [_reading(event).user]


def _told_of(event: Event, reading: Reading) -> QuerySet[Message]:
    """Those that are still there and still not read."""
    between = Message.objects.filter(pk__range=(event.detail("first"), event.detail("last")))
    return between.filter(mentorship=reading.mentorship).unread_by(reading.user).order_by("pk")


def _senders(event: Event, reading: Reading) -> list[str]:
    names = _told_of(event, reading).exclude(author=None).values_list("author__name", flat=True)
    return list(dict.fromkeys(names))


def _words(event: Event, user: User) -> str:
    """For whoever wants them in their mailbox: the last ones, each under its name."""
    reading = _reading(event)
    if not correspondence_of(user).with_words:
        return ""
    rows = _told_of(event, reading).exclude(author=None).reverse()[:MOST_IN_A_LETTER]
    said = [f"{one.author.name}:\n{one.text}" for one in rows.select_related("author") if one.author]
    return "\n\n".join(reversed(said))


def _replies(event: Event, user: User) -> str:
    return reply_address(_reading(event).mentorship, user)


def _waiting(event: Event, user: User) -> dict[str, Any]:
    reading = _reading(event)
    names = _senders(event, reading)
    programme = reading.mentorship.programme.name
    return {"names": ", ".join(names) or programme, "number": event.detail("number"), "programme": programme}


def _thread(event: Event, user: User) -> str:
    return reverse("workspace:thread", args=[_reading(event).mentorship_id])


def _reported(event: Event) -> Report:
    return Report.objects.select_related("message__mentorship__programme").get(pk=event.about_id)


def whoever_runs_it(event: Event) -> Iterable[User]:
    """But for the one whose message it is, and the one who reported it."""
    report = _reported(event)
    concerned = (report.message.author_id, event.by_id)
    return [user for user in coordinators_of(report.message.mentorship.programme) if user.pk not in concerned]


def _of_report(event: Event, user: User) -> dict[str, Any]:
    report = _reported(event)
    return {"programme": report.message.mentorship.programme.name, "by": event.by.name if event.by else ""}


def _reports(event: Event, user: User) -> str:
    return reverse("workspace:reports", args=[_reported(event).message.mentorship.programme.slug])


def _block(event: Event) -> Block:
    return Block.objects.select_related("mentorship__programme", "by", "user").get(pk=event.about_id)


def whoever_runs_it_after_a_block(event: Event) -> Iterable[User]:
    block = _block(event)
    concerned = (block.by_id, block.user_id)
    return [user for user in coordinators_of(block.mentorship.programme) if user.pk not in concerned]


def _of_block(event: Event, user: User) -> dict[str, Any]:
    block = _block(event)
    is_paused = block.mentorship.state == Mentorship.State.PAUSED
    return {
        "programme": block.mentorship.programme.name,
        "by": block.by.name,
        "name": block.user.name,
        "is_paused": is_paused and not block.hides,
    }


def _mentorship(event: Event, user: User) -> str:
    return reverse("mentorships:detail", args=[_block(event).mentorship_id])


_notice = of_room("workspace", _context, url=_list)
_of_message = of_room("workspace", _waiting, to=whoever_waits, url=_thread)

NOTICES: tuple[Notice, ...] = (
    _notice("action.near", "near", _("Due on %(day)s: what you said to %(name)s"), _("Tick it off"), to=the_owner),
    _of_message(
        "message.waiting",
        "message_waiting",
        _("%(names)s has written to you"),
        _("Read and answer"),
        kind="messages",
        reply_to=_replies,
        words=_words,
    ),
    _of_message(
        "message.reported",
        "message_reported",
        _("A message was reported in %(programme)s"),
        _("Read the message"),
        to=whoever_runs_it,
        context=_of_report,
        url=_reports,
        essential=True,
    ),
    _of_message(
        "person.blocked",
        "person_blocked",
        _("%(by)s has blocked %(name)s"),
        _("See the mentorship"),
        to=whoever_runs_it_after_a_block,
        context=_of_block,
        url=_mentorship,
        essential=True,
    ),
)
