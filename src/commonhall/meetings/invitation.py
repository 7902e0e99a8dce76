"""A meeting as a calendar invitation (RFC 5545, 5546): REQUEST, its updates, and CANCEL.

The identity stays the same and SEQUENCE counts the changes. The subject is never in it, because colleagues can often
see each other's calendars.
"""

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.notices import Attachment
from commonhall.meetings.models import Meeting
from commonhall.meetings.replies import reply_address

REQUEST, CANCEL = "REQUEST", "CANCEL"
AROUND = timedelta(days=366)


def method_of(meeting: Meeting) -> str:
    return CANCEL if meeting.state == Meeting.State.CANCELLED else REQUEST


def invitation(meeting: Meeting, user: User) -> bytes:
    """What is sent: a scheduling message with its method, in the reader's own zone."""
    return _calendar(meeting, user, method_of(meeting))


def download(meeting: Meeting, user: User) -> bytes:
    """The same event for somebody who adds it by hand, or a calendar server that stores it: without a method."""
    return _calendar(meeting, user, "")


def attachment(meeting: Meeting, user: User) -> Attachment:
    method = method_of(meeting)
    name = "cancelled.ics" if method == CANCEL else "invitation.ics"
    return Attachment(name, invitation(meeting, user), f"text/calendar; method={method}")


def _calendar(meeting: Meeting, user: User, method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Commonhall//Commonhall//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    calendar.add_component(_event(meeting, user))
    starts_at = meeting.starts_at
    assert starts_at is not None
    calendar.add_missing_timezones((starts_at - AROUND).date(), (starts_at + AROUND).date())
    for zone in calendar.timezones:
        _begin_on_the_old_clock(zone)
    return bytes(calendar.to_ical())


def _begin_on_the_old_clock(zone: Timezone) -> None:
    """Put right what icalendar 7.3 writes for clocks that go forward.

    It gives the onset on the new clock, an hour late; RFC 5545 (3.6.5) wants it on the old one.
    """
    for change in zone.subcomponents:
        ahead = change.TZOFFSETTO - change.TZOFFSETFROM
        if ahead <= timedelta(0):
            continue
        change.DTSTART = change.DTSTART - ahead
        if again := change.pop("RDATE", None):
            change.add("RDATE", [one.dt - ahead for one in again.dts])


def _event(meeting: Meeting, user: User) -> Event:
    assert meeting.starts_at is not None
    assert meeting.ends_at is not None
    zone = clock.zone(user.time_zone)
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.cancelled_at or meeting.agreed_at or clock.now())
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    describe(event, meeting, user)
    event.add("status", "CANCELLED" if meeting.state == Meeting.State.CANCELLED else "CONFIRMED")
    event.add("organizer", _organiser(meeting, user))
    for one in meeting.mentorship.participants.all():
        event.add("attendee", _attendee(one.user), encode=False)
    return event


def describe(event: Event, meeting: Meeting, user: User) -> None:
    """What a calendar shows of a meeting to one person: with whom and where, never what about."""
    names = [one.user.name for one in meeting.mentorship.participants.all() if one.user_id != user.pk]
    event.add("summary", _("Meeting with %(names)s") % {"names": ", ".join(names)})
    event.add("location", _location(meeting))
    event.add("description", _description(meeting))
    event.add("url", settings.BASE_URL + reverse("meetings:detail", args=[meeting.pk]))
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")


def _location(meeting: Meeting) -> str:
    return meeting.place or str(Meeting.Channel(meeting.channel).label)


def _description(meeting: Meeting) -> str:
    page = settings.BASE_URL + reverse("meetings:detail", args=[meeting.pk])
    words = [_("What it is about, and buttons to move or cancel it: %(page)s") % {"page": page}]
    if meeting.link:
        words.insert(0, _("Join: %(link)s") % {"link": meeting.link})
    return "\n".join(words)


def _organiser(meeting: Meeting, user: User) -> vCalAddress:
    """Commonhall invites both, so that either of them can move it. Where answers can come back, they go here."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organiser = vCalAddress(f"mailto:{reply_address(meeting, user) or address}")
    organiser.params["CN"] = vText(name or settings.SITE_NAME)
    return organiser


def _attendee(user: User) -> vCalAddress:
    """Both have agreed already, so nobody is asked again."""
    attendee = vCalAddress(f"mailto:{user.email}")
    attendee.params["CN"] = vText(user.name or user.email)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee
