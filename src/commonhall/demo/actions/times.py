"""When the cast and their councils do not meet: quiet times, holidays of their regions, leave, weeks that alternate."""

from datetime import date, timedelta
from typing import Any

from commonhall.core import clock
from commonhall.demo.actions.programmes import Region
from commonhall.organisations.models import Organisation, QuietPeriod
from commonhall.people.availability import patterns_of
from commonhall.people.models import Leave, Profile, WorkingHours

HOLIDAY_REGIONS = {
    **dict.fromkeys(("East of England", "North West", "North East", "South West", "West Midlands", "London"), "ENG"),
    **dict.fromkeys(("South East", "Yorkshire and the Humber"), "ENG"),
    "Wales": "WLS",
    "Scotland": "SCT",
    "Ontario": "ON",
    "Québec": "QC",
    "Nova Scotia": "NS",
    "Waikato": "WKO",
    "Otago": "OTA",
    "Canterbury": "CAN",
}
BUSY, SCHOOL = QuietPeriod.Kind.BUSY, QuietPeriod.Kind.SCHOOL
# Council, kind, name, and the weeks from now in which it begins and how long it lasts.
QUIET = (
    ("eastmere", BUSY, "Pre-election period", 5, 5),
    ("strathorran", BUSY, "Pre-election period", 6, 5),
    ("strathorran", BUSY, "Setting the budget", 2, 1),
    ("strathorran", SCHOOL, "School holidays", 4, 2),
    ("ousebridge", SCHOOL, "School holidays", 1, 2),
    ("val-des-rapides", BUSY, "Dépôt du budget", 7, 1),
    ("kauriwai", SCHOOL, "School holidays", 3, 2),
)
# Who is away, in how many days and for how long.
LEAVE = (
    ("mentee", 19, 5),
    ("mentor", 33, 12),
    ("proposed-mentor", 9, 3),
    ("small-pool-mentor", 12, 8),
    ("both", 40, 5),
)
ALTERNATE_FRIDAYS = ("mentor", "both")
WISHES: dict[str, dict[str, Any]] = {
    "mentee": {"buffer_minutes": 15},
    "mentor": {"notice_hours": 48, "most_minutes_a_day": 120},
    "both": {"term_time_only": True},
    "elected-member": {"notice_hours": 72, "works_on_holidays": True},
    "proposed-mentor": {"most_minutes_a_day": 90},
}
YEARS_TOLD = timedelta(days=500)


def tell(region: Region) -> None:
    for organisation in region.councils.values():
        organisation.holiday_region = HOLIDAY_REGIONS.get(organisation.region, "")
    Organisation.objects.bulk_update(region.councils.values(), ["holiday_region"])
    today = clock.today()
    QuietPeriod.objects.bulk_create(
        QuietPeriod(
            organisation=region.councils[slug],
            kind=kind,
            name=name,
            starts_on=_monday(today) + timedelta(weeks=weeks),
            ends_on=_monday(today) + timedelta(weeks=weeks + length, days=-3),
        )
        for slug, kind, name, weeks, length in QUIET
    )
    _people(region, today)
    users = list(region.users.values())
    region.patterns.update(patterns_of(users, today - YEARS_TOLD, today + YEARS_TOLD))


def _people(region: Region, today: date) -> None:
    cast = {key: Profile.objects.filter(user=region.persona(key)) for key in {*WISHES, *ALTERNATE_FRIDAYS}}
    for key, wishes in WISHES.items():
        cast[key].update(**wishes)
    for key in ALTERNATE_FRIDAYS:
        cast[key].update(weeks_from=_monday(today))
        WorkingHours.objects.filter(profile__in=cast[key], weekday=4).update(week=WorkingHours.Week.FIRST)
    for key, days, length in LEAVE:
        profile = Profile.objects.get(user=region.persona(key))
        starts_on = today + timedelta(days=days)
        Leave.objects.create(profile=profile, starts_on=starts_on, ends_on=starts_on + timedelta(days=length - 1))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
