"""The pairs of a plan on a map of councils: a dot for each council, a line for each two that have pairs together.

North is up and east is right. Where nobody is for a long way, the way is shortened, so that councils of several
countries fit on a telephone.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from commonhall.core.text import whole
from commonhall.matching.models import Round, Run, Scenario
from commonhall.matching.queries import rounds
from commonhall.matching.queries.pages import frame
from commonhall.matching.queries.rounds import People
from commonhall.organisations.models import Organisation

HEIGHT = 420
MARGIN_ACROSS, MARGIN_DOWN = 7.0, 30.0
# Degrees between one council and the next that are drawn as they are; more is cut to this.
EMPTY = 1.5
# Widths for which names are placed, and what a letter and a line of them take, in pixels.
NARROW, WIDE = 290, 640
LETTER, LINE = 8.0, 19.0
Two = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Spot:
    """A council with coordinates. Lengths across are per cent, those down are pixels; strings, so that no language
    puts a comma into them. `named`: "" not at all, "wide" where there is room, "always"."""

    pk: int
    name: str
    pairs: int
    x: str
    y: str
    radius: str
    label_y: str
    anchor: str
    named: str


@dataclass(frozen=True, slots=True)
class Link:
    """Two councils with pairs between them; one and the same for pairs within it."""

    one: str
    other: str
    pairs: int
    ends: tuple[Spot, Spot] | None = None

    @property
    def is_within(self) -> bool:
        return self.one == self.other

    @property
    def width(self) -> str:
        return f"{min(1 + 0.8 * self.pairs, 8):.1f}"


def page(round: Round, scenario: Scenario, asked: str) -> dict[str, Any]:
    """The map and its list, of all councils or of one."""
    run, known = rounds.latest_run(scenario), rounds.people(round.programme)
    counted = between(run, known) if run else Counter[Two]()
    councils = {o.pk: o for o in Organisation.objects.filter(pk__in={pk for two in counted for pk in two})}
    only = councils.get(whole(asked) or 0)
    shown = {two: pairs for two, pairs in counted.items() if only is None or only.pk in two}
    there = [councils[pk] for pk in sorted({pk for two in shown for pk in two})]
    spots = {spot.pk: spot for spot in _spots(there, shown)}
    links = [
        Link(councils[one].label, councils[other].label, pairs, _ends(spots, one, other))
        for (one, other), pairs in shown.items()
    ]
    links.sort(key=lambda link: (-link.pairs, link.one, link.other))
    return frame(round, scenario, run) | {
        "only": only,
        "councils": sorted(councils.values(), key=lambda council: council.label),
        "links": links,
        "lines": [link for link in reversed(links) if link.ends],
        "spots": list(spots.values()),
        "unplaced": sorted(council.label for council in there if council.pk not in spots),
        "height": HEIGHT,
    }


def between(run: Run, known: People) -> Counter[Two]:
    """How many pairs each two councils have; a mentor still to be found has none."""
    both = ((known[one].council, known[other].council) for one, other in rounds.pairs_of(run))
    return Counter((min(two), max(two)) for two in both if all(two))


def _ends(spots: Mapping[int, Spot], one: int, other: int) -> tuple[Spot, Spot] | None:
    if one == other or one not in spots or other not in spots:
        return None
    return spots[one], spots[other]


def _spots(councils: Iterable[Organisation], counted: Mapping[Two, int]) -> list[Spot]:
    placed = [one for one in councils if one.latitude is not None and one.longitude is not None]
    pairs = Counter[int]()
    for two, count in counted.items():
        pairs.update(dict.fromkeys(two, count))
    placed.sort(key=lambda one: (-pairs[one.pk], one.label))
    across = _spread([one.longitude or 0.0 for one in placed])
    down = _spread([-(one.latitude or 0.0) for one in placed])
    points = [
        (MARGIN_ACROSS + (100 - 2 * MARGIN_ACROSS) * x, MARGIN_DOWN + (HEIGHT - 2 * MARGIN_DOWN) * y)
        for x, y in zip(across, down, strict=True)
    ]
    named = _named([one.label for one in placed], points)
    return [
        Spot(one.pk, one.label, pairs[one.pk], f"{x:.2f}", f"{y:.1f}", f"{min(3 + pairs[one.pk] ** 0.5, 9):.1f}",
             f"{y - 13:.1f}", _anchor(x), name)
        for one, (x, y), name in zip(placed, points, named, strict=True)
    ]  # fmt: skip


def _spread(degrees: Collection[float]) -> list[float]:
    """Each as a share of the way from the least to the greatest, long empty stretches cut short."""
    stops = sorted(set(degrees))
    at, here = {}, 0.0
    for before, stop in zip([*stops[:1], *stops], stops, strict=False):
        here += min(stop - before, EMPTY)
        at[stop] = here
    return [at[one] / here if here else 0.5 for one in degrees]


def _anchor(x: float) -> str:
    return "start" if x < 25 else "end" if x > 75 else "middle"


def _named(names: list[str], points: list[tuple[float, float]]) -> list[str]:
    """Whose name stands beside the dot: the councils with most pairs first, as long as no name covers another."""
    named = dict.fromkeys(range(len(names)), "")
    for width, how in ((NARROW, "always"), (WIDE, "wide")):
        taken = [_box(names[n], points[n], width) for n, said in named.items() if said]
        for number, name in enumerate(names):
            box = _box(name, points[number], width)
            if not named[number] and not any(_meet(box, other) for other in taken):
                named[number] = how
                taken.append(box)
    return list(named.values())


def _box(name: str, point: tuple[float, float], width: int) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a name above its dot, the dot included."""
    x, long = point[0] * width / 100, len(name) * LETTER
    left = {"start": x - 6, "middle": x - long / 2, "end": x + 6 - long}[_anchor(point[0])]
    return left, left + long, point[1] - 13 - LINE, point[1] + 6


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
