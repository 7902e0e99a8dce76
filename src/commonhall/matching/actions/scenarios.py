"""A coordinator's afternoon: solve a round, move weights, keep or rule out pairs, take up a change, try another way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock, text
from commonhall.core.errors import Conflict
from commonhall.core.verdicts import require
from commonhall.history import actions as history
from commonhall.live.actions import ring
from commonhall.matching import inputs, words
from commonhall.matching.actions import rounds, texts
from commonhall.matching.models import Edit, Round, Run, Scenario
from commonhall.matching.plain import pack, to_plain
from commonhall.matching.queries import rounds as queries
from commonhall.matching.queries.promises import one_way_words
from commonhall.matching.rules import can_begin_round, can_change_round
from commonhall.matching.solver import NotPossible, at_hand, shared
from commonhall.programmes.models import Enrolment, Programme

# Changes that are a rule of the scenario, by the rule that they set; all others but the coordinator's own decisions
# wait for a person's yes, and are kept as assumptions.
RULES = {
    "fewer_shared_minutes": "min_shared_minutes",
    "more_mentees_each": "max_mentees",
    "widen_seniority": "seniority",
    "lower_cross_share": "cross_organisation_share",
    "lower_cross_region_share": "cross_region_share",
    "lower_cross_country_share": "cross_country_share",
    "lower_cross_service_share": "cross_service_share",
    "smaller_circles": "min_mentees",
    "allow_same_organisation": "same_organisation_allowed",
}


class Told:
    """What a coordinator decided, as the history has it: identifiers and codes."""

    def __init__(self, verb: str, **details: Any) -> None:
        self.verb, self.details = verb, details


@dataclass(frozen=True, slots=True)
class Solution:
    given: inputs.Inputs
    answer: dict[str, Any]


def begin(programme: Programme, *, by: User, name: str) -> Round:
    """A new round with its first plan worked out; nothing is begun where that fails."""
    require(can_begin_round(by, programme))
    solution = _worked_out(Scenario(round=Round(programme=programme), **rounds.first_plan(programme)), [])
    with transaction.atomic():
        round = rounds.begin(programme, by=by, name=name)
        _save(round.scenarios.get(), solution, None, by=by)
    return round


def solve(scenario: Scenario, *, by: User) -> Run:
    """Match everybody who waits, as things stand now."""
    require(can_change_round(by, scenario.round))
    return _solve(scenario, by=by)


def keep(
    scenario: Scenario,
    *,
    by: User,
    weights: Mapping[str, float],
    rules: Mapping[str, Any],
    objective: str,
    cover: str = "",
) -> Run:
    """Make what was tried the scenario's own, and solve it."""
    require(can_change_round(by, scenario.round))
    scenario.weights = {name: float(weight) for name, weight in weights.items()}
    scenario.rules, scenario.objective, scenario.cover = {**scenario.rules, **rules}, objective, cover
    told = Told("round.weighed", scenario=scenario.pk)
    return _solve(scenario, by=by, changed=("weights", "rules", "objective", "cover"), told=told)


def fix(scenario: Scenario, *, by: User, kind: str, mentee: Enrolment, mentor: Enrolment, reason: str) -> Run:
    """Keep two people together, or apart, and solve again. `NotPossible` in words when that cannot be."""
    require(can_change_round(by, scenario.round))
    edits = [edit for edit in scenario.edits.all() if (edit.mentee_id, edit.mentor_id) != (mentee.pk, mentor.pk)]
    edit = Edit(
        scenario=scenario, kind=Edit.Kind(kind), mentee=mentee, mentor=mentor, reason=text.line(reason)[:200], by=by
    )
    if kind == Edit.Kind.LOCK:
        _require_possible(scenario, mentee, mentor)
    told = Told("round.edited", scenario=scenario.pk, kind=kind, mentee=mentee.pk, mentor=mentor.pk)
    return _solve(scenario, by=by, edits=[*edits, edit], told=told)


