"""A mentor who does not exist yet: what somebody would have to bring to help these mentees."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from pairing.checks import TOP
from pairing.facts import MEMBERS, rung
from pairing.types import WEEK, Interval, Person, Rules, Wish

SLOT = 30
DAYS = 3
BEST_LEVEL = 4


def stand_in(wish: Wish, mentees: Sequence[Person], rules: Rules) -> Person:
    """A mentor with one place who offers the wish, at a level, hours and a language that suit the mentees."""
    offer = Wish(wish.kind, wish.key, BEST_LEVEL if wish.kind == "competency" else 0)
    return Person(
        id=f"new mentor for {wish.kind} {wish.key}",
        role="mentor",
        offers=(offer,),
        level=_level(mentees, rules),
        hours=_hours(mentees),
        languages=_languages(mentees),
        pools=frozenset[str]().union(*(mentee.pools for mentee in mentees)),
    )


def _level(mentees: Sequence[Person], rules: Rules) -> str:
    """The level that the rules and the preferred gap allow for most of them; empty if nobody has one."""
    steps = [rung(mentee.level) for mentee in mentees if rung(mentee.level)[0]]
    if not steps:
        return ""
    ladder = Counter(kind for kind, _ in steps).most_common(1)[0][0]
    here = [step for kind, step in steps if kind == ladder]
    top = TOP[ladder]
    best = max(range(1, top + 1), key=lambda level: (*_suits(level, here, rules), -level))
    return f"E{best}" if ladder == MEMBERS else str(best)


def _suits(level: int, steps: list[int], rules: Rules) -> tuple[int, int]:
    least, most = rules.seniority or (-99, 99)
    low, high = rules.preferred_seniority
    gaps = [level - step for step in steps]
    return sum(least <= gap <= most for gap in gaps), sum(low <= gap <= high for gap in gaps)


def _hours(mentees: Sequence[Person]) -> tuple[Interval, ...]:
    """On the three best days, the hours in which most of them work."""
    free = np.zeros(WEEK // SLOT)
    for mentee in mentees:
        for start, end in mentee.hours:
            free[-(-start // SLOT) : end // SLOT] += 1
    if not free.any():
        return tuple(merged_hours for mentee in mentees[:1] for merged_hours in mentee.hours)
    days = free.reshape(7, -1)
    best = sorted(range(7), key=lambda day: (-days[day].sum(), day))[:DAYS]
    return tuple(sorted(span for day in best for span in _spans(days[day], day)))


def _spans(slots: np.ndarray, day: int) -> list[Interval]:
    """The runs of slots in which at least half as many are free as in the best."""
    good = np.concatenate([[False], slots >= max(1.0, slots.max() / 2.0), [False]])
    edges = np.flatnonzero(good[1:] != good[:-1]).reshape(-1, 2)
    return [(int(day * 1440 + first * SLOT), int(day * 1440 + last * SLOT)) for first, last in edges]


def _languages(mentees: Sequence[Person]) -> frozenset[str]:
    spoken = Counter(language for mentee in mentees for language in sorted(mentee.languages))
    return frozenset(language for language, _ in spoken.most_common(1))
