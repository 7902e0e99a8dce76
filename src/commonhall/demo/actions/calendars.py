"""Calendars that two of the cast keep elsewhere, as they were read; nobody is asked for them."""

from datetime import datetime, time, timedelta

from commonhall.core import clock
from commonhall.demo.actions.programmes import Region
from commonhall.integrations.models import BusySpan, Calendar

WEEKS = 26
# Weekday, from, until, and in which weeks: every, every second, every fourth.
HABITS = {
    "mentor": (
        "Agenda du bureau",
        (
            (0, time(8, 30), time(10), 1),
            (1, time(14), time(15, 30), 1),
            (3, time(9), time(12), 2),
            (4, time(8), time(17), 4),
        ),
    ),
    "mentee": (
        "Work",
        (
            (0, time(10), time(11), 1),
            (2, time(13), time(14), 1),
            (3, time(15), time(16, 30), 2),
            (1, time(9), time(17), 4),
        ),
    ),
}


def tell(region: Region) -> None:
    for key, (name, habits) in HABITS.items():
        user = region.persona(key)
        now = clock.now() - timedelta(minutes=20)
        calendar = Calendar.objects.create(
            user=user, kind=Calendar.Kind.ICS, name=name, added_at=now - timedelta(days=60), asked_at=now, read_at=now
        )
        here = clock.zone(user.time_zone)
        monday = clock.today(user.time_zone) - timedelta(days=clock.today(user.time_zone).weekday())
        BusySpan.objects.bulk_create(
            BusySpan(
                calendar=calendar,
                starts_at=datetime.combine(day, begins, here),
                ends_at=datetime.combine(day, ends, here),
            )
            for weekday, begins, ends, every in habits
            for day in (monday + timedelta(days=weekday, weeks=week) for week in range(0, WEEKS, every))
        )
