"""The programme in its matching week: a round with a first plan, and two people asked before the others."""

from django.db import transaction

from commonhall.core.child import ChildFailed
from commonhall.demo.actions.programmes import Region, Told
from commonhall.matching.actions import proposals, rounds, scenarios, wishes
from commonhall.matching.models import Proposal
from commonhall.programmes.models import Enrolment

ROUND = "Autumn round"
LETTER = (
    "I read in the directory that you took a housing service through a merger. Ours begins in April, and I answer for "
    "the part that tenants notice first. Could we talk about what you would do again?"
)


def begin(region: Region, told: Told) -> bool:
    """A round with its first run, as the coordinator left it on her last Thursday.

    False when this machine cannot work out so large a plan within its limits: the round then waits for its first run.
    """
    round = rounds.begin(told.programme, by=told.by, name=ROUND)
    try:
        with transaction.atomic():
            scenarios.solve(round.scenarios.get(), by=told.by)
    except ChildFailed:
        return False
    return True


def ask_early(region: Region, told: Told) -> None:
    """One match made by the coordinator's own hand, and one mentee who asked by herself."""
    mentor = _place(region, told, "proposed-mentor", "mentor")
    mentee = _place(region, told, "proposed-mentee", "mentee")
    found = proposals.nearest(mentee, limit=1, mentor=mentor)
    if found:
        _mentor, score, reasons = found[0]
        prepared = Proposal.objects.create(
            programme=told.programme,
            origin=Proposal.Origin.COORDINATOR,
            mentee=mentee,
            mentor=mentor,
            score=score,
            reasons=reasons,
        )
        proposals.offer(prepared, by=told.by)
    asker = _asker(region, told, mentor)
    if asker:
        wishes.ask(asker, mentor, by=asker.user, message=LETTER)


def _place(region: Region, told: Told, key: str, role: str) -> Enrolment:
    return told.programme.enrolments.select_related("programme", "user").get(user=region.persona(key), role=role)


def _asker(region: Region, told: Told, mentor: Enrolment) -> Enrolment | None:
    """Somebody who wants housing and may be matched with this mentor."""
    others = told.programme.enrolments.mentees().exclude(organisation=mentor.organisation_id)
    for mentee in others.exclude(user=region.persona("proposed-mentee")).select_related("programme", "user"):
        if "housing" in region.people[mentee.user.email].wants and proposals.nearest(mentee, limit=1, mentor=mentor):
            return mentee
    return None
