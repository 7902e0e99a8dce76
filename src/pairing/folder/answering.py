"""From a question to its answer: the same pairs in any order of people, in the folder's own numbers."""

from dataclasses import dataclass, replace
from hashlib import sha256
from time import perf_counter
from typing import Any

import numpy as np

from pairing import conflicts
from pairing.errors import Infeasible, OutOfTime
from pairing.folder import one_mode, reasons
from pairing.folder.question import Question
from pairing.folder.settling import Settled, settle
from pairing.solvers import objectives, row_totals, stable
from pairing.solvers.alternatives import alternatives
from pairing.solvers.arrays import Ints
from pairing.solvers.faces import snapped
from pairing.solvers.goals import largest_sum
from pairing.solvers.task import Plan, Prices, Task, bound

EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class Found:
    """A plan for what was left to settle, in the units of the scores.

    most: no plan that answers the same question totals more. proof: "prices" or "search". floor: under the scores of
    pairs. counted: whether the number of pairs came before the total.
    """

    plan: Plan
    most: float
    proof: str
    floor: float | None = None
    counted: bool = False
    extra: dict[str, Any] | None = None
    priced: bool = True


def answer(question: Question) -> dict[str, Any]:
    """The result as it is written: pairs, bound, prices, unmatched, status, gap, seconds."""
    started = perf_counter()
    rows, columns = (
        _own_order(question.mentee_ids, question.shape[0]),
        _own_order(question.mentor_ids, question.shape[1]),
    )
    ordered = _reordered(question, rows, columns)
    try:
        result = (
            one_mode.answered(*_by_rows(question, rows))
            if question.one_mode
            else _answered(ordered, question, rows, columns)
        )
    except Infeasible as impossible:
        result = refused(str(impossible), question.shape[0])
    result["notes"] = list(question.notes)
    result["seconds"] = round(perf_counter() - started, 6)
    return result


def refused(sentence: str, mentees: int = 0) -> dict[str, Any]:
    """No pairs, and why."""
    return {
        "status": f"infeasible: {sentence}",
        "pairs": [],
        "bound": None,
        "prices": [],
        "unmatched": [{"mentee": row, "reason": "No plan could be made."} for row in range(min(mentees, 100_000))],
        "gap": None,
    }


def _own_order(ids: tuple[str, ...], size: int) -> Ints:
    """People by a hash of their ids; without ids as they stand."""
    if not ids:
        return np.arange(size)
    return np.array(sorted(range(size), key=lambda place: sha256(ids[place].encode()).digest()), dtype=np.int64)


