"""The coordinator's workspace: one plan, what it is made of, and how it differs from the one that is saved."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from commonhall.matching import aims, words
from commonhall.matching.models import Run, Scenario
from commonhall.matching.queries import rounds
from commonhall.matching.queries.rounds import Card, Moved, People

COLUMNS, HEIGHT = 40, 96


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    figure: str
    note: str = ""
    change: str = ""
    better: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    mentee: Card
    mentor: Card
    score: float
    told: list[list[Any]]
    locked: bool
    is_new: bool

    @property
    def percent(self) -> int:
        return round(self.score * 100)

    @property
    def why(self) -> str:
        """Put into words only for the rows that a page shows."""
        return words.short(self.told)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is drawn: nothing but what stands in it, its reasons as they were told."""

    mentee: str
    mentee_works_at: str
    mentor: str
    mentor_works_at: str
    percent: int
    told: str
    locked: bool
    is_new: bool
    address: str

    @property
    def why(self) -> str:
        return words.short(json.loads(self.told))


def lines(rows: Iterable[Row], address: str, scenario: int) -> list[Line]:
    """`address` is the page of the mentee 0 and the mentor 1, whose numbers each line has in their place."""
    return [_line(row, address, scenario) for row in rows]


def _line(row: Row, address: str, scenario: int) -> Line:
    mentee, mentor = row.mentee, row.mentor
    is_somebody = bool(mentor.organisation) and not mentor.pk.startswith("new-")
    there = address.replace("/0/1/", f"/{mentee.pk}/{mentor.pk}/") + f"?scenario={scenario}" if is_somebody else ""
    names = (mentee.name, mentee.organisation, mentor.name, mentor.organisation)
    return Line(*names, row.percent, json.dumps(row.told), row.locked, row.is_new, there)


@dataclass(frozen=True, slots=True)
class Bar:
    """Lengths across are per cent, those down are pixels; strings, so that no language puts a comma into them."""

    x: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Pairs counted by their fit, from `low` to 100 per cent; `worst` is where the weakest stands.

    `former` are the pairs that there were, under the same weights: for a trial alone.
    """

    low: int
    bars: list[Bar]
    former: list[Bar]
    worst: str
    rows: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Plan:
    """An outcome as a page shows it. `moves` is against the saved run and empty when this is the saved run."""

    figures: list[Figure]
    rows: list[Row]
    moves: list[Moved]
    chart: Spread
    worst: Row | None
    proof: str
    costs: list[str]
    crossing: list[Figure]
    without: list[Card]
    spare: list[Card]
    is_trial: bool

    @property
    def gained(self) -> list[Moved]:
        return [move for move in self.moves if not move.before]

    @property
    def lost(self) -> list[Moved]:
        return [move for move in self.moves if not move.after]

    @property
    def changed(self) -> list[Moved]:
        return [move for move in self.moves if move.before and move.after]


def plan(
    outcome: Mapping[str, Any],
    known: People,
    saved: Mapping[str, Any] | None = None,
    rules: Mapping[str, Any] = MappingProxyType({}),
) -> Plan:
    """`saved` is given for a trial, to say what would change; `rules` are those under which it was made."""
    before = {(pair[0], pair[1]) for pair in saved["pairs"]} if saved else None
    rows = [
        Row(
            known[one],
            known[other],
            score,
            told,
            locked,
            before is not None and (one, other) not in before,
        )
        for one, other, score, locked, told in outcome["pairs"]
    ]
    rows.sort(key=lambda row: (row.score, row.mentee.name))
    return Plan(
        figures=figures(outcome, saved),
        rows=rows,
        moves=rounds.moves(saved, outcome, known) if saved else [],
        chart=_chart([row.score for row in rows], outcome.get("before", {}).get("fits", ()) if saved else ()),
        worst=rows[0] if rows else None,
        proof=words.certificate(outcome["gap"], outcome["status"], outcome["objective"]),
        costs=aims.costs(outcome.get("costs", {})),
        crossing=[
            Figure(label, words.fit(reached), _("at least %(share)s asked") % {"share": words.fit(asked)})
            for label, reached, asked in aims.crossing(outcome.get("shares", {}), rules)
        ],
        without=_names(outcome, "mentee", known),
        spare=_names(outcome, "mentor", known),
        is_trial=saved is not None,
    )


def figures(outcome: Mapping[str, Any], saved: Mapping[str, Any] | None = None) -> list[Figure]:
    """Pairs, fit, the weakest pair, pairs across councils; with the difference from what is saved.

    Fit is compared under one set of weights: the saved pairs are judged by those that are tried.
    """
    old = {**(saved or outcome), **outcome.get("before", {})}
    had = _("the pairs you had: %(fit)s") % {"fit": words.fit(old["mean"])} if saved else _("mean of all pairs")
    mentees = outcome["placed"] + len(rounds.unmatched(outcome, "mentee"))
    return [
        Figure(
            _("Pairs"),
            str(outcome["placed"]),
            _("of %(n)d mentees") % {"n": mentees},
            *_delta(outcome["placed"] - old["placed"]),
        ),
        Figure(_("Fit overall"), words.fit(outcome["mean"]), had, *_points(outcome, old, "mean")),
        Figure(_("Weakest pair"), words.fit(outcome["worst"]), "", *_points(outcome, old, "worst")),
        Figure(_("Across councils"), words.fit(outcome["cross_share"]), "", *_points(outcome, old, "cross_share")),
    ]


def _delta(difference: int) -> tuple[str, bool]:
    return (f"{difference:+d}".replace("-", "−") if difference else "", difference >= 0)


def _points(outcome: Mapping[str, Any], old: Mapping[str, Any], name: str) -> tuple[str, bool]:
    difference = round(outcome[name] * 100) - round(old[name] * 100)
    return _delta(difference)


def _chart(scores: Sequence[float], former: Sequence[float] = ()) -> Spread:
    """How the pairs' fit is spread, on the stretch of the scale where they lie."""
    low = min((int(score * 10) for score in (*scores, *former)), default=0) * 10
    width = (100 - low) / COLUMNS
    now, then = (Counter(_column(score, low, width) for score in some) for some in (scores, former))
    tallest = max((*now.values(), *then.values()), default=1)
    worst = f"{100 * (_column(min(scores), low, width) + 0.5) / COLUMNS:.2f}" if scores else "0"
    rows = [
        (words.percent(low + place * width, low + (place + 1) * width), then[place], now[place])
        for place in range(COLUMNS)
        if now[place] or then[place]
    ]
    return Spread(low, _bars(now, tallest), _bars(then, tallest), worst, rows)


