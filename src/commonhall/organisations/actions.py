from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from commonhall.core import clock, ids, text
from commonhall.core.errors import Conflict
from commonhall.core.verdicts import require
from commonhall.history.actions import record
from commonhall.organisations import logos
from commonhall.organisations.imports.rows import OrganisationRow
from commonhall.organisations.models import Grant, Membership, Organisation, OtherName, Pool, PoolMember, QuietPeriod
from commonhall.organisations.queries import forget_grants
from commonhall.organisations.rules import (
    can_administer_organisation,
    can_confirm_member,
    can_give_role,
    can_join_at_once,
    can_own_pool,
    can_set_member_rules,
    can_take_back,
    is_site_administrator,
)

# Words that are addresses of their own under /organisations/.
KEPT_SLUGS = {"add", "roles", "pools"}
PLACE = ("region", "country", "latitude", "longitude", "time_zone")
IMPORTED = ("name", "short_name", "kind", "tier", *PLACE, "size_band", "population", "started_on", "ended_on")


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
    if isinstance(scope, Organisation):
        for membership in Membership.objects.waiting().filter(user=user, organisation=scope):
            confirm(membership, by=by, how="person")
    forget_grants(user)
    return given


@transaction.atomic
def take_back(given: Grant, *, by: Any) -> None:
    user, role = given.user, given.role
    given.delete()
    user.needs_second_factor = Grant.objects.filter(user=user).exists()
    user.save(update_fields=["needs_second_factor"])
    forget_grants(user)
    record("grant.taken_back", about=user, by=by, role=role)


@transaction.atomic
def join(*, user: Any, organisation: Organisation, by: Any) -> Membership:
    """Say where a person works now. Who has an address of the organisation is confirmed at once."""
    membership, created = Membership.objects.get_or_create(user=user, defaults={"organisation": organisation})
    if not created and membership.organisation_id != organisation.pk:
        left = membership.organisation_id
        membership.organisation, membership.since, membership.confirmed_at = organisation, clock.today(), None
        membership.save(update_fields=["organisation", "since", "confirmed_at"])
        record("membership.moved", about=user, by=by, left=left, joined=organisation.pk)
    if membership.confirmed_at is None and can_join_at_once(user, organisation):
        confirm(membership, by=by, how="address")
    return membership


@transaction.atomic
def confirm(membership: Membership, *, by: Any, how: str) -> None:
    """Somebody who may say so, or the person's address, confirms where they work; once."""
    now = clock.now()
    same = Membership.objects.waiting().filter(pk=membership.pk, organisation=membership.organisation_id)
    if same.update(confirmed_at=now):
        membership.confirmed_at = now
        record("membership.confirmed", about=membership.user, by=by, organisation=membership.organisation_id, how=how)


def confirm_member(membership: Membership, *, by: Any) -> None:
    """An organisation's administrator knows somebody who says that they work there."""
    require(can_confirm_member(by, membership))
    confirm(membership, by=by, how="person")


def confirm_by_address() -> int:
    """Everybody who waits and has, by now, a confirmed address of their organisation; returns how many."""
    waiting = Membership.objects.waiting().exclude(organisation__email_domains=[])
    known = [
        one for one in waiting.select_related("user", "organisation") if can_join_at_once(one.user, one.organisation)
    ]
    for membership in known:
        confirm(membership, by=membership.user, how="address")
    return len(known)


@transaction.atomic
def save_organisation(organisation: Organisation, *, by: Any, fields: Iterable[str] | None = None) -> Organisation:
    """Keep a new organisation, or the named fields of one that is there."""
    added = organisation.pk is None
    require(is_site_administrator(by) if added else can_administer_organisation(by, organisation))
    if not organisation.slug:
        organisation.slug = _free_slug(Organisation, organisation.name)
    organisation.save(update_fields=None if added else fields)
    record("organisation.added" if added else "organisation.changed", about=organisation, by=by)
    return organisation


@transaction.atomic
def add_quiet_period(period: QuietPeriod, *, by: Any) -> QuietPeriod:
    """Days on which no meeting of an organisation's people is suggested; the same twice is once."""
    organisation = period.organisation
    require(can_administer_organisation(by, organisation))
    kept, added = QuietPeriod.objects.get_or_create(
        organisation=organisation,
        name=period.name,
        kind=period.kind,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
    )
    if added:
        record("organisation.quiet_period_added", about=organisation, by=by, kind=kept.kind)
    return kept


@transaction.atomic
def remove_quiet_period(period: QuietPeriod, *, by: Any) -> None:
    require(can_administer_organisation(by, period.organisation))
    period.delete()
    record("organisation.quiet_period_removed", about=period.organisation, by=by, kind=period.kind)


def save_logo(organisation: Organisation, picture: bytes | None, *, by: Any) -> Organisation:
    """Put a picture in place of the old one; None takes it away."""
    require(can_administer_organisation(by, organisation))
    storage = organisation.logo.storage
    name = storage.save(f"{logos.FOLDER}{ids.token(16)}.png", ContentFile(picture)) if picture else ""
    try:
        return _with_logo(organisation, name, by=by)
    except BaseException:
        if name:
            storage.delete(name)
        raise


