"""What a sound line of a spreadsheet says, in the words of our tables."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from commonhall.core import text
from commonhall.people.models import Topic
from commonhall.programmes.imports.fields import FIELDS
from commonhall.programmes.imports.rows import PersonRow
from commonhall.programmes.models import Enrolment

MENTEE, MENTOR = Enrolment.Role.MENTEE, Enrolment.Role.MENTOR
PROFILE_TEXTS = ("pronouns", "job_title", "service_area", "level", "biography", "adjustments")
MOST_TAGS = 12
ASIDE = ("hours_per_month", "travel_km", "years", "other_council", "also_mentor", "also_mentee")

TopicKey = tuple[str, str, str]


def profile_fields(row: PersonRow) -> dict[str, Any]:
    """Only what the line says; an empty cell changes nothing."""
    fields: dict[str, Any] = {name: getattr(row, name) for name in PROFILE_TEXTS}
    fields |= {"can_help": row.offers, "want_to_learn": row.wants, "career_path": row.background}
    fields |= {"languages": list(row.languages), "channels": list(row.channels)}
    return {name: value for name, value in fields.items() if value}


def topics(row: PersonRow) -> dict[str, list[TopicKey]]:
    """By purpose, and only for the purposes of which the line says something."""
    found: dict[str, list[TopicKey]] = {
        Topic.Purpose.OFFER: [*_competencies(row, Topic.Purpose.OFFER), *_services(row)],
        Topic.Purpose.WANT: list(_competencies(row, Topic.Purpose.WANT)),
        Topic.Purpose.INTEREST: list(_interests(row)),
    }
    return {purpose: list(dict.fromkeys(keys)) for purpose, keys in found.items() if keys}


def _competencies(row: PersonRow, purpose: str) -> Iterator[TopicKey]:
    keys = row.offer_competencies if purpose == Topic.Purpose.OFFER else row.want_competencies
    return ((purpose, Topic.Kind.COMPETENCY, key) for key in keys)


def _services(row: PersonRow) -> Iterator[TopicKey]:
    """A mentor can help with the service areas that they know."""
    areas = row.service_areas if MENTOR in row.roles else ()
    return ((Topic.Purpose.OFFER, Topic.Kind.SERVICE, key) for key in areas)


def _interests(row: PersonRow) -> Iterator[TopicKey]:
    words = [text.line(part).lower()[:80] for part in re.split(r"[,;\n]", row.interests)]
    return ((Topic.Purpose.INTEREST, Topic.Kind.TAG, word) for word in [word for word in words if word][:MOST_TAGS])


def enrolment_fields(row: PersonRow, role: str) -> dict[str, Any]:
    """Only what the line says of this role."""
    fields: dict[str, Any] = {
        "available_from": row.available_from,
        "available_until": row.available_until,
        "note_to_coordinator": aside(row),
    }
    if role == MENTEE:
        fields |= {"goal": row.wants, "line_manager_email": row.line_manager}
    else:
        fields |= {"capacity": row.capacity, "line_manager_email": row.line_manager}
    return {name: value for name, value in fields.items() if value}


def aside(row: PersonRow) -> str:
    """What has no place of its own is kept as a note, so that nothing of the line is lost."""
    lines = [f"{FIELDS[name]}: {_said(getattr(row, name))}" for name in ASIDE if getattr(row, name) not in (None, "")]
    if row.departments:
        lines.append(f"{FIELDS['service_area']}: {'; '.join(row.departments)}")
    if row.other_addresses:
        lines.append(_("Another address: %(address)s") % {"address": ", ".join(row.other_addresses)})
    return "\n".join(lines)


def _said(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
