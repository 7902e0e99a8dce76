"""The questions that the solving process answers. Only the child imports this; everything in and out is plain.

A pair is told as [mentee, mentor, score, locked, reasons], a reason as [criterion, score01, points, evidence].
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any

import pairing
from commonhall.matching.child import UNKNOWN
from commonhall.matching.plain import from_plain, pack, to_plain, unpack
from pairing import costs
from pairing import record as records
from pairing.checks import is_large
from pairing.constraints import places_of
from pairing.prepared import Prepared
from pairing.types import Change, Contribution, Problem, Solution

KEPT = 6
REASONS_SHOWN = 2
Key = tuple[str, ...]


class Desk:
    def __init__(self) -> None:
        self.problems: OrderedDict[str, Prepared] = OrderedDict()
        self.solutions: OrderedDict[str, Solution] = OrderedDict()

    def run(self, packed: bytes, assumptions: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """Solve a round as it stands, with every reason, and keep it at hand for the questions that follow."""
        problem = from_plain(Problem, unpack(packed))
        for assumption in assumptions:
            problem = pairing.apply_change(problem, from_plain(Change, assumption))
        cost: Mapping[str, Any] = {}
        if is_large(problem):
            solution = pairing.solve(problem)
        else:
            prepared = pairing.prepare(problem)
            solution, problem = prepared.solve(), prepared.problem
            cost = costs.of(prepared, solution)
            self._keep(solution.inputs_hash, prepared, solution)
        return {
            "key": solution.inputs_hash,
            "inputs": pack(to_plain(problem)),
            "texts": {"model": problem.text_model, "vectors": dict(problem.vectors)},
            "outcome": outcome(solution) | {"costs": cost},
            "reasons": pack({f"{p.mentee_id}:{p.mentor_id}": told(p.contributions) for p in solution.pairs}),
        }

    def repeat(self, packed: bytes) -> dict[str, Any]:
        """Solve stored inputs again, knowing nothing of the first time."""
        problem = from_plain(Problem, unpack(packed))
        solution = pairing.solve(problem) if is_large(problem) else pairing.prepare(problem).solve()
        return {"key": solution.inputs_hash, "outcome": outcome(solution)}

    def trial(self, key: str, settings: Mapping[str, Any], packed: bytes | None = None) -> dict[str, Any] | str:
        """The same people under other weights, rules or another objective; nothing is kept.

        `before` is how well the pairs that there were fit under these weights, all together and one by one.
        """
        prepared = self._prepared(key, packed)
        if prepared is None:
            return UNKNOWN
        under = self._under(prepared, settings)
        solution = under.solve()
        before = _judged(under, self._solution(key))
        return outcome(solution) | {"before": before, "costs": costs.of(under, solution)}

    def pair(self, key: str, mentee: str, mentor: str, packed: bytes | None = None) -> dict[str, Any] | str:
        """Why two people are, or are not, a pair; what it would cost to make them one, and who would have to move."""
        prepared = self._prepared(key, packed)
        if prepared is None:
            return UNKNOWN
        reason = pairing.explain_pair(prepared, mentee, mentor)
        verdict = _verdict(prepared, self._solution(key), mentee, mentor)
        return verdict | {"score": reason.score, "reasons": told(reason.contributions)}

    def alternatives(
        self, key: str, mentee: str, mentor: str, most: int, seconds: float, packed: bytes | None = None
    ) -> dict[str, Any] | str:
        """The best others for each of two people, each with the verdict of `pair`; {} where the seconds were over.

        {"mentee": [[mentor, score, places left in this plan, verdict]], "mentor": [[mentee, score, 0, verdict]]}.
        """
        prepared = self._prepared(key, packed)
        if prepared is None:
            return UNKNOWN
        solution, until = self._solution(key), perf_counter() + seconds
        mentors = [row for row in self._options(key, mentee) if row[2] and row[0] != mentor][:most]
        mentees = [row for row in _mentees_for(prepared, mentor) if row[0] != mentee][:most]

        def judged(one: str, other: str) -> dict[str, Any]:
            return _verdict(prepared, solution, one, other) if perf_counter() < until else {}

        return {
            "mentee": [[pk, score, left, judged(mentee, pk)] for pk, score, _allowed, left in mentors],
            "mentor": [[pk, score, 0, judged(pk, mentor)] for pk, score in mentees],
        }

    def options(self, key: str, mentee: str, packed: bytes | None = None) -> list[list[Any]] | str:
        """Every mentor for one mentee, the best first: [mentor, score, allowed, places left in this plan]."""
        return UNKNOWN if self._prepared(key, packed) is None else self._options(key, mentee)

    def _options(self, key: str, mentee: str) -> list[list[Any]]:
        prepared = self.problems[key]
        row = prepared.facts.row[mentee]
        used = Counter(pair.mentor_id for pair in self._solution(key).pairs)
        found = [
            [mentor.id, float(score), not against, places_of(mentor, prepared.problem) - used[mentor.id]]
            for mentor, score, against in zip(
                prepared.facts.mentors, prepared.scores()[row], prepared.mask[row].tolist(), strict=True
            )
        ]
        return sorted(found, key=lambda one: (not one[2], -one[1], one[0]))

    def changes(
        self, key: str, mentees: Iterable[str], closed: Iterable[tuple[str, str]] = (), packed: bytes | None = None
    ) -> dict[str, Any] | str:
        """For each of these unmatched mentees, what would match them, the least effort first; `closed` stay so."""
        prepared = self._prepared(key, packed)
        if prepared is None:
            return UNKNOWN
        solution, closed = self._solution(key), list(closed)
        return {
            mentee: [to_plain(one) for one in pairing.cheapest_changes(prepared, solution, mentee, closed=closed)]
            for mentee in mentees
        }

    def recruiting(self, key: str, packed: bytes | None = None) -> list[Any] | str:
        """Mentors to look for, the most useful first."""
        prepared = self._prepared(key, packed)
        if prepared is None:
            return UNKNOWN
        return [to_plain(one) for one in pairing.recruiting_list(prepared, self._solution(key))]

    def record(
        self,
        key: str,
        decisions: Iterable[Mapping[str, str]],
        about: Mapping[str, Any],
        packed: bytes | None = None,
    ) -> str:
        """The run as a file for other eyes: nobody's sentences and nothing that is confidential."""
        prepared = self._prepared(key, packed)
        if prepared is None:
            return UNKNOWN
        bare = pairing.prepare(records.without_confidences(prepared))
        decided = [records.Decision(**one) for one in decisions]
        return records.dumps(records.of(bare, bare.solve(), decided, about))

    def nearest(self, packed: bytes, limit: int = 3) -> list[list[Any]]:
        """For a problem of one mentee: the mentors who are allowed and have a place, as [mentor, score, reasons]."""
        prepared = pairing.prepare(from_plain(Problem, unpack(packed)))
        scores, tell = prepared.scores()[0], prepared.scoring.told(prepared.problem.weights)
        allowed = [column for column, against in enumerate(prepared.mask[0].tolist()) if not against]
        best = sorted(allowed, key=lambda column: (-scores[column], column))[:limit]
        return [[prepared.facts.mentors[column].id, float(scores[column]), told(tell(0, column))] for column in best]

    def _under(self, prepared: Prepared, settings: Mapping[str, Any]) -> Prepared:
        problem = prepared.problem
        known = {person.id for person in problem.mentees}
        rules = replace(problem.rules, **{name: _frozen(value) for name, value in settings.get("rules", {}).items()})
        return prepared.with_problem(
            replace(
                problem,
                weights=settings.get("weights", problem.weights),
                rules=rules,
                objective=settings.get("objective", problem.objective),
                cover=tuple(one for one in settings.get("cover", ()) if one in known),
            )
        )

    def _prepared(self, key: str, packed: bytes | None) -> Prepared | None:
        if key in self.problems:
            self.problems.move_to_end(key)
        elif packed is None:
            return None
        else:
            self._keep(key, pairing.prepare(from_plain(Problem, unpack(packed))))
        return self.problems[key]

    def _solution(self, key: str) -> Solution:
        if key not in self.solutions:
            self.solutions[key] = self.problems[key].solve()
        return self.solutions[key]

    def _keep(self, key: str, prepared: Prepared, solution: Solution | None = None) -> None:
        self.problems[key] = prepared
        if solution is not None:
            self.solutions[key] = solution
        while len(self.problems) > KEPT:
            gone, _prepared = self.problems.popitem(last=False)
            self.solutions.pop(gone, None)