def _bars(counts: Mapping[int, int], tallest: int) -> list[Bar]:
    sizes = ((place, HEIGHT * count / tallest) for place, count in sorted(counts.items()))
    return [Bar(f"{100 * place / COLUMNS:.2f}", f"{HEIGHT - size:.1f}", f"{size:.1f}") for place, size in sizes]


def _column(score: float, low: int, width: float) -> int:
    return min(max(int((score * 100 - low) / width), 0), COLUMNS - 1)


def _names(outcome: Mapping[str, Any], role: str, known: People) -> list[Card]:
    return sorted((known[one["person_id"]] for one in rounds.unmatched(outcome, role)), key=lambda card: card.name)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two plans side by side."""

    first: list[Figure]
    second: list[Figure]
    moves: list[Moved]
    kept: int
    same_weights: bool
    rows: list[tuple[str, str, str]]

    @property
    def groups(self) -> list[tuple[str, list[Moved]]]:
        """Whose match differs, in what way."""
        found = (
            ("second", [move for move in self.moves if not move.before]),
            ("first", [move for move in self.moves if not move.after]),
            ("both", [move for move in self.moves if move.before and move.after]),
        )
        return [(which, moves) for which, moves in found if moves]


def compare(first: Run, second: Run, known: People) -> Compared:
    one, other = figures(first.result), figures(second.result)
    kept = set(rounds.pairs_of(first)) & set(rounds.pairs_of(second))
    return Compared(
        one,
        other,
        rounds.moves(first.result, second.result, known),
        len(kept),
        first.scenario.weights == second.scenario.weights,
        [
            (_("What matters most"), _aim(first), _aim(second)),
            *((a.label, a.figure, b.figure) for a, b in zip(one, other, strict=True)),
            *_shares(first.result, second.result),
            *_costs(first.result, second.result),
        ],
    )


def _aim(run: Run) -> str:
    return str(Scenario.Objective(run.result.get("objective", "total")).label)


def _shares(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The borders beside the councils'; runs from before have not counted them."""
    one, other = first.get("shares"), second.get("shares")
    if not one or not other:
        return []
    names = [name for name in aims.SHARES if name != "organisation"]
    return [(str(aims.SHARES[name]), words.fit(one[name]), words.fit(other[name])) for name in names]


def _costs(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    one, other = (" ".join(aims.costs(result.get("costs", {}))) for result in (first, second))
    return [(_("What the choices cost"), one or "–", other or "–")] if one or other else []


def sorted_rows(rows: Iterable[Row], key: str, descending: bool) -> list[Row]:
    """Pairs in the order that a page asks for; names break ties."""
    by = {
        "fit": lambda row: (row.score, row.mentee.name),
        "mentee": lambda row: (row.mentee.name, row.score),
        "mentor": lambda row: (row.mentor.name, row.score),
    }
    return sorted(rows, key=by[key], reverse=descending)
