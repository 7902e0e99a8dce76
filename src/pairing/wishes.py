"""The main criterion: does the mentor offer what the mentee wants?

A wish is met by an offer of the same kind: fully by the same key, partly by a related one (the taxonomy's
closeness). Every behaviour level that an offer stands below the wanted one costs a quarter. The service areas that
a mentor works in count as offers at 0.8. A pair is worth half its best-met wish and half the weighted mean of all,
so that one wish met well is not drowned by a long list.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pairing.facts import Bools, Facts, Floats, both
from pairing.types import Person, Problem, Wish

WORKS_IN = 0.8
LEVEL_STEP = 0.25
Relatedness = Mapping[str, Mapping[str, float]]


def closeness(want: Wish, offer: Wish, relatedness: Relatedness) -> float:
    """How well one offer meets one want, 0 to 1."""
    if want.kind != offer.kind:
        return 0.0
    if want.key == offer.key:
        related = 1.0
    else:
        related = max(
            relatedness.get(want.key, {}).get(offer.key, 0.0), relatedness.get(offer.key, {}).get(want.key, 0.0)
        )
    short = max(0, want.level - offer.level) if want.level and offer.level else 0
    return related * max(0.0, 1.0 - LEVEL_STEP * short)


def wanted(person: Person) -> list[Wish]:
    """What can be compared: prose needs another measure than keys."""
    return [wish for wish in person.wants if wish.kind != "text" and wish.weight > 0]


def offered(person: Person) -> list[tuple[Wish, float]]:
    """Offers with their strength, the services a mentor works in included."""
    said = [(wish, 1.0) for wish in person.offers if wish.kind != "text"]
    works_in = [(Wish("service", key), WORKS_IN) for key in person.services]
    return said + works_in


def measure(facts: Facts, problem: Problem) -> tuple[Floats, Bools]:
    """The criterion for all pairs, and where it is known."""
    wants = [wanted(person) for person in facts.mentees]
    offers = [offered(person) for person in facts.mentors]
    known = both([bool(many) for many in wants], [bool(many) for many in offers])
    if not known.any():
        return np.zeros(facts.shape), known
    best = _best_offers(sorted({_bare(w) for many in wants for w in many}, key=repr), offers, problem.relatedness)
    return _combined(wants, best, facts.shape), known


def _bare(wish: Wish) -> Wish:
    return Wish(wish.kind, wish.key, wish.level)


def _best_offers(
    distinct: list[Wish], offers: list[list[tuple[Wish, float]]], relatedness: Relatedness
) -> dict[Wish, Floats]:
    """For every distinct want the best that each mentor has for it."""
    kinds = sorted({_bare(offer) for many in offers for offer, _ in many}, key=repr)
    number = {offer: place for place, offer in enumerate(kinds)}
    filled = [column for column, many in enumerate(offers) if many]
    flat = np.array([number[_bare(offer)] for many in offers for offer, _ in many], dtype=np.int64)
    strength = np.array([value for many in offers for _, value in many])
    starts = np.cumsum([0, *(len(offers[column]) for column in filled)])[:-1]
    result = {}
    for want in distinct:
        close = np.array([closeness(want, offer, relatedness) for offer in kinds])
        row = np.zeros(len(offers))
        row[filled] = np.maximum.reduceat(close[flat] * strength, starts)
        result[want] = row
    return result


def _combined(wants: list[list[Wish]], best: dict[Wish, Floats], shape: tuple[int, int]) -> Floats:
    result = np.zeros(shape)
    for row, many in enumerate(wants):
        if many:
            met = np.stack([best[_bare(want)] for want in many])
            weights = np.array([want.weight for want in many])
            result[row] = 0.5 * met.max(axis=0) + 0.5 * (weights / weights.sum()) @ met
    return result


def evidence(facts: Facts, problem: Problem, row: int, column: int) -> dict[str, Any]:
    """Which wants are met by what, the best first."""
    met = []
    offers = offered(facts.mentors[column])
    for want in wanted(facts.mentees[row]):
        scored = [
            (closeness(want, offer, problem.relatedness) * strength, offer, strength)
            for offer, strength in offers
            if offer.kind == want.kind
        ]
        value, offer, strength = max(scored, key=lambda item: item[0], default=(0.0, want, 1.0))
        if value > 0:
            met.append({"kind": want.kind, "want": want.key, "offer": offer.key, "closeness": round(value, 4),
                        "works_in": strength < 1.0})  # fmt: skip
    met.sort(key=lambda item: -float(str(item["closeness"])))
    return {"met": met, "wanted": len(wanted(facts.mentees[row]))}
