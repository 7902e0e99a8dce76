"""What people type into a search box, made harmless; and scopes as words that nobody can type."""

import re
from collections.abc import Iterable

from commonhall.core import text

MOST_WORDS = 8
LONGEST_WORD = 40

# Letters that no accent can be taken from.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
_WORD = re.compile(r"[^\W_]+")
_NOT_PLAIN = re.compile(r"[^a-z0-9]")


def plain(written: str) -> str:
    """Text as both engines keep it, so that both find the same: no capitals, no accents."""
    if written.isascii() and written.replace("\n", "").isprintable():
        return written.lower()
    return text.folded(text.clean(written)).translate(_LETTERS)


def words_of(terms: str) -> list[str]:
    """The words of a question: no accents, no punctuation, none twice, not too many."""
    found = _WORD.findall(plain(terms[:400]))
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in found))[:MOST_WORDS]


def scope_word(kind: str, scope: str) -> str:
    """One word for "things of this kind in this scope"; the letters in front keep it apart from what people write."""
    return "zq" + _NOT_PLAIN.sub("x", f"{kind}x{scope}".lower())


def scope_words(kind: str, scopes: Iterable[str]) -> list[str]:
    return sorted({scope_word(kind, scope) for scope in scopes})
