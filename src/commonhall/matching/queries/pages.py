"""What each of the coordinator's pages needs, fetched in a number of queries that does not depend on how many people
there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.errors import Refused
from commonhall.matching import aims, remedies, words
from commonhall.matching.models import Proposal, Round, Run, Scenario, Solving
from commonhall.matching.queries import promises, rounds
from commonhall.matching.queries import workspace as plans
from commonhall.matching.queries.rounds import Card, People
from commonhall.matching.solver import NotPossible
from commonhall.organisations.models import Organisation
from commonhall.programmes.models import Programme

REMEDIES_A_PAGE = 12


def workspace(round: Round, scenario: Scenario, known: People, tried: Mapping[str, Any] | None) -> dict[str, Any]:
    """The workspace with the saved plan, or with what other settings would give."""
    programme, run = round.programme, rounds.latest_run(scenario)
    page = frame(round, scenario, run) | {"edits": list(rounds.edits_of(scenario)), "known": known, "plan": None}
    page |= progress(round, run)
    if run is None:
        return page | {"problem": _("This plan has not been worked out yet.")}
    page["assumptions"] = assumptions(scenario, known, programme)
    page["newcomers"] = rounds.newcomers(run, programme)
    page["left_out"] = words.left_out(code for card, code in left_out(run, known) if card.role == "mentee")
    if tried is None or page["is_large"]:
        return page | {"plan": plans.plan(run.result, known, rules=scenario.rules)}
    return page | _tried(run, tried, known, programme)


def _tried(run: Run, tried: Mapping[str, Any], known: People, programme: Programme) -> dict[str, Any]:
    try:
        outcome = rounds.trial(run, {**tried, "cover": _in_order_of_need(tried, programme)})
    except NotPossible as refusal:
        reason = rounds.with_names(str(refusal.reason), programme)
        return {"plan": plans.plan(run.result, known), "problem": reason}
    except Refused as refusal:
        return {"plan": plans.plan(run.result, known), "problem": refusal.reason}
    return {"plan": plans.plan(outcome, known, run.result, tried["rules"])}


def _in_order_of_need(tried: Mapping[str, Any], programme: Programme) -> Sequence[str]:
    if tried["objective"] != Scenario.Objective.COVER:
        return ()
    return aims.covered(tried["cover"], aims.waiting(programme))


def frame(round: Round, scenario: Scenario, run: Run | None) -> dict[str, Any]:
    """What every page of a round shows around its own."""
    result = run.result if run else {"unmatched": [], "placed": 0, "pairs": []}
    return {
        "round": round,
        "programme": round.programme,
        "scenario": scenario,
        "scenarios": list(round.scenarios.all()),
        "run": run,
        "without_count": len(rounds.unmatched(result, "mentee")),
        "pair_count": len(result["pairs"]),
        "has_questions": bool(scenario.assumptions),
        "is_large": run is not None and rounds.is_large_run(run),
    }


def progress(round: Round, run: Run | None, seen: str = "") -> dict[str, Any]:
    """Work in the background: under way, ended without a plan, or done since somebody has `seen` a run."""
    solving = rounds.newest_solving(round)
    if solving is None or solving.is_live:
        is_told = solving is not None
    elif solving.state == solving.State.DONE:
        is_told = run is not None and seen not in ("", str(run.pk))
    else:
        is_told = run is None or (solving.ended_at or run.at) > run.at
    return {"round": round, "solving": solving if is_told else None}


def said(done: Run | Scenario | Solving, text: str) -> str:
    """What a coordinator is told after an act: that it is done, or that it is under way."""
    is_later = isinstance(done, Solving)
    return _("So many people are matched in the background. You can go on meanwhile.") if is_later else text


def in_order(plan: plans.Plan | None, key: str, descending: bool) -> list[plans.Row]:
    return plans.sorted_rows(plan.rows, key, descending) if plan else []


def place(programme: Programme, known: People) -> remedies.Place:
    names = {str(o.pk): o.label for o in Organisation.objects.filter(pool_members__pool=programme.pool_id)}
    return remedies.Place(known, names, programme.kick_off_on or clock.today())


def assumptions(scenario: Scenario, known: People, programme: Programme) -> list[dict[str, Any]]:
    """Changes that still need somebody's yes, in words."""
    if not scenario.assumptions:
        return []
    where = place(programme, known)
    return [
        {"number": number, "text": remedies.text(one, where), "asks": remedies.asks(one, where), "kind": one["kind"]}
        for number, one in enumerate(scenario.assumptions)
    ]


def left_out(run: Run, known: People) -> list[tuple[Card, Any]]:
    from_run = run.result.get("left_out", {})
    return sorted(((known[pk], code) for pk, code in from_run.items()), key=lambda one: one[0].name)


def without(round: Round, scenario: Scenario, asked: str) -> dict[str, Any]:
    """Mentees without a match, a page of them with what would match each; and mentors who are free."""
    run, known = rounds.latest_run(scenario), rounds.people(round.programme)
    page = frame(round, scenario, run) | {"known": known, "mentees": [], "mentors": [], "left_out": []}
    if run is None:
        return page
    waiting = sorted(rounds.unmatched(run.result, "mentee"), key=lambda one: known[one["person_id"]].name)
    shown = Paginator(waiting, REMEDIES_A_PAGE).get_page(asked)
    tries = round.is_open and not page["is_large"]
    changes = rounds.changes(run, [one["person_id"] for one in shown]) if tries else {}
    where = place(round.programme, known)
    page["page"] = shown
    page["mentees"] = [
        {
            "person": known[one["person_id"]],
            "why": words.without(one),
            "remedies": remedies.remedies(changes.get(one["person_id"], ()), where, run.result["placed"]),
        }
        for one in shown
    ]
    page["rules"] = remedies.for_several((one["person"].pk, one["remedies"]) for one in page["mentees"])
    said = {remedy.text for _person, remedy in page["rules"]}
    for one in page["mentees"]:
        one["has_rule"] = any(remedy.text in said for remedy in one["remedies"])
        one["remedies"] = [remedy for remedy in one["remedies"] if remedy.text not in said]
    free = sorted(rounds.unmatched(run.result, "mentor"), key=lambda one: known[one["person_id"]].name)
    page["mentors"] = [{"person": known[one["person_id"]], "why": words.without(one)} for one in free]
    page["left_out"] = [(card, words.LEFT_OUT.get(code, code)) for card, code in left_out(run, known)]
    return page


