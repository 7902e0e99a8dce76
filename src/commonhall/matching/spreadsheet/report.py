"""The page with every pair's reasons: one file that needs nothing else, for the screen and for paper."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.template import Context, Engine

import pairing
from commonhall.core.sheets.problems import WARNING
from commonhall.matching.spreadsheet.reading import Named, Source
from commonhall.people import ladder, taxonomy
from pairing import words
from pairing.prepared import Prepared
from pairing.types import Pair, Recruit, Solution, Unmatched

MOST_CHANGES_FOR = 60
COLUMNS = 20


@dataclass(frozen=True, slots=True)
class Row:
    mentee: Named
    mentor: Named
    percent: int
    reasons: tuple[str, ...]


def label(key: str) -> str:
    """A key as people know it; what the taxonomy does not know names itself."""
    kind, _colon, bare = key.rpartition(":")
    for among in ("service_areas", "competencies", "languages", "channels"):
        name = taxonomy.name_of(bare, among=among)
        if name != bare:
            return name if among in ("languages", "channels") else name[:1].lower() + name[1:]
    return words.plain(bare or kind)


def short(pair: Pair) -> str:
    return "; ".join(words.reasons(pair, "coordinator", label, most=3))


def proof(solution: Solution) -> str:
    if solution.gap <= 1e-9 or solution.status in ("optimal", "searched"):
        return "Nothing better is possible within the rules (proven)."
    return f"Within {max(solution.gap * 100, 0.001):.3f} % of the best possible (proven)."


def page(
    prepared: Prepared, solution: Solution, known: dict[str, Named], sources: Sequence[Source], today: dt.date
) -> str:
    """The whole report as HTML."""
    rows = [
        Row(
            known[pair.mentee_id],
            known[pair.mentor_id],
            round(pair.score * 100),
            words.reasons(pair, "coordinator", label),
        )
        for pair in sorted(solution.pairs, key=lambda one: (known[one.mentee_id].name, one.mentee_id))
    ]
    mentees = [one for one in solution.unmatched if one.role == "mentee"]
    context = {
        "today": today,
        "files": [source.filename for source in sources],
        "solution": solution,
        "proof": proof(solution),
        "figures": _figures(solution, len(mentees)),
        "rows": rows,
        "worst": min(rows, key=lambda row: row.percent, default=None),
        "bars": _bars(solution),
        "without": [_without(prepared, solution, one, known, n) for n, one in enumerate(mentees)],
        "spare": [known[one.person_id] for one in solution.unmatched if one.role == "mentor"],
        "recruits": [_recruit(one) for one in pairing.recruiting_list(prepared, solution)],
        "problems": [(source.filename, source.errors) for source in sources if source.errors],
        "unread": [(source.filename, found) for source in sources if (found := not_understood(source))],
    }
    engine = Engine(dirs=[str(Path(__file__).parent)], libraries={}, autoescape=True)
    return str(engine.get_template("report.html").render(Context(context)))


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that was written and not understood, in so many lines."""

    sentence: str
    lines: str


def not_understood(source: Source) -> list[Unread]:
    """What the matching could not use, each once with the lines where it stands; nothing was guessed for it."""
    lines: dict[str, list[int]] = {}
    for problem in source.problems:
        if problem.severity == WARNING:
            lines.setdefault(f"{problem.message} {problem.remedy}".strip(), []).append(problem.line or 0)
    return [Unread(text, _lines(sorted(set(found) - {0}))) for text, found in lines.items()]


def _lines(numbers: list[int], most: int = 8) -> str:
    if not numbers:
        return ""
    shown = ", ".join(str(number) for number in numbers[:most])
    more = len(numbers) - most
    return f"{'Line' if len(numbers) == 1 else 'Lines'} {shown}" + (f" and {more} more" if more > 0 else "")


def _figures(solution: Solution, without: int) -> list[tuple[str, str]]:
    return [
        ("Pairs", str(solution.placed)),
        ("Mentees without", str(without)),
        ("Fit overall", f"{solution.mean:.0%}"),
        ("Weakest pair", f"{solution.worst:.0%}"),
        ("Across organisations", f"{solution.cross_share:.0%}"),
    ]


def _bars(solution: Solution) -> list[dict[str, Any]]:
    """How many pairs fit how well, in twenty columns from 0 to 100."""
    counts = [0] * COLUMNS
    for pair in solution.pairs:
        counts[min(int(pair.score * COLUMNS), COLUMNS - 1)] += 1
    tallest = max(counts) or 1
    return [
        {
            "x": place * 36,
            "height": round(90 * count / tallest, 1),
            "y": round(90 - 90 * count / tallest, 1),
            "count": count,
            "middle": place * 36 + 16,
            "above": round(86 - 90 * count / tallest, 1),
            "low": place * 5,
            "high": place * 5 + 5,
        }
        for place, count in enumerate(counts)
    ]


def _without(
    prepared: Prepared, solution: Solution, one: Unmatched, known: dict[str, Named], number: int
) -> dict[str, Any]:
    changes = pairing.cheapest_changes(prepared, solution, one.person_id, limit=3) if number < MOST_CHANGES_FOR else ()
    return {
        "person": known[one.person_id],
        "why": _why(one),
        "changes": [
            f"{words.change(change, label)}: matched with {' and '.join(change.matched_with)}" for change in changes
        ],
        "looked": number < MOST_CHANGES_FOR,
    }


def _why(one: Unmatched) -> str:
    if one.reason == "no_places":
        mentors = "One mentor" if one.possible == 1 else f"{one.possible} mentors"
        return f"{mentors} would be possible, but all places went to others."
    if one.reason == "nobody_possible" and one.obstacles:
        most = sorted(one.obstacles.items(), key=lambda item: -item[1])[:3]
        return "Nobody is possible: " + ", ".join(f"{words.plain(key)} ({times})" for key, times in most) + "."
    return {"limits": "A limit on places stands in the way."}.get(one.reason, "Nobody is there to match with.")


def _recruit(one: Recruit) -> dict[str, Any]:
    return {
        "what": label(one.key),
        "level": ladder.name_of(one.level) if one.level else "",
        "placed": one.placed,
        "points": round(one.total * 100),
        "wanted_by": len(one.wanted_by),
    }
