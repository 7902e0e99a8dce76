"""The clock on an answer, in working days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

PROMPT_AFTER = 3
LAPSE_AFTER = 6
AFTER_A_PAUSE = 3


def after(moment: datetime, days: int, zone: str = "UTC") -> datetime:
    """The same hour of somebody's clock so many working days later; Monday to Friday are working days.

    >>> from datetime import UTC
    >>> after(datetime(2026, 11, 19, 15, tzinfo=UTC), 3).isoformat()
    '2026-11-24T15:00:00+00:00'
    """
    local = moment.astimezone(ZoneInfo(zone))
    while days > 0 or local.weekday() > 4:
        local += timedelta(days=1)
        days -= local.weekday() <= 4
    return local.astimezone(moment.tzinfo)


def after_day(day: date, days: int, moment: datetime, zone: str = "UTC") -> datetime:
    """So many working days after a day, at the hour of `moment`."""
    hour = moment.astimezone(ZoneInfo(zone)).time()
    return after(datetime.combine(day, hour, tzinfo=ZoneInfo(zone)), days, zone).astimezone(moment.tzinfo)
