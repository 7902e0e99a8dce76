"""What an import of organisations makes of a sheet."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from commonhall.core.sheets.problems import SHEET_WORDS, Problem, Words


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One sound line. `replaced_by` is the key (code, else slug) of the successor, in the file or known before."""

    line: int
    name: str
    slug: str
    code: str = ""
    short_name: str = ""
    kind: str = ""
    tier: str = "other"
    region: str = ""
    country: str = "GB"
    latitude: float | None = None
    longitude: float | None = None
    time_zone: str = "Europe/London"
    size_band: str = ""
    population: int | None = None
    languages: tuple[str, ...] = ("en",)
    email_domains: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    started_on: dt.date | None = None
    ended_on: dt.date | None = None
    replaced_by: str = ""

    @property
    def key(self) -> str:
        return self.code or self.slug


class OrganisationProblem(Problem):
    __slots__ = ()

    words: ClassVar[Words] = {
        **SHEET_WORDS,
        "no_name_column": (
            _("No column holds the names of the organisations."),
            _("Call the column “name”, or use mySociety's file as it is."),
        ),
        "name_missing": (_("The organisation has no name."), _("Write its name, or take the line out.")),
        "name_too_long": (_("The name has more than %(limit)s characters."), _("Shorten it.")),
        "twice": (
            _("This is the same %(what)s as in line %(other)s."),
            _("Keep one of the two lines, or give each its own %(what)s."),
        ),
        "number": (_("“%(value)s” is not a number that can stand here."), _("Write a number such as %(example)s.")),
        "half_a_place": (
            _("There is a latitude without a longitude, or the other way round."),
            _("Write both, in degrees, or leave both empty."),
        ),
        "zone_unknown": (
            _("There is no time zone “%(value)s”."),
            _("Write a name such as Europe/London or Pacific/Auckland."),
        ),
        "zone_missing": (
            _("%(country)s has several time zones and none is named."),
            _("Write a name such as %(example)s."),
        ),
        "country_unknown": (_("There is no country “%(value)s”."), _("Write a code of two letters, such as GB or NZ.")),
        "tier_unknown": (
            _("The tier “%(value)s” is not known."),
            _("Write single, upper, lower, regional, association or other."),
        ),
        "size_unknown": (
            _("The size “%(value)s” is not known."),
            _("Write small, medium, large or very large, or give the population."),
        ),
        "language_unknown": (_("The language “%(value)s” is not known."), _("Write codes such as en, cy or mi.")),
        "domain_wrong": (
            _("“%(value)s” is not the end of an e-mail address."),
            _("Write only what stands after the @, such as ashford.gov.uk."),
        ),
        "date_wrong": (_("“%(value)s” is not a date that can be read."), _("Write it as 2026-03-31.")),
        "ends_before_start": (_("The end is before the start."), _("Correct one of the two dates.")),
        "successor_unknown": (
            _("No organisation “%(value)s” is in the file or known already."),
            _("Write the code, slug or name of the organisation that followed."),
        ),
        "successor_itself": (_("The organisation is named as its own successor."), _("Name another, or none.")),
        "successors": (
            _("Several organisations followed (%(value)s); no single successor is kept."),
            _("Nothing needs to be done."),
        ),
        "place_missing": (
            _("There are no coordinates; distances to here are not worked out."),
            _("Add latitude and longitude when you have them."),
        ),
        "population_missing": (
            _("There is no population; the size is not known."),
            _("Add the population when you have it."),
        ),
    }


@dataclass(frozen=True, slots=True)
class Checked:
    """Sound rows in the order of the file, and every problem in the order of lines."""

    rows: tuple[OrganisationRow, ...]
    problems: tuple[Problem, ...]
    total: int = 0

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.blocks]
