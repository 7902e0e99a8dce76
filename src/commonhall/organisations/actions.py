from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from commonhall.core import clock
from commonhall.core.errors import Conflict
from commonhall.core.verdicts import require
from commonhall.history.actions import record
from commonhall.organisations.models import Grant, Membership, Organisation, Pool, PoolMember
from commonhall.organisations.rules import (
    can_administer_organisation,
    can_give_role,
    can_own_pool,
    can_set_member_rules,
    can_take_back,
    is_site_administrator,
)


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


@transaction.atomic
def save_organisation(organisation: Organisation, *, by: Any) -> Organisation:
    """Keep a new or changed organisation."""
    added = organisation.pk is None
    require(is_site_administrator(by) if added else can_administer_organisation(by, organisation))
    if not organisation.slug:
        organisation.slug = _free_slug(organisation.name)
    organisation.save()
    record("organisation.added" if added else "organisation.changed", about=organisation, by=by)
    return organisation


def _free_slug(name: str) -> str:
    base = slugify(name)[:100] or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if slug not in taken)


@transaction.atomic
def save_pool(pool: Pool, *, by: Any) -> Pool:
    added = pool.pk is None
    require(is_site_administrator(by) if added else can_own_pool(by, pool))
    if not pool.slug:
        pool.slug = slugify(pool.name)[:100]
    pool.save()
    record("pool.created" if added else "pool.changed", about=pool, by=by)
    return pool


@transaction.atomic
def add_to_pool(pool: Pool, organisation: Organisation, *, by: Any) -> PoolMember:
    require(can_own_pool(by, pool))
    member, created = PoolMember.objects.get_or_create(pool=pool, organisation=organisation)
    if not created and member.left_on is None:
        raise Conflict(_("%(organisation)s is in the pool already.") % {"organisation": organisation})
    member.left_on = None
    member.save(update_fields=["left_on"])
    record("pool.member_added", about=pool, by=by, organisation=organisation.pk)
    return member


@transaction.atomic
def change_member(member: PoolMember, *, by: Any) -> PoolMember:
    require(can_set_member_rules(by, member))
    member.save()
    record("pool.member_changed", about=member.pool, by=by, organisation=member.organisation_id)
    return member


@transaction.atomic
def remove_from_pool(member: PoolMember, *, by: Any) -> PoolMember:
    """The organisation leaves; what its people have begun goes on."""
    require(can_own_pool(by, member.pool))
    member.left_on = clock.today()
    member.save(update_fields=["left_on"])
    record("pool.member_left", about=member.pool, by=by, organisation=member.organisation_id)
    return member


@transaction.atomic
def give_role(*, user: Any, role: str, scope: models.Model | None, by: Any) -> Grant:
    """A staff role given by somebody who may."""
    require(can_give_role(by, role, scope))
    return grant(user=user, role=role, scope=scope, by=by)


@transaction.atomic
def take_role_back(given: Grant, *, by: Any) -> None:
    require(can_take_back(by, given))
    take_back(given, by=by)
