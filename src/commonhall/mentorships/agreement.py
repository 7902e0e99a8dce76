"""The agreement as a text with headings: a line that begins with `## ` opens a section."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext as _

HEADING = re.compile(r"^#{1,6}\s+(?P<heading>\S.*?)\s*$")
BLANK = re.compile(r"\{(rhythm|review)\}")


@dataclass(frozen=True)
class Section:
    heading: str
    body: str = ""

    @property
    def key(self) -> str:
        return slugify(self.heading, allow_unicode=True) or "section"


def sections(text: str) -> list[Section]:
    """The sections of a text, in order; words before the first heading stand under one without words."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for written in text.replace("\r\n", "\n").split("\n"):
        heading = HEADING.match(written)
        if heading:
            found.append((heading["heading"], []))
        else:
            found[-1][1].append(written)
    made = [Section(heading, "\n".join(lines).strip()) for heading, lines in found]
    return [section for section in made if section.heading or section.body]


def compose(parts: Iterable[Section]) -> str:
    """The text of some sections. A body cannot open a section of its own."""
    return "\n\n".join(f"## {part.heading}\n{_plain(part.body)}".strip() for part in parts) + "\n"


def draft(text: str, blanks: Mapping[str, str]) -> str:
    """A programme's text, or ours where it has none, with `{rhythm}` and `{review}` filled in."""
    return BLANK.sub(lambda found: blanks.get(found[1], ""), text.strip() or standard())


def _plain(body: str) -> str:
    return "\n".join(line.lstrip("# ") if HEADING.match(line) else line for line in body.split("\n"))


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
            Section(_("Goals")),
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
            Section(_("Review"), _("We look at whether this is working on {review}.")),
            Section(
                _("Ending without blame"),
                _(
                    "Either of us can end this at any time with a short message, and needs no reasons. "
                    "We thank each other and part well."
                ),
            ),
        ]
    )
