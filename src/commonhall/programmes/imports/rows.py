"""What an import of participants makes of a sheet."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from commonhall.core.sheets.problems import Problem
from commonhall.organisations.imports.names import Directory
from commonhall.people.hours import Stretch


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody who has an account already; `organisation` is a key of the directory."""

    email: str
    name: str
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a check needs to know besides the sheet. `role` is set when every line is a mentor, or a mentee.

    `departments` are each organisation's own names (in plain words) for service areas, by its key.
    """

    organisations: Directory
    today: dt.date
    people: Mapping[str, KnownPerson] = field(default_factory=dict)
    role: str = ""
    most_mentees: int = 10
    day_first: bool = True
    departments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One sound line. Keys are those of the taxonomy, the ladder and the directory; addresses are in small letters."""

    line: int
    email: str
    name: str
    organisation: str
    roles: frozenset[str]
    job_title: str = ""
    pronouns: str = ""
    service_area: str = ""
    service_areas: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    level: str = ""
    years: float | None = None
    wants: str = ""
    want_competencies: tuple[str, ...] = ()
    offers: str = ""
    offer_competencies: tuple[str, ...] = ()
    also_mentor: str = ""
    also_mentee: str = ""
    capacity: int | None = None
    languages: tuple[str, ...] = ()
    hours: tuple[Stretch, ...] = ()
    fortnightly: tuple[int, ...] = ()
    hours_per_month: float | None = None
    channels: tuple[str, ...] = ()
    travel_km: float | None = None
    other_council: str = ""
    time_zone: str = ""
    available_from: dt.date | None = None
    available_until: dt.date | None = None
    line_manager: str = ""
    not_with_people: tuple[str, ...] = ()
    not_with_names: tuple[str, ...] = ()
    not_with_organisations: tuple[str, ...] = ()
    not_with_words: str = ""
    biography: str = ""
    background: str = ""
    interests: str = ""
    adjustments: str = ""
    consent: bool | None = None
    submitted_at: str = ""
    other_addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """`rows` are the sound lines, each person once; `problems` are in the order of lines.

    `total` counts the lines that hold a person, sound or not; `superseded` are lines that a newer one replaces.
    """

    rows: tuple[PersonRow, ...]
    problems: tuple[Problem, ...]
    total: int = 0
    superseded: tuple[int, ...] = ()

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.blocks]

    @property
    def wrong_lines(self) -> frozenset[int]:
        return frozenset(problem.line for problem in self.errors if problem.line)
