"""Cleaning of text that people type or paste."""

import re
import unicodedata

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
