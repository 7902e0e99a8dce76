"""What we hold here about a person."""

from typing import Any

from commonhall.organisations.models import Grant, Membership

MODELS = (Membership, Grant)


def holds(user: Any) -> dict[str, list[dict[str, Any]]]:
    return {
        "workplace": list(Membership.objects.filter(user=user).values("organisation__name", "since", "confirmed_at")),
        "staff_roles": list(Grant.objects.filter(user=user).values("role", "given_at")),
    }


def erase(user: Any) -> None:
    Membership.objects.filter(user=user).delete()
    Grant.objects.filter(user=user).delete()