def outcome(solution: Solution) -> dict[str, Any]:
    """What a page shows of a solution."""
    return {
        "pairs": [
            [pair.mentee_id, pair.mentor_id, pair.score, pair.locked, shown(pair.contributions[:REASONS_SHOWN])]
            for pair in solution.pairs
        ],
        "unmatched": [to_plain(one) for one in solution.unmatched],
        "placed": solution.placed,
        "total": solution.total,
        "mean": solution.mean,
        "worst": solution.worst,
        "cross_share": solution.cross_share,
        "shares": dict(solution.shares),
        "bound": solution.bound,
        "gap": solution.gap,
        "status": solution.status,
        "objective": solution.objective,
        "seconds": solution.seconds,
    }


def _judged(prepared: Prepared, solution: Solution) -> dict[str, Any]:
    scores, facts = prepared.scores(), prepared.facts
    fits = [float(scores[facts.row[pair.mentee_id], facts.column[pair.mentor_id]]) for pair in solution.pairs]
    mean, worst = (sum(fits) / len(fits), min(fits)) if fits else (0.0, 0.0)
    return {"mean": mean, "worst": worst, "fits": fits}


def _verdict(prepared: Prepared, solution: Solution, mentee: str, mentor: str) -> dict[str, Any]:
    """Whether two people are a pair, could be, and at what cost, exactly."""
    verdict = pairing.why_not(prepared, solution, mentee, mentor)
    return {
        "status": verdict.status,
        "obstacles": [[one.key, to_plain(dict(one.evidence))] for one in verdict.obstacles],
        "cost_placed": verdict.cost_placed,
        "cost_total": verdict.cost_total,
        "cost_worst": verdict.cost_worst,
        "moves": [[move.mentee_id, list(move.before), list(move.after)] for move in verdict.moves],
    }


def _mentees_for(prepared: Prepared, mentor: str) -> list[tuple[str, float]]:
    """The mentees whom a mentor may have, the best first."""
    column = prepared.facts.column[mentor]
    rows = zip(
        prepared.facts.mentees, prepared.scores()[:, column].tolist(), prepared.mask[:, column].tolist(), strict=True
    )
    return sorted(((one.id, score) for one, score, against in rows if not against), key=lambda one: (-one[1], one[0]))


def told(contributions: Iterable[Contribution]) -> list[list[Any]]:
    return [[one.criterion, one.score01, one.points, to_plain(dict(one.evidence))] for one in contributions]


def shown(contributions: Iterable[Contribution]) -> list[list[Any]]:
    """The same without anybody's sentences: outcomes stay when the words of a person are forgotten."""
    found = told(contributions)
    for one in found:
        if "near" in one[3]:
            one[3]["near"] = [{"closeness": near["closeness"]} for near in one[3]["near"]]
    return found


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
