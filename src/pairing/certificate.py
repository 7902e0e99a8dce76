"""The proof of a solution, checked from its prices alone.

Nothing of the solvers is used: whatever the prices are, the bound holds. Each mentee earns at most the best
surpluses (score + placing + share of the quota - price of the mentor - prices of the organisations' places), each
place at most its price; no plan that keeps the rules and places as many people can be worth more.
"""

from dataclasses import dataclass

import numpy as np

from pairing import constraints, wanted
from pairing.facts import Floats, Ints
from pairing.prepared import UNPRICED, Prepared, prepare
from pairing.reciprocal import Opposites
from pairing.shares import BORDERS
from pairing.solvers import stable
from pairing.types import Problem, Solution


@dataclass(frozen=True, slots=True)
class Certificate:
    """valid: the pairs keep every rule and the total is their sum. bound: no such plan can total more.

    gap: how far the bound lies above the total, relative to it; 0 is proof that nothing better exists. of_total:
    whether something else than the total came first, so that the gap is what it costs.
    """

    valid: bool
    bound: float
    gap: float
    of_total: bool = False

    @property
    def sentence(self) -> str:
        """The proof in words."""
        if not self.valid:
            return "This plan breaks a rule or miscounts."
        if self.gap <= 1e-9:
            return "Nothing better is possible."
        return f"Within {max(self.gap * 100, 0.001):.3f} % of the best {'total' if self.of_total else 'possible'}."


def check(problem: Problem | Prepared, solution: Solution) -> Certificate:
    """Check a solution against its problem, trusting only the scores and the rules."""
    prepared = problem if isinstance(problem, Prepared) else prepare(problem)
    scores = prepared.scores()
    bound = _bound(prepared, solution, scores)
    gap = max(0.0, bound - solution.total) / max(abs(bound), 1e-12)
    return Certificate(_valid(prepared, solution, scores), bound, gap, solution.objective in UNPRICED)


def _valid(prepared: Prepared, solution: Solution, scores: Floats) -> bool:
    facts, problem = prepared.facts, prepared.problem
    couples = sorted(solution.pair_keys())
    rows = np.array([facts.row[mentee_id] for mentee_id, _ in couples], dtype=np.int64)
    columns = np.array([facts.column[mentor_id] for _, mentor_id in couples], dtype=np.int64)
    places = np.array([constraints.places_of(mentor, problem) for mentor in facts.mentors], dtype=np.int64)
    demand = np.array([mentee.demand for mentee in facts.mentees], dtype=np.int64)
    checks = (
        len(couples) == len(solution.pairs),
        not prepared.mask[rows, columns].any(),
        (np.bincount(rows, minlength=len(demand)) <= demand).all(),
        (np.bincount(columns, minlength=len(places)) <= places).all(),
        problem.locks <= set(couples),
        abs(float(scores[rows, columns].sum()) - solution.total) < 1e-6,
        _limits_kept(problem, solution),
        problem.objective != "stable" or not _blocking(prepared, solution, rows, columns),
        not Opposites(facts, problem.rules.both_ways_allowed).among(zip(rows.tolist(), columns.tolist(), strict=True)),
    )
    return all(bool(one) for one in checks)


def _blocking(prepared: Prepared, solution: Solution, rows: Ints, columns: Ints) -> bool:
    """Whether two people who are free to choose would rather have each other; locks, limits and shares bind."""
    settled = prepared.settled()
    if settled.opposites.as_mentor or settled.task.quotas or settled.task.limits or settled.task.least is not None:
        return False
    free = ~np.isin(
        rows * len(prepared.facts.mentors) + columns, settled.rows * len(prepared.facts.mentors) + settled.columns
    )
    by_rows, by_columns = wanted.likes(prepared.facts, settled.task.scores)
    return bool(stable.blocking(settled.task, by_rows, by_columns, rows[free], columns[free]).any())


