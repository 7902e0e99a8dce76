"""A problem's objective as the solvers take it: in rows and columns."""

from pairing.criteria import wanted_ranks
from pairing.facts import Facts, Floats
from pairing.solvers.objectives import Wish
from pairing.types import Problem

# Fairness goes in steps of a tenth of the scale.
BANDS = tuple(step / 10 for step in range(1, 10))
# Whoever is on a shortlist is liked better than anybody who is not.
NAMED, STEP = 100.0, 2.0


def wish(problem: Problem, facts: Facts, scores: Floats) -> Wish:
    """What is wanted of a round's plan."""
    if problem.objective == "leximin":
        return Wish("leximin", bands=BANDS, worst_first=True)
    if problem.objective == "cover":
        rows = tuple(facts.row[person_id] for person_id in problem.cover)
        return Wish("cover", cover=(("mentees", rows), "mentees", "pairs"))
    if problem.objective == "stable":
        return Wish("stable", likes=likes(facts, scores))
    return Wish(problem.objective)


def likes(facts: Facts, scores: Floats) -> tuple[Floats, Floats]:
    """How much mentees like mentors, and mentors mentees: by their shortlists, then by the score."""
    theirs, others = ((NAMED - STEP * ranks) * (ranks > 0) for ranks in wanted_ranks(facts))
    return scores + theirs, scores + others
