"""Places by the column instead of one by one: shortest paths among columns, from any plan and any prices.

Each row wants one place; a column has room for many. Where prices of an earlier answer are at hand, or where columns
are few and roomy, this needs a handful of paths instead of a whole new assignment. All numbers are taken to lie on a
grid, so that sums are exact and a tie is a tie.
"""

from collections.abc import Callable

import numpy as np

from pairing.solvers.arrays import Bools, Floats, Ints

ROUNDS = 60
MANY = 4_000
SAMPLE = 8


def solve(worth: Floats, room: Ints, at: Ints | None = None, prices: Floats | None = None) -> tuple[Ints, Floats]:
    """The largest sum of worth: each row's column (-1 for none), and a price for each column.

    worth: rows x columns, -inf where not allowed. room: places of each column. at, prices: where to begin.
    """
    if not worth.size:
        return np.full(len(worth), -1, dtype=np.int64), np.zeros(worth.shape[1])
    begin = np.zeros(worth.shape[1]) if prices is None else np.maximum(prices, 0.0)
    if at is None and prices is None and len(worth) > MANY:
        begin = _from_sample(worth, room)
    network = _Network(worth, room, begin, at)
    if prices is None:
        network.raise_prices()
    network.settle()
    return np.where(network.at == network.out, -1, network.at), network.prices


def solve_near(worth: Floats, room: Ints, at: Ints, prices: Floats, most: int) -> tuple[Ints | None, Floats]:
    """As `solve` from an earlier answer, or None where more than ``most`` rows would rather stand elsewhere."""
    network = _Network(worth, room, np.maximum(prices, 0.0), at)
    if int((network.at != np.where(at < 0, network.out, at)).sum()) > most:
        return None, prices
    network.settle()
    network.admit()
    return np.where(network.at == network.out, -1, network.at), network.prices


def with_more(worth: Floats, room: Ints, at: Ints, prices: Floats) -> Ints:
    """The same sum with as many pairs as can be: whoever goes without takes a place that is worth nothing more."""
    waiting = np.flatnonzero(at < 0)
    free = room > np.bincount(at[at >= 0], minlength=len(room))
    if not len(waiting) or not free.any() or not (worth[waiting] == prices).any():
        return at
    network = _Network(worth, room, prices, at)
    network.admit()
    return np.where(network.at == network.out, -1, network.at)


