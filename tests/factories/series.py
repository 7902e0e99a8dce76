"""Series are made by proposing and accepting them: their meetings come of it."""

from datetime import date, time, timedelta
from typing import Any

from commonhall.core import clock
from commonhall.meetings.actions import series as acts
from commonhall.meetings.actions.series import Plan
from commonhall.meetings.models import Series
from commonhall.meetings.rhythm import Rhythm
from commonhall.mentorships.models import Mentorship


def rhythm(**fields: Any) -> Rhythm:
    """Six Tuesdays at ten in London, every week from the next but one on."""
    given = {
        "every": "week",
        "starts_on": next_weekday(1, 8),
        "times": 6,
        "local_time": time(10),
        "zone": "Europe/London",
        **fields,
    }
    return Rhythm(**given)


def next_weekday(weekday: int, least: int = 1) -> date:
    """The first such day that is at least so many days away."""
    day = clock.today() + timedelta(days=least)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def plan(*, title: str = "", minutes: int = 60, channel: str = "video", place: str = "", **fields: Any) -> Plan:
    return Plan(rhythm(**fields), title=title, minutes=minutes, channel=channel, place=place)


def person(thing: Any, role: str) -> Any:
    mentorship = thing if isinstance(thing, Mentorship) else thing.mentorship
    return mentorship.participants.get(role=role).user


def proposed(mentorship: Mentorship, by: str = "mentee", **fields: Any) -> Series:
    return acts.propose(mentorship, by=person(mentorship, by), plan=plan(**fields))


def agreed(mentorship: Mentorship, by: str = "mentee", **fields: Any) -> Series:
    made = proposed(mentorship, by, **fields)
    other = "mentor" if by == "mentee" else "mentee"
    return acts.accept(made, by=person(mentorship, other), version=made.sequence)