@transaction.atomic
def _with_logo(organisation: Organisation, name: str, *, by: Any) -> Organisation:
    row = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    old, row.logo = row.logo.name, name
    if old or name:
        row.save(update_fields=["logo"])
        record("organisation.logo_changed" if name else "organisation.logo_removed", about=row, by=by)
    if old:
        transaction.on_commit(lambda: row.logo.storage.delete(old))
    return row


def _free_slug(model: type[Organisation] | type[Pool], name: str) -> str:
    base = slugify(name)[:100] or model.__name__.lower()
    taken = set(model.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | KEPT_SLUGS
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if slug not in taken)


@transaction.atomic
def save_pool(pool: Pool, *, by: Any, fields: Iterable[str] | None = None) -> Pool:
    added = pool.pk is None
    require(is_site_administrator(by) if added else can_own_pool(by, pool))
    if not pool.slug:
        pool.slug = _free_slug(Pool, pool.name)
    pool.save(update_fields=None if added else fields)
    record("pool.created" if added else "pool.changed", about=pool, by=by)
    return pool


@transaction.atomic
def add_to_pool(pool: Pool, organisation: Organisation, *, by: Any) -> PoolMember:
    """The organisation joins, or comes back with the rules that it had."""
    require(can_own_pool(by, pool))
    member, created = PoolMember.objects.get_or_create(pool=pool, organisation=organisation)
    if not created and member.left_on is None:
        raise Conflict(_("%(organisation)s is in the pool already.") % {"organisation": organisation})
    member.left_on = None
    member.save(update_fields=["left_on"])
    record("pool.member_added", about=pool, by=by, organisation=organisation.pk)
    return member


@transaction.atomic
def change_member(member: PoolMember, *, by: Any, fields: Iterable[str] | None = None) -> PoolMember:
    require(can_set_member_rules(by, member))
    member.save(update_fields=fields)
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
    """The roles of the whole site are locked, so that two administrators cannot remove each other at once."""
    list(Grant.objects.select_for_update().filter(role=Grant.Role.SITE_ADMINISTRATOR))
    given = Grant.objects.select_related("user").get(pk=given.pk)
    require(can_take_back(by, given))
    take_back(given, by=by)


@dataclass(frozen=True)
class Imported:
    """How many organisations an import added, changed and left as they were."""

    added: int
    changed: int
    same: int


@transaction.atomic
def import_rows(rows: Sequence[OrganisationRow], *, by: Any = None) -> Imported:
    """Keep sound rows; twice is once. What an administrator set by hand stays where the file is silent."""
    known = {organisation.code or organisation.slug: organisation for organisation in Organisation.objects.all()}
    new = [_organisation(row) for row in rows if row.key not in known]
    Organisation.objects.bulk_create(new, batch_size=500)
    changed = [known[row.key] for row in rows if row.key in known and _update(known[row.key], row)]
    Organisation.objects.bulk_update(changed, [*IMPORTED, "languages", "email_domains"], batch_size=200)
    everything = {organisation.code or organisation.slug: organisation for organisation in Organisation.objects.all()}
    followed = _set_successors(rows, everything)
    _set_other_names(rows, everything)
    altered = len({*(one.pk for one in changed), *followed} - {one.pk for one in new})
    outcome = Imported(len(new), altered, len(rows) - len(new) - altered)
    if (outcome.added or outcome.changed) and new + changed:
        record("organisations.imported", about=(new + changed)[0], by=by, added=outcome.added, changed=outcome.changed)
    return outcome


def _organisation(row: OrganisationRow) -> Organisation:
    made = Organisation(code=row.code or None, slug=row.slug, name=row.name)
    _update(made, row)
    return made


def _update(organisation: Organisation, row: OrganisationRow) -> bool:
    """Write what the row says over what is there; whether that changed anything."""
    said = {name: getattr(row, name) for name in IMPORTED if getattr(row, name) not in ("", None)}
    said["languages"] = list(row.languages)
    if row.email_domains:
        said["email_domains"] = list(row.email_domains)
    different = {name: value for name, value in said.items() if getattr(organisation, name) != value}
    for name, value in different.items():
        setattr(organisation, name, value)
    return bool(different)


def _set_successors(rows: Sequence[OrganisationRow], everything: dict[str, Organisation]) -> set[int]:
    followed = []
    for row in rows:
        organisation, successor = everything[row.key], everything.get(row.replaced_by)
        if successor and organisation.successor_id != successor.pk:
            organisation.successor = successor
            followed.append(organisation)
    Organisation.objects.bulk_update(followed, ["successor"], batch_size=200)
    return {organisation.pk for organisation in followed}


def _set_other_names(rows: Sequence[OrganisationRow], everything: dict[str, Organisation]) -> None:
    OtherName.objects.bulk_create(
        [
            OtherName(organisation=everything[row.key], name=name, folded=text.folded(name)[:200])
            for row in rows
            for name in row.other_names
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
