"""Which part of a person each measure reads, so that people who are alike in it are measured once.

A feature names a criterion or a constraint and says what it looks at. What looks at a person alone goes into a table of
the different mentees by the different mentors; what names other people (lists, blocks, line managers) becomes a few
single pairs; and wishes, of which hardly two people have the same, are measured wish by wish. Whatever is not named
here (free text, measures of one's own) is measured block by block, which is right but slow.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pairing.types import Person

Read = Callable[[Person], Mapping[str, Any]]


def _fields(*names: str) -> Read:
    return lambda person: {name: getattr(person, name) for name in names}


def _perspective(person: Person) -> Mapping[str, Any]:
    return {
        "organisation": person.organisation,
        "pool_region": person.pool_region,
        "country": person.country,
        "services": person.services[:1],
    }


def _organisations(person: Person) -> Mapping[str, Any]:
    declared = frozenset(entry for entry in person.not_with if entry.startswith("organisation:"))
    return {"organisation": person.organisation, "not_with": declared}


CRITERIA: dict[str, Read] = {
    "interests": _fields("interests"),
    "background": _fields("background", "services", "career"),
    "seniority": _fields("level"),
    "hours": _fields("hours"),
    "languages": _fields("languages"),
    "channel": _fields("channels"),
    "council_kind": _fields("organisation_kind", "organisation_size"),
    "perspective": _perspective,
    "rhythm": _fields("rhythm"),
}
CONSTRAINTS: dict[str, Read] = {
    "conflict": _organisations,
    "organisation_rule": _fields("accepts_from", "organisation", "pools"),
    "same_organisation": _fields("organisation"),
    "no_common_language": _fields("languages"),
    "no_shared_hours": _fields("hours"),
    "seniority": _fields("level"),
}
OFFERS = _fields("offers", "services")
