"""Cells that hold several choices, some of which have commas of their own ("finance, audit and procurement")."""

import re
from collections.abc import Callable

_HARD = re.compile(r"\s*(?:;|\n|\|)\s*")


def split(text: str, known: Callable[[str], bool]) -> list[str]:
    """The choices in a cell. Where only commas separate them, the longest run that is one known choice stays whole."""
    text = text.strip()
    if _HARD.search(text):
        return [piece for piece in (part.strip(" ,") for part in _HARD.split(text)) if piece]
    if "," not in text:
        return [text] if text else []
    parts = [part.strip() for part in text.split(",")]
    found: list[str] = []
    at = 0
    while at < len(parts):
        ends = range(len(parts), at, -1)
        end = next((end for end in ends if end - at == 1 or known(", ".join(parts[at:end]))), at + 1)
        found.append(", ".join(parts[at:end]))
        at = end
    return [piece for piece in found if piece]
