"""The only source of time: the demo and the tests travel by moving this clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE = timedelta(minutes=1)
_moved: ContextVar[datetime | None] = ContextVar("moved_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _moved.get() or timezone.now()


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def place(name: str) -> str:
    """The place that a time zone is named after, as people say it: "America/New_York" is New York."""
    return name.rpartition("/")[2].replace("_", " ")


def zone_in_words(name: str) -> str:
    return _("%(place)s time") % {"place": place(name)}


def span(minutes: int) -> str:
    """How long something takes, as people say it: "3 hours", "1 hour 30", "45 minutes"."""
    hours, rest = divmod(int(minutes), 60)
    if not hours:
        return ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest}
    whole = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return f"{whole} {rest}" if rest else whole


def ago(moment: datetime) -> str:
    """How long something is past, as people say it: "20 minutes ago", "a moment ago"."""
    age = timesince(moment, now(), depth=1).replace("\xa0", " ")
    return _("%(age)s ago") % {"age": age} if now() - moment >= MINUTE else _("a moment ago")


def today(in_zone: str = "UTC") -> date:
    """The calendar day in an IANA time zone."""
    return now().astimezone(zone(in_zone)).date()


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """What is done inside happens at that moment; for telling the story of the demo region."""
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)
