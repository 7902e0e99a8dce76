"""What open proposals and requests hold until they are answered: a place of each side, and the way back."""

from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from commonhall.matching.models import Proposal
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.programmes.models import Enrolment


def promised_places() -> Any:
    """How many proposals hold a place of the enrolment that `OuterRef("pk")` names."""
    return _held("mentor") + _held("mentee")


def _held(side: str) -> Coalesce:
    rows = Proposal.objects.live().filter(**{side: OuterRef("pk")}).order_by().values(side)
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def other_way_round(mentee: Enrolment, mentor: Enrolment, *, offered_only: bool = False) -> str:
    """Why these two would be each other's mentor: "together" or "waiting" the other way round, else ""."""
    here = Participant.objects.filter(mentorship__programme=mentee.programme_id).exclude(
        mentorship__state=Mentorship.State.ENDED
    )
    taught = here.filter(user=mentor.user_id, role=Enrolment.Role.MENTEE).values("mentorship")
    if here.filter(user=mentee.user_id, role=Enrolment.Role.MENTOR, mentorship__in=taught).exists():
        return "together"
    open_ones = Proposal.objects.live() if not offered_only else Proposal.objects.filter(state=Proposal.State.OFFERED)
    back = Q(programme=mentee.programme_id, mentee__user=mentor.user_id, mentor__user=mentee.user_id)
    return "waiting" if open_ones.filter(back).exists() else ""


def one_way_words(mentee: Enrolment, mentor: Enrolment) -> str:
    """For whoever runs the programme; empty where nothing stands in the way."""
    values = {"mentee": mentee.user.name, "mentor": mentor.user.name}
    return {
        "together": _("%(mentee)s is the mentor of %(mentor)s already, and two people are never each other’s mentor."),
        "waiting": _(
            "%(mentee)s is proposed as the mentor of %(mentor)s, and two people are never each other’s mentor."
        ),
        "": "",
    }[other_way_round(mentee, mentor)] % values
