"""What this room tells people, with calendar files. A fact that a later one has overtaken is told to nobody."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.notices import Attachment, Notice, of_room
from commonhall.history.models import Event
from commonhall.meetings import links
from commonhall.meetings.invitation import attachment
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.times import with_people
from commonhall.meetings.replies import reply_address

LOCAL = "l j F Y, H:i"


def _meeting(event: Event) -> Meeting:
    return with_people(Meeting.objects.all()).get(pk=event.about_id)


def _people(meeting: Meeting) -> list[User]:
    return [one.user for one in meeting.mentorship.participants.all()]


def everybody(event: Event) -> Iterable[User]:
    meeting = _meeting(event)
    return _people(meeting) if event.detail("sequence") == meeting.sequence else []


def the_others(event: Event) -> Iterable[User]:
    return [user for user in _people(_meeting(event)) if user.pk != event.by_id]


def who_may_answer(event: Event) -> Iterable[User]:
    meeting = _meeting(event)
    waits = meeting.proposed_by_id == event.by_id and meeting.options.all()
    return the_others(event) if waits else []


def whom_it_concerns(event: Event) -> Iterable[User]:
    """Everybody has it in the calendar, once it was agreed; before that, only the others need to know."""
    return everybody(event) if event.detail("was_agreed") else the_others(event)


def the_reminded(event: Event) -> Iterable[User]:
    meeting = _meeting(event)
    if meeting.state != Meeting.State.AGREED or meeting.has_begun:
        return []
    return [user for user in everybody(event) if user.pk in event.details["users"]]


def _context(event: Event, user: User) -> dict[str, Any]:
    meeting = _meeting(event)
    zone = clock.zone(user.time_zone)
    names = [one.name for one in _people(meeting) if one.pk != user.pk]
    at = date_format(meeting.starts_at.astimezone(zone), LOCAL) if meeting.starts_at else ""
    return {
        "meeting": meeting,
        "name": ", ".join(names),
        "by": event.by.name if event.by else "",
        "is_mine": event.by_id == user.pk,
        "at": at,
        "zone": clock.zone_in_words(user.time_zone),
        "options": [date_format(one.starts_at.astimezone(zone), LOCAL) for one in meeting.options.all()],
        "moves": meeting.state == Meeting.State.AGREED,
        "again": event.detail("again"),
        "ended": meeting.cancel_reason == Meeting.CancelReason.ENDED,
        "words": meeting.cancel_message,
    }


def _by_link(event: Event, user: User) -> str:
    return links.path(_meeting(event), user)


def _pair(event: Event, user: User) -> str:
    return reverse("mentorships:detail", args=[_meeting(event).mentorship_id])


def _calendar(event: Event, user: User) -> list[Attachment]:
    meeting = _meeting(event)
    return [attachment(meeting, user)] if meeting.starts_at else []


def _replies(event: Event, user: User) -> str:
    """Some calendars answer whoever the e-mail names, others the organiser of the invitation."""
    return reply_address(_meeting(event), user)


_notice = of_room("meetings", _context, url=_by_link, essential=True)

NOTICES: tuple[Notice, ...] = (
    _notice("meeting.proposed", "proposed", _("%(by)s proposes a time to meet"), _("Choose a time"), to=who_may_answer),
    _notice(
        "meeting.agreed",
        "agreed",
        _("Agreed: you meet %(name)s on %(at)s"),
        _("Move or cancel it"),
        to=everybody,
        attachments=_calendar,
        reply_to=_replies,
    ),
    _notice(
        "meeting.moved",
        "moved",
        _("Moved: you meet %(name)s on %(at)s"),
        _("Move or cancel it"),
        to=everybody,
        attachments=_calendar,
        reply_to=_replies,
    ),
    _notice(
        "meeting.placed",
        "placed",
        _("Where you meet %(name)s on %(at)s"),
        _("See it"),
        to=everybody,
        attachments=_calendar,
        reply_to=_replies,
    ),
    _notice("meeting.kept", "kept", _("Your meeting with %(name)s stays on %(at)s"), _("See it"), to=the_others),
    _notice(
        "meeting.doubted",
        "doubted",
        _("%(by)s answered “maybe” for %(at)s"),
        _("See it"),
        to=the_others,
        essential=False,
    ),
    _notice(
        "meeting.cancelled",
        "cancelled",
        _("Cancelled: your meeting with %(name)s"),
        _("Find another time"),
        to=whom_it_concerns,
        url=_pair,
        attachments=_calendar,
    ),
    _notice(
        "meeting.due",
        "due",
        _("You meet %(name)s on %(at)s"),
        _("Move or cancel it"),
        to=the_reminded,
        essential=False,
    ),
)
