"""How groups of people fare in a round, without a figure that stands for fewer than five of them.

Groups that are too small are counted together, and where that is not enough the next smallest goes with them, so that
nothing can be found by taking one figure from another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST = 5


@dataclass(frozen=True, slots=True)
class Fate:
    """One person's group, whether they have somebody, and how well that pair fits."""

    group: str
    fit: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """`name` is empty for the smaller groups together; `fit` is None where fewer than five have somebody."""

    name: str
    people: int
    matched: int
    fit: float | None

    @property
    def percent(self) -> int:
        return round(100 * self.matched / self.people)

    @property
    def fit_percent(self) -> int | None:
        return None if self.fit is None else round(100 * self.fit)


def compared(fates: Iterable[Fate]) -> list[Group]:
    """The groups, the largest first; none where there are fewer than two that may be shown."""
    by_name: dict[str, list[Fate]] = {}
    for fate in fates:
        by_name.setdefault(fate.group, []).append(fate)
    shown, together = _pooled(by_name)
    groups = [*(_group(name, those) for name, those in shown), *([_group("", together)] if together else ())]
    return _without_small_fits(groups) if len(groups) > 1 else []


def _pooled(by_name: Mapping[str, list[Fate]]) -> tuple[list[tuple[str, list[Fate]]], list[Fate]]:
    """Groups of five and more, and all others as one; whose group is not known is with the others."""
    rising = sorted(by_name.items(), key=lambda one: (len(one[1]), one[0]))
    together: list[Fate] = list(by_name.get("", ()))
    rising = [one for one in rising if one[0]]
    while rising and (len(rising[0][1]) < LEAST or 0 < len(together) < LEAST):
        together += rising.pop(0)[1]
    return rising[::-1], together


def _group(name: str, those: list[Fate]) -> Group:
    fits = [fate.fit for fate in those if fate.fit is not None]
    return Group(name, len(those), len(fits), sum(fits) / len(fits) if fits else None)


def _without_small_fits(groups: list[Group]) -> list[Group]:
    """A mean of fewer than five is left out, and with it another, lest it be worked out from the whole."""
    rising = sorted(groups, key=lambda group: group.matched)
    hidden = {group.name for group in rising if group.matched < LEAST}
    of_hidden = sum(group.matched for group in groups if group.name in hidden)
    for group in rising:
        if hidden and 0 < of_hidden < LEAST and group.name not in hidden:
            hidden.add(group.name)
            of_hidden += group.matched
    return [Group(g.name, g.people, g.matched, None if g.name in hidden else g.fit) for g in groups]
