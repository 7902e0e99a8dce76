from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse

from commonhall.accounts.queries import addresses_of
from commonhall.core import clock, text
from commonhall.organisations import holidays, logos
from commonhall.organisations.models import Grant, Membership, Organisation, Pool, PoolMember, QuietPeriod


@dataclass(frozen=True)
class Held:
    role: str
    scope_type_id: int | None
    scope_id: int | None


@dataclass(frozen=True)
class Brand:
    """The colours and the logo that a person sees, and whose they are; either may be empty."""

    slug: str
    label: str
    colour: str
    logo: str = ""


def with_brand_and_grants(users: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Each with what `brand_of` and `grants_of` read, so that most people's pages need not ask."""
    widened: models.QuerySet[Any] = users.annotate(
        holds_grants=models.Exists(Grant.objects.filter(user=models.OuterRef("pk"))),
        brand_slug=models.F("membership__organisation__slug"),
        brand_name=models.F("membership__organisation__name"),
        brand_short_name=models.F("membership__organisation__short_name"),
        brand_colour=models.F("membership__organisation__colour"),
        brand_logo=models.F("membership__organisation__logo"),
        workplace_confirmed_at=models.F("membership__confirmed_at"),
    )
    return widened


def grants_of(user: Any) -> frozenset[Held]:
    """Every staff role of a person; kept on the user object, which lives for one request."""
    if not user.is_authenticated or not getattr(user, "holds_grants", True):
        return frozenset()
    if not hasattr(user, "_held_grants"):
        rows = Grant.objects.filter(user=user).values_list("role", "scope_type_id", "scope_id")
        user._held_grants = frozenset(Held(*row) for row in rows)
    held: frozenset[Held] = user._held_grants
    return held


def forget_grants(user: Any) -> None:
    """Read the roles again next time: they have just been changed."""
    user.__dict__.pop("_held_grants", None)
    user.__dict__.pop("holds_grants", None)


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


def has_workplace(user: Any) -> bool:
    """Whether a person has said where they work."""
    if hasattr(user, "brand_slug"):
        return bool(user.brand_slug)
    return Membership.objects.filter(user=user).exists()


def waits_for_confirmation(user: Any) -> bool:
    """Whether a person has said where they work, and nobody has confirmed it yet."""
    if hasattr(user, "workplace_confirmed_at"):
        return bool(user.brand_slug) and user.workplace_confirmed_at is None
    return Membership.objects.waiting().filter(user=user).exists()


def memberships_in_pools(user: Any) -> models.QuerySet[PoolMember]:
    """The places in pools of the organisation where a person is known to work."""
    return PoolMember.objects.filter(
        organisation__memberships__user=user, organisation__memberships__confirmed_at__isnull=False, left_on=None
    )


def hidden_from(reader: int | None, pool: int, organisations: Iterable[int]) -> dict[int, frozenset[str]]:
    """The profile fields that each of some organisations of a pool keeps within its own walls, from somebody who
    works for the organisation `reader`."""
    others = {one for one in organisations if one != reader}
    rules = PoolMember.objects.filter(pool=pool, organisation__in=others).values_list("organisation", "hidden_fields")
    found = {key: frozenset[str](fields) for key, fields in rules}
    return {one: found.get(one, frozenset()) for one in organisations}


def hidden_fields(pool: str, organisation: str) -> models.Subquery:
    """The same of each row of a list, before one's own colleagues are excepted; by the names of its columns."""
    rules = PoolMember.objects.filter(pool=models.OuterRef(pool), organisation=models.OuterRef(organisation))
    return models.Subquery(rules.values("hidden_fields")[:1], output_field=models.JSONField())


def hidden_everywhere(user: Any) -> list[str]:
    """The profile fields that a person's organisation keeps to itself in each of its pools."""
    here = PoolMember.objects.filter(organisation__memberships__user=user, left_on=None)
    hidden = [set(fields) for fields in here.values_list("hidden_fields", flat=True)]
    return sorted(set.intersection(*hidden)) if hidden else []


def suggested(user: Any, among: models.QuerySet[Organisation] | None = None) -> Organisation | None:
    """The one current organisation at whose e-mail domains a person has a confirmed address."""
    domains = {address.rsplit("@", 1)[-1] for address in addresses_of(user)}
    rows = (Organisation.objects.current() if among is None else among).exclude(email_domains=[])
    found = [row for row in rows if domains & {str(domain).lower() for domain in row.email_domains}]
    return found[0] if len(found) == 1 else None


def named(typed: str) -> Organisation | None:
    """The current organisation with this name, in any of its spellings; None when none or several have it."""
    folded = text.folded(typed)
    exact = list(Organisation.objects.current().filter(Q(name__iexact=typed) | Q(short_name__iexact=typed))[:2])
    if len(exact) == 1:
        return exact[0]
    others = list(Organisation.objects.current().filter(other_names__folded=folded).distinct()[:2])
    return others[0] if len(others) == 1 else None


def followed_by(typed: str) -> tuple[Organisation, Organisation] | None:
    """An organisation of this name that has ended, and the current one that followed it."""
    folded = text.folded(typed)
    names = Q(name__iexact=typed) | Q(short_name__iexact=typed) | Q(other_names__folded=folded)
    rows = Organisation.objects.filter(names, ended_on__isnull=False).select_related("successor")
    ended = rows.first()
    after, steps = ended, 0
    while after is not None and after.ended_on is not None and steps < 9:
        after, steps = after.successor, steps + 1
    return (ended, after) if ended and after and after.ended_on is None else None


def coming_periods(organisation: Organisation | None) -> list[QuietPeriod]:
    """The quiet periods of an organisation that are not over."""
    return list(organisation.quiet_periods.filter(ends_on__gte=clock.today())) if organisation else []


def coming_holidays(organisation: Organisation) -> list[tuple[date, str]]:
    """The public holidays that its people keep, over the next twelve months."""
    today = clock.today(organisation.time_zone)
    region = organisation.holiday_region
    return list(holidays.between(organisation.country, region, today, today + timedelta(days=365)))


def searched(rows: models.QuerySet[Organisation], asked: str) -> models.QuerySet[Organisation]:
    """Organisations whose name, or any other name, holds the words."""
    if not asked:
        return rows.order_by("ended_on", "name")
    words = Q(name__icontains=asked) | Q(region__icontains=asked) | Q(other_names__folded__contains=text.folded(asked))
    return rows.filter(pk__in=Organisation.objects.filter(words).values("pk")).order_by("ended_on", "name")


def pools_with_sizes(pools: models.QuerySet[Pool]) -> models.QuerySet[Pool]:
    return pools.annotate(size=models.Count("members", filter=Q(members__left_on=None)))


def staff_of(scope: models.Model) -> models.QuerySet[Grant]:
    """Who holds a staff role for a thing."""
    kind = ContentType.objects.get_for_model(scope)
    return (
        Grant.objects.filter(scope_type=kind, scope_id=scope.pk).select_related("user").order_by("role", "user__name")
    )


def page_of_scope(scope: Any) -> str:
    """The page on which the staff of a thing are shown."""
    if isinstance(scope, Pool):
        return reverse("organisations:pool", args=[scope.slug])
    if isinstance(scope, Organisation):
        return reverse("organisations:detail", args=[scope.slug])
    return reverse("organisations:list")


def brand_of(user: Any) -> Brand | None:
    """The organisation whose colours and logo a person sees; None where it has neither."""
    if not hasattr(user, "brand_slug"):
        found = organisation_of(user)
        known = found and Brand(found.slug, found.label, found.colour, logos.address(found.slug, found.logo.name))
        return known if known and (known.colour or known.logo) else None
    if not user.brand_colour and not user.brand_logo:
        return None
    logo = logos.address(user.brand_slug, user.brand_logo)
    return Brand(user.brand_slug, user.brand_short_name or user.brand_name, user.brand_colour, logo)


@dataclass(frozen=True)
class Logo:
    """A logo to show, with the name that stands in its place for those who do not see it."""

    name: str
    address: str


def logo_of(organisation: Organisation) -> Logo | None:
    if not organisation.logo:
        return None
    return Logo(organisation.name, logos.address(organisation.slug, organisation.logo.name))


def logos_of(pool: Pool, most: int = 24) -> list[Logo]:
    """The logos of the organisations of a pool, for its public pages."""
    rows = Organisation.objects.current().filter(pool_members__pool=pool, pool_members__left_on=None).exclude(logo="")
    return [
        Logo(name, logos.address(slug, logo)) for name, slug, logo in rows.values_list("name", "slug", "logo")[:most]
    ]
