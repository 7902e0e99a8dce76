"""A run as a file that can be handed on, and the report that is made from it."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from commonhall.core.errors import Conflict
from commonhall.core.version import VERSION
from commonhall.matching import aims, register
from commonhall.matching.models import Edit, Run, Scenario
from commonhall.matching.queries import rounds


@dataclass(frozen=True, slots=True)
class Filed:
    """The record as text and as what it says."""

    text: str
    record: dict[str, Any]


def filed(run: Run) -> Filed:
    """The record of a run: people by number, without their sentences and without what is confidential.

    `Conflict` where somebody in it has been forgotten, or where it does not give the same pairs any more.
    """
    answer = rounds.ask(run, "record", decisions=_decisions(run), about=_about(run))
    record = json.loads(answer)
    pairs = {(pair["mentee"], pair["mentor"]) for pair in record["result"]["pairs"]}
    if pairs != set(rounds.pairs_of(run)):
        raise Conflict(_("The program has changed since this run was made. Match again, then take the record."))
    return Filed(answer, record)


def report(run: Run) -> dict[str, Any]:
    """What the page of the report shows."""
    found = register.report(filed(run).record, run.scenario.round.programme.most_mentees)
    return {"report": found, "by_hand": register.by_hand(found)}


def _decisions(run: Run) -> list[dict[str, str]]:
    """What the coordinator decided about pairs before this run, with the reasons."""
    edits = run.scenario.edits.filter(at__lte=run.at).order_by("pk")
    return [_decision(edit) for edit in edits]


def _decision(edit: Edit) -> dict[str, str]:
    people = {"mentee_id": str(edit.mentee_id), "mentor_id": str(edit.mentor_id)}
    return {"kind": edit.kind, "reason": edit.reason, **people}


def _comes_first(run: Run) -> str:
    if run.result["objective"] != Scenario.Objective.COVER:
        return ""
    return aims.cover_words(run.result.get("cover", ""), rounds.people(run.scenario.round.programme).values())


def _about(run: Run) -> dict[str, Any]:
    round = run.scenario.round
    return {
        "programme": round.programme.name,
        "pool": round.programme.pool.name,
        "round": round.name,
        "plan": run.scenario.name,
        "run": run.pk,
        "run_hash": run.inputs_hash,
        "at": run.at.isoformat(),
        "commonhall": VERSION,
        "costs": run.result.get("costs", {}),
        "comes_first": _comes_first(run),
    }
