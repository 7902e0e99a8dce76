"""By which words an application is found: all of them by the coordinator, a mentor's public ones in the directory."""

from typing import Any

from django.db.models import QuerySet

from commonhall.people.models import Profile
from commonhall.people.queries import Card, card_of
from commonhall.people.visibility import Viewer
from commonhall.programmes.models import Enrolment
from commonhall.programmes.queries import applicants, directory
from commonhall.search import actions as search

BATCH = 500
Entry = tuple[int, list[str], str]


def refresh(enrolments: QuerySet[Enrolment]) -> None:
    """Bring the search up to date for these applications; may be done any number of times."""
    ids = list(enrolments.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        _refresh(ids[start : start + BATCH])


def forget(enrolment_ids: list[int]) -> None:
    search.remove(applicants.KIND, enrolment_ids)
    search.remove(directory.KIND, enrolment_ids)


def _refresh(ids: list[int]) -> None:
    some = Enrolment.objects.filter(pk__in=ids)
    rows = list(
        directory.with_hidden(some)
        .select_related("programme", "organisation", "user__profile", "user__membership__organisation")
        .prefetch_related("user__profile__topics", "user__profile__hours")
    )
    listed = set(some.listed().values_list("pk", flat=True))
    search.index_many(applicants.KIND, [_for_coordinators(row) for row in rows])
    search.index_many(directory.KIND, [_for_everybody(row) for row in rows if row.pk in listed])
    search.remove(directory.KIND, [pk for pk in ids if pk not in listed])


def _for_coordinators(row: Any) -> Entry:
    card = _card(row, Viewer.COORDINATOR)
    words = (row.user.email, row.organisation.name, row.goal, *_words(card), *card.wants, card.want_to_learn)
    return row.pk, [directory.scope_of(row.programme)], "\n".join(words)


def _for_everybody(row: Any) -> Entry:
    card = _card(row, Viewer.PARTICIPANT)
    return row.pk, [directory.scope_of(row.programme)], "\n".join((row.organisation.name, *_words(card)))


def _card(row: Any, viewer: Viewer) -> Card:
    profile = getattr(row.user, "profile", None) or Profile(user=row.user)
    return card_of(profile, viewer, row.user, row.hidden or ())


def _words(card: Card) -> list[str]:
    single = (card.name, card.job_title, card.service_area, card.can_help, card.biography)
    more = (card.career_path, card.qualifications, card.level)
    return [*single, *more, *card.offers, *card.interests, *card.languages]
