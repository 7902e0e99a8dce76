"""What we hold here about a person."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from commonhall.programmes import findable
from commonhall.programmes.models import Conflict, Enrolment, Import, ImportedRow
from commonhall.programmes.queries import shelf

MODELS = (Enrolment, Conflict, Import, ImportedRow)

_WORDS = ("goal", "note_to_coordinator", "line_manager_email")


def kinds(user: Any) -> dict[str, QuerySet[Any, Any]]:
    """Applications with all that was written in them. Who named this person as a conflict is not told to them."""
    mine = Enrolment.objects.filter(user=user)
    return {
        "applications": mine.values(
            "programme__name",
            "organisation__name",
            "role",
            "state",
            "capacity",
            *_WORDS,
            "rhythm_weeks",
            "available_from",
            "available_until",
            "paused_until",
            "applied_at",
            "decided_at",
            "sponsor_answered_at",
        ),
        "not_to_be_matched_with": Conflict.objects.filter(enrolment__in=mine).values(
            "words", "person__name", "organisation__name"
        ),
        "line_manager_of": _managed_by(user).values("programme__name", "state", "sponsor_answered_at"),
        "imports": Import.objects.filter(by=user).values("programme__name", "filename", "created_at", "state"),
        "imported": ImportedRow.objects.filter(user=user).values("source__filename", "line", "source__created_at"),
    }


def holds(user: Any) -> dict[str, list[dict[str, Any]]]:
    return {kind: list(rows) for kind, rows in kinds(user).items()}


def erase(user: Any) -> None:
    """The words go, the place stays counted without a name; what spreadsheets said of the person goes as well."""
    mine = Enrolment.objects.filter(user=user)
    Conflict.objects.filter(Q(enrolment__in=mine) | Q(person=user)).delete()
    findable.forget(list(mine.values_list("pk", flat=True)))
    for programme in mine.values_list("programme", flat=True):
        shelf.forget(programme)
    mine.live().update(state=Enrolment.State.WITHDRAWN)
    days = dict.fromkeys(("rhythm_weeks", "available_from", "available_until", "paused_until"))
    mine.update(**dict.fromkeys(_WORDS, ""), **days)
    _managed_by(user).update(line_manager_email="")
    sources = Import.objects.filter(rows__user=user)
    sources.update(sheet=b"", problems=b"")
    ImportedRow.objects.filter(user=user).update(user=None, enrolment=None, created=[], before={})
    Import.objects.filter(by=user).update(by=None)


def _managed_by(user: Any) -> QuerySet[Enrolment]:
    return Enrolment.objects.alias(manager=Lower("line_manager_email")).filter(manager=user.email.lower())
