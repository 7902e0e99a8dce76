"""The proof of a solution, checked from its prices alone.

Nothing of the solvers is used: whatever the prices are, the bound holds. Each mentee earns at most the best
surpluses (score + placing + share of the quota - price of the mentor - prices of the organisations' places), each
place at most its price; no plan that keeps the rules and places as many people can be worth more.
"""

from dataclasses import dataclass

import numpy as np

from pairing import constraints
from pairing.facts import Floats
from pairing.prepared import Prepared, prepare
from pairing.reciprocal import Opposites
from pairing.types import Problem, Solution


@dataclass(frozen=True, slots=True)
class Certificate:
    """valid: the pairs keep every rule and the total is their sum. bound: no such plan can total more.

    gap: how far the bound lies above the total, relative to it; 0 is proof that nothing better exists.
    """

    valid: bool
    bound: float
    gap: float

    @property
    def sentence(self) -> str:
        """The proof in words."""
        if not self.valid:
            return "This plan breaks a rule or miscounts."
        if self.gap <= 1e-9:
            return "Nothing better is possible."
        return f"Within {max(self.gap * 100, 0.001):.3f} % of the best possible."


def check(problem: Problem | Prepared, solution: Solution) -> Certificate:
    """Check a solution against its problem, trusting only the scores and the rules."""
    prepared = problem if isinstance(problem, Prepared) else prepare(problem)
    scores = prepared.scores()
    bound = _bound(prepared, solution, scores)
    gap = max(0.0, bound - solution.total) / max(abs(bound), 1e-12)
    return Certificate(_valid(prepared, solution, scores), bound, gap)


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
        not Opposites(facts, problem.rules.both_ways_allowed).among(zip(rows.tolist(), columns.tolist(), strict=True)),
    )
    return all(bool(one) for one in checks)


def _limits_kept(problem: Problem, solution: Solution) -> bool:
    at = {person.id: person.organisation for person in problem.mentors}
    of = {person.id: person.organisation for person in problem.mentees}
    given = [at[pair.mentor_id] for pair in solution.pairs]
    taken = [of[pair.mentee_id] for pair in solution.pairs]
    share = problem.rules.cross_organisation_share
    return (
        all(given.count(name) <= most for name, most in problem.rules.places_given.items())
        and all(taken.count(name) <= most for name, most in problem.rules.places_taken.items())
        and (not share or not solution.pairs or solution.cross_share >= share - 1e-9)
    )


def _bound(prepared: Prepared, solution: Solution, scores: Floats) -> float:
    facts, problem, prices = prepared.facts, prepared.problem, solution.multipliers
    locked = {key: place for place, key in enumerate(sorted(problem.locks))}
    free = solution.placed - len(locked)
    worth = scores + prices.get("placing", 0.0) + prices.get("cross_share", 0.0) * ~facts.same_organisation
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
    return earned + _limits_worth(problem, solution, free) - prices.get("placing", 0.0) * free


def _limits_worth(problem: Problem, solution: Solution, free: int) -> float:
    """What the prices of limits and quota promise, less what locked pairs have used already."""
    of = {person.id: person.organisation for person in problem.mentees}
    at = {person.id: person.organisation for person in problem.mentors}
    locked = [(of[mentee_id], at[mentor_id]) for mentee_id, mentor_id in problem.locks]
    prices, earned = solution.multipliers, 0.0
    for word, places, side in (("taken", problem.rules.places_taken, 0), ("given", problem.rules.places_given, 1)):
        for name, most in places.items():
            used = sum(lock[side] == name for lock in locked)
            earned += prices.get(f"{word}:{name}", 0.0) * (most - used)
    share = problem.rules.cross_organisation_share or 0.0
    across = sum(mine != theirs or not mine for mine, theirs in locked)
    needed = max(0, int(np.ceil(share * (free + len(problem.locks)) - 1e-9)) - across)
    return earned - prices.get("cross_share", 0.0) * needed
