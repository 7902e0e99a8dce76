"""Whether a result keeps its folder's demands, and what its prices prove. Nothing of the solvers is used here."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pairing.folder import values
from pairing.folder.question import Question
from pairing.solvers.arrays import Bools, Floats, Ints

CLOSE = 1e-6
MOST = 1.7e308


@dataclass(frozen=True, slots=True)
class Verdict:
    """faults: what is wrong, in sentences; none means that the result holds. bound: what its prices prove."""

    faults: tuple[str, ...]
    bound: float | None
    gap: float | None

    @property
    def sentence(self) -> str:
        if self.faults:
            return " ".join(self.faults)
        if self.gap is None:
            return "Every demand is kept; there are no prices to check."
        if self.gap <= 1e-9:
            return "Every demand is kept, and nothing better is possible."
        return f"Every demand is kept, within {max(self.gap * 100, 0.001):.3f} % of what the prices prove."


def check(question: Question, result_file: Path) -> Verdict:
    """Check a result file. Raises BadFolder where it cannot be read."""
    result = values.read_json(result_file)
    status = result.get("status")
    if status != "ok":
        return Verdict((f"The result holds no plan: {values.named(status)}",), None, None)
    pairs = values.couples(result.get("pairs"), "pairs", question.shape)
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    faults = _faults(question, rows, columns, one_mode=question.one_mode)
    scores = np.nan_to_num(question.scores, nan=0.0)
    total = float(scores[rows, columns].sum())
    if question.one_mode:
        total = total / 2.0 + float(scores[columns, rows].sum()) / 2.0
    if "total" in result and not np.isclose(total, float(result["total"]), rtol=CLOSE, atol=CLOSE):
        faults.append(f"The scores of the pairs sum to {total:g}, not {result['total']:g}.")
    if question.objective == "stable" and not question.one_mode:
        faults += _blocking(question, rows, columns)
    bound = _bound(question, result, rows, columns)
    value = total + question.stickiness * len(set(pairs) & set(question.previous))
    if bound is not None and bound < value - CLOSE * max(1.0, abs(value)):
        faults.append(f"The prices are said to prove {bound:g}, less than the pairs are worth.")
    gap = None if bound is None else max(0.0, bound - value) / max(abs(bound), abs(value), 1e-300)
    return Verdict(tuple(faults), bound, gap)


def _faults(question: Question, rows: Ints, columns: Ints, one_mode: bool) -> list[str]:
    pairs = list(zip(rows.tolist(), columns.tolist(), strict=True))
    found = []
    if len(set(pairs)) < len(pairs):
        found.append("A pair is made twice.")
    if np.isnan(question.scores[rows, columns]).any():
        found.append("A pair has no score and is not allowed.")
    ruled_out = set(question.forbidden) | ({(b, a) for a, b in question.forbidden} if one_mode else set())
    found += [f"Mentee {a} and mentor {b} are forbidden." for a, b in pairs if (a, b) in ruled_out]
    fixed = {(min(pair), max(pair)) for pair in question.fixed} if one_mode else set(question.fixed)
    found += [f"Mentee {a} and mentor {b} are fixed, but not paired." for a, b in sorted(fixed - set(pairs))]
    if one_mode:
        often = np.bincount(np.concatenate([rows, columns]), minlength=question.shape[0])
        return found + [f"Person {one} has {often[one]} pairs." for one in np.flatnonzero(often > 1)]
    has, gives = (np.bincount(part, minlength=size) for part, size in zip((rows, columns), question.shape, strict=True))
    found += [f"Mentee {one} has {has[one]} mentors." for one in np.flatnonzero(has > question.demand)]
    found += [f"Mentor {one} has {gives[one]} mentees." for one in np.flatnonzero(gives > question.capacity)]
    few = (gives > 0) & (gives < question.least)
    found += [f"Mentor {one} has only {gives[one]} mentees." for one in np.flatnonzero(few)]
    return found + _shares(question, rows, columns)


def _shares(question: Question, rows: Ints, columns: Ints) -> list[str]:
    found = []
    for share in question.quotas:
        having = int(share.has[rows, columns].sum())
        if having < share.least * len(rows) - CLOSE:
            found.append(f"Only {having} of {len(rows)} pairs have {share.name}.")
    for group in question.groups:
        inside = int(np.isin(rows if group.side == "mentees" else columns, group.members).sum())
        if inside > group.most:
            found.append(f"{inside} pairs fall under the limit {group.name}.")
    return found


def _blocking(question: Question, rows: Ints, columns: Ints) -> list[str]:
    """Two people who would rather have each other, one by one and slowly."""
    sides = [
        (question.scores if side is None else side).copy() for side in (question.mentee_scores, question.mentor_scores)
    ]
    before, fixed = set(question.previous), set(question.fixed)
    for row, column in before:
        for side in sides:
            side[row, column] += question.stickiness
    pairs = set(zip(rows.tolist(), columns.tolist(), strict=True))
    mine: list[list[float]] = [[] for _ in range(question.shape[0])]
    theirs: list[list[float]] = [[] for _ in range(question.shape[1])]
    for row, column in pairs:
        mine[row].append(np.inf if (row, column) in fixed else sides[0][row, column])
        theirs[column].append(np.inf if (row, column) in fixed else sides[1][row, column])
    closed = [bool(question.least[column] > 1 and not held) for column, held in enumerate(theirs)]
    allowed = ~np.isnan(question.scores) & ~np.isnan(sides[0]) & ~np.isnan(sides[1])
    for pair in question.forbidden:
        allowed[pair] = False
    found = []
    for row, column in zip(*(part.tolist() for part in np.nonzero(allowed)), strict=True):
        if closed[column] or (row, column) in pairs:
            continue
        wants = _would(mine[row], int(question.demand[row]), sides[0][row, column])
        if wants and _would(theirs[column], int(question.capacity[column]), sides[1][row, column]):
            found.append(f"Mentee {row} and mentor {column} would rather have each other.")
    return found


def _would(held: list[float], room: int, liked: float) -> bool:
    return room > 0 and (len(held) < room or liked > min(held))


def _bound(question: Question, result: dict[str, Any], rows: Ints, columns: Ints) -> float | None:
    """Fixed pairs, then: capacity x price, and for every mentee the best surpluses."""
    if not isinstance(result.get("prices"), list) or result.get("objective", "total") in ("leximin", "cover"):
        return None
    if len(result["prices"]) != question.shape[1] or question.one_mode or result.get("proof") == "none":
        return None
    prices = np.array([values.real(one, "prices", 0.0, MOST) for one in result["prices"]])
    multipliers = {name: values.real(one, name, -MOST, MOST) for name, one in (result.get("multipliers") or {}).items()}
    worth = np.nan_to_num(question.scores, nan=0.0)
    for row, column in set(question.previous):
        worth[row, column] += question.stickiness
    fixed_rows, fixed_columns = np.array(question.fixed, dtype=np.int64).reshape(-1, 2).T
    sure = float(worth[fixed_rows, fixed_columns].sum())
    demand = question.demand - np.bincount(fixed_rows, minlength=question.shape[0])
    capacity = question.capacity - np.bincount(fixed_columns, minlength=question.shape[1])
    allowed = _open(question, multipliers)
    placed = len(rows) - len(question.fixed) if "placing" in multipliers else None
    placing = multipliers.get("placing", 0.0)
    surplus, promised = _with_conditions(question, multipliers, worth + placing, placed)
    surplus = np.where(allowed, np.maximum(surplus - prices, 0.0), 0.0)
    return sure + _earned(surplus, demand) + float(capacity @ prices) + promised - placing * (placed or 0)


def _open(question: Question, multipliers: dict[str, float]) -> Bools:
    allowed = ~np.isnan(question.scores)
    for pair in (*question.forbidden, *question.fixed):
        allowed[pair] = False
    return allowed & (np.nan_to_num(question.scores, nan=0.0) >= multipliers.get("floor", -np.inf))


def _with_conditions(
    question: Question, multipliers: dict[str, float], worth: Floats, placed: int | None
) -> tuple[Floats, float]:
    """What each pair adds under the prices of quotas and limits, and what these prices promise in all."""
    promised = 0.0
    for share in question.quotas:
        price = multipliers.get(f"quota:{share.name}", 0.0)
        done, having = len(question.fixed), sum(bool(share.has[pair]) for pair in question.fixed)
        if placed is None:
            worth, owed = worth + price * (share.has - share.least), share.least * done - having
        else:
            worth = worth + price * share.has
            owed = max(0, int(np.ceil(share.least * (placed + done) - 1e-9)) - having)
        promised -= price * owed
    for group in question.groups:
        price, side = multipliers.get(f"limit:{group.name}", 0.0), 0 if group.side == "mentees" else 1
        inside = np.isin(np.arange(question.shape[side]), group.members)
        worth = worth - price * (inside[:, None] if side == 0 else inside)
        promised += price * (group.most - sum(pair[side] in group.members for pair in question.fixed))
    return worth, promised


def _earned(surplus: Floats, demand: Ints) -> float:
    if not surplus.size:
        return 0.0
    if demand.max(initial=0) <= 1:
        return float(surplus.max(axis=1)[demand > 0].sum())
    best = -np.sort(-surplus, axis=1)
    return float(best[np.arange(surplus.shape[1]) < demand[:, None]].sum())
