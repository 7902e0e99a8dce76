"""Why somebody goes without, in words."""

from typing import Any

import numpy as np

from pairing.folder.question import Question
from pairing.folder.settling import Settled
from pairing.phrases import counted
from pairing.solvers.arrays import Ints
from pairing.solvers.task import Plan


def unmatched(question: Question, settled: Settled, plan: Plan, rows: Ints) -> dict[str, Any]:
    """``unmatched``: mentees with nobody. ``short``: mentees with fewer than they asked for."""
    has = np.bincount(np.concatenate([settled.rows, plan.rows]), minlength=len(rows))
    used = np.bincount(plan.columns, minlength=len(question.capacity))
    nobody, short = [], []
    for row in np.flatnonzero((has == 0) | (has < question.demand)).tolist():
        entry = {"mentee": int(rows[row]), "reason": _reason(question, settled, used, row)}
        if has[row]:
            short.append({**entry, "has": int(has[row]), "asked": int(question.demand[row])})
        else:
            nobody.append(entry)
    return {
        "unmatched": sorted(nobody, key=lambda one: int(one["mentee"])),
        "short": sorted(short, key=lambda one: int(one["mentee"])),
    }


def _reason(question: Question, settled: Settled, used: Ints, row: int) -> str:
    task = settled.task
    if question.demand[row] == 0:
        return "Asks for nobody."
    possible = task.allowed[row]
    if not possible.any():
        return _not_allowed(question, row)
    roomy = possible & (task.capacity > 0)
    if not roomy.any():
        return f"{_possible(int(possible.sum()))}, but none has a place."
    if question.objective == "total" and not question.everyone and (settled.worth[row, roomy] < 0).all():
        return "Every possible pair is worth less than none."
    if (roomy & (used < task.capacity)).any():
        return _held_back(question)
    return f"{_possible(int(roomy.sum()))}; the places go to others, with whom the whole is better."


def _possible(many: int) -> str:
    return f"{counted(many, 'mentor').capitalize()} {'is' if many == 1 else 'are'} possible"


def _not_allowed(question: Question, row: int) -> str:
    scored = int((~np.isnan(question.scores[row])).sum())
    if not len(question.capacity):
        return "There are no mentors."
    if scored:
        return "Every mentor with a score is ruled out by forbidden_pairs."
    return "No mentor is allowed: there is no score at all."


def _held_back(question: Question) -> str:
    if question.objective == "stable":
        return "Mentors with a place left cannot be had in a stable plan."
    held = [
        word
        for word, there in (
            ("a quota", question.quotas),
            ("a limit", question.groups),
            ("a least size", (question.least > 1).any()),
        )
        if there
    ]
    if held:
        return f"A place is left, but {' or '.join(held)} holds it back."
    return "A place is left, but taking it would make the whole worse."
