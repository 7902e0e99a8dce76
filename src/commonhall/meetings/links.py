"""Links in e-mails that let one person act on one meeting, or on one series, without signing in.

A link only shows; every act is a POST from the page behind it. It speaks for the person to whom it was sent.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from commonhall.accounts.models import User
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.series import with_all
from commonhall.meetings.queries.times import with_people

SALT = "meetings.answer"
SERIES_SALT = "meetings.series"
VALID = timedelta(days=200)
LONGEST_SERIES = timedelta(days=1000)


@dataclass(frozen=True)
class Ways:
    """Where one person acts on one meeting: signed in, or through a link."""

    page: str
    accept: str
    times: str
    keep: str
    cancel: str
    log: str
    next: str


@dataclass(frozen=True)
class Invited:
    """Somebody and a meeting; with the token if they came through a link."""

    meeting: Meeting
    user: User
    token: str = ""

    @property
    def via(self) -> str:
        return "link" if self.token else ""

    @property
    def ways(self) -> Ways:
        names = ("by_link", "link_accept", "link_times", "link_keep", "link_cancel", "link_log", "link_next")
        if not self.token:
            names = ("detail", "accept", "times", "keep", "cancel", "log", "next")
        return Ways(*(reverse(f"meetings:{name}", args=[self.token or self.meeting.pk]) for name in names))


@dataclass(frozen=True)
class SeriesWays:
    page: str
    accept: str
    change: str
    end: str


@dataclass(frozen=True)
class InvitedToSeries:
    """Somebody and a series; with the token if they came through a link."""

    series: Series
    user: User
    token: str = ""

    @property
    def via(self) -> str:
        return "link" if self.token else ""

    @property
    def ways(self) -> SeriesWays:
        names = ("series_by_link", "series_link_accept", "series_link_change", "series_link_end")
        if not self.token:
            names = ("series", "series_accept", "series_change", "series_end")
        return SeriesWays(*(reverse(f"meetings:{name}", args=[self.token or self.series.pk]) for name in names))


def where(thing: Meeting | Series) -> str:
    """The address, number or place; the room built in has an address too, another for each meeting of a series."""
    if isinstance(thing, Meeting) and thing.is_in_the_room:
        return str(settings.BASE_URL + reverse("meetings:room", args=[thing.pk]))
    return thing.place


def path(meeting: Meeting, user: User) -> str:
    return reverse("meetings:by_link", args=[signing.dumps([meeting.pk, user.pk], salt=SALT)])


def series_path(series: Series, user: User) -> str:
    return reverse("meetings:series_by_link", args=[signing.dumps([series.pk, user.pk], salt=SERIES_SALT)])


def opened(token: str) -> Invited | None:
    """None when the link is broken or too old, or its person has left or is no longer part of the mentorship."""
    pk, user = _read(token, SALT, VALID)
    meeting = with_people(Meeting.objects.visible_to(user)).filter(pk=pk).first() if user else None
    return Invited(meeting, user, token) if meeting and user else None


def opened_series(token: str) -> InvitedToSeries | None:
    """The same for a series, whose link lasts as long as the longest can."""
    pk, user = _read(token, SERIES_SALT, LONGEST_SERIES)
    series = with_all(Series.objects.visible_to(user)).filter(pk=pk).first() if user else None
    return InvitedToSeries(series, user, token) if series and user else None


def _read(token: str, salt: str, valid: timedelta) -> tuple[int, User | None]:
    try:
        pk, user_pk = signing.loads(token, salt=salt, max_age=valid)
    except (signing.BadSignature, ValueError, TypeError):
        return 0, None
    return pk, User.objects.filter(pk=user_pk, is_active=True).first()
