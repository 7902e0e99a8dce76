"""What open proposals and requests hold until they are answered: a place of each side, and the way back."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from commonhall.core import clock
from commonhall.matching.models import Proposal
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.programmes.models import Enrolment, Programme
from commonhall.programmes.queries.promises import with_free

CAME_TO_NOTHING = (Proposal.State.DECLINED, Proposal.State.LAPSED, Proposal.State.WITHDRAWN)


def promised_places() -> Any:
    """How many proposals hold a place of the enrolment that `OuterRef("pk")` names."""
    return _held("mentor") + _held("mentee")


def _held(side: str) -> Coalesce:
    rows = Proposal.objects.live().filter(**{side: OuterRef("pk")}).order_by().values(side)
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def freed_mentees() -> QuerySet[Enrolment]:
    """Mentees whose match came to nothing, who have a place and nobody in sight."""
    over = Proposal.objects.filter(
        mentee=OuterRef("pk"), state__in=CAME_TO_NOTHING, round__isnull=False, offered_at__isnull=False
    )
    rows = with_free(Enrolment.objects.mentees().approved()).filter(Exists(over), free__gt=0, taken=0)
    return rows.exclude(paused_until__gt=clock.today())


def last_words_of(mentees: QuerySet[Enrolment]) -> QuerySet[Proposal]:
    """For each of these mentees the match that came to nothing last."""
    of_one = Proposal.objects.filter(mentee=OuterRef("mentee"), state__in=CAME_TO_NOTHING).order_by("-closed_at", "-pk")
    return Proposal.objects.filter(mentee__in=mentees.values("pk"), pk=Subquery(of_one.values("pk")[:1]))


def next_waiting() -> QuerySet[Proposal]:
    """Next best matches that wait for a coordinator's yes."""
    return Proposal.objects.filter(state=Proposal.State.PREPARED, origin=Proposal.Origin.NEXT_BEST)


def other_way_round(mentee: Enrolment, mentor: Enrolment, *, offered_only: bool = False) -> str:
    """Why these two would be each other's mentor: "together" or "waiting" the other way round, else ""."""
    here = Participant.objects.filter(mentorship__programme=mentee.programme_id).exclude(
        mentorship__state=Mentorship.State.ENDED
    )
    taught = here.filter(user=mentor.user_id, role=Enrolment.Role.MENTEE).values("mentorship")
    pair = here.filter(user=mentee.user_id, role=Enrolment.Role.MENTOR, mentorship__in=taught)
    open_ones = Proposal.objects.live() if not offered_only else Proposal.objects.filter(state=Proposal.State.OFFERED)
    back = Q(programme=mentee.programme_id, mentee__user=mentor.user_id, mentor__user=mentee.user_id)
    both = Programme.objects.filter(pk=mentee.programme_id).values_list(Exists(pair), Exists(open_ones.filter(back)))
    together, waiting = both.get()
    return "together" if together else "waiting" if waiting else ""


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