def _reordered(question: Question, rows: Ints, columns: Ints) -> Question:
    """The question with its people in their own order."""
    if not question.mentee_ids and not question.mentor_ids:
        return question
    at_row, at_column = np.argsort(rows), np.argsort(columns)
    table = np.ix_(rows, columns)

    def moved(couples: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        return tuple((int(at_row[row]), int(at_column[column])) for row, column in couples)

    def people(side: str, some: tuple[int, ...]) -> tuple[int, ...]:
        at = at_row if side == "mentees" else at_column
        return tuple(int(at[one]) for one in some)

    return replace(
        question,
        scores=question.scores[table],
        capacity=question.capacity[columns],
        demand=question.demand[rows],
        least=question.least[columns],
        fixed=moved(question.fixed),
        forbidden=moved(question.forbidden),
        previous=moved(question.previous),
        cover=tuple(one if isinstance(one, str) else (one[0], people(*one)) for one in question.cover),
        mentee_scores=None if question.mentee_scores is None else question.mentee_scores[table],
        mentor_scores=None if question.mentor_scores is None else question.mentor_scores[table],
        quotas=tuple(replace(share, has=share.has[table]) for share in question.quotas),
        groups=tuple(replace(group, members=people(group.side, group.members)) for group in question.groups),
    )


def _by_rows(question: Question, rows: Ints) -> tuple[Question, Ints]:
    """Where both sides are the same people they stand in the same order."""
    return _reordered(replace(question, mentor_ids=question.mentee_ids), rows, rows), rows


def _answered(ordered: Question, question: Question, rows: Ints, columns: Ints) -> dict[str, Any]:
    as_given = settle(question).task  # a refusal names the folder's own numbers
    settled = settle(ordered)
    try:
        found = _solved(ordered, settled)
    except OutOfTime:
        raise
    except Infeasible as impossible:
        if question.objective != "stable" and (as_given.quotas or as_given.limits or as_given.least is not None):
            raise Infeasible(conflicts.sentence(as_given, some_pairs=False)) from impossible
        raise
    plan, task = found.plan, settled.task
    if not plan.placed and not len(settled.rows) and _ruled_out_by_quotas(task):
        raise Infeasible(conflicts.sentence(as_given, some_pairs=True))
    all_rows = np.concatenate([settled.rows, plan.rows])
    all_columns = np.concatenate([settled.columns, plan.columns])
    scores = task.scores[all_rows, all_columns]
    value = float(settled.worth[all_rows, all_columns].sum())
    most = max(value, found.most + float(settled.worth[settled.rows, settled.columns].sum()))
    prices = np.empty(len(columns))
    prices[columns] = plan.prices.column
    result: dict[str, Any] = {
        "status": "ok",
        "pairs": sorted(
            [int(rows[row]), int(columns[column])] for row, column in zip(all_rows, all_columns, strict=True)
        ),
        "bound": most,
        "prices": prices.tolist() if found.priced else None,
        "multipliers": _multipliers(found) if found.priced else {},
        "gap": relative(most, value),
        "proof": found.proof,
        "objective": question.objective,
        "total": float(scores.sum()),
        "value": value,
        "worst": float(scores.min()) if len(scores) else None,
        "placed": len(scores),
        "quotas": _shares(ordered, all_rows, all_columns),
        **(found.extra or {}),
        **reasons.unmatched(ordered, settled, found.plan, rows),
    }
    if question.want is not None and "backups" in question.want:
        result["alternatives"] = _alternatives(settled, plan, rows, columns)
    return wanted(question.want, result)


def relative(most: float, value: float) -> float:
    """How far a value stays below what may be possible, by the larger of the two; 0 where they are the same."""
    return max(0.0, most - value) / max(abs(most), abs(value), 1e-300)


def wanted(want: frozenset[str] | None, result: dict[str, Any]) -> dict[str, Any]:
    """Only what was asked for, where something was."""
    if want is None:
        return result
    without = {"prices": ("prices", "multipliers"), "bound": ("bound", "gap", "proof")}
    for name, keys in without.items():
        if name not in want:
            result = {key: value for key, value in result.items() if key not in keys}
    return result


def _ruled_out_by_quotas(task: Task) -> bool:
    """Whether some pair could be made, but none while the quotas hold."""
    return bool(task.quotas) and objectives.most_placed(task.plain()) > 0 and objectives.most_placed(task) == 0


def _unit(settled: Settled) -> float:
    """A power of two that no score of an allowed pair passes."""
    both = (np.abs(settled.worth[settled.task.allowed]), np.abs(settled.task.scores[settled.task.allowed]))
    largest = max(float(part.max(initial=0.0)) for part in both)
    return float(2.0 ** np.ceil(np.log2(largest))) if largest > 0 else 1.0


def _solved(question: Question, settled: Settled) -> Found:
    """Solve in a unit in which no score passes 1, on a grid on which sums are exact."""
    unit, task = _unit(settled), settled.task
    raw = replace(task, scores=np.where(task.allowed, task.scores / unit, 0.0))
    worth = np.where(task.allowed, settled.worth / unit, 0.0)
    places = int(np.minimum(task.capacity, task.allowed.sum(axis=0)).sum())
    grid = replace(raw, scores=snapped(worth, 8.0 * (min(int(task.demand.sum()), places) + 4.0)))
    return _proven(question, settled, _best(question, raw, grid, unit), unit)


def _best(question: Question, raw: Task, grid: Task, unit: float) -> Found:
    seconds = question.seconds
    if question.objective == "fair" and question.fair_level == "mentee_total" and raw.demand.max(initial=0) > 1:
        plan, floor = row_totals.best_plan(raw, seconds)
        return Found(plan, np.inf, "search", extra={"worst_total": floor * unit if plan.placed else None}, priced=False)
    if question.objective == "fair":
        floor = objectives.best_floor(raw, seconds) if raw.allowed.any() else -np.inf
        above = replace(grid, allowed=raw.above(floor).allowed)
        plan, _ = objectives.best(above, objectives.Wish("total", seconds=seconds))
        return Found(plan, np.inf, "prices", floor if np.isfinite(floor) else None, True)
    if question.objective == "leximin":
        wanted = objectives.leximin(raw, [edge / unit for edge in question.bands])
        return Found(
            objectives.in_turn(raw, [*wanted[:-1], largest_sum(grid)], seconds), np.inf, "search", priced=False
        )
    if question.objective == "cover":
        wish = objectives.Wish("cover", cover=question.cover, seconds=seconds)
        return Found(objectives.best(grid, wish)[0], np.inf, "search", priced=False)
    if question.objective == "stable":
        return _stable(question, raw, grid, unit)
    name: objectives.Name = "total" if question.everyone else "sum"
    plan, _ = objectives.best(grid, objectives.Wish(name, seconds=seconds))
    return Found(plan, np.inf, "prices", counted=question.everyone)


def _stable(question: Question, raw: Task, grid: Task, unit: float) -> Found:
    """The prices are those of the best total, so that the gap is what stability costs."""
    sides = [raw.scores if one is None else one for one in (question.mentee_scores, question.mentor_scores)]
    both = ~np.isnan(sides[0]) & ~np.isnan(sides[1])
    acceptable = replace(raw, allowed=raw.allowed & both)
    likes = [np.nan_to_num(side, nan=0.0) for side in sides]
    if question.stickiness:
        for row, column in set(question.previous):
            for side in likes:
                side[row, column] += question.stickiness
    plan = stable.best_plan(acceptable, likes[0], likes[1], question.seconds)
    freely, _ = objectives.best(
        replace(grid, allowed=acceptable.allowed), objectives.Wish("sum", seconds=question.seconds)
    )
    lost = (freely.total(grid) - plan.total(grid)) * unit
    return Found(replace(plan, prices=freely.prices), np.inf, "prices", extra={"stability_costs": lost})


def _proven(question: Question, settled: Settled, found: Found, unit: float) -> Found:
    """Prices in the units of the scores, and what they prove about scores as given."""
    floor = None if found.floor is None else found.floor * unit
    task = replace(settled.task, scores=settled.worth)
    if floor is not None:
        task = replace(task, allowed=task.allowed & (settled.task.scores >= floor))
    prices = replace(
        found.plan.prices,
        column=found.plan.prices.column * unit,
        placing=found.plan.prices.placing * unit,
        quotas={name: price * unit for name, price in found.plan.prices.quotas.items()},
        limits={name: price * unit for name, price in found.plan.prices.limits.items()},
    )
    plan = replace(found.plan, prices=prices)
    value = plan.total(task)
    most = bound(task, prices, plan.placed if found.counted else None) if found.proof == "prices" else np.inf
    proof = found.proof
    loose = not np.isfinite(most) or most - value > EXACT * max(abs(most), 1e-300)
    if question.objective != "stable" and loose:
        most, proof = _searched(plan, value, most, unit)
        if proof == "none":
            most = bound(task, Prices(np.zeros(task.scores.shape[1])), None)
    return replace(found, plan=plan, most=most, floor=floor, proof=proof)


def _searched(plan: Plan, value: float, most: float, unit: float) -> tuple[float, str]:
    """What branch and bound adds to the prices."""
    if plan.searched:
        return value, "search"
    reach = plan.reach * unit
    if np.isfinite(reach) and reach < most:
        return max(reach, value), "search"
    return (most, "prices") if np.isfinite(most) else (value, "none")


def _multipliers(found: Found) -> dict[str, float]:
    prices = found.plan.prices
    result = {"placing": prices.placing} if found.counted else {}
    if found.floor is not None:
        result["floor"] = found.floor
    result |= {f"quota:{name}": price for name, price in prices.quotas.items()}
    return result | {f"limit:{name}": price for name, price in prices.limits.items()}


def _shares(question: Question, rows: Ints, columns: Ints) -> list[dict[str, Any]]:
    return [
        {
            "name": share.name,
            "min_share": share.least,
            "share": float(share.has[rows, columns].mean()) if len(rows) else None,
        }
        for share in question.quotas
    ]


def _alternatives(settled: Settled, plan: Plan, rows: Ints, columns: Ints) -> list[dict[str, Any]]:
    """For each pair that was not fixed, a second choice and a back-up; null where there is none."""
    other = alternatives(settled.task, plan)
    found = [
        {
            "pair": [int(rows[row]), int(columns[column])],
            "second": int(columns[second]) if second >= 0 else None,
            "backup": int(columns[backup]) if backup >= 0 else None,
        }
        for row, column, second, backup in zip(plan.rows, plan.columns, other.second, other.backup, strict=True)
    ]
    return sorted(found, key=lambda one: one["pair"])
