"""One port for searching: SQLite's FTS5 or PostgreSQL's text search, whichever the data is in."""

from collections.abc import Iterable

from django.db import connection
from rapidfuzz.distance import OSA

from commonhall.search.words import scope_words, words_of

MOST_RESULTS = 1000
NEAR = 0.75

# Ranked first and only then looked up: the entries are large, and a common word is in most of them.
_FTS5 = """
SELECT entry.object_id FROM (
    SELECT rowid AS id, bm25(search_index, 0.0, 1.0) AS place FROM search_index
    WHERE search_index MATCH %s ORDER BY place, rowid LIMIT %s
) AS found JOIN search_entry AS entry ON entry.id = found.id ORDER BY found.place, entry.object_id
"""

_POSTGRESQL = """
SELECT entry.object_id FROM search_entry AS entry,
    (SELECT to_tsquery('english', %s) AS words, to_tsquery('simple', %s) AS allowed) AS asked
WHERE entry.document @@ (asked.words && asked.allowed)
ORDER BY ts_rank(entry.document, asked.words) DESC, entry.object_id LIMIT %s
"""

_NEAREST = """
SELECT entry.object_id FROM search_entry AS entry
WHERE entry.document @@ to_tsquery('simple', %s) AND {each_word}
ORDER BY word_similarity(%s, entry.text) DESC, entry.object_id LIMIT %s
"""

_HOW_NEAR = "SELECT set_config('pg_trgm.word_similarity_threshold', '0.35', false)"


def find(kind: str, terms: str, scopes: Iterable[str], *, limit: int = MOST_RESULTS) -> list[int]:
    """The ids of the things of a kind in any of these scopes that hold every word, best first.

    The scopes are part of the search itself: what the searcher may not see is never looked at.
    """
    words, allowed = words_of(terms), scope_words(kind, scopes)
    if not words or not allowed:
        return []
    if connection.vendor == "postgresql":
        return _in_postgresql(words, allowed, limit)
    found = _ids(_FTS5, _fts5_question(words, allowed), limit)
    if not found and (likely := _likely_words(words)) != words:
        found = _ids(_FTS5, _fts5_question(likely, allowed), limit)
    return found


def _likely_words(words: list[str]) -> list[str]:
    """Each word as it stands, or the nearest one that has been written somewhere, for those who mistype."""
    initials = sorted({word[0] for word in words})
    first_letters = " OR ".join(["(term >= %s AND term < %s)"] * len(initials))
    ends = [end for letter in initials for end in (letter, chr(ord(letter) + 1))]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT term FROM search_words WHERE {first_letters}", ends)  # noqa: S608
        known = [row[0] for row in cursor.fetchall()]
    return [_likely(word, known) for word in words]


def _likely(word: str, known: list[str]) -> str:
    """Known words are stems, so that only as much of the word is compared as the stem has letters."""
    near = [(OSA.normalized_similarity(word[: len(stem)], stem), len(stem), stem) for stem in _as_long_as(word, known)]
    best = max(near, default=(0.0, 0, word))
    return best[2] if best[0] >= NEAR else word


def _as_long_as(word: str, known: list[str]) -> list[str]:
    return [stem for stem in known if len(stem) > 3 and -4 <= len(stem) - len(word) <= 1]


def _fts5_question(words: list[str], allowed: list[str]) -> str:
    scopes = " OR ".join(f'"{word}"' for word in allowed)
    text = " AND ".join(f'"{word}"*' for word in words)
    return f"scopes : ({scopes}) AND text : ({text})"


def _in_postgresql(words: list[str], allowed: list[str], limit: int) -> list[int]:
    scopes = " | ".join(allowed)
    return _ids(_POSTGRESQL, " & ".join(f"{word}:*" for word in words), scopes, limit) or _nearest(words, scopes, limit)


def _nearest(words: list[str], scopes: str, limit: int) -> list[int]:
    """For those who mistype: every word must resemble one that is written there."""
    _ids(_HOW_NEAR)
    each_word = " AND ".join(["%s <%% entry.text"] * len(words))
    return _ids(_NEAREST.format(each_word=each_word), scopes, *words, " ".join(words), limit)


def _ids(sql: str, *values: str | int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]
