"""A run as a file: what went in, what came out, the proof, and what people decided about it.

The text is canonical JSON: one run gives the same bytes whatever the order of its people. ``digest`` is the SHA-256 of
everything else in it, so that a change of one letter shows. Anybody can ``repeat`` a record and see whether the same
pairs come out; README.md lists the parts.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib import metadata
from platform import python_version
from typing import Any

from pairing import certificate
from pairing.constraints import BIT, REGISTERED
from pairing.criteria import CRITERIA
from pairing.errors import BadProblem
from pairing.plain import from_plain, to_plain
from pairing.prepared import Prepared, prepare
from pairing.text.prose import key, said
from pairing.types import Person, Problem, Solution

FORMAT = "pairing.record"
VERSION = 1
WORKS_WITH = ("numpy", "scipy")
CONFIDENCES = ("not_with", "blocked", "line_manager_ids")
NOT_READ = "This is no record of a run: {why}"


@dataclass(frozen=True, slots=True)
class Decision:
    """A lock, a ruled-out pair or another change by hand, and why."""

    kind: str
    mentee_id: str
    mentor_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """problem: with the vectors of its texts. result: pairs with their points by criterion, who goes without, the
    figures. proof: bound, gap, prices. versions: what it was made with. about: whatever the caller adds."""

    problem: Problem
    inputs_hash: str
    criteria: tuple[str, ...]
    constraints: tuple[str, ...]
    versions: Mapping[str, str]
    decisions: tuple[Decision, ...] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
    proof: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repeated:
    """same: the inputs have the stored hash, and the same pairs came out. differences: in sentences; those about
    versions alone do not make it another result."""

    same: bool
    differences: tuple[str, ...]
    solution: Solution


def of(
    problem: Problem | Prepared,
    solution: Solution,
    decisions: Iterable[Decision] = (),
    about: Mapping[str, Any] | None = None,
) -> Record:
    """The record of a solution. Raises BadProblem if the solution answers another problem."""
    prepared = problem if isinstance(problem, Prepared) else prepare(problem)
    if prepared.inputs_hash() != solution.inputs_hash:
        raise BadProblem("This solution answers another problem; solve again with these people, weights and rules.")
    return Record(
        problem=_in_order(prepared.problem),
        inputs_hash=solution.inputs_hash,
        criteria=tuple(CRITERIA),
        constraints=tuple(REGISTERED),
        versions=_versions(prepared.problem),
        decisions=tuple(sorted(decisions, key=lambda one: (one.kind, one.mentee_id, one.mentor_id))),
        result=_result(solution),
        proof=_proof(prepared, solution),
        about=about or {},
    )


def without_confidences(prepared: Prepared) -> Problem:
    """The same round for other eyes: nobody's sentences, no conflicts, no blocks and no line managers.

    What those forbid stands among the ruled-out pairs, as what the coordinator has ruled out does, without a reason.
    Solved again, it gives the same pairs.
    """
    bits = sum(int(BIT[name]) for name in ("conflict", "blocked", "reporting_line"))
    against = (prepared.mask & bits) != 0
    rows, columns = against.nonzero()
    mentees, mentors = prepared.facts.mentees, prepared.facts.mentors
    ruled_out = {
        (mentees[row].id, mentors[column].id) for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    }
    problem = prepared.problem
    return replace(
        problem,
        mentees=tuple(_bare(person) for person in problem.mentees),
        mentors=tuple(_bare(person) for person in problem.mentors),
        forbidden=problem.forbidden | ruled_out,
    )


def dumps(record: Record) -> str:
    """The record as canonical JSON."""
    whole = {"format": FORMAT, "version": VERSION, **to_plain(record)}
    return json.dumps({**whole, "digest": _digest(whole)}, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def loads(text: str | bytes) -> Record:
    """The record that ``dumps`` wrote. Raises BadProblem, in a sentence, for anything else."""
    try:
        whole = json.loads(text)
    except ValueError:
        raise BadProblem(NOT_READ.format(why="it is not JSON.")) from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise BadProblem(NOT_READ.format(why=f"its format is not {FORMAT}."))
    if whole.get("version") != VERSION:
        raise BadProblem(NOT_READ.format(why=f"its version is {whole.get('version')!r}, this program reads {VERSION}."))
    if whole.pop("digest", "") != _digest(whole):
        raise BadProblem("This record was changed after it was written: its digest does not fit what it says.")
    try:
        return from_plain(Record, {name: value for name, value in whole.items() if name not in ("format", "version")})
    except (TypeError, ValueError, AttributeError, KeyError):
        raise BadProblem(NOT_READ.format(why="a part of it is missing or of another shape.")) from None


def repeat(record: Record) -> Repeated:
    """Solve what the record holds, knowing nothing of its result, and compare. Raises BadProblem or Infeasible."""
    prepared = prepare(record.problem)
    solution = prepared.solve()
    now, differences = _result(solution), []
    if solution.inputs_hash != record.inputs_hash:
        differences.append("The inputs are not those of the record: their fingerprint differs.")
    before, after = _couples(record.result), _couples(now)
    if before != after:
        differences.append(f"{len(before - after)} of {len(before)} pairs did not come out again.")
    for name in ("placed", "total", "worst"):
        if record.result.get(name) != now[name]:
            differences.append(f"{name} was {record.result.get(name)} and is {now[name]}.")
    same = not differences
    here = _versions(record.problem)
    differences += [
        f"It was made with {name} {made}; here is {here.get(name, 'none')}."
        for name, made in sorted(record.versions.items())
        if here.get(name) != made
    ]
    return Repeated(same, tuple(differences), solution)


def _in_order(problem: Problem) -> Problem:
    """People by their ids, so that the order in which they were given cannot be seen."""
    mentees, mentors = (sorted(side, key=lambda one: one.id) for side in (problem.mentees, problem.mentors))
    return replace(problem, mentees=tuple(mentees), mentors=tuple(mentors))


def _bare(person: Person) -> Person:
    kept_back: dict[str, Any] = {name: frozenset() for name in CONFIDENCES}
    side, text = said(person)
    return replace(
        person,
        **kept_back,
        text_want=key(side, text) if text and side == "want" else "",
        text_offer=key(side, text) if text and side == "offer" else "",
    )


def _versions(problem: Problem) -> dict[str, str]:
    found = {"python": python_version(), **{name: metadata.version(name) for name in WORKS_WITH}}
    return found | ({"text model": problem.text_model} if problem.text_model else {})


def _result(solution: Solution) -> dict[str, Any]:
    pairs = [
        {
            "mentee": pair.mentee_id,
            "mentor": pair.mentor_id,
            "score": pair.score,
            "locked": pair.locked,
            "points": {one.criterion: round(one.points, 6) for one in pair.contributions},
        }
        for pair in solution.pairs
    ]
    without = [
        {"person": one.person_id, "role": one.role, "reason": one.reason, "missing": one.missing}
        for one in solution.unmatched
    ]
    figures = {name: getattr(solution, name) for name in ("placed", "total", "mean", "worst", "cross_share")}
    return {"pairs": pairs, "without": without, "objective": solution.objective, **figures}


def _couples(result: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(pair["mentee"], pair["mentor"]) for pair in result.get("pairs", ())}


def _proof(prepared: Prepared, solution: Solution) -> dict[str, Any]:
    return {
        "status": solution.status,
        "bound": solution.bound,
        "gap": solution.gap,
        "sentence": certificate.check(prepared, solution).sentence,
        "prices": dict(sorted(solution.prices.items())),
        "multipliers": dict(sorted(solution.multipliers.items())),
    }


def _digest(whole: Mapping[str, Any]) -> str:
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
