"""The agreement as a text with headings.

In the texts that we keep, a line that begins with `## ` opens a section. A coordinator may also write plainly: a short
line without a full stop, right above a paragraph, is its heading.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

HEADING = re.compile(r"^#{1,6}\s+(?P<heading>\S.*?)\s*$", re.MULTILINE)
LONGEST_HEADING = 60
RHYTHM = "{rhythm}"


@dataclass(frozen=True)
class Section:
    heading: str
    body: str = ""


def sections(text: str) -> list[Section]:
    """The sections of a text, in order; words before the first heading stand under an empty one."""
    lines = text.replace("\r\n", "\n").split("\n")
    marked = HEADING.search(text) is not None
    found: list[tuple[str, list[str]]] = [("", [])]
    for place, line in enumerate(lines):
        heading = _marked(line) if marked else _plain_heading(lines, place)
        if heading:
            found.append((heading, []))
        else:
            found[-1][1].append(line)
    made = [Section(heading, "\n".join(body).strip()) for heading, body in found]
    return [section for section in made if section.heading or section.body]


def compose(parts: Iterable[Section]) -> str:
    """The text of some sections. A body cannot open a section of its own."""
    return "\n\n".join(f"## {_heading(part)}\n{HEADING.sub(_unmarked, part.body)}".strip() for part in parts)


def draft(text: str, rhythm: str) -> list[Section]:
    """The sections that a pair starts from: the programme's, or ours where it has no text of its own."""
    return sections((text.strip() or standard()).replace(RHYTHM, rhythm))


def _heading(part: Section) -> str:
    return part.heading or _("To begin with")


def _marked(line: str) -> str:
    found = HEADING.match(line)
    return found["heading"] if found else ""


def _unmarked(found: re.Match[str]) -> str:
    return found["heading"]


def _plain_heading(lines: list[str], place: int) -> str:
    line = lines[place].strip()
    starts = place == 0 or not lines[place - 1].strip()
    goes_on = place + 1 < len(lines) and bool(lines[place + 1].strip())
    short = 0 < len(line) <= LONGEST_HEADING and line[-1] not in ".!?:;,"
    return line if starts and goes_on and short else ""


def standard() -> str:
    """What two people usually settle, for programmes that have no text of their own."""
    return compose(
        [
            Section(
                _("Purpose"),
                _(
                    "We meet so that the mentee can think aloud with somebody who has done this before. "
                    "The mentee sets the direction; the mentor listens, asks and shares experience."
                ),
            ),
            Section(_("Rhythm"), _("We meet {rhythm}, for about an hour. We agree the next date before we part.")),
            Section(
                _("Channel"),
                _("We meet by video, unless one of us asks for a telephone call or we can meet in person."),
            ),
            Section(
                _("Confidentiality and its limits"),
                _(
                    "What we say stays between us. The limits are the law, somebody’s safety and serious misconduct: "
                    "if one of those comes up we tell each other first, and then the person who has to know."
                ),
            ),
            Section(
                _("Cancellations"),
                _(
                    "Work in a council is unpredictable. Whoever has to cancel says so as early as possible "
                    "and offers new times."
                ),
            ),
            Section(
                _("Notes"),
                _(
                    "The mentee writes down what was agreed. Notes are ours alone, "
                    "and either of us can ask for something to be left out."
                ),
            ),
            Section(
                _("What the manager is told"),
                _(
                    "The line manager knows the dates and the hours, never what we talked about. "
                    "The mentee may tell more."
                ),
            ),
            Section(
                _("Ending without blame"),
                _(
                    "Either of us can end this at any time with a short message, and needs no reasons. "
                    "We thank each other and part well."
                ),
            ),
        ]
    )
