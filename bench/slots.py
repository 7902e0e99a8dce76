"""The search for times that suit everybody: twelve weeks, for two people and for eight in eight zones.

Each has a full calendar: two appointments on every working day, a buffer, holidays and two weeks of leave.
Import only when Django is set up.
"""

import statistics
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from bench import report
from commonhall.meetings.diaries import Person
from commonhall.meetings.suggestions import slots
from commonhall.people import hours
from commonhall.people.availability import Absence, Why
from commonhall.people.hours import Pattern, Span, at_local

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
WINDOW = (NOW, NOW + timedelta(weeks=12))
ZONES = ("Europe/London", "America/Toronto", "Europe/Dublin", "America/Halifax", "Europe/Paris", "Africa/Casablanca")
ZONES += ("America/St_Johns", "Europe/Helsinki")
NEVER_TOGETHER = ("Europe/London", "Australia/Melbourne")
OFFICE = tuple((day, start, end) for day in range(5) for start, end in ((540, 750), (780, 1050)))
LONG = tuple((day, 360, 1380) for day in range(7))


def measure(times: int) -> None:
    report.heading("Times that suit everybody, over twelve weeks")
    report.told("by the clock of the processor", f"median and least of {times}, and the first search of a process")
    for label, zones, week, limit in (
        ("two people, ordinary weeks", ZONES[:2], OFFICE, 50.0),
        ("two people, long days and week-ends", ZONES[:2], LONG, 50.0),
        ("two people who never overlap, with the reasons", NEVER_TOGETHER, OFFICE, 50.0),
        ("eight people, ordinary weeks", ZONES, OFFICE, 250.0),
        ("eight people, long days and week-ends", ZONES, LONG, 250.0),
    ):
        people = [_person(zone, week, number) for number, zone in enumerate(zones)]
        hours._clock_on.cache_clear()
        first = _once(people)
        later = [_once(people) for _time in range(times)]
        report.line(label, statistics.median(later), "ms", limit, f"least {min(later):.1f}, first {first:.1f}")


def _once(people: list[Person]) -> float:
    started = time.process_time()
    slots(people, 60, WINDOW)
    return (time.process_time() - started) * 1000


def _person(zone: str, week: tuple[tuple[int, int, int], ...], number: int) -> Person:
    leave = Absence(date(2026, 4, 6), date(2026, 4, 17), Why.LEAVE)
    away = frozenset(leave.starts_on + timedelta(days=day) for day in range(12))
    return Person(
        name=f"Person {number}",
        pattern=Pattern(zone, week, away),
        borne=number * 30,
        absences=(leave,),
        buffer=15,
        most_a_day=180,
        meetings=tuple(_appointments(zone, number, every=7)),
        elsewhere=tuple(span for twice in (0, 4) for span in _appointments(zone, number + twice, every=1)),
    )


def _appointments(zone: str, number: int, every: int) -> list[Span]:
    today = NOW.astimezone(ZoneInfo(zone)).date()
    begins = [
        at_local(today + timedelta(days=day), clock_time(9 + (day + number) % 8, 30), zone)
        for day in range(0, 84, every)
    ]
    return [(one, one + timedelta(minutes=45)) for one in begins]
