"""Everybody who applied to a programme, as its coordinator works through them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from commonhall.core import clock
from commonhall.core.prepared import Prepared, among
from commonhall.people import ladder, taxonomy
from commonhall.programmes.models import Enrolment, Programme
from commonhall.programmes.queries.directory import scope_of
from commonhall.programmes.queries.shelf import Chosen, Fact, Shelf, kept
from commonhall.search import queries as search

KIND = "applicant"
FACETS = ("state", "role", "council", "service", "level", "attention")
PER_PAGE = 50
SORTS = {
    "name": ("user__name",),
    "organisation": ("organisation__name", "user__name"),
    "role": ("role", "user__name"),
    "state": ("state", "applied_at"),
    "applied": ("applied_at",),
}
_EVERYBODY = ("pk", "state", "role", "organisation__name", "organisation__short_name")
_MORE = ("sponsor_answered_at", "paused_until", "note_to_coordinator")
_PROFILE = ("user__profile__service_area", "user__profile__level")


@dataclass(frozen=True, slots=True)
class Line:
    """One applicant in the list, with everything that the line shows."""

    pk: int
    name: str
    organisation: str
    role: str
    job_title: str
    state: str
    applied_at: datetime
    is_paused: bool
    is_waiting_to_be_known: bool

    @property
    def role_label(self) -> Any:
        return Enrolment.Role(self.role).label

    @property
    def state_label(self) -> Any:
        return Enrolment.State(self.state).label

    @property
    def is_waiting(self) -> bool:
        return self.state in Enrolment.WAITING or self.is_waiting_to_be_known


@dataclass(frozen=True)
class Found(Sequence[Line]):
    """The applicants that the filters leave; lines are fetched page by page.

    The database sorts ids alone: with everything that a line shows, 7,000 rows took it five times as long.
    """

    rows: QuerySet[Enrolment]
    total: int
    counts: dict[str, dict[str, int]]

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, part: Any) -> Any:
        ids = list(self.rows.values_list("pk", flat=True)[part])
        seats = dict.fromkeys(SEATS, 0) | dict(zip(SEATS, ids, strict=False))
        by_id = {row.pk: _line(row) for row in _lines(**seats)}
        return [by_id[key] for key in ids if key in by_id]


SEATS = tuple(f"seat_{number}" for number in range(PER_PAGE))
_SHOWN = {
    "name": "user__name",
    "council": "organisation__name",
    "short": "organisation__short_name",
    "job_title": "user__profile__job_title",
    "works_at": "user__membership__organisation_id",
    "known_at": "user__membership__confirmed_at",
}


def _lines_of_a_page(**seats: int) -> QuerySet[Enrolment, Any]:
    rows = Enrolment.objects.filter(pk__in=list(seats.values())).order_by("pk")
    own = ("pk", "organisation_id", "role", "state", "applied_at", "paused_until")
    columns = {name: F(path) for name, path in _SHOWN.items()}
    return rows.annotate(**columns).values_list(*own, *columns, named=True)


_lines = Prepared(_lines_of_a_page, **dict.fromkeys(SEATS, int))


def _line(row: Any) -> Line:
    is_known = row.known_at is not None and row.works_at == row.organisation_id
    return Line(
        pk=row.pk,
        name=row.name,
        organisation=row.short or row.council,
        role=row.role,
        job_title=row.job_title or "",
        state=row.state,
        applied_at=row.applied_at,
        is_paused=row.paused_until is not None and clock.today() < row.paused_until,
        is_waiting_to_be_known=row.state in Enrolment.LIVE and not is_known,
    )


def applicants_of(programme: Programme) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(programme=programme)


def find(programme: Programme, chosen: Chosen, terms: str, order: Sequence[str]) -> Found:
    """The applicants that the filters leave, with the counts beside every filter."""
    shelf = kept("applicants", [programme.pk], lambda: Shelf.of(_facts(programme)))
    ranked = search.find(KIND, terms, [scope_of(programme)]) if terms else None
    among = shelf.everybody if ranked is None else shelf.among(ranked)
    total = shelf.chosen(chosen, among).bit_count()
    counts = {facet: shelf.counts(facet, chosen, among) for facet in FACETS}
    return Found(_rows(programme, chosen, ranked).order_by(*order), total, counts)


def chosen_rows(programme: Programme, chosen: Chosen, terms: str) -> QuerySet[Enrolment]:
    """All that the filters leave, for export and for "everybody in this list"."""
    ranked = search.find(KIND, terms, [scope_of(programme)]) if terms else None
    return _rows(programme, chosen, ranked).select_related("user__profile", "organisation")


_FILTERS = {
    "state": "state__in",
    "role": "role__in",
    "service": "user__profile__service_area__in",
    "level": "user__profile__level__in",
}


def _rows(programme: Programme, chosen: Chosen, ranked: list[int] | None) -> QuerySet[Enrolment]:
    rows = applicants_of(programme)
    if ranked is not None:
        rows = rows.filter(pk__in=among(ranked))
    for facet, values in chosen.items():
        if values and facet in _FILTERS:
            rows = rows.filter(**{_FILTERS[facet]: values})
    if councils := chosen.get("council"):
        rows = rows.filter(
            Q(organisation__short_name__in=councils) | Q(organisation__short_name="", organisation__name__in=councils)
        )
    if wanted := chosen.get("attention"):
        rows = rows.filter(pk__in=_with_attention(programme, wanted))
    return rows


def _with_attention(programme: Programme, wanted: Collection[str]) -> QuerySet[Enrolment, Any]:
    """Rows behind the marks that `_attention` gives, asked of the database."""
    kinds = {
        "conflict": Q(conflicts__isnull=False),
        "paused": Q(paused_until__gt=clock.today()),
        "note": ~Q(note_to_coordinator=""),
        "sponsor_said_no": Q(state=Enrolment.State.DECLINED, sponsor_answered_at__isnull=False),
    }
    kinds["unconfirmed"] = Q(state__in=Enrolment.LIVE) & ~Q(
        user__membership__confirmed_at__isnull=False, user__membership__organisation=F("organisation")
    )
    any_of = Q(pk=None)
    for kind in wanted:
        any_of |= kinds.get(kind, Q(pk=None))
    return applicants_of(programme).filter(any_of).values("pk")


def _facts(programme: Programme) -> Iterator[Fact]:
    today = clock.today()
    rows = applicants_of(programme).values_list(*_EVERYBODY, *_PROFILE, *_MORE)
    for pk, state, role, council, short, service, level, answered, paused, note in rows.iterator():
        yield pk, "state", state
        yield pk, "role", role
        yield pk, "council", short or council
        yield pk, "service", service or ""
        yield pk, "level", level or ""
        for mark in _attention(state, answered, bool(paused and paused > today), note):
            yield pk, "attention", mark
    for mark in ("conflict", "unconfirmed"):
        for pk in _with_attention(programme, [mark]).distinct().values_list("pk", flat=True):
            yield pk, "attention", mark


def _attention(state: str, answered: Any, paused: bool, note: str) -> Iterator[str]:
    if paused:
        yield "paused"
    if note:
        yield "note"
    if answered and state == Enrolment.State.DECLINED:
        yield "sponsor_said_no"


def export_headings() -> list[str]:
    return [
        _("Name"),
        _("E-mail"),
        _("Organisation"),
        _("Role"),
        _("State"),
        _("Job title"),
        _("Service area"),
        _("Level"),
        _("Goal"),
        _("Capacity"),
        _("Places in use"),
        _("Available from"),
        _("Available until"),
        _("Line manager"),
        _("Applied on"),
    ]


def export_rows(rows: QuerySet[Enrolment]) -> Iterator[list[Any]]:
    for row in rows.order_by("user__name", "pk").iterator(chunk_size=1000):
        profile = getattr(row.user, "profile", None)
        yield [
            row.user.name,
            row.user.email,
            row.organisation.name,
            row.get_role_display(),
            row.get_state_display(),
            profile.job_title if profile else "",
            taxonomy.name_of(profile.service_area) if profile and profile.service_area else "",
            ladder.name_of(profile.level) if profile and profile.level else "",
            row.goal,
            row.capacity,
            row.taken,
            row.available_from,
            row.available_until,
            row.line_manager_email,
            row.applied_at.date(),
        ]
