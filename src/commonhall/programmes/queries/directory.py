"""The mentors of the programmes of one's pools, as people find them; of one programme, when that filter is set."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from commonhall.core import clock
from commonhall.core.prepared import Prepared
from commonhall.organisations.models import Grant, Membership, Pool
from commonhall.organisations.queries import grants_of, hidden_fields, memberships_in_pools, scope_ids
from commonhall.people import photos, taxonomy
from commonhall.people.models import Topic
from commonhall.people.visibility import Viewer, visible_fields
from commonhall.programmes.models import Enrolment, Programme
from commonhall.programmes.queries.promises import with_free
from commonhall.programmes.queries.shelf import Chosen, Fact, Shelf, kept
from commonhall.search import queries as search

KIND = "mentor"
FACETS = ("programme", "free", "service", "competency", "level", "language", "council", "country")
PER_PAGE = 20
OFFERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on a mentor's card for this reader, but for the photo, whose address is the reader's own."""

    pk: int
    programme: str
    name: str
    job_title: str
    organisation: str
    languages: str
    programmes: str
    offers: tuple[str, ...]
    words: str
    is_free: bool
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Mentor:
    """A mentor in the list, with only what this reader may see."""

    words: Words
    photo: str

    @property
    def name(self) -> str:
        return self.words.name


@dataclass(frozen=True)
class Found(Sequence[Mentor]):
    """The mentors that the filters leave, best first; their cards are made page by page."""

    total: int
    ids: Callable[[slice], list[int]]
    counts: dict[str, dict[str, int]]
    cards: Callable[[list[int]], list[Mentor]]

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, part: Any) -> Any:
        return self.cards(self.ids(part))


def open_to(user: Any) -> QuerySet[Programme]:
    """Programmes whose mentors this person may look at, each with the reader's own organisation; one question."""
    seen = _open_to_readers(user.pk)
    if run := scope_ids(user, Grant.Role.COORDINATOR, Programme):
        seen |= Q(pk__in=run)
    if owned := scope_ids(user, Grant.Role.POOL_OWNER, Pool):
        seen |= Q(pool__in=owned)
    return _with_workplace(Programme.objects.filter(seen), user.pk)


def found_open(user: Any, slug: str) -> Programme | None:
    """The one with this name; whoever holds no role is asked about in a question that is always the same."""
    rows = open_to(user).filter(slug=slug) if grants_of(user) else _found_open(user=user.pk, slug=slug)
    return next(iter(rows), None)


def _open_to_readers(user: int) -> Q:
    members = memberships_in_pools(user).filter(pool=OuterRef("pool"))
    places = Enrolment.objects.filter(programme=OuterRef("pk"), user=user, state=Enrolment.State.APPROVED)
    return Q(Exists(members)) & ~Q(state=Programme.State.DRAFT) | Q(Exists(places))


def _with_workplace(programmes: QuerySet[Programme], user: int) -> QuerySet[Programme]:
    workplace = Membership.objects.confirmed().filter(user=user).values("organisation")[:1]
    return programmes.annotate(reader_organisation=Subquery(workplace))


_found_open = Prepared(
    lambda user, slug: _with_workplace(Programme.objects.filter(_open_to_readers(user), slug=slug), user),
    user=int,
    slug=str,
)


_all_open = Prepared(lambda user: _with_workplace(Programme.objects.filter(_open_to_readers(user)), user), user=int)


def scope_of(programme: Programme) -> str:
    return f"programme-{programme.pk}"


def open_programmes(user: Any) -> list[Any]:
    """Every programme whose mentors this person may look at, the newest first; one question."""
    return list(open_to(user)) if grants_of(user) else _all_open(user=user.pk)


def mentors_of(*programmes: Programme) -> QuerySet[Enrolment]:
    return with_free(Enrolment.objects.filter(programme__in=programmes).listed())


