"""When somebody can meet, in words for a card and for the person's own page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonhall.core import clock
from commonhall.organisations.countries import country_name
from commonhall.organisations.holidays import between, place, regions
from commonhall.people.availability import pattern_of, whose_holidays
from commonhall.people.hours import Stretch
from commonhall.people.models import Profile

ONE_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Hours:
    """The stretches of one weekday."""

    weekday: int
    stretches: tuple[str, ...]


@dataclass(frozen=True)
class Away:
    """Days of leave, to be shown and taken back."""

    pk: int
    words: str


@dataclass(frozen=True)
class Part:
    """One of the smaller pages about times, with what stands there now."""

    name: str
    url_name: str
    words: str


def times_in_words(profile: Profile) -> dict[str, Any]:
    """The fields of a card that say when somebody can meet; `next_hours` is empty where weeks are alike."""
    if not profile.pk:
        return {}
    this_week, next_week = weeks_of(profile)
    return {
        "hours": _week(this_week),
        "next_hours": _week(next_week) if next_week != this_week else [],
        "leave": [period(one.starts_on, one.ends_on) for one in coming_leave(profile)],
        "holiday_country": country_name(profile.holiday_country) if profile.holiday_country else "",
        "holiday_region": regions(profile.holiday_country).get(profile.holiday_region, "")
        if profile.holiday_region
        else "",
        "works_on_holidays": profile.works_on_holidays,
        "term_time_only": profile.term_time_only,
        "notice_hours": notice(profile.notice_hours),
        "buffer_minutes": clock.span(profile.buffer_minutes) if profile.buffer_minutes else "",
        "most_minutes_a_day": clock.span(profile.most_minutes_a_day),
    }


def this_monday(profile: Profile) -> date:
    today = clock.today(profile.user.time_zone)
    return today - timedelta(days=today.weekday())


def weeks_of(profile: Profile) -> tuple[list[Stretch], list[Stretch]]:
    """All stretches of this week and of the next."""
    if not profile.pk:
        return [], []
    pattern, monday = pattern_of(profile, profile.user.time_zone), this_monday(profile)
    return sorted(pattern.week_of(monday)), sorted(pattern.week_of(monday + ONE_WEEK))


def alternate(profile: Profile) -> bool:
    this_week, next_week = weeks_of(profile)
    return this_week != next_week


def coming_leave(profile: Profile) -> list[Any]:
    today = clock.today(profile.user.time_zone)
    return [one for one in profile.leave.all() if one.ends_on >= today] if profile.pk else []


def period(starts_on: date, ends_on: date) -> str:
    """ "12 March", "12 to 20 March", "28 March to 3 April", with the year where it is another."""
    last = date_format(ends_on, "j F" if ends_on.year == clock.today().year else "j F Y")
    if starts_on == ends_on:
        return last
    same_month = (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month)
    first = date_format(starts_on, "j" if same_month else "j F" if starts_on.year == ends_on.year else "j F Y")
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def notice(hours: int) -> str:
    if not hours:
        return _("No notice")
    if hours % 24:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


def away(profile: Profile) -> list[Away]:
    return [Away(one.pk, period(one.starts_on, one.ends_on)) for one in coming_leave(profile)]


def coming_holidays(profile: Profile, most: int = 8) -> list[tuple[date, str]]:
    """The next holidays that somebody keeps, with their names."""
    country, region = whose_holidays(profile)
    if not country or profile.works_on_holidays:
        return []
    today = clock.today(profile.user.time_zone)
    return list(between(country, region, today, today + timedelta(days=365)))[:most]


def parts(profile: Profile) -> list[Part]:
    """The smaller pages about times."""
    leave = [period(one.starts_on, one.ends_on) for one in coming_leave(profile)]
    return [
        Part(_("Your weeks"), "people:weeks", _("Two that alternate") if alternate(profile) else _("All alike")),
        Part(_("When you are away"), "people:leave", ", ".join(leave) or _("Nothing noted")),
        Part(_("Holidays and term time"), "people:holidays", _holidays(profile)),
        Part(_("Around your meetings"), "people:around", _around(profile)),
    ]


def _holidays(profile: Profile) -> str:
    country, region = whose_holidays(profile)
    words = place(country, region) if country else _("No public holidays")
    if profile.works_on_holidays:
        words = _("You meet on public holidays too")
    return _("%(holidays)s; term time only") % {"holidays": words} if profile.term_time_only else words


def _around(profile: Profile) -> str:
    words = {"notice": notice(profile.notice_hours), "most": clock.span(profile.most_minutes_a_day)}
    if not profile.buffer_minutes:
        return _("Notice: %(notice)s. At most %(most)s a day.") % words
    words["buffer"] = clock.span(profile.buffer_minutes)
    return _("Notice: %(notice)s. %(buffer)s free around. At most %(most)s a day.") % words


def _week(stretches: Iterable[Stretch]) -> list[Hours]:
    week: dict[int, list[str]] = {}
    for weekday, starts, ends in stretches:
        week.setdefault(weekday, []).append(f"{_clock(starts)}–{_clock(ends)}")
    return [Hours(day, tuple(found)) for day, found in sorted(week.items())]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
