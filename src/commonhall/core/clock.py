"""The only source of time: tests travel by moving this clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now()


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def today(in_zone: str = "UTC") -> date:
    """The calendar day in an IANA time zone."""
    return now().astimezone(zone(in_zone)).date()
