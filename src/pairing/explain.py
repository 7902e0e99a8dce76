"""Why this pair, and why not that one."""

from dataclasses import replace

from pairing import checks, constraints
from pairing.difference import mentors_by_mentee, moves
from pairing.errors import BadProblem, Infeasible
from pairing.prepared import Prepared, prepare
from pairing.types import Obstacle, PairReason, Problem, Solution, WhyNot


def prepared_for(problem: Problem | Prepared, solution: Solution | None = None) -> Prepared:
    """The measured problem. Raises BadProblem if the solution answers another one."""
    prepared = problem if isinstance(problem, Prepared) else prepare(problem)
    if solution is not None and prepared.inputs_hash() != solution.inputs_hash:
        raise BadProblem("This solution answers another problem; solve again with these people, weights and rules.")
    return prepared


def explain_pair(problem: Problem | Prepared, mentee_id: str, mentor_id: str) -> PairReason:
    """How well two people fit by each criterion, and what stands between them, if anything.

    Raises BadProblem if one of them is not in the problem.
    """
    prepared = prepared_for(problem)
    checks.check_pairs("question", [(mentee_id, mentor_id)], prepared.problem)
    row, column = prepared.facts.row[mentee_id], prepared.facts.column[mentor_id]
    bits = int(prepared.mask[row, column])
    return PairReason(
        mentee_id=mentee_id,
        mentor_id=mentor_id,
        allowed=bits == 0,
        obstacles=constraints.obstacles(prepared.facts, prepared.problem, bits, row, column),
        score=float(prepared.scores()[row, column]),
        contributions=prepared.scoring.told(prepared.problem.weights)(row, column),
    )


def why_not(problem: Problem | Prepared, solution: Solution, mentee_id: str, mentor_id: str) -> WhyNot:
    """Why two people are not a pair: what forbids it, or what it would cost and who would move.

    The costs are exact: the round is solved again with the pair locked. Raises BadProblem for people who are not
    in the problem, or a solution that answers another one.
    """
    prepared = prepared_for(problem, solution)
    reason = explain_pair(prepared, mentee_id, mentor_id)
    if (mentee_id, mentor_id) in solution.pair_keys():
        return WhyNot(mentee_id, mentor_id, "paired", reason.score)
    if not reason.allowed:
        return WhyNot(mentee_id, mentor_id, "impossible", reason.score, reason.obstacles)
    locks = prepared.problem.locks | {(mentee_id, mentor_id)}
    try:
        outline = prepared.with_problem(replace(prepared.problem, locks=locks)).outline()
    except Infeasible:
        return WhyNot(mentee_id, mentor_id, "impossible", reason.score, (Obstacle("decided"),))
    return WhyNot(
        mentee_id,
        mentor_id,
        "possible",
        reason.score,
        cost_placed=solution.placed - outline.placed,
        cost_total=solution.total - outline.total,
        cost_worst=solution.worst - outline.worst,
        moves=moves(mentors_by_mentee(solution), prepared.mentors_in(outline)),
    )
