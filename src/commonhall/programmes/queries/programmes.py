from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.core.prepared import Prepared
from commonhall.organisations.models import Grant, Pool, PoolMember
from commonhall.programmes.models import Eligibility, Enrolment, Programme
from commonhall.programmes.queries.places import Limits, limits

State = Enrolment.State


@dataclass(frozen=True)
class Door:
    """One date of the timeline, and whether it is behind us."""

    label: str | Promise
    on: date
    state: str


# With a place, or, where the programme is over, with a place until its end.
TOOK_PART = (State.APPROVED, State.FINISHED)


@dataclass(frozen=True)
class Shares:
    """One organisation's part in a programme: its rule, and how many of its people are in."""

    label: str
    address: str
    mentees_allowed: bool
    mentors_allowed: bool
    mentee_limit: int | None
    mentor_limit: int | None
    mentees: int
    mentors: int
    own_rule: bool


def free_slug(name: str) -> str:
    """An address for a programme that no other has."""
    base = slugify(name)[:100] or "programme"
    taken = set(Programme.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{base}-{n}") not in taken)


def pools_for_new(user: Any) -> QuerySet[Pool]:
    """The pools in which this person may start a programme."""
    owned = Grant.objects.filter(
        user=user, role=Grant.Role.POOL_OWNER, scope_type=ContentType.objects.get_for_model(Pool)
    ).values("scope_id")
    run = Programme.objects.coordinated_by(user).values("pool")
    return Pool.objects.filter(Q(pk__in=owned) | Q(pk__in=run))


def run_by(user: Any) -> QuerySet[Programme]:
    """The programmes whose inner pages this person opens."""
    return Programme.objects.coordinated_by(user).select_related("pool")


def listed(user: Any) -> list[Programme]:
    """Programmes to show to somebody, with the numbers that stand beside their names; counted by the index alone."""
    programmes: list[Any] = _listed(user=user.pk)
    counted: Counter[tuple[int, str, str]] = Counter()
    for programme_id, role, state, number in _numbers(user=user.pk):
        counted[programme_id, role, state] = number
    for one in programmes:
        one.mentees, one.mentors = (
            sum(counted[one.pk, role, state] for state in TOOK_PART) for role in ("mentee", "mentor")
        )
        one.waiting = sum(counted[one.pk, role, state] for role in ("mentee", "mentor") for state in Enrolment.WAITING)
    return programmes


def ids_run_by(user: Any) -> set[int]:
    return set(_ids_run_by(user=user.pk))


def may_begin_one(user: Any) -> bool:
    return bool(_pools_for_new(user=user.pk))


def shown_to(user: Any, slug: str) -> Programme | None:
    """The programme with this name, where the person may open its page."""
    found: Programme | None = _shown(user=user.pk, slug=slug)
    return found


def inner(user: Any, slug: str) -> Programme | None:
    """The programme with this name, where the person runs it."""
    found: Programme | None = _inner(user=user.pk, slug=slug)
    return found


def _counted(user: int) -> QuerySet[Any, Any]:
    rows = Enrolment.objects.filter(programme__in=Programme.objects.visible_to(user).values("pk")).order_by()
    return rows.values_list("programme", "role", "state").annotate(Count("pk"))


_listed = Prepared(lambda user: Programme.objects.visible_to(user).select_related("pool"), user=int)
_numbers = Prepared(_counted, user=int)
_ids_run_by = Prepared(lambda user: Programme.objects.coordinated_by(user).values_list("pk", flat=True), user=int)
_pools_for_new = Prepared(lambda user: pools_for_new(user).values_list("pk", flat=True)[:1], user=int)
_shown = Prepared(
    lambda user, slug: Programme.objects.visible_to(user).select_related("pool").filter(slug=slug), user=int, slug=str
).first
_inner = Prepared(lambda user, slug: run_by(user).filter(slug=slug), user=int, slug=str).first


def counts_of(programme: Programme) -> Counter[str]:
    """How many applications there are by role and state: "mentee_approved", "mentor_applied", …"""
    rows = programme.enrolments.order_by().values_list("role", "state").annotate(Count("pk"))
    found: Counter[str] = Counter()
    for role, state, number in rows:
        found[f"{role}_{state}"] += number
        found[f"all_{state}"] += number
        found[f"{role}_taking_part"] += number if state in TOOK_PART else 0
    return found


def timeline(programme: Programme) -> list[Door]:
    """The programme's dates in order; the next one is "now"."""
    rows: list[tuple[Any, date]] = [(row.label, row.on) for row in programme.milestones.all()]
    if programme.applications_open_on:
        rows.append((_("Applications open"), programme.applications_open_on))
    if programme.applications_close_on:
        rows.append((_("Last day for applications"), programme.applications_close_on))
    return list(_doors(sorted(rows, key=lambda row: row[1])))


def _doors(rows: list[tuple[Any, date]]) -> Iterator[Door]:
    today, next_found = clock.today(), False
    for label, on in rows:
        if on < today:
            yield Door(label, on, "done")
        else:
            yield Door(label, on, "later" if next_found else "now")
            next_found = True


def shares(programme: Programme) -> list[Shares]:
    """Every organisation of the pool with its rule here and its people, in a few queries."""
    own = set(Eligibility.objects.filter(programme=programme).values_list("organisation", flat=True))
    allowed = limits(programme)
    placed = (
        programme.enrolments.filter(state__in=TOOK_PART)
        .order_by()
        .values_list("organisation_id", "role")
        .annotate(Count("pk"))
    )
    used = Counter({(organisation, role): number for organisation, role, number in placed})
    members = PoolMember.objects.filter(pool=programme.pool_id, left_on=None).select_related("organisation")
    return [
        _shares(programme.slug, row, allowed, used, row.organisation_id in own)
        for row in members.order_by("organisation__name")
    ]


def _shares(slug: str, member: PoolMember, allowed: Limits, used: Counter[tuple[int, str]], own: bool) -> Shares:
    mentee, mentor = ((role, member.organisation_id) for role in (Enrolment.Role.MENTEE, Enrolment.Role.MENTOR))
    return Shares(
        member.organisation.label,
        reverse("programmes:eligibility", args=[slug, member.organisation.slug]),
        allowed.offers(*mentee),
        allowed.offers(*mentor),
        allowed.most.get(mentee),
        allowed.most.get(mentor),
        used[member.organisation_id, Enrolment.Role.MENTEE],
        used[member.organisation_id, Enrolment.Role.MENTOR],
        own,
    )


def coordinators_of(programme: Programme) -> QuerySet[Any]:
    """Who runs it: its coordinators, or where there are none the owners of its pool."""
    people = get_user_model().objects.filter(is_active=True)
    kinds = ContentType.objects.get_for_models(Programme, Pool)
    named = people.filter(
        grants__role=Grant.Role.COORDINATOR, grants__scope_type=kinds[Programme], grants__scope_id=programme.pk
    )
    if named.exists():
        return named
    return people.filter(
        grants__role=Grant.Role.POOL_OWNER, grants__scope_type=kinds[Pool], grants__scope_id=programme.pool_id
    )


def own_enrolments(user: Any) -> QuerySet[Enrolment]:
    """A person's applications to any programme."""
    return Enrolment.objects.filter(user=user).select_related("programme__pool", "organisation", "user")


def enrolments_of(user: Any, programme: Programme) -> list[Enrolment]:
    """A person's own applications to a programme."""
    return list(programme.enrolments.filter(user=user).select_related("organisation").order_by("role"))


def public_address(programme: Programme) -> str:
    """Where anybody reads about it: what the QR code and the poster say."""
    return str(settings.BASE_URL) + reverse("programmes:public", args=[programme.slug])
