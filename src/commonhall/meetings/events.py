"""What every calendar entry of ours says, and to whom. The subject is never in it, because colleagues can often see
each other's calendars."""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Event, vCalAddress, vText

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.meetings.links import where
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.replies import reply_address


def described(thing: Meeting | Series, user: User) -> Event:
    """Everything but identity, time and state."""
    event = Event()
    describe(event, thing, user)
    event.add("organizer", _organiser(thing, user))
    for one in thing.mentorship.participants.all():
        event.add("attendee", _attendee(one.user), encode=False)
    return event


def describe(event: Event, thing: Meeting | Series, user: User) -> None:
    """What a calendar shows of it to one person: with whom and where, never what about."""
    names = ", ".join(one.user.name for one in thing.mentorship.participants.all() if one.user_id != user.pk)
    event.add("summary", _("Meeting with %(names)s") % {"names": names})
    event.add("location", where(thing) or str(Meeting.Channel(thing.channel).label))
    event.add("description", _description(thing))
    event.add("url", _page(thing))
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")


def add_times(event: Event, starts_at: datetime | None, ends_at: datetime | None, zone: str) -> None:
    assert starts_at is not None
    assert ends_at is not None
    event.add("dtstart", starts_at.astimezone(clock.zone(zone)))
    event.add("dtend", ends_at.astimezone(clock.zone(zone)))


def add_identity(event: Event, uid: str, sequence: int, stamped: datetime | None, *, is_off: bool) -> None:
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", stamped or clock.now())
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")


def _page(thing: Meeting | Series) -> str:
    name = "meetings:series" if isinstance(thing, Series) else "meetings:detail"
    return str(settings.BASE_URL + reverse(name, args=[thing.pk]))


def _description(thing: Meeting | Series) -> str:
    words = [_("What it is about, and buttons to move or cancel it: %(page)s") % {"page": _page(thing)}]
    if (join := where(thing)).startswith(("https://", "http://")):
        words.insert(0, _("Join: %(link)s") % {"link": join})
    return "\n".join(words)


def _organiser(thing: Meeting | Series, user: User) -> vCalAddress:
    """Commonhall invites everybody, so that any of them can move it. Where answers can come back, they go here."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organiser = vCalAddress(f"mailto:{reply_address(thing, user) or address}")
    organiser.params["CN"] = vText(name or settings.SITE_NAME)
    return organiser


def _attendee(user: User) -> vCalAddress:
    """They have agreed already, so nobody is asked again."""
    attendee = vCalAddress(f"mailto:{user.email}")
    attendee.params["CN"] = vText(user.name or user.email)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee
