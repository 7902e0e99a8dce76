"""Everybody with one other of the same people: introductions, peers."""

from collections import Counter
from typing import Any

import numpy as np

from pairing.errors import Infeasible
from pairing.folder.question import Question
from pairing.solvers import peers
from pairing.solvers.arrays import Bools, Floats, Ints
from pairing.solvers.task import Quota


def answered(question: Question, order: Ints) -> dict[str, Any]:
    """The result. A couple's score is the mean of both directions; it needs both to be allowed."""
    if question.objective not in ("total", "fair"):
        raise Infeasible(f"one_mode knows the objectives total and fair, not {question.objective}.")
    allowed, scores = _both_ways(question)
    free, fixed = _settled(question, allowed)
    left = allowed & free[:, None] & free
    worth = scores.copy()
    for one, other in {tuple(sorted(couple)) for couple in question.previous}:
        worth[one, other] += question.stickiness
        worth[other, one] = worth[one, other]
    quotas = tuple(_quota(share.name, share.has | share.has.T, share.least, fixed) for share in question.quotas)
    floor = peers.best_floor(scores, left, quotas, question.seconds) if question.objective == "fair" else -np.inf
    found = peers.best_couples(worth, left & (scores >= floor), quotas, question.seconds)
    couples = [*fixed, *zip(found.one.tolist(), found.other.tolist(), strict=True)]
    rows, columns = np.array(couples, dtype=np.int64).reshape(-1, 2).T
    value, total = float(worth[rows, columns].sum()), float(scores[rows, columns].sum())
    most = value if found.searched else found.most + sum(float(worth[one, other]) for one, other in fixed)
    with_somebody = {person for couple in couples for person in couple}
    return {
        "status": "ok",
        "pairs": sorted(sorted((int(order[one]), int(order[other]))) for one, other in couples),
        "bound": most,
        "prices": None,
        "gap": max(0.0, most - value) / max(abs(most), abs(value), 1e-300),
        "proof": "search",
        "objective": question.objective,
        "total": total,
        "value": value,
        "worst": float(scores[rows, columns].min()) if couples else None,
        "placed": len(couples),
        "unmatched": [
            {"mentee": place, "reason": _reason(question, allowed, person)}
            for place, person in sorted((int(order[person]), person) for person in range(len(order)))
            if person not in with_somebody
        ],
    }


def _both_ways(question: Question) -> tuple[Bools, Floats]:
    allowed = ~np.isnan(question.scores) & ~np.isnan(question.scores.T)
    for one, other in question.forbidden:
        allowed[one, other] = allowed[other, one] = False
    np.fill_diagonal(allowed, False)
    wanting = (question.demand > 0) & (question.capacity > 0)
    allowed &= wanting[:, None] & wanting
    scores = np.nan_to_num(question.scores, nan=0.0)
    return allowed, scores / 2.0 + scores.T / 2.0


def _settled(question: Question, allowed: Bools) -> tuple[Bools, list[tuple[int, int]]]:
    """Who is left, and the fixed couples."""
    fixed = [(min(couple), max(couple)) for couple in question.fixed]
    for one, other in fixed:
        if not allowed[one, other]:
            raise Infeasible(f"Persons {one} and {other} are fixed together, but this pair is not allowed.")
    for person, times in Counter(person for couple in fixed for person in couple).items():
        if times > 1:
            raise Infeasible(f"Person {person} is fixed {times} times, but everybody meets one other.")
    free = np.ones(len(question.demand), dtype=bool)
    free[[person for couple in fixed for person in couple]] = False
    return free, fixed


def _quota(name: str, has: Bools, share: float, fixed: list[tuple[int, int]]) -> Quota:
    return Quota(name, has, share, len(fixed), sum(bool(has[couple]) for couple in fixed))


def _reason(question: Question, allowed: Bools, person: int) -> str:
    if not question.demand[person] or not question.capacity[person]:
        return "Asks for nobody."
    if not allowed[person].any():
        return "Nobody is allowed."
    return "Somebody is left over; the others make the whole better."
