"""Going over all pairs, block by block, on two threads.

Two questions are asked of a scan: which pairs are each side's best at some prices, and what the prices prove. Blocks
are taken in waves, and what one wave has found is known to the next, so that the answer is the same on every machine.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from pairing.large.source import Block, Source
from pairing.solvers.arrays import Floats, Ints

CELLS = 2**17
THREADS = 2
WAVE = 8
FLOOD = 16
GROUP = 16
DEEP = 4
Found = tuple[Ints, Ints]


@dataclass(frozen=True, slots=True)
class Promising:
    """Pairs that may be in a good plan, and the highest score of all."""

    rows: Ints
    columns: Ints
    most: float


@dataclass(frozen=True, slots=True)
class Proof:
    """earned: what each row can earn at most at the prices, slack included. rows, columns: pairs that beat the plan."""

    earned: Floats
    rows: Ints
    columns: Ints


def blocks(source: Source) -> Iterator[tuple[int, int]]:
    rows, columns = source.shape
    size = max(1, CELLS // max(1, columns))
    return ((start, min(rows, start + size)) for start in range(0, rows, size))


def waves(source: Source, look: Callable[[int, int], Any]) -> Iterator[list[Any]]:
    """What ``look`` says of every block, a wave at a time."""
    spans = list(blocks(source))
    with ThreadPoolExecutor(THREADS) as pool:
        for start in range(0, len(spans), WAVE):
            yield list(pool.map(lambda span: look(*span), spans[start : start + WAVE]))


def candidates(source: Source, taken: Block, few: int) -> Promising:
    """Each row's and each column's best ``few`` pairs, columns' counted by how little the row gives up for them."""
    best = _BestOfColumns(source.shape[1], few)

    def look(start: int, stop: int) -> tuple[Found, Found, Block, float]:
        left = source.block(slice(start, stop))
        most = float(left.max())
        left -= taken
        own = _best_of_rows(left, few, start)
        left -= np.maximum(left.max(axis=1, keepdims=True), 0.0)
        rows, columns = _where(left > best.least)
        return own, (rows + start, columns), left[rows, columns], most

    found: list[Found] = []
    most = -np.inf
    for wave in waves(source, look):
        found += [own for own, _, _, _ in wave]
        best.add([(rows, columns, value) for _, (rows, columns), value, _ in wave])
        most = max(most, *(highest for _, _, _, highest in wave))
    rows, columns = (np.concatenate(side) for side in zip(*found, best.found(), strict=True))
    return Promising(rows, columns, most)


def entry_prices(source: Source, kept: Floats, capacity: Ints) -> Floats:
    """At what price each column would find its last taker among these rows, if they give up what they have.

    kept: what each row earns where it is, less what a placement counts.
    """
    most = int(np.clip(capacity.max(initial=1), 1, DEEP))

    def look(start: int, stop: int) -> Block:
        gain = source.block(slice(start, stop))
        gain -= kept[start:stop, None].astype(gain.dtype)
        return _insert(np.full((most, gain.shape[1]), -np.inf, dtype=gain.dtype), gain)

    best: Block = np.full((most, source.shape[1]), -np.inf)
    for wave in waves(source, look):
        for part in wave:
            _insert(best, part)
    last = np.clip(capacity, 1, most) - 1
    prices: Floats = np.maximum(best[last, np.arange(source.shape[1])], 0.0)
    return prices


def _insert(best: Block, rows: Block) -> Block:
    """Each column's highest numbers so far, in falling order, with some more rows."""
    for row in rows:
        for place in best:
            lower = np.minimum(place, row)
            np.maximum(place, row, out=place)
            row = lower
    return best


def _best_of_rows(left: Block, few: int, start: int) -> Found:
    width = left.shape[1]
    if few >= width:
        rows, columns = _where(left > -np.inf)
        return rows + start, columns
    least = _at_most_the_last_of(left, few)
    good = left >= np.maximum(least, np.finfo(left.dtype).min)[:, None]
    for row in np.flatnonzero(good.sum(axis=1) > 4 * few):
        good[row] = _thinned(left[row], least[row], few, start + int(row))
    rows, columns = _where(good)
    return rows + start, columns


def _where(good: Block) -> Found:
    """The rows and columns of what is true: far quicker than numpy.nonzero where little is."""
    rows, columns = np.divmod(np.flatnonzero(good), good.shape[1])
    return rows, columns


