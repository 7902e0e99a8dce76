"""By which words an application is found: all of them by the coordinator, a mentor's public ones in the directory."""

from typing import Any

from django.db.models import QuerySet

from commonhall.people import ladder, taxonomy
from commonhall.people.queries import topic_name
from commonhall.people.visibility import Viewer, visible_fields
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
        .select_related("programme", "organisation", "user__profile")
        .prefetch_related("user__profile__topics")
    )
    listed = set(some.listed().values_list("pk", flat=True))
    search.index_many(applicants.KIND, [_for_coordinators(row) for row in rows])
    search.index_many(directory.KIND, [_for_everybody(row) for row in rows if row.pk in listed])
    search.remove(directory.KIND, [pk for pk in ids if pk not in listed])


def _for_coordinators(row: Any) -> Entry:
    seen = visible_fields(Viewer.COORDINATOR)
    return _entry(row, [row.user.email, row.goal, *_words(row, seen)])


def _for_everybody(row: Any) -> Entry:
    return _entry(row, _words(row, visible_fields(Viewer.PARTICIPANT, row.hidden or ())))


def _entry(row: Any, words: list[str]) -> Entry:
    return row.pk, [directory.scope_of(row.programme)], "\n".join([row.user.name, row.organisation.name, *words])


TEXTS = ("job_title", "can_help", "want_to_learn", "biography", "career_path", "qualifications")
PURPOSES = {"offer": "offers", "want": "wants", "interest": "interests"}


def _words(row: Any, seen: frozenset[str]) -> list[str]:
    """What stands in the fields that may be seen, keys as the names that people know."""
    profile = getattr(row.user, "profile", None)
    if profile is None:
        return []
    words = [getattr(profile, name) for name in TEXTS if name in seen]
    if profile.service_area:
        words.append(taxonomy.name_of(profile.service_area))
    if profile.level and "level" in seen:
        words.append(ladder.name_of(profile.level))
    words += [topic_name(topic) for topic in profile.topics.all() if PURPOSES[topic.purpose] in seen]
    return words + taxonomy.names(profile.languages, among="languages")
