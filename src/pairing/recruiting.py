"""Who is missing: the offers, levels and hours that would raise the result most, each with its exact worth."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pairing import constraints, reciprocal
from pairing.explain import prepared_for
from pairing.facts import Facts
from pairing.locks import Settled
from pairing.prepared import Prepared
from pairing.scoring import Scoring
from pairing.shares import BORDERS
from pairing.solvers.task import Task
from pairing.standins import stand_in
from pairing.types import Person, Problem, Recruit, Solution, Wish
from pairing.wishes import closeness, offered, wanted

WELL_MET = 0.5
CONSIDERED = 24


def recruiting_list(problem: Problem | Prepared, solution: Solution, limit: int = 8) -> tuple[Recruit, ...]:
    """Mentors to look for, the most useful first; only those that would raise the number placed or the total.

    Each is worth exactly what it says: add ``person`` to the mentors, solve again, and the number placed and the
    total rise by that. Raises BadProblem for a solution that answers another problem.
    """
    prepared = prepared_for(problem, solution)
    wishes = _unmet(prepared, solution)
    people = [stand_in(wish, mentees, prepared.problem.rules) for wish, mentees in wishes]
    if not people:
        return ()
    worth = _worth(prepared, solution, people)
    found = [
        Recruit(
            kind=wish.kind,
            key=wish.key,
            level=str(person.level),
            hours=person.hours,
            languages=person.languages,
            placed=placed,
            total=total,
            wanted_by=tuple(sorted(mentee.id for mentee in mentees)),
            person=person,
        )
        for (wish, mentees), person, (placed, total) in zip(wishes, people, worth, strict=True)
        if placed > 0 or (placed == 0 and total > 0)
    ]
    found.sort(key=lambda one: (-one.placed, -one.total, -len(one.wanted_by), one.kind, one.key))
    return tuple(found[:limit])


def _unmet(prepared: Prepared, solution: Solution) -> list[tuple[Wish, list[Person]]]:
    """The wishes that no mentor of the mentee meets, those of unmatched mentees first, then by how many."""
    mentors = {mentor.id: mentor for mentor in prepared.facts.mentors}
    relatedness = prepared.problem.relatedness
    unmet: dict[Wish, list[Person]] = {}
    urgent: dict[Wish, int] = {}
    for mentee in prepared.facts.mentees:
        mine = [mentors[mentor_id] for mentor_id in solution.mentors_of(mentee.id)] if mentee.demand else []
        offers = [offer for mentor in mine for offer, _ in offered(mentor)]
        for key in {Wish(wish.kind, wish.key) for wish in wanted(mentee)} if mentee.demand else ():
            if not any(closeness(key, offer, relatedness) >= WELL_MET for offer in offers):
                unmet.setdefault(key, []).append(mentee)
                urgent[key] = urgent.get(key, 0) + (not mine)
    order = sorted(unmet, key=lambda key: (-urgent[key], -len(unmet[key]), key.kind, key.key))[:CONSIDERED]
    return [(key, unmet[key]) for key in order]


def _worth(prepared: Prepared, solution: Solution, people: Sequence[Person]) -> list[tuple[int, float]]:
    if not _one_column_says_all(prepared.problem):
        return [_solved_again(prepared, solution, person) for person in people]
    problem = replace(prepared.problem, mentors=tuple(people), locks=frozenset(), forbidden=frozenset())
    facts = Facts(problem.mentees, problem.mentors)
    scoring = Scoring(facts, problem)
    heard_anew = prepared.scoring.silent & ~scoring.silent
    if heard_anew.any():
        return [_solved_again(prepared, solution, person) for person in people]
    scoring.silent = prepared.scoring.silent
    scores = scoring.scores(problem.weights)
    allowed = constraints.rules_mask(facts, problem, constraints.people_mask(facts, problem)) == 0
    settled = prepared.settled()
    gains = {}
    for column, person in enumerate(facts.mentors):
        task = _with_column(settled.task, scores[:, column], allowed[:, column])
        plan, _ = reciprocal.best(task, prepared.problem.objective, settled.opposites)
        gains[person.id] = _gain(settled, solution, plan.placed, plan.total(task))
    return [gains[person.id] for person in people]


def _one_column_says_all(problem: Problem) -> bool:
    """Whether a new mentor changes nothing but the scores: what crosses a border or opens a circle is asked anew."""
    borders = [border for border in BORDERS if border.asked(problem.rules) and border.name != "organisation"]
    return problem.objective in ("total", "fair", "sum") and not borders and problem.rules.min_mentees <= 1


def _with_column(task: Task, scores: np.ndarray, allowed: np.ndarray) -> Task:
    """The task with one more mentor of no organisation and one place."""
    everyone = np.ones(len(scores), dtype=bool)
    quotas = tuple(replace(quota, has=np.column_stack([quota.has, everyone])) for quota in task.quotas)
    limits = tuple(
        limit if limit.of_rows else replace(limit, members=np.append(limit.members, False)) for limit in task.limits
    )
    return Task(
        scores=np.column_stack([task.scores, scores]),
        allowed=np.column_stack([task.allowed, allowed]),
        demand=task.demand,
        capacity=np.append(task.capacity, 1),
        limits=limits,
        quotas=quotas,
    )


def _gain(settled: Settled, solution: Solution, placed: int, total: float) -> tuple[int, float]:
    locked = float(settled.task.scores[settled.rows, settled.columns].sum())
    return placed + len(settled.rows) - solution.placed, total + locked - solution.total


def _solved_again(prepared: Prepared, solution: Solution, person: Person) -> tuple[int, float]:
    problem = replace(prepared.problem, mentors=(*prepared.problem.mentors, person))
    outline = prepared.with_problem(problem).outline()
    return outline.placed - solution.placed, outline.total - solution.total
