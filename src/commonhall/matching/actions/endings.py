"""Matches and rounds that end because a programme, or somebody's part in it, has ended."""

from django.db import transaction
from django.db.models import Q

from commonhall.accounts.models import User
from commonhall.matching.actions import rounds
from commonhall.matching.actions.proposals import take_back
from commonhall.matching.models import Proposal, Round
from commonhall.programmes.models import Enrolment, Programme


def close_with_programme(programme: Programme, *, by: User | None) -> None:
    """A programme that is finished has no open round, and no match that waits for an answer."""
    if programme.state != Programme.State.FINISHED:
        return
    for proposal in Proposal.objects.live().filter(programme=programme).order_by("pk"):
        take_back(proposal, by=by, code="finished")
    for round in programme.rounds.exclude(state=Round.State.CLOSED).order_by("pk"):
        _close_round(round, by=by)


def withdraw_matches_of(enrolment: Enrolment) -> None:
    """Somebody has left the programme: the other one of each match is told, and the next best is looked for."""
    if enrolment.state != Enrolment.State.WITHDRAWN:
        return
    for proposal in Proposal.objects.live().filter(Q(mentee=enrolment) | Q(mentor=enrolment)).order_by("pk"):
        take_back(proposal, by=None, code="left", side=enrolment.role)


@transaction.atomic
def _close_round(round: Round, *, by: User | None) -> None:
    held = rounds.hold(round)
    if held.state != Round.State.CLOSED:
        rounds.shut(held, by=by)
