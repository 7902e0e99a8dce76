"""People as a source of scores: a few tables that are added up block by block, so that memory grows with people."""

from collections.abc import Iterable

import numpy as np

from pairing import constraints
from pairing.constraints import Constraint
from pairing.criteria import CRITERIA, Criterion
from pairing.facts import Facts, in_own_order
from pairing.large import features, named, tables
from pairing.large.source import ALL
from pairing.large.tables import Narrow, Ordered, Table, Whole, Wide
from pairing.large.wanting import Scaled, Singles, Wanting
from pairing.scoring import shares
from pairing.solvers.arrays import GRID, Floats, Ints, on_grid
from pairing.types import Problem

BY_NAME = {"shortlist": named.shortlisted, "previous": named.paired_before}
SEEN_ELSEWHERE = {"same_person", "blocked", "reporting_line", "forbidden_by_coordinator", "capacity"}
LEAST_CELLS, MOST_CELLS = 2**23, 2**27
SHARE_OF_ALL = 32
AT_ONCE = 256


class Profiles:
    """The people of a problem; rows are mentees and columns mentors, in their own order."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.mentees, self.mentors = in_own_order(problem.mentees), in_own_order(problem.mentors)
        self.shape = (len(self.mentees), len(self.mentors))
        self._sorted: dict[features.Read, tuple[tables.Sorted, tables.Sorted]] = {}
        self._named = named.Named(self.mentees, self.mentors)
        self._measure()
        self._rule_out()
        self._prepare_blocks()

    def _measure(self) -> None:
        """One part for every criterion that has a weight, and the share of each."""
        self._parts: dict[str, Table | Whole | Wanting | tuple[Ints, Floats]] = {}
        silent = []
        for name, criterion in CRITERIA.items():
            heard = self.problem.weights.get(name, 0.0) > 0 and self._heard(name, criterion)
            silent.append(not heard)
        self.silent = np.array(silent, dtype=bool)
        self.shares = dict(zip(CRITERIA, shares(self.problem.weights, self.silent, CRITERIA).tolist(), strict=True))

    def _heard(self, name: str, criterion: Criterion) -> bool:
        if name in BY_NAME:
            self._parts[name] = named.arrays(self.shape[1], BY_NAME[name](self._named))
            return any(_lists(person, name) for person in (*self.mentees, *self.mentors))
        if name == "wants_offers":
            part = Wanting(self.problem, self.mentees, self.mentors, criterion.neutral)
            self._parts[name] = part
            return part.known
        heard = []

        def measure(facts: Facts) -> Floats:
            values, known = criterion.measure(facts, self.problem)
            heard.append(bool(known.any()))
            return np.where(known, values, criterion.neutral)

        if name not in features.CRITERIA:
            self._parts[name] = Whole(self.mentees, self.mentors, measure)
            return self._said_anything(criterion)
        self._parts[name] = self._table(features.CRITERIA[name], measure)
        return any(heard)

    def _said_anything(self, criterion: Criterion) -> bool:
        """Whether a measure knows anything of anybody: asked of a few hundred mentees at a time until it does."""
        for start in range(0, self.shape[0], AT_ONCE):
            if criterion.measure(Ordered(self.mentees[start : start + AT_ONCE], self.mentors), self.problem)[1].any():
                return True
        return False

    def _table(self, read: features.Read, measure: tables.Measure) -> Table:
        if read not in self._sorted:
            self._sorted[read] = (tables.sort(self.mentees, read), tables.sort(self.mentors, read))
        rows, columns = self._sorted[read]
        return Table(tables.measured(rows.standins, columns.standins, measure), rows.codes, columns.codes)

    def _rule_out(self) -> None:
        """Constraints as tables of 0 and -inf, and the pairs that people name."""
        self._walls: list[Table | Whole] = []
        for name, constraint in constraints.REGISTERED.items():
            if name in SEEN_ELSEWHERE:
                continue

            def wall(facts: Facts, constraint: Constraint = constraint) -> Floats:
                return np.where(constraint.forbids(facts, self.problem), -np.inf, 0.0)

            if name not in features.CONSTRAINTS:
                self._walls.append(Whole(self.mentees, self.mentors, wall))
                continue
            table = self._table(features.CONSTRAINTS[name], wall)
            if np.isinf(table.values).any():
                self._walls.append(table)
        never = dict.fromkeys(self._named.never(self.problem), -np.inf)
        self._never = named.arrays(self.shape[1], never)

    def _prepare_blocks(self) -> None:
        found = [
            Table(self.shares[name] * part.values, part.row_codes, part.column_codes)
            for name, part in self._parts.items()
            if isinstance(part, Table) and self.shares[name] > 0
        ]
        walls = [wall for wall in self._walls if isinstance(wall, Table)]
        self._wide, self._narrow = _arranged([*found, *walls], self.shape)
        self._slow = [(1.0, wall) for wall in self._walls if isinstance(wall, Whole)]
        slow = [(self.shares[name], part) for name, part in self._parts.items() if isinstance(part, Whole)]
        self._slow += [(share, part) for share, part in slow if share > 0]
        wanting = self._parts.get("wants_offers")
        share = self.shares["wants_offers"]
        self._wanting = Scaled(wanting, share) if isinstance(wanting, Wanting) and share > 0 else None
        additions = len(self._wide) + len(self._narrow) + len(self._slow) + 6
        additions += wanting.additions if isinstance(wanting, Wanting) else 0
        self.slack = 2.0 * additions * 2.0**-24 + 0.5 / GRID
        self._gather_singles()

    def _gather_singles(self) -> None:
        single = [(keys, self.shares[name] * values) for name, keys, values in self._singles()]
        single.append(self._never)
        keys = np.concatenate([keys for keys, _ in single])
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._values = np.concatenate([values for _, values in single])[order].astype(np.float32)

    def take_out(self, rows: Ints, columns: Ints) -> None:
        """Pairs that are settled already are not for choosing."""
        settled = dict.fromkeys((rows * self.shape[1] + columns).tolist(), -np.inf)
        known = dict(zip(*(part.tolist() for part in self._never), strict=True)) | settled
        keys = np.array(sorted(known), dtype=np.int64)
        self._never = keys, np.full(len(keys), -np.inf)
        self._gather_singles()

    def _singles(self) -> Iterable[tuple[str, Ints, Floats]]:
        return ((name, *part) for name, part in self._parts.items() if isinstance(part, tuple))

    def block(self, rows: slice, columns: slice = ALL) -> Singles:
        places = np.arange(self.shape[0])[rows]
        some = slice(*columns.indices(self.shape[1]))
        found: Singles = np.zeros((len(places), some.stop - some.start), dtype=np.float32)
        for wide in self._wide:
            found += wide.values[wide.row_codes[places], some]
        for narrow in self._narrow:
            found += np.take(narrow.values[narrow.row_codes[places]], narrow.column_codes[some], axis=1)
        if self._wanting is not None:
            self._wanting.add(found, places, some)
        for share, slow in self._slow:
            found += (share * slow.block(places)[:, some]).astype(np.float32)
        self._add_singles(found, places, some)
        return found

    def _add_singles(self, block: Singles, rows: Ints, columns: slice) -> None:
        start = rows * self.shape[1] + columns.start
        starts, ends = np.searchsorted(self._keys, start), np.searchsorted(self._keys, start + block.shape[1])
        for place in np.flatnonzero(ends > starts):
            part = slice(starts[place], ends[place])
            np.add.at(block[place], self._keys[part] - start[place], self._values[part])

    def exact(self, rows: Ints, columns: Ints) -> Floats:
        found = np.zeros(len(rows))
        keys = rows * self.shape[1] + columns
        for name, share in self.shares.items():
            if share > 0:
                part = self._parts[name]
                found += share * (_looked_up(part, keys) if isinstance(part, tuple) else part.of(rows, columns))
        found = on_grid(found)
        for wall in self._walls:
            found += wall.of(rows, columns)
        return found + _looked_up(self._never, keys)


def _looked_up(part: tuple[Ints, Floats], keys: Ints) -> Floats:
    known, values = part
    if not len(known):
        return np.zeros(len(keys))
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[place] == keys, values[place], 0.0)


def _lists(person: object, name: str) -> bool:
    return bool(getattr(person, name))


def _arranged(found: list[Table], shape: tuple[int, int]) -> tuple[list[Wide], list[Narrow]]:
    """Tables widened, the smallest first, as far as memory allows, and put together where few rows come of it."""
    rows, columns = shape
    budget = min(MOST_CELLS, max(LEAST_CELLS, rows * columns // SHARE_OF_ALL)) // max(1, columns)
    wide: list[Wide] = []
    narrow: list[Narrow] = []
    for table in sorted(found, key=lambda one: len(one.values)):
        if len(table.values) > budget:
            narrow.append(Narrow(table.values.astype(np.float32), table.row_codes, table.column_codes))
            continue
        budget -= len(table.values)
        one = table.wide()
        merged = wide[-1].merged(one, len(wide[-1].values) + len(one.values) + budget // 2) if wide else None
        if merged is None:
            wide.append(one)
        else:
            budget -= len(merged.values) - len(wide[-1].values) - len(one.values)
            wide[-1] = merged
    return wide, narrow