def lift(edit: Edit, *, by: User) -> Run:
    """Take back one's own decision about a pair."""
    scenario = edit.scenario
    require(can_change_round(by, scenario.round))
    told = Told("round.lifted", scenario=scenario.pk, kind=edit.kind, mentee=edit.mentee_id, mentor=edit.mentor_id)
    others = [other for other in scenario.edits.all() if other.pk != edit.pk]
    return _solve(scenario, by=by, edits=others, told=told)


def take_up(run: Run, *, by: User, person: str, number: int) -> Run:
    """Apply one of the changes that were listed for somebody without a match, and solve again."""
    scenario = run.scenario
    require(can_change_round(by, scenario.round))
    if queries.latest_run(scenario) != run:
        raise Conflict(_("This round has been worked on since. Look at the list again."))
    offered = queries.changes(run, [person])[person]
    if not 0 <= number < len(offered):
        raise Conflict(_("This change is not on offer any more. Look at the list again."))
    edits, changed = list(scenario.edits.all()), ("rules", "assumptions")
    for change in (offered[number], *offered[number].get("also", ())):
        _take_up(scenario, edits, {name: value for name, value in change.items() if name != "also"})
    told = Told("round.change_taken_up", scenario=scenario.pk, kind=offered[number]["kind"], mentee=int(person))
    return _solve(scenario, by=by, edits=edits, changed=changed, told=told)


def drop(scenario: Scenario, *, by: User, number: int) -> Run:
    """Take back a change that waits for somebody's yes."""
    require(can_change_round(by, scenario.round))
    if not 0 <= number < len(scenario.assumptions):
        raise Conflict(_("This has been taken back already."))
    told = Told("round.change_dropped", scenario=scenario.pk, kind=scenario.assumptions[number]["kind"])
    scenario.assumptions = [one for place, one in enumerate(scenario.assumptions) if place != number]
    return _solve(scenario, by=by, changed=("assumptions",), told=told)


def copy(scenario: Scenario, *, by: User, name: str) -> Scenario:
    """Another way of matching the same people, to compare with this one."""
    require(can_change_round(by, scenario.round))
    other = Scenario(
        round=scenario.round, name=text.line(name)[:80], rules=scenario.rules, weights=scenario.weights,
        objective=scenario.objective, cover=scenario.cover, assumptions=scenario.assumptions,
    )  # fmt: skip
    edits = [
        Edit(scenario=other, kind=e.kind, mentee_id=e.mentee_id, mentor_id=e.mentor_id, reason=e.reason,
             by_id=e.by_id, at=e.at)
        for e in scenario.edits.all()
    ]  # fmt: skip
    solution = _worked_out(other, edits)
    try:
        with transaction.atomic():
            require(can_change_round(by, _held(scenario.round)))
            at_hand().confirm()
            other.save()
            Edit.objects.bulk_create(edits)
            told = Told("round.plan_copied", scenario=other.pk, source=scenario.pk)
            _save(other, solution, None, by=by, told=told)
    except IntegrityError:
        raise Conflict(_("There is a plan of this name already. Choose another name.")) from None
    return other


def _take_up(scenario: Scenario, edits: list[Edit], change: dict[str, Any]) -> None:
    kind = change["kind"]
    if kind == "lift_forbidden":
        _drop_edit(edits, change["mentee_id"], change["mentor_id"])
    elif kind == "lift_lock":
        _drop_edit(edits, change["other_mentee_id"], change["mentor_id"])
    elif kind in RULES:
        values: dict[str, Any] = {"allow_same_organisation": True, "widen_seniority": change.get("seniority")}
        value = values.get(kind, change.get("value", 0.0))
        whole = kind in ("more_mentees_each", "fewer_shared_minutes", "smaller_circles")
        scenario.rules = {**scenario.rules, RULES[kind]: int(value) if whole else value}
    else:
        scenario.assumptions = [*scenario.assumptions, _named(change, len(scenario.assumptions))]


def _drop_edit(edits: list[Edit], mentee: str, mentor: str) -> None:
    edits[:] = [edit for edit in edits if (str(edit.mentee_id), str(edit.mentor_id)) != (mentee, mentor)]


def _named(change: dict[str, Any], number: int) -> dict[str, Any]:
    """A mentor who is still to be found gets a name of their own, so that two of a kind are two people."""
    if not change.get("person"):
        return change
    return {**change, "person": {**change["person"], "id": f"{queries.NEW}{number}-{change['mentee_id']}"}}


