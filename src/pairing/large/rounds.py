"""A round of tens of thousands: from a problem to its solution without ever holding a score for every pair."""

from collections.abc import Iterable
from dataclasses import replace
from time import perf_counter

import numpy as np

from pairing import canonical, checks, constraints
from pairing.facts import Facts
from pairing.large import search
from pairing.large.profiles import Profiles
from pairing.large.search import Proven
from pairing.large.source import ALL, Block, Source
from pairing.large.telling import goes_without, pairs_told
from pairing.locks import settle
from pairing.shares import BORDERS, Across
from pairing.solvers.arrays import Bools, Floats, Ints
from pairing.text.vectors import filled
from pairing.types import Pair, PairKey, Problem, Solution

EXACT = 1e-9
PLACING = 4.0
DEARER = 8.0


def solve(problem: Problem, enough: float = search.ENOUGH, reasons: bool = True) -> Solution:
    """The best pairs to within ``enough`` of the best possible, with proof; memory grows with people, not with pairs.

    Without ``reasons`` the pairs come without contributions: ``told`` puts them to those that somebody looks at.
    Raises BadProblem or Infeasible.
    """
    started = perf_counter()
    checks.check(problem)
    problem = filled(problem)
    source = Profiles(problem)
    locks = _locked(problem, source)
    demand, capacity = _room(source)
    demand -= np.bincount(locks[0], minlength=len(demand))
    capacity -= np.bincount(locks[1], minlength=len(capacity))
    held = float(locks[2].sum())
    found = _proven(source, problem, demand, capacity, enough)
    rows, columns = np.concatenate([locks[0], found.rows]), np.concatenate([locks[1], found.columns])
    scores = np.concatenate([locks[2], source.exact(found.rows, found.columns)])
    total, most = float(scores.sum()), held + found.bound
    gap = max(0.0, most - total) / max(abs(most), 1e-12)
    return Solution(
        pairs=pairs_told(source, rows, columns, scores, len(locks[0]), reasons),
        unmatched=goes_without(source, rows, columns),
        total=total,
        worst=float(scores.min()) if len(scores) else 0.0,
        shares=_shares(source, rows, columns),
        prices={mentor.id: price for mentor, price in zip(source.mentors, found.prices.tolist(), strict=True)},
        multipliers={"placing": found.placing, "cross_share": 0.0},
        bound=most,
        gap=gap,
        status="optimal" if gap <= EXACT else "within_gap",
        seconds=perf_counter() - started,
        inputs_hash=canonical.inputs_hash(problem),
        objective=problem.objective,
    )


def told(problem: Problem, pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Some pairs of a solution with their contributions, in order of ids. Raises BadProblem."""
    checks.check(problem)
    source = Profiles(filled(problem))
    row = {person.id: place for place, person in enumerate(source.mentees)}
    column = {person.id: place for place, person in enumerate(source.mentors)}
    some = sorted(pairs, key=lambda pair: not pair.locked)
    checks.check_pairs("question", [(pair.mentee_id, pair.mentor_id) for pair in some], problem)
    rows = np.array([row[pair.mentee_id] for pair in some], dtype=np.int64)
    columns = np.array([column[pair.mentor_id] for pair in some], dtype=np.int64)
    scores = np.array([pair.score for pair in some], dtype=np.float64)
    return pairs_told(source, rows, columns, scores, sum(pair.locked for pair in some), reasons=True)


def _locked(problem: Problem, source: Profiles) -> tuple[Ints, Ints, Floats]:
    """The locked pairs with their scores, taken out of the source. Raises Infeasible."""
    row = {person.id: place for place, person in enumerate(source.mentees)}
    column = {person.id: place for place, person in enumerate(source.mentors)}
    keys = sorted((row[mentee_id], column[mentor_id]) for mentee_id, mentor_id in problem.locks)
    rows, columns = np.array(keys, dtype=np.int64).reshape(-1, 2).T
    scores = source.exact(rows, columns)
    demand, capacity = _room(source)
    too_many = (np.bincount(rows, minlength=len(demand)) > demand)[rows]
    too_many |= (np.bincount(columns, minlength=len(capacity)) > capacity)[columns]
    for place in np.flatnonzero(np.isinf(scores) | too_many):
        _refuse(source, (rows == rows[place]) | (columns == columns[place]), rows, columns)
    source.take_out(rows, columns)
    return rows, columns, scores


def _room(source: Profiles) -> tuple[Ints, Ints]:
    """How many partners each mentee wants and each mentor takes."""
    demand = np.array([person.demand for person in source.mentees], dtype=np.int64)
    places = [constraints.places_of(person, source.problem) for person in source.mentors]
    return demand, np.array(places, dtype=np.int64)


def _refuse(source: Profiles, some: Bools, rows: Ints, columns: Ints) -> None:
    """Put the few locks that cannot be to the small engine, which says why. Raises Infeasible."""
    mentees = tuple(source.mentees[row] for row in np.unique(rows[some]))
    mentors = tuple(source.mentors[column] for column in np.unique(columns[some]))
    names = ({person.id for person in mentees}, {person.id for person in mentors})
    problem = source.problem

    def inside(pairs: frozenset[PairKey]) -> frozenset[PairKey]:
        return frozenset(pair for pair in pairs if pair[0] in names[0] and pair[1] in names[1])

    locks, forbidden = inside(problem.locks), inside(problem.forbidden)
    small = replace(problem, mentees=mentees, mentors=mentors, locks=locks, forbidden=forbidden)
    facts = Facts(mentees, mentors)
    of_rules = constraints.rules_mask(facts, small, constraints.people_mask(facts, small))
    settle(small, facts, constraints.full_mask(facts, small, of_rules), np.zeros(facts.shape))


def _proven(source: Profiles, problem: Problem, demand: Ints, capacity: Ints, enough: float) -> Proven:
    """For ``total`` a placement counts so much that none is given up for better scores; proven where it is in doubt."""
    if problem.objective == "sum":
        return search.solve(source, demand, capacity, 0.0, enough)
    placing = PLACING
    found = search.solve(source, demand, capacity, placing, enough)
    if found.placed == min(int(demand.sum()), int(capacity.sum())):
        return found
    most = search.solve(Possible(source), demand, capacity, 1.0, 0.0).placed
    while found.placed < most:
        placing *= DEARER
        found = search.solve(source, demand, capacity, placing, enough)
    return found


class Possible:
    """A source for which all pairs that may be are alike: it asks how many there can be."""

    def __init__(self, source: Source) -> None:
        self.source, self.shape, self.slack = source, source.shape, 0.0

    def block(self, rows: slice, columns: slice = ALL) -> Block:
        return np.minimum(self.source.block(rows, columns), 0.0)

    def exact(self, rows: Ints, columns: Ints) -> Floats:
        return np.minimum(self.source.exact(rows, columns), 0.0)


def _shares(source: Profiles, rows: Ints, columns: Ints) -> dict[str, float]:
    return {border.name: _share(border, source, rows, columns) for border in BORDERS}


def _share(border: Across, source: Profiles, rows: Ints, columns: Ints) -> float:
    homes = (
        [border.of(source.mentees[row]) for row in rows],
        [border.of(source.mentors[column]) for column in columns],
    )
    unknown = border.name == "organisation"
    across = [here != there if here and there else unknown for here, there in zip(*homes, strict=True)]
    return sum(across) / len(across) if across else 0.0
