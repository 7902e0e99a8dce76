"""When somebody could meet: their pattern, and the whole days on which they do not, each with its reason.

The reason of a leave is not kept. What others may hear of a reason is decided where it is put into words.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch

from commonhall.organisations.holidays import between, short_place
from commonhall.organisations.models import Organisation, QuietPeriod
from commonhall.people.hours import Pattern, Stretch
from commonhall.people.models import Leave, Profile, WorkingHours

ONE_DAY = dt.timedelta(days=1)
LONGEST_NOTICE = dt.timedelta(days=14)


class Why(StrEnum):
    LEAVE = "leave"
    HOLIDAY = "holiday"
    BUSY = "busy"
    SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class Absence:
    """Days, both included, on which somebody does not meet. `name` and `place` are of a holiday or a quiet period."""

    starts_on: dt.date
    ends_on: dt.date
    why: Why
    name: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Availability:
    """All that decides when a person can be met."""

    pattern: Pattern
    absences: tuple[Absence, ...] = ()
    notice: dt.timedelta = dt.timedelta(hours=20)
    buffer: int = 0
    most_a_day: int = 180


def availability_of(users: Iterable[Any], starting: dt.date, until: dt.date) -> dict[int, Availability]:
    """Of each, for the days from one to the other, in four questions whatever the number of people."""
    users = list(users)
    profiles = {profile.user_id: profile for profile in _profiles(users, starting, until)}
    return {user.pk: _of(profiles.get(user.pk), user.time_zone, starting, until) for user in users}


def patterns_of(users: Iterable[Any], starting: dt.date, until: dt.date) -> dict[int, Pattern]:
    """The same without what only the search for times needs."""
    return {key: one.pattern for key, one in availability_of(users, starting, until).items()}


def _profiles(users: Iterable[Any], starting: dt.date, until: dt.date) -> Iterable[Profile]:
    leave = Leave.objects.filter(ends_on__gte=starting, starts_on__lte=until)
    quiet = QuietPeriod.objects.filter(ends_on__gte=starting, starts_on__lte=until)
    return (
        Profile.objects.filter(user__in=users)
        .select_related("user__membership__organisation")
        .prefetch_related(
            "hours",
            Prefetch("leave", queryset=leave),
            Prefetch("user__membership__organisation__quiet_periods", queryset=quiet),
        )
    )


def _of(profile: Profile | None, zone: str, starting: dt.date, until: dt.date) -> Availability:
    if profile is None:
        return Availability(Pattern(zone, ()))
    absences = tuple(sorted(_absences(profile, starting, until), key=lambda one: (one.starts_on, one.ends_on)))
    return Availability(
        pattern=pattern_of(profile, zone, away=_days(absences, starting, until)),
        absences=absences,
        notice=dt.timedelta(hours=profile.notice_hours),
        buffer=profile.buffer_minutes,
        most_a_day=profile.most_minutes_a_day,
    )


def pattern_of(profile: Profile, zone: str, away: frozenset[dt.date] = frozenset()) -> Pattern:
    """The week of a profile whose hours are at hand."""
    weeks: dict[int, list[Stretch]] = {week: [] for week in WorkingHours.Week.values}
    for row in profile.hours.all():
        weeks[row.week].append((row.weekday, row.starts, row.ends))
    every, first, second = (tuple(weeks[week]) for week in WorkingHours.Week.values)
    since = {"weeks_from": profile.weeks_from} if profile.weeks_from else {}
    return Pattern(zone, every, away, first, second, **since)


def works_where(profile: Profile) -> Organisation | None:
    membership = getattr(profile.user, "membership", None)
    return membership.organisation if membership else None


def whose_holidays(profile: Profile) -> tuple[str, str]:
    """The country and region whose public holidays somebody keeps: their own choice, or their organisation's."""
    organisation = works_where(profile)
    if profile.holiday_country or organisation is None:
        return profile.holiday_country, profile.holiday_region
    return organisation.country, organisation.holiday_region


def _absences(profile: Profile, starting: dt.date, until: dt.date) -> Iterator[Absence]:
    for leave in profile.leave.all():
        yield Absence(leave.starts_on, leave.ends_on, Why.LEAVE)
    organisation = works_where(profile)
    for period in organisation.quiet_periods.all() if organisation else ():
        if period.kind == QuietPeriod.Kind.BUSY or profile.term_time_only:
            why = Why.BUSY if period.kind == QuietPeriod.Kind.BUSY else Why.SCHOOL
            yield Absence(period.starts_on, period.ends_on, why, period.name)
    country, region = whose_holidays(profile)
    if country and not profile.works_on_holidays:
        for day, name in between(country, region, starting, until):
            yield Absence(day, day, Why.HOLIDAY, name, short_place(country, region))


def _days(absences: Iterable[Absence], starting: dt.date, until: dt.date) -> frozenset[dt.date]:
    days = set()
    for one in absences:
        day, last = max(one.starts_on, starting), min(one.ends_on, until)
        while day <= last:
            days.add(day)
            day += ONE_DAY
    return frozenset(days)
