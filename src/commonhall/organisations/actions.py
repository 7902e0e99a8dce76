from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from commonhall.core import clock
from commonhall.history.actions import record
from commonhall.organisations.models import Grant, Membership, Organisation


@transaction.atomic
def grant(*, user: Any, role: str, scope: models.Model | None = None, by: Any) -> Grant:
    """Give a staff role; whoever holds one needs a second factor."""
    kind = ContentType.objects.get_for_model(scope) if scope else None
    given, created = Grant.objects.get_or_create(
        user=user, role=role, scope_type=kind, scope_id=scope.pk if scope else None, defaults={"given_by": by}
    )
    if created:
        user.needs_second_factor = True
        user.save(update_fields=["needs_second_factor"])
        record("grant.given", about=user, by=by, role=role)
    return given


@transaction.atomic
def take_back(given: Grant, *, by: Any) -> None:
    user, role = given.user, given.role
    given.delete()
    user.needs_second_factor = Grant.objects.filter(user=user).exists()
    user.save(update_fields=["needs_second_factor"])
    record("grant.taken_back", about=user, by=by, role=role)


@transaction.atomic
def join(*, user: Any, organisation: Organisation, by: Any) -> Membership:
    """Say where a person works now."""
    membership, created = Membership.objects.get_or_create(user=user, defaults={"organisation": organisation})
    if not created and membership.organisation_id != organisation.pk:
        left = membership.organisation_id
        membership.organisation, membership.since = organisation, clock.today()
        membership.save(update_fields=["organisation", "since"])
        record("membership.moved", about=user, by=by, left=left, joined=organisation.pk)
    return membership