def _at_most_the_last_of(left: Block, few: int) -> Block:
    """For each row a number that at least ``few`` reach, and hardly more: the last of the best heads of groups."""
    width = left.shape[1]
    groups = max(width // GROUP, min(width, GROUP * few))
    heads = left[:, :groups].copy()
    for start in range(groups, width, groups):
        part = left[:, start : start + groups]
        np.maximum(heads[:, : part.shape[1]], part, out=heads[:, : part.shape[1]])
    least: Block = np.partition(heads, groups - few, axis=1)[:, groups - few]
    return least


def _thinned(left: Block, least: float, few: int, row: int) -> Block:
    """Where far too many tie: the better ones, and ties in another place for every row."""
    good = left > least
    ties = np.flatnonzero(left == least)
    first = row * few % len(ties)
    good[np.take(ties, range(first, first + few), mode="wrap")] = True
    return good


class _BestOfColumns:
    """The best few of every column so far; ``least`` is what another pair must beat."""

    def __init__(self, columns: int, few: int) -> None:
        self.few = few
        self.least = np.full(columns, -np.inf, dtype=np.float32)
        self._kept: list[tuple[Ints, Ints, Block]] = []
        self._waiting = 0

    def add(self, found: list[tuple[Ints, Ints, Block]]) -> None:
        self._kept += found
        self._waiting += sum(len(rows) for rows, _, _ in found)
        if self._waiting > self.few * len(self.least):
            self._sift()

    def _sift(self) -> None:
        rows, columns, value = (np.concatenate(part) for part in zip(*self._kept, strict=True))
        order = np.lexsort((rows, -value, columns))
        rows, columns, value = rows[order], columns[order], value[order]
        starts = np.searchsorted(columns, np.arange(len(self.least)))
        rank = np.arange(len(columns)) - starts[columns]
        last = rank == self.few - 1
        self.least[columns[last]] = value[last]
        kept = rank < self.few
        self._kept, self._waiting = [(rows[kept], columns[kept], value[kept])], 0

    def found(self) -> Found:
        if not self._kept:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        self._sift()
        return self._kept[0][0], self._kept[0][1]


def proof(source: Source, taken: Block, demand: Ints, earned: Floats, few: int) -> Proof:
    """What the prices prove, over all pairs, and up to ``few`` pairs per row that would earn it more than it has."""

    def look(start: int, stop: int) -> tuple[Floats, Found]:
        left = source.block(slice(start, stop))
        left -= taken
        most = left.max(axis=1).astype(np.float64)
        slack = source.slack + _rounding(left, most)
        several = np.flatnonzero(demand[start:stop] > 1)
        need = earned[start:stop] + slack
        good = left > np.maximum(need, 0.0)[:, None].astype(left.dtype)
        worth = np.maximum(most + slack, 0.0) * (demand[start:stop] > 0)
        for row in several:
            worth[row] = _sum_of_best(left[row], int(demand[start + row]), float(slack[row]))
        for row in np.flatnonzero(good.sum(axis=1) > few):
            good[row] &= left[row] >= np.partition(left[row], -few)[-few]
            if good[row].sum() > FLOOD * few:
                good[row] = _thinned(left[row], left[row].max(), few, start + int(row))
        rows, columns = _where(good)
        return worth, (rows + start, columns)

    told = [one for wave in waves(source, look) for one in wave]
    worth = np.concatenate([part for part, _ in told]) if told else np.zeros(0)
    rows = np.concatenate([rows for _, (rows, _) in told]) if told else np.zeros(0, dtype=np.int64)
    columns = np.concatenate([columns for _, (_, columns) in told]) if told else np.zeros(0, dtype=np.int64)
    return Proof(worth, rows, columns)


def _rounding(left: Block, most: Floats) -> Floats:
    """What the subtraction may have lost in the row's best: half a unit in the last place."""
    return np.where(np.isfinite(most), np.abs(most), 0.0) * float(np.finfo(left.dtype).eps)


def _sum_of_best(left: Block, demand: int, slack: float) -> float:
    few = min(demand, len(left))
    best = np.partition(left, -few)[-few:].astype(np.float64) + slack
    return float(np.maximum(best, 0.0).sum())
