"""What a coordinator does with a plan: at once, or in the background where the round is large.

In the background the same act is done by a worker, with a solving process of its own. Nothing of it is written before
the end, so that a plan which is stopped stays as it was.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.core.verdicts import require
from commonhall.history import actions as history
from commonhall.jobs import actions as jobs
from commonhall.live.actions import ring
from commonhall.matching.actions import rounds, scenarios
from commonhall.matching.models import Edit, Round, Run, Scenario, Solving
from commonhall.matching.queries import rounds as queries
from commonhall.matching.rules import can_begin_round, can_change_round, can_stop_solving
from commonhall.matching.solver import Seat, Solver, Stopped, seated
from commonhall.programmes.models import Programme

SECONDS = 1800.0
MEGABYTES = 1500
State = Solving.State


def begin(programme: Programme, *, by: User, name: str) -> Round:
    """A new round; where it is large, its first plan follows."""
    if not queries.is_large(programme):
        return scenarios.begin(programme, by=by, name=name)
    require(can_begin_round(by, programme))
    with transaction.atomic():
        round = rounds.begin(programme, by=by, name=name)
        later(round.scenarios.get(), "solve", by=by)
    return round


def do(scenario: Scenario, act: str, *, by: User, **given: Any) -> Run | Scenario | Solving:
    """One of the acts below. `given` is plain, so that it can wait for its turn."""
    if queries.is_large(scenario.round.programme):
        return later(scenario, act, by=by, **given)
    return _ACTS[act](scenario, by=by, **given)


@transaction.atomic
def later(scenario: Scenario, act: str, *, by: User, **given: Any) -> Solving:
    """Queue an act. Whoever asks for the same again gets the one that is under way."""
    held = rounds.hold(scenario.round)
    require(can_change_round(by, held))
    live = held.solvings.live().select_related("by").first()
    if live and (live.scenario_id, live.act, live.given) == (scenario.pk, act, given):
        return live
    if live:
        raise Conflict(_("This round is being worked out. Wait until it is done, or stop it, then make your change."))
    solving = Solving.objects.create(round=held, scenario=scenario, act=act, given=given, by=by)
    history.record("round.queued", about=held, within=held.programme, by=by, scenario=scenario.pk)
    jobs.enqueue("matching.tasks.work_out", solving.pk)
    ring(f"round:{held.pk}")
    return solving


def work_out(solving: Solving) -> None:
    """A worker's part. Safe to run twice: the one that took it up last alone may finish it."""
    attempt, mine = solving.attempt + 1, Solving.objects.filter(pk=solving.pk)
    taken = mine.live().filter(attempt=solving.attempt)
    if not taken.update(state=State.RUNNING, attempt=attempt, started_at=clock.now()):
        return
    ring(f"round:{solving.round_id}")
    mine = mine.filter(state=State.RUNNING, attempt=attempt)

    def confirm() -> None:
        if not mine.update(state=State.DONE, ended_at=clock.now(), given={}):
            raise Stopped

    solver = Solver(seconds=SECONDS, megabytes=MEGABYTES, wanted=mine.exists)
    try:
        with seated(Seat(solver, confirm)):
            _ACTS[solving.act](solving.scenario, by=solving.by, **solving.given)
    except Refused as refusal:
        mine.update(state=State.FAILED, said=str(refusal.reason), ended_at=clock.now(), given={})
        ring(f"round:{solving.round_id}")


@transaction.atomic
def stop(solving: Solving, *, by: User) -> Solving:
    """Nobody waits for it any more: its process is ended and the former plan stays."""
    held = rounds.hold(solving.round)
    require(can_stop_solving(by, solving))
    live = Solving.objects.live().filter(pk=solving.pk)
    if not live.update(state=State.STOPPED, ended_at=clock.now(), given={}):
        raise Conflict(_("This has ended already. Look at the round again."))
    history.record("round.stopped", about=held, within=held.programme, by=by, scenario=solving.scenario_id)
    ring(f"round:{held.pk}")
    solving.refresh_from_db()
    return solving


def give_up(solving: Solving) -> None:
    """After every attempt has failed: it is never shown as under way for ever."""
    said = _("The server stopped several times while this was worked out.")
    Solving.objects.live().filter(pk=solving.pk).update(state=State.FAILED, said=said, ended_at=clock.now(), given={})
    ring(f"round:{solving.round_id}")


def _fix(scenario: Scenario, *, by: User, kind: str, mentee: int, mentor: int, reason: str) -> Run:
    places = queries.places_in(scenario.round)
    two = {"mentee": places.mentees().get(pk=mentee), "mentor": places.mentors().get(pk=mentor)}
    return scenarios.fix(scenario, by=by, kind=kind, reason=reason, **two)


def _lift(scenario: Scenario, *, by: User, edit: int) -> Run:
    found = Edit.objects.select_related("scenario__round__programme__pool").filter(scenario=scenario, pk=edit).first()
    if found is None:
        raise Conflict(_("This has been taken back already."))
    return scenarios.lift(found, by=by)


def _take_up(scenario: Scenario, *, by: User, run: int, person: str, number: int) -> Run:
    return scenarios.take_up(queries.runs_visible_to(by).get(pk=run), by=by, person=person, number=number)


_ACTS: dict[str, Callable[..., Run | Scenario]] = {
    "solve": scenarios.solve,
    "keep": scenarios.keep,
    "fix": _fix,
    "lift": _lift,
    "take_up": _take_up,
    "drop": scenarios.drop,
    "copy": scenarios.copy,
}
