"""How the programmes stand that a person runs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.prepared import Prepared
from commonhall.matching.models import Proposal, Round
from commonhall.matching.queries.promises import freed_mentees, next_waiting
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.pairs import never_arranged
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import long_unsigned
from commonhall.organisations.models import Grant
from commonhall.organisations.queries import grants_of
from commonhall.programmes.models import Enrolment, Milestone, Programme

NOT_PUBLISHED = (None, Round.State.OPEN, Round.State.PROVISIONAL)
RUNS = {Grant.Role.COORDINATOR, Grant.Role.POOL_OWNER}


@dataclass(frozen=True)
class Step:
    """What takes a programme on to its next state."""

    words: str
    url: str


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
    freed: int
    next_waiting: int
    round: int | None
    next_date: Milestone | None
    step: Step | None

    @property
    def needs(self) -> int:
        return self.waiting + self.unsigned + self.unmet + self.freed + self.next_waiting + bool(self.step)


def running(user: User) -> list[Running]:
    """The programmes that a person runs, with what needs a human in each; one question for any number of them."""
    if not any(held.role in RUNS for held in grants_of(user)):
        return []
    return [
        Running(
            programme=programme,
            next_date=Milestone(label=programme.next_label, on=programme.next_on) if programme.next_on else None,
            step=_step(programme),
            round=programme.round_pk,
            **{name: getattr(programme, name) for name in COUNTED},
        )
        for programme in _run(user=user.pk)
    ]


COUNTED = (
    "waiting", "mentees", "mentors", "unanswered", "freed", "next_waiting",
    "live", "unsigned", "unmet", "coming", "held",
)  # fmt: skip


def _programmes(user: int) -> QuerySet[Programme]:
    run = Programme.objects.coordinated_by(user).exclude(state=Programme.State.FINISHED).select_related("pool")
    return run.annotate(**_people(), **_pairs(), **_meetings(), **_round(), **_next_date())


_run = Prepared(_programmes, user=int)


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
        "freed": _number(freed_mentees()),
        "next_waiting": _number(next_waiting()),
        "unanswered": _number(Proposal.objects.filter(state=Proposal.State.OFFERED)),
    }


def _pairs() -> dict[str, Coalesce]:
    live = Mentorship.objects.filter(state=Mentorship.State.ACTIVE)
    return {
        "live": _number(live),
        "unsigned": _number(long_unsigned(live)),
        "unmet": _number(never_arranged(live)),
    }


def _meetings() -> dict[str, Coalesce]:
    now = clock.now()
    coming = Meeting.objects.filter(state=Meeting.State.AGREED, starts_at__gte=now)
    held = Meeting.objects.filter(state=Meeting.State.HELD, starts_at__gte=now - timedelta(weeks=4))
    return {"coming": _number(coming, "mentorship__programme"), "held": _number(held, "mentorship__programme")}


def _round() -> dict[str, Subquery]:
    rounds = Round.objects.filter(programme=OuterRef("pk")).order_by("-pk")
    return {"round_state": Subquery(rounds.values("state")[:1]), "round_pk": Subquery(rounds.values("pk")[:1])}


def _step(programme: Any) -> Step | None:
    state, detail = Programme.State, reverse("programmes:detail", args=[programme.slug])
    closed_on = programme.applications_close_on
    if programme.state == state.DRAFT:
        return Step(_("Finish its texts and dates, then open it for applications"), detail)
    if programme.state == state.OPEN and closed_on and closed_on < clock.today() and not programme.rolling:
        return Step(_("Applications have closed: begin the matching"), detail)
    if programme.state == state.MATCHING and programme.round_state in NOT_PUBLISHED:
        return Step(_("The matching waits for you: weigh, compare and publish"), rounds_of(programme))
    return None


def rounds_of(programme: Programme) -> str:
    return reverse("matching:rounds", args=[programme.slug])


def _next_date() -> dict[str, Subquery]:
    ahead = Milestone.objects.filter(programme=OuterRef("pk"), on__gte=clock.today()).order_by("on", "pk")
    return {"next_label": Subquery(ahead.values("label")[:1]), "next_on": Subquery(ahead.values("on")[:1])}
