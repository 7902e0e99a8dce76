"""Folders for the tests, and their answers found by trying every plan. Nothing of the solvers is used here."""

import json
from itertools import chain, combinations

import numpy as np

from pairing.folder.question import Group, Question, Share

NOTHING = object()


def write(folder, scores=None, files=(), **problem):
    """A folder with problem.json, scores.npy and whatever else; returns it."""
    if scores is not None:
        scores = np.array(scores, dtype=problem.pop("dtype", np.float64))
        np.save(folder / "scores.npy", scores)
        problem = {"n_mentees": scores.shape[0], "n_mentors": scores.shape[1], **problem}
    for name, values in dict(files).items():
        np.save(folder / name, np.array(values))
    (folder / "problem.json").write_text(json.dumps({k: v for k, v in problem.items() if v is not NOTHING}))
    return folder


def random_question(dice, objective, conditions):
    """A small question with every sort of obstacle; steps of an eighth make many ties."""
    height, width = int(dice.integers(1, 5)), int(dice.integers(1, 4))
    shape = (height, width)
    low = -3 if dice.random() < 0.3 else 0
    scores = dice.integers(low, 9, shape) / 8
    scores[dice.random(shape) < dice.random() * 0.7] = np.nan
    capacity = dice.integers(0, 4, width)
    extra = {}
    if "least" in conditions:
        extra["least"] = np.minimum(dice.integers(0, 4, width), capacity)
    if "quota" in conditions:
        extra["quotas"] = tuple(
            Share(f"q{place}", dice.random(shape) < 0.5, float(dice.choice([0.25, 0.5, 1.0])))
            for place in range(int(dice.integers(1, 3)))
        )
    if "limit" in conditions:
        extra["groups"] = (Group("a", "mentees", tuple(range(height // 2 + 1)), int(dice.integers(0, 3))),)
    if "fixed" in conditions:
        allowed = np.argwhere(~np.isnan(scores)).tolist()
        dice.shuffle(allowed)
        extra["fixed"] = tuple(map(tuple, allowed[: int(dice.integers(0, 2))]))
        extra["forbidden"] = tuple(map(tuple, allowed[2:3]))
    if "previous" in conditions:
        extra["previous"] = tuple((row, int(dice.integers(width))) for row in range(height))
        extra["stickiness"] = float(dice.choice([0.125, 0.5]))
    if objective == "stable":
        extra["mentee_scores"] = dice.integers(0, 5, shape) / 4
        extra["mentor_scores"] = dice.integers(0, 5, shape) / 4
    most = 3 if "demand" in conditions else 2
    return Question(
        scores=scores,
        capacity=capacity,
        demand=dice.integers(0, most, height),
        **{"least": np.zeros(width, dtype=int), **extra},
        objective=objective,
        fair_level="mentee_total" if "demand" in conditions and dice.random() < 0.5 else "pair",
        everyone=bool(dice.random() < 0.3),
        bands=(0.25, 0.5, 0.75),
        cover=_cover(dice, shape),
    )


def _cover(dice, shape):
    people = [tuple(dice.permutation(size).tolist()) for size in shape]
    return [
        ("mentees", "mentors"),
        ("mentors", "mentees"),
        (("mentees", people[0]), "mentors"),
        (("mentors", people[1]), ("mentees", people[0])),
    ][int(dice.integers(4))]


def every_plan(question):
    """All plans that keep every demand, as lists of (row, column)."""
    height, width = question.scores.shape
    choices = []
    for row in range(height):
        mine = [column for column in range(width) if not np.isnan(question.scores[row, column])]
        mine = [column for column in mine if (row, column) not in question.forbidden]
        counts = range(question.demand[row] + 1)
        choices.append(list(chain.from_iterable(combinations(mine, count) for count in counts)))
    plans = [[]]
    for row, options in enumerate(choices):
        plans = [plan + [(row, column) for column in some] for plan in plans for some in options]
    return [plan for plan in plans if _kept(question, plan)]


def _kept(question, plan):
    gives = [0] * question.scores.shape[1]
    for _, column in plan:
        gives[column] += 1
    sound = (
        all(count <= most for count, most in zip(gives, question.capacity, strict=True))
        and all(not count or count >= least for count, least in zip(gives, question.least, strict=True))
        and set(question.fixed) <= set(plan)
        and all(sum(row in group.members for row, _ in plan) <= group.most for group in question.groups)
    )
    return sound and all(
        sum(bool(share.has[pair]) for pair in plan) >= share.least * len(plan) - 1e-9 for share in question.quotas
    )


def blocked(question, plan):
    """Whether two people would rather have each other."""
    before = set(question.previous)

    def likes(side, pair):
        table = question.mentee_scores if side == 0 else question.mentor_scores
        return table[pair] + (question.stickiness if pair in before else 0.0)

    def would(side, person, pair, room):
        held = [one for one in plan if one[side] == person]
        if any(one in question.fixed for one in held):
            held = [one for one in held if one not in question.fixed]
            room -= sum(one in question.fixed for one in plan if one[side] == person)
        return room > 0 and (len(held) < room or likes(side, pair) > min(likes(side, one) for one in held))

    for row, column in np.argwhere(~np.isnan(question.scores)).tolist():
        closed = question.least[column] > 1 and all(one[1] != column for one in plan)
        if (row, column) in plan or (row, column) in question.forbidden or closed:
            continue
        if would(0, row, (row, column), question.demand[row]) and would(
            1, column, (row, column), question.capacity[column]
        ):
            return True
    return False


def key(question, plan):
    """How good a plan is; a plan with a greater key is better."""
    free = [pair for pair in plan if pair not in question.fixed]
    before = set(question.previous)
    value = round(sum(question.scores[pair] + (question.stickiness if pair in before else 0.0) for pair in plan), 9)
    scores = [question.scores[pair] for pair in free]
    rows, columns = ({pair[side] for pair in free} for side in (0, 1))
    if question.objective == "fair" and question.fair_level == "mentee_total" and max(question.demand) > 1:
        sums = [sum(question.scores[pair] for pair in free if pair[0] == row) for row in rows]
        return (len(rows), len(free), round(min(sums, default=0.0), 9), value)
    if question.objective == "fair":
        return (len(free), min(scores, default=0.0), value)
    if question.objective == "leximin":
        lows = (-np.inf, *question.bands[:-1])
        bands = zip(lows, question.bands, strict=True)
        return (len(free), *(-sum(low <= one < high for one in scores) for low, high in bands), value)
    if question.objective == "cover":
        return (*(part for entry in question.cover for part in _covered(entry, rows, columns)), value)
    return (len(free), value) if question.everyone else (value,)


def _covered(entry, rows, columns):
    if isinstance(entry, str):
        return [len(rows if entry == "mentees" else columns)]
    side, people = entry
    return [person in (rows if side == "mentees" else columns) for person in people]
