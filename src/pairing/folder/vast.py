"""Folders with more scores than anybody should hold: the file stays where it is, and is read in blocks.

For `total` alone, with fixed and forbidden pairs, capacities and demands. The prices prove the plan over all pairs, to
within a hundred-thousandth of the total.
"""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from pairing.folder import answering, reading, values
from pairing.folder.question import Couples
from pairing.large import search
from pairing.large.source import ALL, Block
from pairing.phrases import counted
from pairing.solvers.arrays import Floats, Ints

MANY, NARROW = 2**23, 500
BLOCK = 2**20
ENOUGH = 1e-5
LARGE = 1e9
READ = {
    "n_mentees",
    "n_mentors",
    "mentor_capacity",
    "mentee_demand",
    "fixed_pairs",
    "forbidden_pairs",
    "scores",
    "want",
}
BESIDE = {"fair_level", "cover", "bands", "seconds", "stickiness"}
Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Vast:
    """What a large folder asks; scores as they lie in the file, NaN where a pair is not allowed."""

    scores: Block
    capacity: Ints
    demand: Ints
    fixed: Ints
    forbidden: Couples
    want: frozenset[str] | None


def asked(folder: Path) -> Vast | None:
    """The question, if the folder is a large one of this kind; all others are read as usual, and refused there."""
    if not folder.is_dir():
        return None
    given: Given = {
        name: value for name, value in values.read_json(folder / "problem.json").items() if value is not None
    }
    scores = _mapped(folder, given.get("scores", "scores.npy")) if _plain(given) else None
    if scores is None or scores.size <= MANY or min(scores.shape) <= NARROW:
        return None
    height, width = scores.shape
    if (given.get("n_mentees", height), given.get("n_mentors", width)) != (height, width):
        return None
    found = Vast(
        scores,
        values.counts(given.get("mentor_capacity"), "mentor_capacity", width, "mentors", 1),
        values.counts(given.get("mentee_demand"), "mentee_demand", height, "mentees", 1),
        np.array(values.couples(given.get("fixed_pairs"), "fixed_pairs", scores.shape), dtype=np.int64).reshape(-1, 2),
        values.couples(given.get("forbidden_pairs"), "forbidden_pairs", scores.shape),
        reading.wants(given.get("want")),
    )
    return found if _fixed_can_be(found) else None


def _plain(given: Given) -> bool:
    """Whether nothing but the largest sum is asked for."""
    said = {name: value for name, value in given.items() if name not in READ | BESIDE}
    sizes = said.pop("mentor_min", None)
    few = sizes is None or (isinstance(sizes, list) and all(size in (0, 1) for size in sizes))
    backups = "backups" in given["want"] if isinstance(given.get("want"), list) else False
    return few and not backups and said.pop("objective", "total") == "total" and not any(said.values())


def _mapped(folder: Path, name: object) -> Block | None:
    if not isinstance(name, str) or not (folder / name).resolve().is_relative_to(folder.resolve()):
        return None
    try:
        found = np.load(folder / name, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError, SyntaxError, TypeError, OverflowError):
        return None
    sound = isinstance(found, np.ndarray) and found.ndim == 2 and found.dtype.kind in "fiub"
    return found if sound else None


def _fixed_can_be(vast: Vast) -> bool:
    rows, columns = vast.fixed.T
    fixed = set(zip(rows.tolist(), columns.tolist(), strict=True))
    return bool(
        len(fixed) == len(rows)
        and not fixed & set(vast.forbidden)
        and not np.isnan(vast.scores[rows, columns].astype(np.float64)).any()
        and (np.bincount(rows, minlength=len(vast.demand)) <= vast.demand).all()
        and (np.bincount(columns, minlength=len(vast.capacity)) <= vast.capacity).all()
    )


