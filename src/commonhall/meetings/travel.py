"""The arithmetic of journeys that were not made. Plain numbers; it knows no database and no words.

For each meeting at a distance we ask what would have happened instead: the others travel to the mentor and back, from
council to council. Distance is the great circle times a factor for roads that bend; it is shared out over car, rail
and bus, each with its carbon, cost and speed. What lies further than people would have gone for one talk is left out,
for a flight that nobody would have taken is no saving. Water between two councils is treated as land, which counts too
little.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import asin, cos, isfinite, radians, sin, sqrt
from typing import Any

EARTH_KM = 6371.0088
MILE_KM = 1.609344
MODES = ("car", "rail", "bus")
COUNTED, SAME, UNKNOWN, FAR = "counted", "same", "unknown", "far"

# Shares in per cent; kg of CO2e, money and kilometres an hour by mode. Where each comes from stands in `SOURCES`.
VALUES: dict[str, Any] = {
    "road": 1.3,
    "furthest": 500.0,
    "car_share": 78.0,
    "rail_share": 17.0,
    "bus_share": 5.0,
    "car_kg": 0.171,
    "rail_kg": 0.035,
    "bus_kg": 0.097,
    "currency": "GBP",
    "car_cost": round(0.55 / MILE_KM, 3),
    "rail_cost": 0.17,
    "bus_cost": 0.12,
    "car_speed": 60.0,
    "rail_speed": 75.0,
    "bus_speed": 40.0,
}


@dataclass(frozen=True)
class Mode:
    """One way of travelling: its part of the distance, 0 to 1, and what a kilometre of it takes."""

    share: float
    kg: float
    cost: float
    speed: float


@dataclass(frozen=True)
class Factors:
    road: float
    furthest: float
    currency: str
    modes: tuple[Mode, ...]


def factors(values: Mapping[str, Any]) -> Factors:
    """From the flat numbers of the settings; what is missing is as in `VALUES`."""
    known = VALUES | dict(values)
    modes = tuple(
        Mode(known[f"{mode}_share"] / 100, known[f"{mode}_kg"], known[f"{mode}_cost"], known[f"{mode}_speed"])
        for mode in MODES
    )
    return Factors(known["road"], known["furthest"], known["currency"], modes)


@dataclass(frozen=True)
class Place:
    """An organisation: which one, and where, if that is known."""

    key: int
    latitude: float | None = None
    longitude: float | None = None

    @property
    def is_known(self) -> bool:
        if self.latitude is None or self.longitude is None:
            return False
        return isfinite(self.latitude) and abs(self.latitude) <= 90 and abs(self.longitude) <= 180


@dataclass(frozen=True)
class Saved:
    """Kilometres, kg of CO2e, hours and money by currency."""

    km: float = 0.0
    kg: float = 0.0
    hours: float = 0.0
    money: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Journey:
    """What one person would have travelled to one meeting, or why we do not count it."""

    traveller: int
    home: int
    fate: str
    saved: Saved = field(default_factory=Saved)


def great_circle(one: Place, other: Place) -> float:
    """Kilometres between two known places, by the haversine formula.

    >>> round(great_circle(Place(1, 51.5, -0.12), Place(2, 53.48, -2.24)))
    262
    """
    assert one.latitude is not None
    assert other.latitude is not None
    assert one.longitude is not None
    assert other.longitude is not None
    up = radians(other.latitude - one.latitude)
    across = radians(other.longitude - one.longitude)
    half = sin(up / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(across / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, half)))


def journey(traveller: int, home: Place, host: Place, by: Factors) -> Journey:
    """There and back again."""
    if home.key == host.key:
        return Journey(traveller, home.key, SAME)
    if not (home.is_known and host.is_known):
        return Journey(traveller, home.key, UNKNOWN)
    line = great_circle(home, host)
    if line > by.furthest:
        return Journey(traveller, home.key, FAR)
    return Journey(traveller, home.key, COUNTED, _travelled(2 * line * by.road, by))


def _travelled(km: float, by: Factors) -> Saved:
    parts = [(km * mode.share, mode) for mode in by.modes]
    return Saved(
        km=sum(part for part, _mode in parts),
        kg=sum(part * mode.kg for part, mode in parts),
        hours=sum(part / mode.speed for part, mode in parts),
        money={by.currency: sum(part * mode.cost for part, mode in parts)},
    )


@dataclass(frozen=True)
class Member:
    """Somebody in a pair or circle."""

    user: int
    is_mentor: bool
    place: Place
    country: str = ""


def journeys(people: Sequence[Member], by_country: Mapping[str, Factors]) -> list[Journey]:
    """Everybody travels to the first mentor. Each counts by their own country's factors, or those of all ("")."""
    if not people:
        return []
    host = next((one for one in people if one.is_mentor), people[0])
    return [
        journey(one.user, one.place, host.place, by_country.get(one.country) or by_country[""])
        for one in people
        if one is not host
    ]


def together(every: Iterable[Saved]) -> Saved:
    km = kg = hours = 0.0
    money: dict[str, float] = {}
    for one in every:
        km, kg, hours = km + one.km, kg + one.kg, hours + one.hours
        for currency, amount in one.money.items():
            money[currency] = money.get(currency, 0.0) + amount
    return Saved(km, kg, hours, money)
