"""Made-up rounds and an answer found by trying everything, for the tests of the engine."""

import random
from dataclasses import replace
from itertools import chain, combinations

import numpy as np

from pairing.solvers.task import Task
from pairing.types import Person, Problem, Rules, Wish

SERVICES = ("housing", "planning", "waste", "libraries", "finance", "licensing")
COMPETENCIES = ("finance-and-value", "people-leadership", "political-awareness")
RELATED = {"housing": {"planning": 0.5}, "waste": {"licensing": 0.4}}


def mentee(person_id="ben", **values):
    return Person(id=person_id, role="mentee", **{"organisation": "north", **values})


def mentor(person_id="hana", **values):
    return Person(id=person_id, role="mentor", **{"organisation": "south", **values})


def problem(mentees=None, mentors=None, **values):
    return Problem(
        mentees=tuple(mentees if mentees is not None else [mentee()]),
        mentors=tuple(mentors if mentors is not None else [mentor()]),
        **values,
    )


def wants(*keys):
    return tuple(Wish("service", key) for key in keys)


def couples(solution):
    return sorted(solution.pair_keys())


def random_round(seed, mentees=6, mentors=4, rules=None, **values):
    """A round with every sort of obstacle in it; the same for the same seed."""
    dice = random.Random(seed)
    made = Problem(
        mentees=tuple(_person(dice, f"mentee-{number}", "mentee", mentors, mentees) for number in range(mentees)),
        mentors=tuple(_person(dice, f"mentor-{number}", "mentor", mentors, mentees) for number in range(mentors)),
        relatedness=RELATED,
        rules=rules
        or Rules(
            min_shared_minutes=dice.choice([60, 300, 600]),
            seniority=dice.choice([None, (1, 3), (0, 9)]),
            max_mentees=dice.choice([None, 2]),
        ),
        **values,
    )
    ruled_out = frozenset((one.id, other.id) for one in made.mentees for other in made.mentors if dice.random() < 0.1)
    return replace(made, forbidden=ruled_out)


def _person(dice, person_id, role, mentors, mentees):
    others = [f"mentor-{n}" for n in range(mentors)] if role == "mentee" else [f"mentee-{n}" for n in range(mentees)]
    wishes = (Wish("service", dice.choice(SERVICES)), Wish("competency", dice.choice(COMPETENCIES), dice.randint(0, 4)))
    days = [day for day in range(5) if dice.random() < 0.5]
    return Person(
        id=person_id,
        role=role,
        organisation=dice.choice(["north", "south", "east"]),
        pool_region=dice.choice(["coast", "hills"]),
        services=(dice.choice(SERVICES),),
        level=str(dice.randint(1, 5) if role == "mentee" else dice.randint(3, 8)),
        wants=wishes if role == "mentee" else (),
        offers=wishes if role == "mentor" else (),
        interests=frozenset(dice.sample(["choirs", "cycling", "gardens"], dice.randint(0, 2))),
        languages=frozenset(dice.sample(["en", "cy"], dice.randint(1, 2))),
        hours=tuple((day * 1440 + 540, day * 1440 + dice.choice([720, 1020])) for day in days),
        not_with=frozenset([f"person:{dice.choice(others)}"] if dice.random() < 0.2 else []),
        blocked=frozenset([dice.choice(others)] if dice.random() < 0.1 else []),
        line_manager_ids=frozenset([dice.choice(others)] if dice.random() < 0.1 else []),
        capacity=dice.randint(0, 2) if role == "mentor" else 1,
        shortlist=tuple(dice.sample(others, 1)) if dice.random() < 0.3 else (),
    )


def every_plan(task: Task):
    """All plans that keep a small task's rules, as lists of (row, column)."""
    columns = range(len(task.capacity))
    choices = []
    for row, most in enumerate(task.demand):
        open_to = [column for column in columns if task.allowed[row, column]]
        choices.append(list(chain.from_iterable(combinations(open_to, count) for count in range(int(most) + 1))))

    def grow(row, left):
        if row == len(choices):
            yield []
            return
        for chosen in choices[row]:
            if all(left[column] > 0 for column in chosen):
                rest = tuple(places - (column in chosen) for column, places in enumerate(left))
                for plan in grow(row + 1, rest):
                    yield [(row, column) for column in chosen] + plan

    return (plan for plan in grow(0, tuple(int(places) for places in task.capacity)) if _conditions_kept(task, plan))


def _conditions_kept(task, plan):
    for limit in task.limits:
        if sum(bool(limit.members[row if limit.of_rows else column]) for row, column in plan) > limit.most:
            return False
    for quota in task.quotas:
        having = sum(bool(quota.has[row, column]) for row, column in plan) + quota.done_with
        if having < quota.share * (len(plan) + quota.done) - 1e-9:
            return False
    return True


def best_by_trying(task: Task, objective: str):
    """(pairs, worst, total) of the best plan, or None if none keeps the rules."""
    found = None
    for plan in every_plan(task):
        scores = [float(task.scores[row, column]) for row, column in plan]
        total, worst = sum(scores), min(scores, default=0.0)
        key = {"total": (len(plan), total), "fair": (len(plan), worst, total), "sum": (total,)}[objective]
        if found is None or key > found[0]:
            found = (key, (len(plan), worst, total))
    return found and found[1]


def task_of(scores, allowed=None, demand=None, capacity=None, **values):
    scores = np.array(scores, dtype=np.float64).reshape(len(scores), -1)
    rows, columns = scores.shape
    return Task(
        scores,
        np.ones(scores.shape, dtype=bool) if allowed is None else np.array(allowed, dtype=bool),
        np.array(demand if demand is not None else [1] * rows),
        np.array(capacity if capacity is not None else [1] * columns),
        **values,
    )