def recruiting(round: Round, scenario: Scenario, user: User) -> dict[str, Any]:
    """Mentors to look for, with what each of them would bring; their days as this person's clock has them."""
    run, known = rounds.latest_run(scenario), rounds.people(round.programme)
    page = frame(round, scenario, run) | {"recruits": []}
    if run is None or page["is_large"]:
        return page
    page["recruits"] = [
        {
            "title": words.capital(words.name_of(one["kind"], one["key"])),
            "who": words.capital(remedies.beside_offers(one["person"])),
            "days": remedies.days(one["hours"], user.time_zone, clock.today()),
            "placed": one["placed"],
            "fit": round_half(one["total"]),
            "wanted_by": [known[pk] for pk in one["wanted_by"]],
        }
        for one in rounds.recruiting(run)
    ]
    return page


def round_half(total: float) -> int:
    return int(total * 100 + 0.5)


def comparison(round: Round, first: str, second: str) -> dict[str, Any]:
    scenarios = list(round.scenarios.all())
    by_pk = {str(scenario.pk): scenario for scenario in scenarios}
    one = by_pk.get(first, scenarios[0])
    other = by_pk.get(second) or next((s for s in reversed(scenarios) if s != one), None)
    page: dict[str, Any] = frame(round, one, rounds.latest_run(one)) | {
        "first": one,
        "second": other,
        "compared": None,
    }
    if other is None:
        return page
    runs = rounds.latest_run(one), rounds.latest_run(other)
    if all(runs):
        page["compared"] = plans.compare(*runs, rounds.people(round.programme))  # type: ignore[arg-type]
        page["second_run"] = runs[1]
    return page


def publication(round: Round, asked: str) -> dict[str, Any]:
    """What publishing a plan would do."""
    scenario = round.published_run.scenario if round.published_run else rounds.scenario_of(round, asked)
    run = rounds.latest_run(scenario)
    known = rounds.people(round.programme)
    page = frame(round, scenario, run)
    page["questions"] = assumptions(scenario, known, round.programme) if round.is_open else []
    page["new_mentors"] = [pair for pair in (run.result["pairs"] if run else ()) if pair[1].startswith(rounds.NEW)]
    page["weak"] = plans.plan(run.result, known).rows[:5] if run else []
    page["left"] = [known[one["person_id"]] for one in rounds.unmatched(run.result, "mentee")] if run else []
    return page


ANSWER = ("state", "origin", "answer_by", "mentee_accepted_at", "mentor_accepted_at", "closed_at", "round")
NAMES = ("user__name", "organisation__name", "organisation__short_name")
STATES = {
    "waiting": (Proposal.State.OFFERED, Proposal.State.PREPARED),
    "accepted": (Proposal.State.ACCEPTED,),
    "over": (Proposal.State.DECLINED, Proposal.State.LAPSED, Proposal.State.WITHDRAWN),
}


# What waits for the coordinator herself, in whatever round of the programme.
NEEDS = {
    "next": lambda programme: promises.next_waiting().filter(programme=programme),
    "free": lambda programme: promises.last_words_of(promises.freed_mentees().filter(programme=programme)),
}


def answers(round: Round, user: User, state: str) -> dict[str, Any]:
    """The matches of a round with their answers; those that wait come first."""
    people = [f"{side}__{what}" for side in ("mentee", "mentor") for what in ("user", "organisation")]
    names = [f"{side}__{what}" for side in ("mentee", "mentor") for what in NAMES]
    proposals: QuerySet[Proposal] = round.proposals.select_related(*people).only(*ANSWER, *names)
    counts = dict.fromkeys(STATES, 0)
    half = 0
    for row in round.proposals.values_list("state", "mentee_accepted_at", "mentor_accepted_at"):
        counts[next(name for name, states in STATES.items() if row[0] in states)] += 1
        half += row[0] == Proposal.State.OFFERED and bool(row[1] or row[2])
    chosen = state if state in (*STATES, *NEEDS) else ""
    if chosen in NEEDS:
        proposals = NEEDS[chosen](round.programme).select_related(*people).only(*ANSWER, *names)
    elif chosen:
        proposals = proposals.filter(state__in=STATES[chosen])
    scenario = round.published_run.scenario if round.published_run else rounds.scenario_of(round)
    return frame(round, scenario, round.published_run) | {
        "proposals": proposals.order_by(F("closed_at").asc(nulls_first=True), "pk"),
        "counts": counts,
        "half": half,
        "total": sum(counts.values()),
        "state": chosen,
    }


def news(round: Round, seen: str, user: User) -> dict[str, Any]:
    """The newest work on the round, if it is not what this page shows and not this person's own."""
    newest = (
        Run.objects.filter(scenario__round=round)
        .defer("inputs", "reasons", "result")
        .select_related("by", "scenario")
        .first()
    )
    is_news = newest is not None and str(newest.pk) != seen and newest.by_id != user.pk
    return {"round": round, "newest": newest if is_news else None}
