"""What we hold here about a person."""

from typing import Any

from django.db.models import QuerySet

from commonhall.organisations.models import Grant, Membership

MODELS = (Membership, Grant)


def kinds(user: Any) -> dict[str, QuerySet[Any, Any]]:
    return {
        "workplace": Membership.objects.filter(user=user).values("organisation__name", "since", "confirmed_at"),
        "staff_roles": Grant.objects.filter(user=user).values("role", "given_at"),
    }


def holds(user: Any) -> dict[str, list[dict[str, Any]]]:
    return {kind: list(rows) for kind, rows in kinds(user).items()}


def erase(user: Any) -> None:
    Membership.objects.filter(user=user).delete()
    Grant.objects.filter(user=user).delete()
