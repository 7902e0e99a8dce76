"""What we hold here about a person."""

from typing import Any

from django.db.models import Q, QuerySet

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.matching.actions.proposals import take_back
from commonhall.matching.models import Edit, Proposal, Round, Run, Scenario, Solving, TextVectors, Wish

MODELS = (Round, Scenario, Edit, Run, Solving, Proposal, Wish)


def kinds(user: User) -> dict[str, QuerySet[Any, Any]]:
    mine = Q(mentee__user=user) | Q(mentor__user=user)
    return {
        "matches": Proposal.objects.filter(mine, offered_at__isnull=False).values(
            "programme__name",
            "origin",
            "state",
            "offered_at",
            "closed_at",
            "mentee_accepted_at",
            "mentor_accepted_at",
        ),
        "requests": Proposal.objects.filter(mentee__user=user).exclude(message="").values("message", "offered_at"),
        "declined": Proposal.objects.filter(declined_by=user).values("programme__name", "closed_at", "decline_reason"),
        "shortlist": Wish.objects.filter(mentee__user=user).values("rank", "mentor__user__name"),
        "matching_runs": Run.objects.filter(scenario__round__programme__enrolments__user=user)
        .exclude(inputs=b"")
        .distinct()
        .values("scenario__round__programme__name", "at"),
    }


def holds(user: User) -> dict[str, list[dict[str, Any]]]:
    return {kind: list(rows) for kind, rows in kinds(user).items()}


def erase(user: User) -> None:
    """Open matches end, words go, and runs that knew the person keep their pairs but can no longer be repeated."""
    mine = Q(mentee__user=user) | Q(mentor__user=user)
    for proposal in Proposal.objects.filter(mine, state=Proposal.State.OFFERED):
        take_back(proposal, by=None, code="left", side=proposal.side_of(user))
    Proposal.objects.filter(mine, state=Proposal.State.PREPARED).delete()
    Proposal.objects.filter(mine).update(message="", reasons=[])
    Proposal.objects.filter(declined_by=user).update(declined_by=None, decline_reason="")
    Wish.objects.filter(mine).delete()
    Edit.objects.filter(mine).update(reason="")
    Edit.objects.filter(by=user).update(by=None)
    Run.objects.filter(scenario__round__programme__enrolments__user=user).update(inputs=b"", reasons=b"")
    Run.objects.filter(by=user).update(by=None)
    # Their round is worked out without them, when somebody asks for it again.
    live = Solving.objects.live().filter(Q(round__programme__enrolments__user=user) | Q(by=user))
    Solving.objects.filter(pk__in=list(live.values_list("pk", flat=True))).update(
        state=Solving.State.STOPPED, ended_at=clock.now(), given={}
    )
    Solving.objects.filter(by=user).update(by=None)
    # Nobody knows whose text is whose, so all go; what is still needed is made anew by the next run.
    TextVectors.objects.all().delete()
    _forget_assumptions(user)


def _forget_assumptions(user: User) -> None:
    own = {str(pk) for pk in user.enrolments.values_list("pk", flat=True)}
    for scenario in Scenario.objects.filter(round__programme__enrolments__user=user).distinct():
        kept = [one for one in scenario.assumptions if not own & {one.get("mentee_id"), one.get("mentor_id")}]
        if kept != scenario.assumptions:
            scenario.assumptions = kept
            scenario.save(update_fields=["assumptions"])
