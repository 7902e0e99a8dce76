"""A meeting, or a series of them, as a calendar invitation (RFC 5545, 5546): REQUEST, its updates, and CANCEL.

The identity stays the same and SEQUENCE counts the changes.
"""

from collections.abc import Sequence
from datetime import timedelta

from icalendar import Calendar, Event, Timezone

from commonhall.accounts.models import User
from commonhall.core.notices import Attachment
from commonhall.meetings import recurring
from commonhall.meetings.events import add_identity, add_times, described
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.series import with_all

REQUEST, CANCEL = "REQUEST", "CANCEL"
AROUND = timedelta(days=366)


def method_of(meeting: Meeting) -> str:
    return CANCEL if meeting.state == Meeting.State.CANCELLED else REQUEST


def uid_of(meeting: Meeting) -> str:
    """The identity under which calendars know it: all meetings of a series share one."""
    return meeting.series.uid if meeting.series else meeting.uid


def download(meeting: Meeting, user: User) -> bytes:
    """What a calendar of this person should hold now, whole: the meeting, or all of the series that it belongs to.

    Without a method: for a calendar server that stores it under `uid_of`, or somebody who adds it by hand.
    """
    if meeting.series_id:
        series = with_all(Series.objects.all()).get(pk=meeting.series_id)
        return _calendar(recurring.components(series, user), "")
    return _calendar([_single(meeting, user)], "")


def invitation(meeting: Meeting, user: User) -> bytes:
    """What is sent of one meeting: a scheduling message with its method; of a series, that one occurrence."""
    component = recurring.occurrence(meeting, user) if meeting.series else _single(meeting, user)
    return _calendar([component], method_of(meeting))


def series_invitation(series: Series, user: User) -> bytes:
    """What is sent of a whole series: all that is left of it, or that nothing is."""
    return _calendar(recurring.components(series, user), series_method(series))


def series_method(series: Series) -> str:
    return CANCEL if recurring.is_off(series) else REQUEST


def attachment(meeting: Meeting, user: User) -> Attachment:
    return _attached(invitation(meeting, user), method_of(meeting))


def series_attachment(series: Series, user: User) -> Attachment:
    return _attached(series_invitation(series, user), series_method(series))


def _attached(content: bytes, method: str) -> Attachment:
    name = "cancelled.ics" if method == CANCEL else "invitation.ics"
    return Attachment(name, content, f"text/calendar; method={method}")


def _calendar(components: Sequence[Event], method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Commonhall//Commonhall//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    for component in components:
        calendar.add_component(component)
    first = min(one.DTSTART for one in components).date()
    last = max(recurring.last_day(one) for one in components)
    calendar.add_missing_timezones(first - AROUND, last + AROUND)
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


def _single(meeting: Meeting, user: User) -> Event:
    """In the reader's own zone."""
    event = described(meeting, user)
    is_off = meeting.state == Meeting.State.CANCELLED
    add_identity(event, meeting.uid, meeting.sequence, meeting.cancelled_at or meeting.agreed_at, is_off=is_off)
    add_times(event, meeting.starts_at, meeting.ends_at, user.time_zone)
    return event
