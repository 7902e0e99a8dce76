"""What somebody's calendar answers to an invitation (RFC 5546: REPLY and COUNTER), and the address to which it does."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Calendar

from commonhall.accounts.models import User
from commonhall.core import clock, text
from commonhall.core.errors import Refused
from commonhall.integrations.inbox import addresses
from commonhall.meetings.models import Meeting, Series

REPLY, COUNTER = "REPLY", "COUNTER"
ACCEPTED, DECLINED, TENTATIVE = "ACCEPTED", "DECLINED", "TENTATIVE"
OF_MEETING, OF_SERIES = "m", "s"


def reply_address(thing: Meeting | Series, user: User) -> str:
    """Where this person's calendar answers; one address for all of a series. Empty without an inbox."""
    series_pk = thing.pk if isinstance(thing, Series) else thing.series_id
    if series_pk is not None:
        return addresses.address(OF_SERIES, series_pk, user.pk)
    return addresses.address(OF_MEETING, thing.pk, user.pk)


@dataclass(frozen=True)
class Reply:
    method: str
    uid: str
    sequence: int
    answer: str
    comment: str
    starts_at: datetime | None
    occurrence: datetime | None = None


def read(calendars: Collection[str], user: User, known_as: Collection[str]) -> Reply:
    """The first part that is an answer. Raises `Refused` where there is none, or it makes no sense."""
    for content in calendars:
        try:
            calendar = Calendar.from_ical(content)
            method = str(calendar.get("METHOD", "")).strip().upper()
            if method in (REPLY, COUNTER):
                return _of_event(method, calendar.walk("VEVENT")[0], user, known_as)
        except Refused:
            raise
        except Exception as error:  # a parser of strangers' files raises nearly anything
            raise Refused(_("We could not read the answer that your calendar sent.")) from error
    raise Refused(_("There was no answer from a calendar in your e-mail, so nothing was done."))


def _of_event(method: str, event: Any, user: User, known_as: Collection[str]) -> Reply:
    attendee = _attendee(event, known_as)
    said = event.get("COMMENT") or attendee.get("X-RESPONSE-COMMENT", "")
    return Reply(
        method=method,
        uid=str(event.get("UID", "")).strip(),
        sequence=int(event.get("SEQUENCE", 0)),
        answer=str(attendee.get("PARTSTAT", "")).upper(),
        comment=text.line(str(said[0] if isinstance(said, list) else said)),
        starts_at=_moment(event, "DTSTART", user) if method == COUNTER or "DTSTART" in event else None,
        occurrence=_moment(event, "RECURRENCE-ID", user) if "RECURRENCE-ID" in event else None,
    )


def _attendee(event: Any, known_as: Collection[str]) -> Mapping[str, Any]:
    """What is said of whoever writes. A calendar that knows them by another name still answers for them alone."""
    found = event.get("ATTENDEE", [])
    attendees = found if isinstance(found, list) else [found]
    mine = [one for one in attendees if str(one).lower().removeprefix("mailto:") in known_as]
    chosen = mine or attendees
    return chosen[0].params if len(chosen) == 1 else {}


def _moment(event: Any, name: str, user: User) -> datetime:
    starts = event[name].dt
    if not isinstance(starts, datetime):
        raise Refused(_("Your calendar proposed a whole day. Propose a time on that day instead."))
    if starts.tzinfo is None:
        starts = starts.replace(tzinfo=clock.zone(user.time_zone))
    return starts.astimezone(clock.zone("UTC")).replace(second=0, microsecond=0)