def _from_sample(worth: Floats, room: Ints) -> Floats:
    """Prices a little below those of every eighth row."""
    some = worth[::SAMPLE]
    _, prices = solve(some, -(-room // SAMPLE))
    finite = some[np.isfinite(some)]
    spread = float(np.ptp(finite)) if finite.size else 0.0
    margin = 2.0 ** np.ceil(np.log2(spread / np.sqrt(len(some)))) if spread else 0.0
    return np.maximum(prices - 2.0 * margin, 0.0)


class _Network:
    """Rows stand at columns, or outside; each always where it likes best at the present prices."""

    def __init__(self, worth: Floats, room: Ints, prices: Floats, at: Ints | None) -> None:
        self.worth, self.room, self.prices = worth, room, prices.copy()
        self.out = worth.shape[1]
        self.everybody = np.arange(len(worth))
        self._stand(np.full(len(worth), self.out) if at is None else np.where(at < 0, self.out, at))

    def _stand(self, at: Ints) -> None:
        """Everybody goes where they like best; who is content stays."""
        surplus = self.worth - self.prices
        favourite = surplus.argmax(axis=1)
        self.earns = np.maximum(surplus[self.everybody, favourite], 0.0)
        mine = np.where(at == self.out, 0.0, surplus[self.everybody, np.minimum(at, self.out - 1)])
        self.at = np.where(mine == self.earns, at, np.where(self.earns > 0, favourite, self.out))
        self.count = np.bincount(self.at, minlength=self.out + 1)

    def raise_prices(self) -> None:
        """Bids for columns that too many want, as long as that helps quickly. No price passes its last value."""
        for _ in range(ROUNDS):
            crowded = np.flatnonzero(self.count[: self.out] > self.room)
            if not len(crowded):
                return
            before = self.prices.copy()
            self._bid(crowded)
            if (self.prices == before).all():
                return
            self._stand(self.at)

    def _bid(self, crowded: Ints) -> None:
        for column in crowded.tolist():
            wanting = np.flatnonzero(self.at == column)
            surplus = self.worth[wanting] - self.prices
            own = surplus[:, column].copy()
            surplus[:, column] = -np.inf
            bids = own - np.maximum(surplus.max(axis=1), 0.0)
            place = len(bids) - int(self.room[column]) - 1
            self.prices[column] += np.partition(bids, place)[place]

    def settle(self) -> None:
        """Move rows along shortest paths until no column is too full, and none that has a price has room."""
        for column in np.flatnonzero(self.count[: self.out] > self.room).tolist():
            while self.count[column] > self.room[column]:
                self._push(column)
        for column in np.flatnonzero((self.count[: self.out] < self.room) & (self.prices > 0)).tolist():
            while self.count[column] < self.room[column] and self.prices[column] > 0:
                self._pull(column)

    def admit(self) -> None:
        """Let rows in from outside wherever that costs nothing."""
        while True:
            free = np.append(self.count[: self.out] < self.room, False)
            distance, before, end = self._paths(self.out, free, self._costs_from, most=0.0)
            if not free[end] or distance[end] > 0:
                return
            path = _path(before, end)
            movers = [self._movers(source, target) for source, target in path]
            self._move(path, movers, min(int(self.room[end] - self.count[end]), *(len(rows) for rows in movers)))
            self._count_again()

    def _push(self, start: int) -> None:
        """Take rows out of a column that is too full, to where that costs least."""
        open_to = np.append(self.count[: self.out] < self.room, True)
        distance, before, end = self._paths(start, open_to, self._costs_from)
        path = _path(before, end)
        room = self.count.sum() if end == self.out else int(self.room[end] - self.count[end])
        movers = [self._movers(source, target) for source, target in path]
        amount = min(int(self.count[start] - self.room[start]), int(room), *(len(rows) for rows in movers))
        self._move(path, movers, amount)
        self.prices += np.maximum(distance[end] - distance[: self.out], 0.0)
        self._count_again()

    def _pull(self, start: int) -> None:
        """Bring rows into a column that has a price and room, or lower its price."""
        outside = np.zeros(self.out + 1, dtype=bool)
        outside[self.out] = True
        distance, before, end = self._paths(start, outside, self._costs_to)
        path = [(source, target) for target, source in _path(before, end)]
        movers = [self._movers(source, target) for source, target in path]
        vacant = [source == self.out and not len(rows) for (source, _), rows in zip(path, movers, strict=True)]
        most = [len(rows) for rows, empty in zip(movers, vacant, strict=True) if not empty]
        amount = min(int(self.room[start] - self.count[start]), *most) if most else 0
        self._move(path, movers, amount)
        self.prices -= np.maximum(distance[end] - distance[: self.out], 0.0)
        self._count_again()

    def _paths(
        self, start: int, ends: Bools, costs: Callable[[int], Floats], most: float = np.inf
    ) -> tuple[Floats, Ints, int]:
        """Dijkstra over the columns, as far as the first end or farther than ``most``: distances, origins, the end."""
        distance = np.full(self.out + 1, np.inf)
        before = np.full(self.out + 1, -1)
        ahead = distance.copy()
        distance[start] = ahead[start] = 0.0
        while True:
            here = int(ahead.argmin())
            if ends[here] or ahead[here] > most:
                return distance, before, here
            step = distance[here] + costs(here)
            nearer = step < distance
            distance[nearer], before[nearer] = step[nearer], here
            ahead[nearer] = step[nearer]
            ahead[here] = np.inf

    def _costs_from(self, column: int) -> Floats:
        """What it costs at least that somebody goes from this column to each other, and outside."""
        rows = np.flatnonzero(self.at == column)
        if not len(rows):
            return np.full(self.out + 1, np.inf)
        slack = self.earns[rows, None] - self.worth[rows] + self.prices
        return np.append(slack.min(axis=0), self.earns[rows].min())

    def _costs_to(self, column: int) -> Floats:
        """What it costs at least that somebody comes to this column from each other, and from outside."""
        found = np.full(self.out + 1, np.inf)
        found[self.out] = self.prices[column]
        np.minimum.at(found, self.at, self.earns - self.worth[:, column] + self.prices[column])
        found[column] = np.inf
        return found

    def _movers(self, source: int, target: int) -> Ints:
        """The rows that go from one column to another at the least cost."""
        rows = np.flatnonzero(self.at == source)
        if not len(rows):
            return rows
        if target == self.out:
            slack = self.earns[rows]
        else:
            slack = self.earns[rows] - self.worth[rows, target] + self.prices[target]
        least = slack.min()
        if source == self.out and least > self.prices[target]:
            return rows[:0]
        least_first: Ints = rows[slack == least]
        return least_first

    def _move(self, path: list[tuple[int, int]], movers: list[Ints], amount: int) -> None:
        for (_, target), rows in zip(path, movers, strict=True):
            self.at[rows[:amount]] = target

    def _count_again(self) -> None:
        self.count = np.bincount(self.at, minlength=self.out + 1)
        placed = np.flatnonzero(self.at < self.out)
        self.earns = np.zeros(len(self.at))
        self.earns[placed] = self.worth[placed, self.at[placed]] - self.prices[self.at[placed]]


def _path(before: Ints, end: int) -> list[tuple[int, int]]:
    """The steps from the beginning to the end, as (from, to)."""
    steps = []
    while before[end] >= 0:
        steps.append((int(before[end]), end))
        end = int(before[end])
    return steps[::-1]
