"""What a person wrote in an answer by e-mail: without the letter that they answer, and without their signature.

`mail-parser-reply` knows how a quoted letter and a signature begin in ten languages. It is kept on a short rein: some
long lines take it minutes, so that it sees only how each line begins; and it would take “Thank you, that helps.” and
all that follows for a signature.
"""

import re
from dataclasses import dataclass
from email.message import EmailMessage

from mailparser_reply import EmailMessage as Parsed

from commonhall.core.text import clean
from commonhall.integrations.inbox.letters import Letter, parts
from commonhall.integrations.inbox.markup import as_text

LANGUAGES = ["en", "cs", "da", "de", "es", "fr", "it", "nl", "pl", "sv"]
MOST_READ = 12_000
MOST_LINES_OF_SIGNATURE = 10
LONGEST_GREETING = 40
LONGEST_LINE_JUDGED = 200
# Stands at the head of a letter that can be answered, in any language: see `above`.
ABOVE = re.compile(r"^.*··[^·\n]{1,200}··.*$", re.MULTILINE)
BLANK = ((re.compile(r"[^\S\n]+"), " "), (re.compile(r"(?: ?\n ?){3,}"), "\n\n"))
RULER = re.compile(r"[_-]{20,}")
STANDARD_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """What was written, and how many files were attached to it."""

    text: str
    files: int


def answer_in(letter: Letter) -> Answer:
    """Empty where nothing was written. Of something very long the beginning, longer than any message may be."""
    files = sum(part.get_content_disposition() == "attachment" for part in parts(letter.message))
    return Answer(_answer(clean(_text(letter.message))), files)


def above(words: str) -> str:
    """The line above which an answer is to be written."""
    return f"·· {words} ··"


def _answer(text: str) -> str:
    """What stands above our line; where nothing does, the lines that are not quoted."""
    top = ABOVE.split(text, maxsplit=1)[0]
    bottom = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    return next((found for found in (_own_words(top), _own_words(ABOVE.sub("", bottom))) if found), "")


def _own_words(text: str) -> str:
    for pattern, instead in BLANK:
        text = pattern.sub(instead, text)
    text = (STANDARD_SIGNATURE.split(text, maxsplit=1)[0].strip() or text)[:MOST_READ].strip()
    lines = text.split("\n")
    begins, ends = _bounds(lines)
    own = "\n".join(line for line in lines[begins:ends] if not line.startswith(">")).strip()
    return own.rstrip("_-\n ") if RULER.fullmatch(own.rpartition("\n")[2]) else own


def _bounds(lines: list[str]) -> tuple[int, int]:
    """Between which lines the answer stands."""
    judged = "\n".join(RULER.sub("_" * 20, line)[:LONGEST_LINE_JUDGED].strip() for line in lines)
    first = Parsed(text=judged, languages=list(LANGUAGES), keep_hyphen_lists=True).read().replies[0]
    begins = _count(first.headers) if first.headers and first.content.startswith(first.headers) else 0
    ends = _count(first.content)
    signed = _count(first.signatures) if _is_signature(first.signatures or "", first.content) else 0
    return begins, ends - signed if ends - signed > begins else ends


def _count(text: str | None) -> int:
    return text.count("\n") + 1 if text else 0


def _is_signature(found: str, content: str) -> bool:
    """It is short, stands at the end, and begins with a greeting and not with a sentence."""
    first = found.split("\n")[0]
    greets = len(first) <= LONGEST_GREETING and not re.search(r"[.!?:]", first)
    return bool(found) and content.endswith(found) and _count(found) <= MOST_LINES_OF_SIGNATURE and greets


def _text(message: EmailMessage) -> str:
    """The plain text of all its parts, or else its HTML."""
    shown = [part for part in parts(message) if part.get_content_disposition() != "attachment"]
    plain = [_flowed(part, _decoded(part)) for part in shown if part.get_content_type() == "text/plain"]
    if any(text.strip() for text in plain):
        return "\n".join(plain)
    return "\n".join(as_text(_decoded(part)) for part in shown if part.get_content_type() == "text/html")


def _decoded(part: EmailMessage) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", errors="replace")
    except LookupError:
        return raw.decode("utf-8", errors="replace")


def _flowed(part: EmailMessage, text: str) -> str:
    """Lines that end with a space go on in the next one (RFC 3676)."""
    text = text.replace("\r\n", "\n")
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    joined = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
    return re.sub(r"(?<!\n--) \n(?![>\n])", joined, text)
