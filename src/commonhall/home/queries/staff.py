"""What those should do next who look after the site, a pool or an organisation."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.home.queries.next_thing import Next
from commonhall.notifications.queries import undelivered
from commonhall.organisations.models import Grant, Organisation, Pool, PoolMember
from commonhall.organisations.queries import holds, scope_ids
from commonhall.programmes.models import Enrolment, Programme


@dataclass(frozen=True)
class Part:
    """How an organisation takes part in one programme: places in use, never whose."""

    programme: str
    mentees: int
    mentors: int


@dataclass(frozen=True)
class Taking:
    """An organisation and its part in each programme that has not finished."""

    organisation: Organisation
    parts: tuple[Part, ...]


def things(user: User) -> list[Next]:
    return [*_site(user), *_pools(user)]


def _site(user: User) -> Iterator[Next]:
    if not holds(user, Grant.Role.SITE_ADMINISTRATOR):
        return
    site = User.objects.filter(pk=user.pk).values(
        organisations=Exists(Organisation.objects.all()),
        pools=Exists(Pool.objects.all()),
        programmes=Exists(Programme.objects.all()),
        undelivered=Exists(undelivered().order_by()),
    )[0]
    if not site["organisations"]:
        yield Next(
            _("Add your councils"),
            _("One by one here, or a whole list with the command import-organisations."),
            reverse("organisations:add"),
            _("Add a council"),
            "buildings",
        )
    elif not site["pools"]:
        yield Next(
            _("Create a pool"),
            _("A pool is a group of councils that share programmes and mentors."),
            reverse("organisations:pool_add"),
            _("Create a pool"),
            "diagram-3",
        )
    if site["undelivered"]:
        yield Next(
            _("Some e-mails did not arrive"),
            _("An address was refused, or the mail server does not answer."),
            reverse("notifications:undelivered"),
            _("See which"),
            "exclamation-triangle",
        )


def _pools(user: User) -> Iterator[Next]:
    """The pools that a person owns, and for a site administrator those that nobody owns, as long as they are empty."""
    everywhere = bool(holds(user, Grant.Role.SITE_ADMINISTRATOR))
    ids = scope_ids(user, Grant.Role.POOL_OWNER, Pool)
    if not ids and not everywhere:
        return
    has_members = Exists(PoolMember.objects.filter(pool=OuterRef("pk"), left_on=None))
    has_programme = Exists(Programme.objects.filter(pool=OuterRef("pk")))
    mine: QuerySet[Any] = Pool.objects.all() if everywhere else Pool.objects.filter(pk__in=ids)
    for pool in mine.annotate(has_members=has_members, has_programme=has_programme).exclude(has_programme=True)[:3]:
        yield _first_programme(pool) if pool.has_members else _first_members(pool)


def _first_members(pool: Pool) -> Next:
    return Next(
        _("Add the councils of %(pool)s") % {"pool": pool.name},
        _("They then share its programmes and mentors."),
        reverse("organisations:pool", args=[pool.slug]),
        _("Add councils"),
        "buildings",
    )


def _first_programme(pool: Pool) -> Next:
    return Next(
        _("Create the first programme of %(pool)s") % {"pool": pool.name},
        _("Start from a ready-made cycle; every text and date is yours to change."),
        reverse("programmes:templates"),
        _("Create a programme"),
        "calendar-plus",
    )


def taking_part(user: User) -> list[Taking]:
    """The organisations that a person administers, with how many of their people take part in what."""
    ids = scope_ids(user, Grant.Role.ORGANISATION_ADMINISTRATOR, Organisation)
    if not ids:
        return []
    parts: dict[int, list[Part]] = {}
    for row in _places(ids):
        part = Part(row["programme__name"], row["mentees"], row["mentors"])
        parts.setdefault(row["organisation"], []).append(part)
    organisations = Organisation.objects.filter(pk__in=ids)
    return [Taking(organisation, tuple(parts.get(organisation.pk, ()))) for organisation in organisations]


def _places(ids: list[int]) -> Any:
    rows = Enrolment.objects.filter(organisation__in=ids, state=Enrolment.State.APPROVED)
    under_way = rows.exclude(programme__state=Programme.State.FINISHED)
    return (
        under_way.order_by("programme__name")
        .values("organisation", "programme__name")
        .annotate(mentees=Count("pk", filter=Q(role="mentee")), mentors=Count("pk", filter=Q(role="mentor")))
    )
