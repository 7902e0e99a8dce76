"""What can be done to goals."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock, text
from commonhall.core.errors import Conflict, Refused
from commonhall.core.verdicts import require
from commonhall.history import actions as history
from commonhall.live.actions import ring
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import agreement_now
from commonhall.workspace.models import Goal, GoalStep
from commonhall.workspace.rules import can_add, can_carry, can_change

MOST = 5
State = Goal.State


@transaction.atomic
def add(
    mentorship: Mentorship,
    *,
    by: User,
    words: str,
    measure: str = "",
    competency: str = "",
    due_on: date | None = None,
    carried_from: Goal | None = None,
) -> Goal:
    """Up to five may be under way at once."""
    mentorship = _held(mentorship.pk)
    require(can_add(by, mentorship))
    if mentorship.goals.open().count() >= MOST:
        raise Conflict(_("Five goals are under way, which is as many as two people can follow. Close one first."))
    goal = Goal.objects.create(
        mentorship=mentorship,
        words=text.line(words),
        measure=text.line(measure),
        competency=competency,
        due_on=due_on,
        carried_from=carried_from,
        created_by=by,
    )
    _record("goal.set", goal, by=by)
    return goal


@transaction.atomic
def change(goal: Goal, *, by: User, words: str, measure: str, competency: str, due_on: date | None) -> Goal:
    goal = _held_goal(goal)
    require(can_change(by, goal))
    goal.words, goal.measure, goal.competency, goal.due_on = text.line(words), text.line(measure), competency, due_on
    goal.save(update_fields=["words", "measure", "competency", "due_on"])
    _record("goal.changed", goal, by=by)
    return goal


@transaction.atomic
def step(goal: Goal, *, by: User, percent: int, words: str = "") -> GoalStep:
    """How far it is now, as this person sees it."""
    goal = _held_goal(goal)
    require(can_change(by, goal))
    made = GoalStep.objects.create(goal=goal, percent=percent, words=text.line(words), by=by, at=clock.now())
    _record("goal.moved", goal, by=by)
    return made


@transaction.atomic
def close(goal: Goal, *, by: User, reached: bool) -> Goal:
    """Reached, or let go: both are ends that need no excuse. Saying it twice is saying it once."""
    goal = _held_goal(goal)
    state = State.REACHED if reached else State.LET_GO
    if goal.state == state:
        return goal
    require(can_change(by, goal))
    goal.state, goal.closed_at = state, clock.now()
    goal.save(update_fields=["state", "closed_at"])
    _record("goal.reached" if reached else "goal.let_go", goal, by=by)
    return goal


@transaction.atomic
def carry_over(goal: Goal, into: Mentorship, *, by: User) -> Goal:
    """Go on with a goal in another mentorship of one's own. The new people see its words, not how it went before."""
    require(can_carry(by, goal, into))
    if goal.carried_to.filter(mentorship=into).exists():
        raise Refused(_("This goal stands in that mentorship already."))
    return add(
        into,
        by=by,
        words=goal.words,
        measure=goal.measure,
        competency=goal.competency,
        due_on=goal.due_on,
        carried_from=goal,
    )


@transaction.atomic
def take_from_agreement(mentorship: Mentorship, *, by: User) -> list[Goal]:
    """The goals that stand in the agreement and not yet here, as far as there is room."""
    mentorship = _held(mentorship.pk)
    require(can_add(by, mentorship))
    here = {text.folded(one) for one in mentorship.goals.values_list("words", flat=True)}
    room = MOST - mentorship.goals.open().count()
    agreement = agreement_now(mentorship).agreement
    fresh = [one for one in (agreement.goals if agreement else []) if text.folded(one[:200]) not in here]
    return [add(mentorship, by=by, words=one[:200]) for one in fresh[: max(room, 0)]]


def _held(pk: int) -> Mentorship:
    rows = Mentorship.objects.select_for_update(of=("self",), no_key=True).select_related("programme")
    return rows.prefetch_related("participants").get(pk=pk)


def _held_goal(goal: Goal) -> Goal:
    mentorship = _held(goal.mentorship_id)
    goal = Goal.objects.get(pk=goal.pk)
    goal.mentorship = mentorship
    return goal


def _record(verb: str, goal: Goal, *, by: User, **details: Any) -> None:
    history.record(verb, about=goal, within=goal.mentorship.programme, by=by, **details)
    ring(f"mentorship:{goal.mentorship_id}")
