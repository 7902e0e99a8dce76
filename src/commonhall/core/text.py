"""Cleaning of text that people type or paste."""

import re
import unicodedata

LONGEST_NUMBER = 18
INVISIBLE = {"Cc", "Cf", "Co", "Cs"}
KEPT = {"\n", "\t", "\u200d", "\u200c"}


def clean(value: str) -> str:
    """Drop control and direction-override characters; keep line breaks and joiners."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in value if c in KEPT or unicodedata.category(c) not in INVISIBLE)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def line(value: str) -> str:
    """One line: cleaned, with every run of white space made one space."""
    return re.sub(r"\s+", " ", clean(value))


def folded(value: str) -> str:
    """For comparing names: no accents, no case, single spaces."""
    plain = unicodedata.normalize("NFKD", value)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", plain).strip().casefold()


def whole(typed: str) -> int | None:
    """A whole number from 0 up, as an address or a hidden field holds it; None for anything else.

    >>> whole("12"), whole("²"), whole("-1"), whole("")
    (12, None, None, None)
    """
    return int(typed) if typed.isdecimal() and len(typed) <= LONGEST_NUMBER else None
