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
from commonhall.meetings.invitation import attachment, series_attachment
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.attendance import next_times
from commonhall.meetings.queries.series import in_words, with_all
from commonhall.meetings.queries.times import names_of, with_people
from commonhall.meetings.replies import reply_address
from commonhall.meetings.rules import can_answer, can_answer_series

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
    if meeting.proposed_by_id != event.by_id:
        return []
    return [user for user in _people(meeting) if can_answer(user, meeting)]


def whom_it_concerns(event: Event) -> Iterable[User]:
    """Everybody has it in the calendar, once it was agreed; before that, only the others need to know."""
    return everybody(event) if event.detail("was_agreed") else the_others(event)


def the_reminded(event: Event) -> Iterable[User]:
    meeting = _meeting(event)
    if meeting.state != Meeting.State.AGREED or meeting.has_begun:
        return []
    return [user for user in everybody(event) if user.pk in event.details["users"]]


def the_asked(event: Event) -> Iterable[User]:
    """Whoever was asked, unless somebody has said meanwhile whether they met."""
    meeting = _meeting(event)
    if meeting.state != Meeting.State.AGREED:
        return []
    return [user for user in everybody(event) if user.pk in event.details["users"]]


def who_has_not_said(event: Event) -> Iterable[User]:
    """Of a meeting that is held: those who have said nothing of it themselves."""
    meeting = _meeting(event)
    if meeting.state != Meeting.State.HELD:
        return []
    said = set(meeting.attendances.values_list("user", flat=True))
    return [user for user in _people(meeting) if user.pk not in said | {event.by_id}]


def who_said_otherwise(event: Event) -> Iterable[User]:
    if not event.detail("differs"):
        return []
    held = event.verb == "meeting.held"
    said = dict(_meeting(event).attendances.values_list("user", "held"))
    return [user for user in the_others(event) if said.get(user.pk, held) != held]


def _after(event: Event, user: User) -> dict[str, Any]:
    """With the next times in the programme's rhythm, on the reader's clock."""
    context, zone = _context(event, user), clock.zone(user.time_zone)
    times = [date_format(one.starts_at.astimezone(zone), LOCAL) for one in next_times(context["meeting"], user)]
    return {**context, "next_times": times, "past": event.detail("past"), "held": event.verb == "meeting.held"}


def _series(event: Event) -> Series:
    return with_all(Series.objects.all()).get(pk=event.about_id)


def everybody_of_series(event: Event) -> Iterable[User]:
    """Unless something later has overtaken it."""
    series = _series(event)
    is_now = event.detail("sequence") == series.sequence
    return [one.user for one in series.mentorship.participants.all()] if is_now else []


def who_may_answer_series(event: Event) -> Iterable[User]:
    series = _series(event)
    if series.proposed_by_id != event.by_id or event.detail("sequence") != series.sequence:
        return []
    return [user for user in everybody_of_series(event) if can_answer_series(user, series)]


def whom_the_end_concerns(event: Event) -> Iterable[User]:
    people = everybody_of_series(event)
    return people if event.detail("was_agreed") else [user for user in people if user.pk != event.by_id]


def _context_of_series(event: Event, user: User) -> dict[str, Any]:
    series, zone = _series(event), clock.zone(user.time_zone)
    people = [one.user for one in series.mentorship.participants.all() if one.user_id != user.pk]
    ahead = [one.starts_at for one in series.meetings.all() if one.is_to_come and one.starts_at]
    times = sorted(ahead) or [series.rhythm.moment(day) for day in series.rhythm.kept]
    return {
        "series": series,
        "name": names_of(people),
        "by": event.by.name if event.by else "",
        "is_mine": event.by_id == user.pk,
        "rhythm": in_words(series.rhythm),
        "zone": clock.zone_in_words(user.time_zone),
        "dates": [date_format(one.astimezone(zone), LOCAL) for one in times],
        "minutes": series.minutes,
        "channel": series.get_channel_display(),
        "again": event.detail("again"),
        "moves": series.replaces_id is not None,
        "was_agreed": event.detail("was_agreed"),
        "ended": series.end_reason == Meeting.CancelReason.ENDED,
        "words": series.end_message,
    }


def _series_by_link(event: Event, user: User) -> str:
    return links.series_path(_series(event), user)


def _pair_of_series(event: Event, user: User) -> str:
    return reverse("mentorships:detail", args=[_series(event).mentorship_id])


def _calendar_of_series(event: Event, user: User) -> list[Attachment]:
    series = _series(event)
    return [series_attachment(series, user)] if series.was_agreed else []


def _context(event: Event, user: User) -> dict[str, Any]:
    meeting = _meeting(event)
    zone = clock.zone(user.time_zone)
    at = date_format(meeting.starts_at.astimezone(zone), LOCAL) if meeting.starts_at else ""
    return {
        "meeting": meeting,
        "name": names_of(one for one in _people(meeting) if one.pk != user.pk),
        "by": event.by.name if event.by else "",
        "is_mine": event.by_id == user.pk,
        "at": at,
        "where": links.where(meeting),
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


def _replies_of_series(event: Event, user: User) -> str:
    return reply_address(_series(event), user)


_notice = of_room("meetings", _context, url=_by_link, essential=True)
_of_series = of_room("meetings", _context_of_series, url=_series_by_link, essential=True)

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
    _notice(
        "meeting.over",
        "over",
        _("Did you meet %(name)s?"),
        _("Say it in one tap"),
        to=the_asked,
    ),
    _notice(
        "meeting.held",
        "held",
        _("You met %(name)s: when is the next time?"),
        _("Send these times, or put it right"),
        to=who_has_not_said,
        context=_after,
        essential=False,
    ),
    _notice(
        "meeting.held",
        "differs",
        _("You and %(name)s remember it differently"),
        _("Look at it together"),
        to=who_said_otherwise,
        context=_after,
    ),
    _notice(
        "meeting.missed",
        "differs",
        _("You and %(name)s remember it differently"),
        _("Look at it together"),
        to=who_said_otherwise,
        context=_after,
    ),
    _of_series(
        "series.proposed",
        "series_proposed",
        _("%(by)s proposes meetings that come again"),
        _("Look at the dates"),
        to=who_may_answer_series,
    ),
    _of_series(
        "series.agreed",
        "series_agreed",
        _("Agreed: you meet %(name)s regularly"),
        _("See the dates"),
        to=everybody_of_series,
        attachments=_calendar_of_series,
        reply_to=_replies_of_series,
    ),
    _of_series(
        "series.moved",
        "series_moved",
        _("Moved: the rest of your meetings with %(name)s"),
        _("See the dates"),
        to=everybody_of_series,
        attachments=_calendar_of_series,
        reply_to=_replies_of_series,
    ),
    _of_series(
        "series.shortened",
        "series_shortened",
        _("The earlier dates with %(name)s leave your calendar"),
        _("See the series"),
        to=everybody_of_series,
        attachments=_calendar_of_series,
        reply_to=_replies_of_series,
    ),
    _of_series(
        "series.ended",
        "series_ended",
        _("Called off: the series of meetings with %(name)s"),
        _("Find another time"),
        to=whom_the_end_concerns,
        url=_pair_of_series,
        attachments=_calendar_of_series,
    ),
)
