"""What we hold here about a person."""

from typing import Any

from django.db.models import QuerySet

from commonhall.accounts.models import User
from commonhall.mentorships.actions import end
from commonhall.mentorships.models import Agreement, Mentorship, Participant, Signature

MODELS = (Participant, Agreement, Signature)


def kinds(user: User) -> dict[str, QuerySet[Any, Any]]:
    mine = Mentorship.objects.of(user)
    return {
        "mentorships": Participant.objects.filter(user=user).values(
            "role",
            "joined_at",
            "mentorship__programme__name",
            "mentorship__state",
            "mentorship__began_at",
            "mentorship__ended_at",
            "mentorship__meets_by",
            "mentorship__room_link",
        ),
        "agreements": Agreement.objects.filter(mentorship__in=mine).values(
            "mentorship", "version", "text", "goals", "review_on", "written_at"
        ),
        "signatures": Signature.objects.filter(participant__user=user).values("agreement__version", "signed_at"),
    }


def holds(user: User) -> dict[str, list[dict[str, Any]]]:
    return {kind: list(rows) for kind, rows in kinds(user).items()}


def erase(user: User) -> None:
    """End what is under way, and drop the words; that there was a pair stays, without saying who it was."""
    for mentorship in Mentorship.objects.of(user).live():
        end(mentorship, by=user, reason=Mentorship.EndReason.MOVED)
    Mentorship.objects.of(user).update(meets_by="", room_link="")
    words = Agreement.objects.filter(mentorship__in=Mentorship.objects.of(user).values("pk"))
    words.update(text="", goals=[], review_on=None)
    words.filter(written_by=user).update(written_by=None)
