"""Somebody's meetings as a calendar that other programs subscribe to (RFC 5545, 7986).

Times are in UTC, which every program shows on its own clock; there is nobody to answer, so nobody is asked.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.version import VERSION
from commonhall.meetings.events import describe
from commonhall.meetings.models import Feed, Meeting

LOOK_AGAIN = timedelta(hours=1)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def address(secret: str) -> str:
    return settings.BASE_URL + reverse("meetings:feed", args=[secret])


def tag(feed: Feed) -> str:
    """What the feed holds now, told from its row alone. With the week, because the window moves along."""
    year, week, _day = clock.today().isocalendar()
    return f'W/"{feed.pk}-{feed.version}-{year}{week:02}-{VERSION}"'


def written(user: User, meetings: Iterable[Meeting]) -> bytes:
    with translation.override(user.language):
        calendar = Calendar()
        name = _("Meetings on %(site)s") % {"site": settings.SITE_NAME}
        for key, value in (
            ("prodid", "-//Commonhall//Commonhall//EN"),
            ("version", "2.0"),
            ("calscale", "GREGORIAN"),
            ("method", "PUBLISH"),
            ("name", name),
            ("x-wr-calname", name),
            ("x-wr-timezone", user.time_zone),
            ("x-published-ttl", "PT1H"),
        ):
            calendar.add(key, value)
        calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
        for meeting in meetings:
            calendar.add_component(_event(meeting, user))
        return bytes(calendar.to_ical())


def _event(meeting: Meeting, user: User) -> Event:
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.agreed_at or meeting.proposed_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("status", "CONFIRMED")
    describe(event, meeting, user)
    return event
