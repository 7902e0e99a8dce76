"""The clock on an answer, in working days."""

from datetime import date, datetime, timedelta

PROMPT_AFTER = 3
LAPSE_AFTER = 6
AFTER_A_PAUSE = 3


def after(moment: datetime, days: int) -> datetime:
    """The same hour so many working days later; Monday to Friday are working days.

    >>> from datetime import UTC
    >>> after(datetime(2026, 11, 19, 15, tzinfo=UTC), 3).isoformat()
    '2026-11-24T15:00:00+00:00'
    """
    while days > 0 or moment.weekday() > 4:
        moment += timedelta(days=1)
        days -= moment.weekday() <= 4
    return moment


def after_day(day: date, days: int, moment: datetime) -> datetime:
    """So many working days after a day, at the hour of `moment`."""
    return after(datetime.combine(day, moment.timetz()), days)
