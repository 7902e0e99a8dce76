"""Words as they are compared: headings, departments, councils."""

import re
import unicodedata
from functools import lru_cache

_NOT_A_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """No capitals, accents or punctuation; single spaces; "&" reads as "and"."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("’", "'"))
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return _NOT_A_WORD.sub(" ", text.replace("&", " and ").replace("'", "")).strip().casefold()


def gettext_noop(word: str) -> str:
    """Marks a word for translators and leaves it in English: Django's own needs settings, which a child has not."""
    return word
