"""Who sees which field of a profile: the one table, also printed beside each field."""

from collections.abc import Iterable
from enum import IntEnum

from django.utils.translation import gettext_lazy as _

from commonhall.people.models import Profile


class Viewer(IntEnum):
    """How close somebody stands to the person, from far to near."""

    STRANGER = 0
    PARTICIPANT = 1
    PARTNER = 2
    COORDINATOR = 3
    SELF = 4


class Audience:
    """Sets of viewers, with the words that stand beside the field."""

    POOL = frozenset({Viewer.PARTICIPANT, Viewer.PARTNER, Viewer.COORDINATOR, Viewer.SELF})
    PARTNER = frozenset({Viewer.PARTNER, Viewer.COORDINATOR, Viewer.SELF})
    COORDINATOR = frozenset({Viewer.COORDINATOR, Viewer.SELF})
    SELF = frozenset({Viewer.SELF})


WORDS = {
    Audience.POOL: _("people in your pool, the people you are matched with, and coordinators"),
    Audience.PARTNER: _("the people you are matched with, and coordinators"),
    Audience.COORDINATOR: _("you and the coordinators of your programmes"),
    Audience.SELF: _("only you"),
}

FIELDS: dict[str, frozenset[Viewer]] = {
    "name": Audience.POOL,
    "email": Audience.PARTNER,
    "pronouns": Audience.POOL,
    "organisation": Audience.POOL,
    "job_title": Audience.POOL,
    "service_area": Audience.POOL,
    "level": Audience.POOL,
    "can_help": Audience.POOL,
    "offers": Audience.POOL,
    "want_to_learn": Audience.PARTNER,
    "wants": Audience.PARTNER,
    "interests": Audience.POOL,
    "biography": Audience.POOL,
    "career_path": Audience.POOL,
    "qualifications": Audience.POOL,
    "languages": Audience.POOL,
    "time_zone": Audience.PARTNER,
    "hours": Audience.PARTNER,
    "next_hours": Audience.PARTNER,
    "leave": Audience.PARTNER,
    "holiday_country": Audience.PARTNER,
    "holiday_region": Audience.PARTNER,
    "works_on_holidays": Audience.PARTNER,
    "term_time_only": Audience.SELF,
    "notice_hours": Audience.PARTNER,
    "buffer_minutes": Audience.SELF,
    "most_minutes_a_day": Audience.PARTNER,
    "channels": Audience.PARTNER,
    "adjustments": Audience.SELF,
    "photo": Audience.POOL,
}

MAY_BE_HIDDEN = ("photo", "pronouns", "job_title", "level", "biography", "career_path", "qualifications", "interests")


def seen_by(*fields: str) -> dict[str, object]:
    """The words that stand beside each field of a form."""
    return {field: WORDS[FIELDS[field]] for field in fields}


def visible_fields(viewer: Viewer, hidden: Iterable[str] = ()) -> frozenset[str]:
    """The fields that this viewer sees; `hidden` are those the organisation keeps within its own walls."""
    kept_back = set() if viewer in (Viewer.SELF, Viewer.COORDINATOR) else set(hidden)
    return frozenset(name for name, audience in FIELDS.items() if viewer in audience and name not in kept_back)


def listed(profile: Profile) -> bool:
    """Nobody stands in a directory before the first sign-in (which lists them) or a recorded consent."""
    return profile.listed_at is not None
