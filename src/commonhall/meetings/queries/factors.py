from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonhall.history.models import Event
from commonhall.meetings import travel
from commonhall.meetings.models import TravelFactors
from commonhall.organisations.countries import country_name

EVERYWHERE = ""
KEPT, SECONDS = "meetings.travel-factors", 60
MOST_CHANGES = 20

# The numbers of each part, and where those that we begin with come from.
PARTS: dict[str, tuple[str | Promise, tuple[str, ...], str]] = {
    "distance": (
        _("Distance"),
        ("road", "furthest"),
        "Great circle between the councils, by the haversine formula. Roads between towns are 1.2 to 1.4 times as "
        "long; 1.3 is our own choice, and so is the distance beyond which nobody would have gone for one talk.",
    ),
    "shares": (
        _("How people would have travelled"),
        ("car_share", "rail_share", "bus_share"),
        "Car: 78 per cent of all distance travelled, National Travel Survey, England, 2023 (Department for "
        "Transport). We divide the rest, with more by rail than the survey's 8 per cent: these are journeys between "
        "towns.",
    ),
    "carbon": (
        _("Carbon for each kilometre"),
        ("car_kg", "rail_kg", "bus_kg"),
        "UK Government greenhouse gas conversion factors for company reporting, 2022: average car (alone in it), "
        "national rail, average bus. A new edition comes out each June.",
    ),
    "cost": (
        _("Cost for each kilometre"),
        ("currency", "car_cost", "rail_cost", "bus_cost"),
        "Car: 55p a mile, HM Revenue and Customs' approved mileage rate since 6 April 2026 (45p before). Rail: £10.4 "
        "billion of fares over about 60 billion passenger kilometres, Office of Rail and Road, 2023 to 2024. Bus: our "
        "own estimate.",
    ),
    "speed": (
        _("Speed from door to door"),
        ("car_speed", "rail_speed", "bus_speed"),
        "Our own estimates, with the way to the station and the waiting.",
    ),
}
SOURCES = {part: source for part, (_label, _names, source) in PARTS.items()}

LABELS: dict[str, tuple[str | Promise, str | Promise]] = {
    "road": (_("Roads are longer than the straight line by the factor"), ""),
    "furthest": (_("Left out beyond a straight line of"), _("km")),
    "car_share": (_("By car"), _("per cent")),
    "rail_share": (_("By rail"), _("per cent")),
    "bus_share": (_("By bus or coach"), _("per cent")),
    "car_kg": (_("Car"), _("kg of CO2e a kilometre")),
    "rail_kg": (_("Rail"), _("kg of CO2e a kilometre")),
    "bus_kg": (_("Bus or coach"), _("kg of CO2e a kilometre")),
    "currency": (_("Currency"), ""),
    "car_cost": (_("Car"), _("a kilometre")),
    "rail_cost": (_("Rail"), _("a kilometre")),
    "bus_cost": (_("Bus or coach"), _("a kilometre")),
    "car_speed": (_("Car"), _("km an hour")),
    "rail_speed": (_("Rail"), _("km an hour")),
    "bus_speed": (_("Bus or coach"), _("km an hour")),
}


@dataclass(frozen=True)
class Line:
    label: str | Promise
    value: Any
    unit: str | Promise

    @property
    def text(self) -> str:
        return f"{as_text(self.value)} {self.unit}".strip()


@dataclass(frozen=True)
class Part:
    label: str | Promise
    lines: tuple[Line, ...]
    source: str


@dataclass(frozen=True)
class Set:
    """The factors of one country, or of everywhere else, as a page shows them."""

    country: str
    parts: tuple[Part, ...]
    is_ours: bool

    @property
    def slug(self) -> str:
        return self.country.lower() or "all"

    @property
    def label(self) -> str | Promise:
        return country_name(self.country) if self.country else _("All countries without their own")


@dataclass(frozen=True)
class Change:
    """One number that somebody changed."""

    event: Event
    country: str | Promise
    label: str | Promise
    before: str
    after: str


def as_text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def by_country() -> dict[str, travel.Factors]:
    """All that is set, and what we begin with where nothing is; kept for a minute, or until somebody changes one."""
    rows = cache.get_or_set(KEPT, lambda: list(TravelFactors.objects.values_list("country", "values")), SECONDS)
    found = {country: travel.factors(values) for country, values in rows or ()}
    return {EVERYWHERE: travel.factors({})} | found


def in_force(country: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The numbers and sources that a country goes by: its own, or those of all, or ours."""
    rows = {row.country: row for row in TravelFactors.objects.filter(country__in=[country, EVERYWHERE])}
    row = rows.get(country) or rows.get(EVERYWHERE)
    return (travel.VALUES | row.values, SOURCES | row.sources) if row else (travel.VALUES, SOURCES)


def sets() -> list[Set]:
    rows = {row.country: row for row in TravelFactors.objects.all()}
    first = rows.pop(EVERYWHERE, TravelFactors())
    return [_set(first, is_ours=first.pk is None), *(_set(row, is_ours=False) for row in rows.values())]


def _set(row: TravelFactors, *, is_ours: bool) -> Set:
    values, sources = travel.VALUES | row.values, SOURCES | row.sources
    parts = [
        Part(label, tuple(_line(name, values) for name in names), sources[part])
        for part, (label, names, _source) in PARTS.items()
    ]
    return Set(row.country, tuple(parts), is_ours)


def _line(name: str, values: dict[str, Any]) -> Line:
    label, unit = LABELS[name]
    return Line(label, values[name], f"{values['currency']} {unit}" if name.endswith("_cost") else unit)


def changes() -> list[Change]:
    """What was changed, newest first: the number before, and after."""
    return [
        Change(
            event,
            country_name(country) if (country := str(event.detail("country"))) else _("all countries"),
            LABELS[name][0] if name in LABELS else _("A source"),
            as_text(before),
            as_text(after),
        )
        for event in _events()
        for name, (before, after) in event.details["changed"].items()
    ][:MOST_CHANGES]


def _events() -> QuerySet[Event]:
    return Event.objects.filter(verb__in=["travel.set", "travel.dropped"]).select_related("by")[:MOST_CHANGES]
