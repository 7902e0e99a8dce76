from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from commonhall.organisations.models import Grant, Membership, Organisation, Pool


@dataclass(frozen=True)
class Held:
    role: str
    scope_type_id: int | None
    scope_id: int | None


def grants_of(user: Any) -> frozenset[Held]:
    """Every staff role of a person; kept on the user object, which lives for one request."""
    if not user.is_authenticated:
        return frozenset()
    if not hasattr(user, "_held_grants"):
        rows = Grant.objects.filter(user=user).values_list("role", "scope_type_id", "scope_id")
        user._held_grants = frozenset(Held(*row) for row in rows)
    held: frozenset[Held] = user._held_grants
    return held


def holds(user: Any, role: str, scope: models.Model | None = None) -> bool:
    if scope is None:
        return Held(role, None, None) in grants_of(user)
    return Held(role, ContentType.objects.get_for_model(scope).pk, scope.pk) in grants_of(user)


def scope_ids(user: Any, role: str, model: type[models.Model]) -> list[int]:
    """The ids of all things of a kind for which a person holds a role."""
    kind = ContentType.objects.get_for_model(model).pk
    return sorted(h.scope_id for h in grants_of(user) if h.role == role and h.scope_type_id == kind and h.scope_id)


def organisation_of(user: Any) -> Organisation | None:
    membership = Membership.objects.select_related("organisation").filter(user=user).first()
    return membership.organisation if membership else None


def pools_of(user: Any) -> models.QuerySet[Pool]:
    """The pools that a person's organisation belongs to."""
    return Pool.objects.filter(members__organisation__memberships__user=user, members__left_on=None)
