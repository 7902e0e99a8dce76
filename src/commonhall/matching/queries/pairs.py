"""One pair, for the coordinator: why, why not, and everybody else whom either of the two could have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonhall.core.errors import Conflict
from commonhall.matching import words
from commonhall.matching.models import Round, Run, Scenario
from commonhall.matching.queries import rounds
from commonhall.matching.queries.rounds import Card, Moved, People
from commonhall.programmes.models import Enrolment

ALTERNATIVES = 5
NAMED = 3


def page(round: Round, scenario: Scenario, mentee: Enrolment, mentor: Enrolment) -> dict[str, Any]:
    run = rounds.latest_run(scenario)
    if run is None:
        raise Conflict(_("This plan has not been worked out yet."))
    known = rounds.people(round.programme)
    taking_part = {one["person_id"] for one in run.result["unmatched"]} | {
        pk for p in run.result["pairs"] for pk in p[:2]
    }
    context = {
        "round": round,
        "programme": round.programme,
        "scenario": scenario,
        "run": run,
        "mentee": mentee,
        "mentor": mentor,
        "known": known,
        "edit": scenario.edits.filter(mentee=mentee, mentor=mentor).select_related("by").first(),
        "absent": [one for one in (mentee, mentor) if str(one.pk) not in taking_part],
        "choices": [],
    }
    if context["absent"]:
        return context
    answer = _stored if rounds.is_large_run(run) else _answer
    return context | answer(run, known, mentee, mentor)


def _stored(run: Run, known: People, mentee: Enrolment, mentor: Enrolment) -> dict[str, Any]:
    """In a large round only what is kept of its pairs: nothing is worked out while somebody waits."""
    key = (str(mentee.pk), str(mentor.pk))
    scores = {(pair[0], pair[1]): pair[2] for pair in run.result["pairs"]}
    return {
        "is_large": True,
        "found": {"status": "paired"} if key in scores else {},
        "percent": round_percent(scores.get(key, 0.0)),
        "reasons": words.reasons(rounds.reasons_of(run).get(":".join(key), ()), "coordinator"),
        "can_lock": True,
    }


def _answer(run: Run, known: People, mentee: Enrolment, mentor: Enrolment) -> dict[str, Any]:
    found = rounds.pair(run, mentee, mentor)
    closed = run.result.get("closed", {}).get(f"{mentee.pk}:{mentor.pk}", "")
    options = rounds.options(run, str(mentee.pk))
    now = [other for one, other in rounds.pairs_of(run) if one == str(mentee.pk)]
    others = rounds.alternatives(run, mentee, mentor, ALTERNATIVES)
    paired = set(rounds.pairs_of(run))
    return {
        "found": found,
        "percent": round_percent(found["score"]),
        "reasons": words.reasons(found["reasons"], "coordinator"),
        "obstacles": words.obstacles(found["obstacles"], mentee.user.name, mentor.user.name, closed),
        "can_lock": _can_lock(found, closed),
        "cost": cost(found, run.result["total"], run.result["worst"]),
        "moves": _moves(found, known),
        "now_with": [known[pk] for pk in now],
        "for_mentee": [_other(row, known, (str(mentee.pk), row[0]), paired) for row in others["mentee"]],
        "for_mentor": [_other(row, known, (row[0], str(mentor.pk)), paired) for row in others["mentor"]],
        "points": number_format(round_percent(run.result["total"]), force_grouping=True),
        "choices": sorted(((pk, _choice(known[pk])) for pk, *_rest in options), key=lambda choice: choice[1]),
    }


def round_percent(score: float) -> int:
    return round(score * 100)


def _choice(card: Card) -> str:
    return f"{card.name} ({card.organisation})"


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else for one of the two: what choosing them would cost, and who else would have another mentor.

    `price` is empty where it has not been worked out.
    """

    person: Card
    pair: tuple[str, str]
    percent: int
    is_now: bool
    is_free: bool
    price: str
    moves: str


