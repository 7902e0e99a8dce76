"""The mentors of a programme as people of its pool find them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from commonhall.core import clock
from commonhall.organisations.models import Grant, Membership, Pool
from commonhall.organisations.queries import hidden_fields, memberships_in_pools, scope_ids
from commonhall.people import ladder, photos, taxonomy
from commonhall.people.models import Topic
from commonhall.people.visibility import Viewer, visible_fields
from commonhall.programmes.models import Enrolment, Programme
from commonhall.programmes.queries.shelf import Chosen, Fact, Shelf, kept
from commonhall.search import queries as search

KIND = "mentor"
FACETS = ("free", "service", "competency", "level", "language", "council", "country")
PER_PAGE = 20


@dataclass(frozen=True)
class Mentor:
    """A mentor in the list, with only what this reader may see."""

    pk: int
    name: str
    job_title: str
    organisation: str
    service_area: str
    level: str
    photo: str
    languages: list[str]
    offers: list[str]
    words: str
    places_left: int
    is_paused: bool


@dataclass(frozen=True)
class Found(Sequence[Mentor]):
    """The mentors that the filters leave, best first; their cards are made page by page."""

    ids: list[int]
    counts: dict[str, dict[str, int]]
    cards: Callable[[list[int]], list[Mentor]]

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, part: Any) -> Any:
        return self.cards(self.ids[part])


def open_to(user: Any) -> QuerySet[Programme]:
    """Programmes whose mentors this person may look at, each with the reader's own organisation; one question."""
    members = memberships_in_pools(user).filter(pool=OuterRef("pool"))
    places = Enrolment.objects.filter(programme=OuterRef("pk"), user=user, state=Enrolment.State.APPROVED)
    seen = Q(Exists(members)) & ~Q(state=Programme.State.DRAFT) | Q(Exists(places))
    if run := scope_ids(user, Grant.Role.COORDINATOR, Programme):
        seen |= Q(pk__in=run)
    if owned := scope_ids(user, Grant.Role.POOL_OWNER, Pool):
        seen |= Q(pool__in=owned)
    workplace = Membership.objects.confirmed().filter(user=user).values("organisation")[:1]
    return Programme.objects.filter(seen).annotate(reader_organisation=Subquery(workplace))


def scope_of(programme: Programme) -> str:
    return f"programme-{programme.pk}"


def mentors_of(programme: Programme) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(programme=programme).listed()


def with_hidden(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Each with the fields that their organisation keeps within its own walls, as `hidden`."""
    return rows.annotate(hidden=hidden_fields("programme__pool", "organisation"))


def find(programme: Programme, chosen: Chosen, terms: str, reader: Any, reader_organisation: int | None) -> Found:
    """The mentors that the filters leave, with the counts beside every filter."""
    shelf = kept("directory", programme.pk, lambda: _shelf(programme))
    ranked = search.find(KIND, terms, [scope_of(programme)]) if terms else None
    among = shelf.everybody if ranked is None else shelf.among(ranked)
    mask = shelf.chosen(chosen, among)
    ids = shelf.those(mask, shelf.places if ranked is None else ranked)
    counts = {facet: shelf.counts(facet, chosen, among) for facet in FACETS}
    return Found(ids, counts, lambda some: _cards(programme, some, shelf, reader, reader_organisation))


def _cards(
    programme: Programme, ids: list[int], shelf: Shelf, reader: Any, reader_organisation: int | None
) -> list[Mentor]:
    """Only the rows of one page; whoever has left the directory since the counting is not among them."""
    rows = with_hidden(mentors_of(programme).filter(pk__in=ids)).select_related("user__profile", "organisation")
    by_id = {row.pk: row for row in rows.only(*_COLUMNS)}
    return [_mentor(by_id[key], shelf, reader, reader_organisation) for key in ids if key in by_id]


_COLUMNS = (
    "capacity",
    "taken",
    "paused_until",
    "programme_id",
    "user__name",
    "user__profile__job_title",
    "user__profile__service_area",
    "user__profile__level",
    "user__profile__languages",
    "user__profile__can_help",
    "user__profile__photo",
    "user__profile__updated_at",
    "organisation__name",
    "organisation__short_name",
)


def _mentor(row: Any, shelf: Shelf, reader: Any, reader_organisation: int | None) -> Mentor:
    own = row.organisation_id == reader_organisation
    seen = visible_fields(Viewer.PARTICIPANT, () if own else row.hidden or ())
    profile = row.user.profile
    services = [key for key in shelf.values_of("offered", row.pk) if key != profile.service_area]
    return Mentor(
        pk=row.pk,
        name=row.user.name,
        job_title=profile.job_title if "job_title" in seen else "",
        organisation=row.organisation.label,
        service_area=taxonomy.name_of(profile.service_area) if profile.service_area else "",
        level=ladder.name_of(profile.level) if "level" in seen and profile.level else "",
        photo=photos.address(profile, reader) if "photo" in seen and profile.photo else "",
        languages=taxonomy.names(profile.languages, among="languages"),
        offers=[
            *taxonomy.names(shelf.values_of("competency", row.pk), among="competencies"),
            *taxonomy.names(services, among="service_areas"),
        ],
        words=profile.can_help,
        places_left=row.places_left,
        is_paused=row.is_paused,
    )


def _shelf(programme: Programme) -> Shelf:
    """In order of name, in two queries. What an organisation hides is not there to be counted."""
    return Shelf.of(chain(_people(programme), _topics(programme)))


def _people(programme: Programme) -> Iterator[Fact]:
    columns = (
        "pk",
        "organisation__name",
        "organisation__short_name",
        "organisation__country",
        "capacity",
        "taken",
        "paused_until",
        "hidden",
    )
    profile = ("user__profile__service_area", "user__profile__level", "user__profile__languages")
    rows = with_hidden(mentors_of(programme)).order_by("user__name", "pk").values_list(*columns, *profile)
    today = clock.today()
    for (
        pk,
        council,
        short,
        country,
        capacity,
        taken,
        paused_until,
        hidden,
        service,
        level,
        languages,
    ) in rows.iterator():
        yield pk, "council", short or council
        yield pk, "country", country
        yield pk, "service", service
        yield pk, "level", "" if "level" in (hidden or ()) else level
        yield pk, "free", "yes" if taken < capacity and not (paused_until and paused_until > today) else ""
        for language in languages:
            yield pk, "language", language


def _topics(programme: Programme) -> Iterator[Fact]:
    mine = {"user__profile__topics__purpose": Topic.Purpose.OFFER}
    columns = ("pk", "user__profile__topics__kind", "user__profile__topics__key")
    for pk, kind, key in mentors_of(programme).filter(**mine).values_list(*columns).iterator():
        if kind == Topic.Kind.COMPETENCY:
            yield pk, "competency", key
        elif kind == Topic.Kind.SERVICE:
            yield pk, "service", key
            yield pk, "offered", key
