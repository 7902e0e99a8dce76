from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from commonhall.accounts import actions as accounts
from commonhall.core import clock, ids, text
from commonhall.core.errors import Conflict
from commonhall.core.sheets.words import plain
from commonhall.core.verdicts import require
from commonhall.history.actions import record
from commonhall.organisations import actions as organisations
from commonhall.organisations.models import Organisation
from commonhall.organisations.rules import can_administer_organisation
from commonhall.people.availability import pattern_of
from commonhall.people.hours import Stretch
from commonhall.people.models import Department, Leave, Profile, Topic, WorkingHours


def ensure_profile(user: Any) -> Profile:
    return Profile.objects.get_or_create(user=user)[0]


@transaction.atomic
def save_profile(
    user: Any,
    *,
    by: Any,
    fields: Mapping[str, Any],
    topics: Mapping[str, Iterable[tuple[str, str]]] | None = None,
    hours: Iterable[Stretch] | None = None,
) -> Profile:
    """Change what is given and leave the rest.

    `topics` maps a purpose (offer, want, interest) to (kind, key) pairs; `hours` are (weekday 0-6, start, end) in
    minutes from midnight of the person's own zone.
    """
    profile = ensure_profile(user)
    for name, value in fields.items():
        setattr(profile, name, value)
    profile.updated_at = clock.now()
    profile.save(update_fields=[*fields, "updated_at"])
    for purpose, pairs in (topics or {}).items():
        _replace_topics(profile, purpose, pairs)
    if hours is not None:
        _replace_hours(profile, hours)
    record("profile.changed", about=profile, by=by)
    return profile


def _replace_topics(profile: Profile, purpose: str, pairs: Iterable[tuple[str, str]]) -> None:
    profile.topics.filter(purpose=purpose).delete()
    unique = dict.fromkeys(pairs)
    Topic.objects.bulk_create([Topic(profile=profile, purpose=purpose, kind=kind, key=key) for kind, key in unique])


def _replace_hours(
    profile: Profile, hours: Iterable[Stretch], first: Iterable[Stretch] = (), second: Iterable[Stretch] = ()
) -> None:
    profile.hours.all().delete()
    weeks = zip(WorkingHours.Week.values, (hours, first, second), strict=True)
    WorkingHours.objects.bulk_create(
        WorkingHours(profile=profile, weekday=day, starts=starts, ends=ends, week=week)
        for week, stretches in weeks
        for day, starts, ends in stretches
    )


@transaction.atomic
def save_weeks(user: Any, *, by: Any, this_week: Iterable[Stretch], next_week: Iterable[Stretch]) -> Profile:
    """Two weeks that alternate, beginning with the week that it is where the person is; what both hold is kept once."""
    profile = ensure_profile(user)
    first, second = set(this_week), set(next_week)
    today = clock.today(user.time_zone)
    profile.weeks_from = today - timedelta(days=today.weekday()) if first != second else None
    profile.save(update_fields=["weeks_from"])
    _replace_hours(profile, sorted(first & second), sorted(first - second), sorted(second - first))
    record("profile.changed", about=profile, by=by)
    return profile


@transaction.atomic
def make_weeks_alike(user: Any, *, by: Any) -> Profile:
    """From now on every week is as this one."""
    profile = ensure_profile(user)
    this_week = pattern_of(profile, user.time_zone).week_of(clock.today(user.time_zone))
    return save_weeks(user, by=by, this_week=this_week, next_week=this_week)


@transaction.atomic
def add_leave(user: Any, *, by: Any, starts_on: date, ends_on: date) -> Leave:
    """Days on which somebody is away; the same days twice are once."""
    profile = ensure_profile(user)
    leave, added = Leave.objects.get_or_create(profile=profile, starts_on=starts_on, ends_on=ends_on)
    if added:
        record("profile.changed", about=profile, by=by)
    return leave


@transaction.atomic
def remove_leave(leave: Leave, *, by: Any) -> None:
    leave.delete()
    record("profile.changed", about=leave.profile, by=by)


@transaction.atomic
def list_in_directory(profile: Profile, *, by: Any) -> Profile:
    """Shown to those who may read the directory; `by` is None where nobody asked and the first sign-in does it."""
    if profile.listed_at is None:
        profile.listed_at = clock.now()
        profile.save(update_fields=["listed_at"])
        record("profile.listed" if by else "profile.first_listed", about=profile, by=by)
    return profile


@transaction.atomic
def take_out_of_directory(profile: Profile, *, by: Any) -> Profile:
    if profile.listed_at is not None:
        profile.listed_at = None
        profile.save(update_fields=["listed_at"])
        record("profile.unlisted", about=profile, by=by)
    return profile


@transaction.atomic
def save_work(user: Any, *, by: Any, name: str, organisation: Organisation, **fields: Any) -> Profile:
    """Name, council and job in one go."""
    organisations.join(user=user, organisation=organisation, by=by)
    accounts.change_account(user, name=name, time_zone=user.time_zone, language=user.language)
    return save_profile(user, by=by, fields=fields)


@transaction.atomic
def save_times(user: Any, *, by: Any, time_zone: str, hours: Iterable[Stretch] | None = None, **fields: Any) -> Profile:
    """The weeks stay as they are where no hours are given."""
    accounts.change_account(user, name=user.name, time_zone=time_zone, language=user.language)
    return save_profile(user, by=by, fields=fields, hours=hours)


def save_photo(user: Any, picture: bytes | None, *, by: Any) -> Profile:
    """Put a picture in place of the old one; None takes it away."""
    profile = ensure_profile(user)
    old = profile.photo.name
    if picture is None:
        profile.photo = ""
    else:
        profile.photo.save(f"{ids.token(16)}.jpg", ContentFile(picture), save=False)
    with transaction.atomic():
        profile.save(update_fields=["photo"])
        record("profile.changed", about=profile, by=by)
    if old:
        transaction.on_commit(lambda: profile.photo.storage.delete(old))
    return profile


@transaction.atomic
def save_department(department: Department, *, by: Any) -> Department:
    """Keep what an organisation calls a service area: a new name, or one that is there."""
    require(can_administer_organisation(by, department.organisation))
    added = department.pk is None
    department.name = text.line(department.name)
    department.folded = plain(department.name)
    try:
        with transaction.atomic():
            department.save()
    except IntegrityError as error:
        raise Conflict(_("“%(name)s” stands in the list already.") % {"name": department.name}) from error
    verb = "department.added" if added else "department.changed"
    record(verb, about=department.organisation, by=by, service_area=department.service_area)
    return department


@transaction.atomic
def remove_department(department: Department, *, by: Any) -> None:
    """Later imports read the name by the general list again; what people chose stays."""
    require(can_administer_organisation(by, department.organisation))
    department.delete()
    record("department.removed", about=department.organisation, by=by, service_area=department.service_area)