def _other(row: list[Any], known: People, pair: tuple[str, str], paired: set[tuple[str, str]]) -> Other:
    pk, score, left, found = row
    return Other(
        known[pk],
        pair,
        round_percent(score),
        pair in paired,
        left > 0,
        price(found) if found and pair not in paired else "",
        _others_who_move(found, known, pair[0]) if found else "",
    )


def price(found: Mapping[str, Any]) -> str:
    """The exact cost of choosing a pair for the whole plan, in a few words."""
    if found["status"] != "possible":
        return _("Not possible with what you have decided by hand")
    fewer, points = found["cost_placed"], f"{abs(found['cost_total']) * 100:.1f}"
    parts = []
    if fewer > 0:
        parts.append(ngettext("%(n)d pair fewer", "%(n)d pairs fewer", fewer) % {"n": fewer})
    if points != "0.0":
        way = _("%(n)s points less") if found["cost_total"] > 0 else _("%(n)s points more")
        parts.append(way % {"n": points})
    return ", ".join(parts) or _("Nothing")


def _others_who_move(found: Mapping[str, Any], known: People, mentee: str) -> str:
    names = sorted(known[one].name for one, _before, _after in found["moves"] if one != mentee)
    if len(names) > NAMED:
        return ngettext("%(n)d other mentee", "%(n)d other mentees", len(names)) % {"n": len(names)}
    return words.listed(names) or _("Nobody")


def _can_lock(found: dict[str, Any], closed: str) -> bool:
    """Only what has been between them before may be overruled; a rule or somebody's confidence may not."""
    against = {key for key, _evidence in found["obstacles"]}
    overruled = against == {"forbidden_by_coordinator"} and closed in ("before", "declined")
    return found["status"] != "impossible" or overruled


def cost(found: dict[str, Any], of_total: float, of_worst: float) -> list[str]:
    """What it would take to make them a pair, exactly, against the round's total and its weakest pair."""
    if found["status"] != "possible":
        return []
    texts = []
    fewer, total, worst = found["cost_placed"], found["cost_total"], found["cost_worst"]
    if fewer > 0:
        texts.append(
            ngettext("%(n)d pair fewer in the round.", "%(n)d pairs fewer in the round.", fewer) % {"n": fewer}
        )
    if fewer < 0:
        texts.append(
            ngettext("%(n)d pair more in the round.", "%(n)d pairs more in the round.", -fewer) % {"n": -fewer}
        )
    if round_percent(abs(total)):
        way = (
            _("The fit of all pairs together falls by %(n)s of %(all)s points.")
            if total > 0
            else _("The fit of all pairs together rises by %(n)s on %(all)s points.")
        )
        points = number_format(round_percent(of_total), force_grouping=True)
        texts.append(way % {"n": f"{abs(total) * 100:.1f}", "all": points})
    if worst > 0.005:
        values = {"before": words.fit(of_worst), "after": words.fit(of_worst - worst)}
        texts.append(_("The weakest pair falls from %(before)s to %(after)s.") % values)
    return texts or [_("Nothing: the round would be as good.")]


def _moves(found: dict[str, Any], known: People) -> list[Moved]:
    moved = [
        Moved(known[one], tuple(known[pk] for pk in before), tuple(known[pk] for pk in after))
        for one, before, after in found["moves"]
    ]
    return sorted(moved, key=lambda move: move.mentee.name)


def matched_words(run: Run, person: str) -> str:
    """After a change was taken up: with whom the person is matched now."""
    known = rounds.people(run.scenario.round.programme)
    names = words.listed(known[other].name for one, other in rounds.pairs_of(run) if one == person)
    if not names:
        return _("Matched again. %(name)s still goes without.") % {"name": known[person].name}
    return _("%(name)s is matched with %(mentor)s.") % {"name": known[person].name, "mentor": names}