def with_hidden(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Each with the fields that their organisation keeps within its own walls, as `hidden`."""
    return rows.annotate(hidden=hidden_fields("programme__pool", "organisation"))


def find(
    programmes: Sequence[Programme], chosen: Chosen, terms: str, reader: Any, reader_organisation: int | None
) -> Found:
    """The mentors that the filters leave, each once, with the counts beside every filter."""
    shelf = kept("directory", [one.pk for one in programmes], lambda: _shelf(programmes))
    ranked = search.find(KIND, terms, [scope_of(one) for one in programmes]) if terms else None
    among = shelf.everybody if ranked is None else shelf.among(ranked)
    mask = shelf.chosen(chosen, among)
    order = shelf.places if ranked is None else ranked
    counts = {facet: shelf.counts(facet, chosen, among) for facet in FACETS}
    names = {one.slug: one.name for one in programmes} if len(programmes) > 1 else {}
    return Found(
        shelf.heads(mask).bit_count(),
        lambda part: shelf.those(mask, order, part),
        counts,
        lambda some: _cards(some, shelf, names, reader, reader_organisation),
    )


def _cards(
    ids: list[int], shelf: Shelf, names: Mapping[str, str], reader: Any, reader_organisation: int | None
) -> list[Mentor]:
    """Only the rows of one page; whoever has left the directory since the counting is not among them.

    A card speaks from one of the person's places, by the rules of that programme's pool.
    """
    seats = dict.fromkeys(SEATS, 0) | dict(zip(SEATS, ids, strict=False))
    by_id = {row.pk: row for row in _rows(**seats)}
    known = shelf.values_of(("competency", "offered", "everywhere"), by_id)
    return [_mentor(by_id[key], known[key], names, reader, reader_organisation) for key in ids if key in by_id]


SEATS = tuple(f"seat_{number}" for number in range(PER_PAGE))
_COLUMNS = {
    "programme_slug": "programme__slug",
    "council": "organisation__name",
    "short": "organisation__short_name",
    "name": "user__name",
    "profile": "user__profile__pk",
    "job_title": "user__profile__job_title",
    "service": "user__profile__service_area",
    "languages": "user__profile__languages",
    "words": "user__profile__can_help",
    "photo": "user__profile__photo",
}


def _rows_of_a_page(**seats: int) -> QuerySet[Enrolment, Any]:
    rows = Enrolment.objects.filter(pk__in=list(seats.values())).listed()
    columns = {name: F(path) for name, path in _COLUMNS.items()}
    own = ("pk", "organisation_id", "free", "paused_until", "hidden")
    wide = with_free(with_hidden(rows)).annotate(**columns).order_by("pk")
    found: QuerySet[Enrolment, Any] = wide.values_list(*own, *columns, named=True)
    return found


_rows = Prepared(_rows_of_a_page, **dict.fromkeys(SEATS, int))


def _mentor(
    row: Any, known: Mapping[str, list[str]], names: Mapping[str, str], reader: Any, reader_organisation: int | None
) -> Mentor:
    own = row.organisation_id == reader_organisation
    seen = visible_fields(Viewer.PARTICIPANT, () if own else row.hidden or ())
    services = [key for key in known["offered"] if key != row.service]
    named = [
        *taxonomy.names(known["competency"], among="competencies"),
        *taxonomy.names(services, among="service_areas"),
    ]
    words = Words(
        pk=row.pk,
        programme=row.programme_slug,
        name=row.name,
        job_title=row.job_title if "job_title" in seen else "",
        organisation=row.short or row.council,
        languages=", ".join(taxonomy.names(row.languages, among="languages")),
        offers=tuple(named[:OFFERS_SHOWN]),
        programmes=", ".join(names[slug] for slug in known["everywhere"] if slug in names),
        words=row.words,
        is_free=row.free > 0,
        is_paused=row.paused_until is not None and clock.today() < row.paused_until,
    )
    photo = photos.address_of(row.profile, row.photo, reader) if "photo" in seen else ""
    return Mentor(words, photo)


def _shelf(programmes: Sequence[Programme]) -> Shelf:
    """In order of name, in two queries. What an organisation hides is not there to be counted."""
    everybody = mentors_of(*programmes)
    rows = list(with_hidden(everybody).order_by("user__name", "user", "pk").values_list(*_COUNTED))
    people = {row[0]: row[1] for row in rows} if len(programmes) > 1 else {}
    return Shelf.of(chain(_people(rows), _everywhere(rows), _topics(everybody)), people)


def _everywhere(rows: Sequence[tuple[Any, ...]]) -> Iterator[Fact]:
    """Each programme in which a person mentors, at each of the person's places."""
    mentors_in: dict[int, list[str]] = defaultdict(list)
    for _pk, user, slug, *_rest in rows:
        mentors_in[user].append(slug)
    for pk, user, *_rest in rows:
        for slug in mentors_in[user]:
            yield pk, "everywhere", slug


_COUNTED = (
    "pk",
    "user",
    "programme__slug",
    "organisation__name",
    "organisation__short_name",
    "organisation__country",
    "free",
    "paused_until",
    "hidden",
    "user__profile__service_area",
    "user__profile__level",
    "user__profile__languages",
)


def _people(rows: Iterable[tuple[Any, ...]]) -> Iterator[Fact]:
    today = clock.today()
    for (
        pk,
        _user,
        programme,
        council,
        short,
        country,
        free,
        paused_until,
        hidden,
        service,
        level,
        languages,
    ) in rows:
        yield pk, "programme", programme
        yield pk, "council", short or council
        yield pk, "country", country
        yield pk, "service", service
        yield pk, "level", "" if "level" in (hidden or ()) else level
        yield pk, "free", "yes" if free and not (paused_until and paused_until > today) else ""
        for language in languages:
            yield pk, "language", language


def _topics(everybody: QuerySet[Enrolment]) -> Iterator[Fact]:
    mine = {"user__profile__topics__purpose": Topic.Purpose.OFFER}
    columns = ("pk", "user__profile__topics__kind", "user__profile__topics__key")
    for pk, kind, key in everybody.filter(**mine).values_list(*columns).iterator():
        if kind == Topic.Kind.COMPETENCY:
            yield pk, "competency", key
        elif kind == Topic.Kind.SERVICE:
            yield pk, "service", key
            yield pk, "offered", key
