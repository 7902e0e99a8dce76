from collections.abc import Iterable

from commonhall.search.models import Entry
from commonhall.search.words import plain, scope_words

LONGEST_TEXT = 20_000


def index(kind: str, object_id: int, scopes: Iterable[str], text: str) -> None:
    """Make a thing findable in these scopes by these words, or change what it is found by."""
    index_many(kind, [(object_id, scopes, text)])


def index_many(kind: str, things: Iterable[tuple[int, Iterable[str], str]]) -> None:
    """The same for many at once: (id, scopes, text)."""
    Entry.objects.bulk_create(
        [
            Entry(
                kind=kind,
                object_id=object_id,
                scopes=" ".join(scope_words(kind, scopes)),
                text=plain(text[:LONGEST_TEXT]),
            )
            for object_id, scopes, text in things
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["scopes", "text"],
    )


def remove(kind: str, object_ids: int | Iterable[int]) -> None:
    ids = [object_ids] if isinstance(object_ids, int) else list(object_ids)
    Entry.objects.filter(kind=kind, object_id__in=ids).delete()
