"""What changed between two solutions."""

from collections.abc import Mapping

from pairing.types import Difference, Move, Solution

Mentors = Mapping[str, tuple[str, ...]]


def mentors_by_mentee(solution: Solution) -> dict[str, tuple[str, ...]]:
    """Each matched mentee's mentors, in order of id."""
    found: dict[str, tuple[str, ...]] = {}
    for pair in solution.pairs:
        found[pair.mentee_id] = (*found.get(pair.mentee_id, ()), pair.mentor_id)
    return found


def moves(before: Mentors, after: Mentors) -> tuple[Move, ...]:
    """Every mentee whose mentors differ, in order of id."""
    return tuple(
        Move(mentee_id, before.get(mentee_id, ()), after.get(mentee_id, ()))
        for mentee_id in sorted({*before, *after})
        if before.get(mentee_id, ()) != after.get(mentee_id, ())
    )


def compare(a: Solution, b: Solution) -> Difference:
    """Who gained, lost and moved from a to b, and the figures of both side by side."""
    before, after = mentors_by_mentee(a), mentors_by_mentee(b)
    all_moves = moves(before, after)
    return Difference(
        gained=tuple(move for move in all_moves if not move.before),
        lost=tuple(move for move in all_moves if not move.after),
        moved=tuple(move for move in all_moves if move.before and move.after),
        kept=len(a.pair_keys() & b.pair_keys()),
        placed=(a.placed, b.placed),
        total=(a.total, b.total),
        mean=(a.mean, b.mean),
        worst=(a.worst, b.worst),
        unmatched_mentees=(_without(a), _without(b)),
        cross_share=(a.cross_share, b.cross_share),
    )


def _without(solution: Solution) -> int:
    return sum(1 for one in solution.unmatched if one.role == "mentee")
