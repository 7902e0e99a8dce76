"""Free text as phrases, and the key under which its vectors are stored. Plain Python: no numpy, no model."""

import re
from hashlib import sha256
from typing import Literal

from pairing.types import Person, Problem

Side = Literal["want", "offer"]
MOST = 8
LONGEST = 300
_ENDS = re.compile(r"(?<=[.!?;])\s+|[\r\n•]+")
_KEY = re.compile(r"#[0-9a-f]{32}")


def phrases(text: str) -> tuple[str, ...]:
    """The sentences and lines of a text, each once, at most eight.

    >>> phrases("Chairing a meeting. I lose my thread!\\n- budgets")
    ('Chairing a meeting.', 'I lose my thread!', 'budgets')
    """
    parts = (" ".join(part.split()).lstrip("-–*· ")[:LONGEST] for part in _ENDS.split(text))
    return tuple(dict.fromkeys(part for part in parts if sum(map(str.isalpha, part)) > 2))[:MOST]


def is_key(text: str) -> bool:
    """Whether this stands in the place of a text that is kept back: see ``key``."""
    return _KEY.fullmatch(text) is not None


def key(side: Side, text: str) -> str:
    """The name of a text on one side. A problem may hold this key in place of the text itself, with its vectors."""
    return text if is_key(text) else "#" + sha256(f"{side}\n{text}".encode()).hexdigest()[:32]


def said(person: Person) -> tuple[Side, str]:
    """What of somebody's prose is compared: a mentee's goals, a mentor's offers."""
    return ("want", person.text_want.strip()) if person.role == "mentee" else ("offer", person.text_offer.strip())


def texts(problem: Problem) -> dict[str, tuple[Side, str]]:
    """Every text that somebody wrote, by its key; none if one side has written nothing."""
    sides = [
        {key(*said(person)): said(person) for person in people if said(person)[1]}
        for people in (problem.mentees, problem.mentors)
    ]
    return sides[0] | sides[1] if all(sides) else {}
