"""How the programmes stand that a person runs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.matching.models import Proposal
from commonhall.meetings.models import Meeting
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.organisations.models import Grant
from commonhall.organisations.queries import grants_of
from commonhall.programmes.models import Enrolment, Milestone, Programme

UNSIGNED_AFTER = timedelta(days=30)
NO_MEETING_AFTER = timedelta(days=21)
RUNS = {Grant.Role.COORDINATOR, Grant.Role.POOL_OWNER}


@dataclass(frozen=True)
class Running:
    """How one programme stands, for whoever runs it."""

    programme: Programme
    waiting: int
    mentees: int
    mentors: int
    live: int
    unanswered: int
    coming: int
    held: int
    unsigned: int
    unmet: int
    next_date: Milestone | None

    @property
    def needs(self) -> int:
        return self.waiting + self.unsigned + self.unmet


def running(user: User) -> list[Running]:
    """The programmes that a person runs, with what needs a human in each; one question for any number of them."""
    if not any(held.role in RUNS for held in grants_of(user)):
        return []
    run = Programme.objects.coordinated_by(user).exclude(state=Programme.State.FINISHED).select_related("pool")
    return [
        Running(
            programme=programme,
            next_date=Milestone(label=programme.next_label, on=programme.next_on) if programme.next_on else None,
            **{name: getattr(programme, name) for name in (*_people(), *_pairs(), *_meetings())},
        )
        for programme in run.annotate(**_people(), **_pairs(), **_meetings(), **_next_date())
    ]


def _number(rows: QuerySet[Any], by: str = "programme") -> Coalesce:
    """How many of them belong to a programme."""
    of_one = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    return Coalesce(Subquery(of_one.annotate(number=Count("pk")).values("number")), 0)


def _people() -> dict[str, Coalesce]:
    state = Enrolment.State
    placed = Enrolment.objects.filter(state=state.APPROVED)
    return {
        "waiting": _number(Enrolment.objects.filter(state=state.APPLIED)),
        "mentees": _number(placed.filter(role=Enrolment.Role.MENTEE)),
        "mentors": _number(placed.filter(role=Enrolment.Role.MENTOR)),
        "unanswered": _number(Proposal.objects.filter(state=Proposal.State.OFFERED)),
    }


def _pairs() -> dict[str, Coalesce]:
    now = clock.now()
    unsigned = Participant.objects.filter(mentorship=OuterRef("pk"), signatures=None)
    arranged = Meeting.objects.filter(mentorship=OuterRef("pk")).exclude(state=Meeting.State.CANCELLED)
    live = Mentorship.objects.filter(state=Mentorship.State.ACTIVE)
    return {
        "live": _number(live),
        "unsigned": _number(live.filter(Exists(unsigned), began_at__lt=now - UNSIGNED_AFTER)),
        "unmet": _number(live.filter(~Exists(arranged), began_at__lt=now - NO_MEETING_AFTER)),
    }


def _meetings() -> dict[str, Coalesce]:
    now = clock.now()
    coming = Meeting.objects.filter(state=Meeting.State.AGREED, starts_at__gte=now)
    held = Meeting.objects.filter(state=Meeting.State.HELD, starts_at__gte=now - timedelta(weeks=4))
    return {"coming": _number(coming, "mentorship__programme"), "held": _number(held, "mentorship__programme")}


def _next_date() -> dict[str, Subquery]:
    ahead = Milestone.objects.filter(programme=OuterRef("pk"), on__gte=clock.today()).order_by("on", "pk")
    return {"next_label": Subquery(ahead.values("label")[:1]), "next_on": Subquery(ahead.values("on")[:1])}