def _require_possible(scenario: Scenario, mentee: Enrolment, mentor: Enrolment) -> None:
    if why := one_way_words(mentee, mentor):
        raise NotPossible(why)
    run = queries.latest_run(scenario)
    if run is None or queries.is_large_run(run):
        return
    found = queries.pair(run, mentee, mentor)
    against = [key for key, _evidence in found["obstacles"] if key != "forbidden_by_coordinator"]
    if against and "decided" not in against:
        why = " ".join(words.obstacles(found["obstacles"], mentee.user.name, mentor.user.name))
        raise NotPossible(
            _("%(mentee)s and %(mentor)s cannot be kept together. %(why)s")
            % {"mentee": mentee.user.name, "mentor": mentor.user.name, "why": why}
        )


def _worked_out(scenario: Scenario, edits: list[Edit], before: Run | None = None) -> Solution:
    """What a plan, saved or not, comes to; outside any transaction, for it takes its time."""
    given = inputs.of_scenario(scenario, edits, queries.pairs_of(before) if before else ())
    try:
        answer = at_hand().solver.ask("run", packed=pack(to_plain(given.problem)), assumptions=scenario.assumptions)
    except NotPossible as refusal:
        raise NotPossible(queries.with_names(str(refusal.reason), scenario.round.programme)) from None
    return Solution(given, answer)


def _solve(
    scenario: Scenario,
    *,
    by: User,
    edits: Iterable[Edit] | None = None,
    changed: Sequence[str] = (),
    told: Told | None = None,
) -> Run:
    """Read and solve, then write what was decided, who decided it and the run together, or nothing."""
    now_edits = list(scenario.edits.all() if edits is None else edits)
    before = queries.latest_run(scenario)
    solution = _worked_out(scenario, now_edits, before)
    with transaction.atomic():
        held = _held(scenario.round)
        require(can_change_round(by, held))
        at_hand().confirm()
        if queries.latest_run(scenario) != before:
            raise Conflict(_("Somebody else has just worked on this plan. Look at it again, then make your change."))
        if changed:
            scenario.save(update_fields=list(changed))
        if edits is not None:
            _save_edits(scenario, now_edits)
        return _save(scenario, solution, before, by=by, told=told)


def _save_edits(scenario: Scenario, edits: list[Edit]) -> None:
    scenario.edits.exclude(pk__in=[edit.pk for edit in edits if edit.pk]).delete()
    for edit in edits:
        if edit.pk is None:
            edit.save()


def _save(scenario: Scenario, solution: Solution, before: Run | None, *, by: User, told: Told | None = None) -> Run:
    given, answer = solution.given, solution.answer
    texts.remember(given.problem, answer["texts"])
    closed = {":".join(pair): code for pair, code in given.closed.items()}
    run = Run.objects.create(
        scenario=scenario,
        inputs_hash=answer["key"],
        inputs=answer["inputs"],
        reasons=answer["reasons"],
        result={**answer["outcome"], "cover": scenario.cover, "closed": closed, "left_out": dict(given.left_out)},
        by=by,
        at=clock.now(),
    )
    round = scenario.round
    if told:
        history.record(told.verb, about=round, within=round.programme, by=by, **told.details)
    history.record("round.solved", about=round, within=round.programme, by=by, run=run.pk, before=before and before.pk)
    ring(f"round:{round.pk}")
    return run


def repeat(run: Run) -> bool:
    """Solve the stored inputs again; whether hash, pairs and total come out the same."""
    if not run.inputs:
        raise Conflict(_("Somebody in this run has asked to be forgotten, so it cannot be repeated."))
    again = shared.ask("repeat", packed=bytes(run.inputs))
    same = ("pairs", "total", "worst", "unmatched")
    return again["key"] == run.inputs_hash and all(again["outcome"][name] == run.result[name] for name in same)


def _held(round: Round) -> Round:
    """The round as it is now, held until the end of the transaction."""
    return Round.objects.select_for_update(of=("self",)).select_related("programme__pool").get(pk=round.pk)