def _limits_kept(problem: Problem, solution: Solution) -> bool:
    at = {person.id: person.organisation for person in problem.mentors}
    of = {person.id: person.organisation for person in problem.mentees}
    mentors = [pair.mentor_id for pair in solution.pairs]
    given = [at[mentor_id] for mentor_id in mentors]
    taken = [of[pair.mentee_id] for pair in solution.pairs]
    asked = [(border.name, border.asked(problem.rules)) for border in BORDERS]
    return (
        all(given.count(name) <= most for name, most in problem.rules.places_given.items())
        and all(taken.count(name) <= most for name, most in problem.rules.places_taken.items())
        and (not solution.pairs or all(solution.shares.get(name, 0.0) >= share - 1e-9 for name, share in asked))
        and all(not 0 < mentors.count(mentor.id) < constraints.least_of(mentor, problem) for mentor in problem.mentors)
    )


def _bound(prepared: Prepared, solution: Solution, scores: Floats) -> float:
    facts, problem, prices = prepared.facts, prepared.problem, solution.multipliers
    locked = {key: place for place, key in enumerate(sorted(problem.locks))}
    free = solution.placed - len(locked)
    worth = scores + prices.get("placing", 0.0)
    for border in BORDERS:
        if price := prices.get(border.quota, 0.0):
            worth = worth + price * border.crossed(facts)
    worth -= np.array([prices.get(f"taken:{mentee.organisation}", 0.0) for mentee in facts.mentees])[:, None]
    worth -= np.array([prices.get(f"given:{mentor.organisation}", 0.0) for mentor in facts.mentors])[None, :]
    worth -= np.array([solution.prices[mentor.id] for mentor in facts.mentors])[None, :]
    worth[(prepared.mask > 0) | (scores < prices.get("floor", -np.inf))] = 0.0
    earned = 0.0
    demand = {mentee.id: mentee.demand for mentee in facts.mentees}
    places = {mentor.id: constraints.places_of(mentor, problem) for mentor in facts.mentors}
    for mentee_id, mentor_id in locked:
        row, column = facts.row[mentee_id], facts.column[mentor_id]
        worth[row, column] = 0.0
        earned += float(scores[row, column])
        demand[mentee_id] -= 1
        places[mentor_id] -= 1
    for row, mentee in enumerate(facts.mentees):
        best = np.sort(np.maximum(worth[row], 0.0))[::-1]
        earned += float(best[: demand[mentee.id]].sum())
    earned += sum(places[mentor_id] * solution.prices[mentor_id] for mentor_id in places)
    return earned + _limits_worth(prepared, solution, free) - prices.get("placing", 0.0) * free


def _limits_worth(prepared: Prepared, solution: Solution, free: int) -> float:
    """What the prices of limits and quota promise, less what locked pairs have used already."""
    problem = prepared.problem
    of = {person.id: person.organisation for person in problem.mentees}
    at = {person.id: person.organisation for person in problem.mentors}
    locked = [(of[mentee_id], at[mentor_id]) for mentee_id, mentor_id in problem.locks]
    prices, earned = solution.multipliers, 0.0
    for word, places, side in (("taken", problem.rules.places_taken, 0), ("given", problem.rules.places_given, 1)):
        for name, most in places.items():
            used = sum(lock[side] == name for lock in locked)
            earned += prices.get(f"{word}:{name}", 0.0) * (most - used)
    return earned - _shares_owed(prepared, solution, free)


def _shares_owed(prepared: Prepared, solution: Solution, free: int) -> float:
    """What the prices of the quotas promised, beyond what locked pairs bring."""
    facts, problem, owed = prepared.facts, prepared.problem, 0.0
    for border in BORDERS:
        price = solution.multipliers.get(border.quota, 0.0)
        if price:
            across = border.crossed(facts)
            held = sum(bool(across[facts.row[one], facts.column[other]]) for one, other in problem.locks)
            needed = int(np.ceil(border.asked(problem.rules) * (free + len(problem.locks)) - 1e-9)) - held
            owed += price * max(0, needed)
    return owed