class _Scores:
    """The file without some pairs, as a source."""

    slack = 0.0

    def __init__(self, scores: Block, without: Couples) -> None:
        self.scores = scores
        self.shape: tuple[int, int] = (scores.shape[0], scores.shape[1])
        couples = np.array(sorted(set(without)), dtype=np.int64).reshape(-1, 2)
        self.rows, self.columns = couples[:, 0], couples[:, 1]

    def block(self, rows: slice, columns: slice = ALL) -> Block:
        start, stop, _ = rows.indices(self.shape[0])
        found = np.array(self.scores[start:stop], dtype=np.result_type(self.scores.dtype, np.float32))
        found[np.isnan(found)] = -np.inf
        inside = slice(*np.searchsorted(self.rows, [start, stop]))
        found[self.rows[inside] - start, self.columns[inside]] = -np.inf
        return found[:, columns]

    def exact(self, rows: Ints, columns: Ints) -> Floats:
        found = self.scores[rows, columns].astype(np.float64)
        width = self.shape[1]
        found[np.isnan(found) | np.isin(rows * width + columns, self.rows * width + self.columns)] = -np.inf
        return found


def answer(vast: Vast) -> dict[str, Any] | None:
    """The result as it is written; None where the scores are such that they have to be read as usual."""
    started = perf_counter()
    fixed_rows, fixed_columns = vast.fixed.T
    fixed = [(int(row), int(column)) for row, column in vast.fixed]
    source = _Scores(vast.scores, (*vast.forbidden, *fixed))
    possible = _possible(source, vast.capacity)
    if possible is None:
        return None
    demand = vast.demand - np.bincount(fixed_rows, minlength=len(vast.demand))
    capacity = vast.capacity - np.bincount(fixed_columns, minlength=len(vast.capacity))
    if not demand.any() or not capacity.any():
        return None
    found = search.solve(source, demand, np.minimum(capacity, len(demand)), enough=ENOUGH)
    rows, columns = np.concatenate([fixed_rows, found.rows]), np.concatenate([fixed_columns, found.columns])
    scores = vast.scores[rows, columns].astype(np.float64)
    total, sure = float(scores.sum()), float(scores[: len(fixed)].sum())
    most = max(total, found.bound + sure)
    result = {
        "status": "ok",
        "pairs": sorted([row, column] for row, column in zip(rows.tolist(), columns.tolist(), strict=True)),
        "bound": most,
        "prices": found.prices.tolist(),
        "multipliers": {},
        "gap": max(0.0, most - total) / max(abs(most), abs(total), 1e-300),
        "proof": "prices",
        "objective": "total",
        "total": total,
        "value": total,
        "worst": float(scores.min()) if len(scores) else None,
        "placed": len(scores),
        "quotas": [],
        **_without(vast, rows, possible),
        "notes": [],
    }
    return answering.wanted(vast.want, result) | {"seconds": round(perf_counter() - started, 6)}


def _possible(source: _Scores, capacity: Ints) -> Ints | None:
    """With how many mentors who have a place each mentee could be; None for scores that need another way."""
    found, roomy, highest = [], capacity > 0, -np.inf
    height, width = source.shape
    for start in range(0, height, max(1, BLOCK // width)):
        block = source.block(slice(start, start + max(1, BLOCK // width)))
        allowed = block > -np.inf
        found.append((allowed & roomy).sum(axis=1))
        known = block[allowed]
        if np.abs(known).max(initial=0.0) > LARGE or np.isinf(source.scores[start : start + len(block)]).any():
            return None
        highest = max(highest, float(known.max(initial=-np.inf)))
    return np.concatenate(found) if highest > 0 else None


def _without(vast: Vast, rows: Ints, possible: Ints) -> dict[str, Any]:
    """``unmatched``: mentees with nobody. ``short``: mentees with fewer than they asked for."""
    has = np.bincount(rows, minlength=len(vast.demand))
    nobody: list[dict[str, Any]] = []
    short: list[dict[str, Any]] = []
    for row in np.flatnonzero((has == 0) | (has < vast.demand)).tolist():
        entry = {"mentee": row, "reason": _reason(int(vast.demand[row]), int(possible[row]))}
        if has[row]:
            short.append({**entry, "has": int(has[row]), "asked": int(vast.demand[row])})
        else:
            nobody.append(entry)
    return {"unmatched": nobody, "short": short}


def _reason(demand: int, possible: int) -> str:
    if not demand:
        return "Asks for nobody."
    if not possible:
        return "No mentor with a place is allowed."
    are = "mentor is" if possible == 1 else "mentors are"
    return (
        f"{counted(possible, 'mentor').split()[0].capitalize()} {are} possible; without this pair the whole is better."
    )
