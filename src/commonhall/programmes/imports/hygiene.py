"""What may hide in a cell of text: formulas, scripts, invisible characters, garbled letters."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from commonhall.core.sheets.problems import ERROR, WARNING

_SUSPECT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd<{Ã]|^\s*[=+\-@]"
    r"|â€|Â|[\u0370-\u04ff]|javascript|vbscript|data:|\$\{",
    re.I,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(r"[\u00ad\u200b\u200e\u200f\u2060-\u2065\ufeff]")
_FORMULA = re.compile(
    r"^\s*(?:=\s*\S|@\s*[A-Za-z]+\s*\(|[+\-]\s*[A-Za-z_.]+\s*[(|!]|[+\-]\s*\d+(?:\s*[+\-*/^]\s*\d+)+\s*(?:[*+\-/&]|$)|[+\-@]\s*\w+\|)"
)
_COMMAND = re.compile(
    r"^\s*[=+\-@].*(?:\|.*!|\bcmd\b|HYPERLINK\s*\(|WEBSERVICE\s*\(|DDE\s*\(|IMPORT\w+\s*\()", re.I | re.S
)
_TAG = re.compile(
    r"</?(?:script|iframe|img|svg|object|embed|style|link|meta|form|input|body|html|div|span|font|table|t[rdh]|ul|ol|li|br|hr|h[1-6]"
    r"|p|a|b|i|u|em|strong|marquee|math|video|audio|base|details|template|noscript|textarea|select|button)\b[^>]*>?",
    re.I,
)
_SCRIPT = re.compile(
    r"(?:javascript|vbscript)\s*:|data:\s*text/html|\{\{.*?\}\}|\{%.*?%\}|\$\{[^}]*\}|<%.*?%>|#\{[^}]*\}", re.I | re.S
)
_GARBLED = re.compile(
    r"[ÃÂâÅÄÐÑØ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(slots=True)
class Cell:
    """The text as it can be kept, and what was found: (code, severity, values)."""

    text: str
    found: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)


def clean(text: str, *, most: int, identity: bool = False) -> Cell:
    """`identity` is for names and the like, where a hidden character may deceive: there it blocks."""
    cell = Cell(text)
    if _SUSPECT.search(text):
        _look_closely(cell, identity)
    cell.text = "\n".join(" ".join(line.split()) for line in cell.text.strip().splitlines()).strip()
    if len(cell.text) > most:
        cell.found.append(("too_long", ERROR, {"length": len(cell.text), "limit": most}))
        cell.text = cell.text[:most]
    return cell


def _look_closely(cell: Cell, identity: bool) -> None:
    formula = _FORMULA.match(cell.text) or _COMMAND.match(cell.text)
    for code, pattern, severity in (
        ("direction", _DIRECTION, ERROR if identity else WARNING),
        ("control", _CONTROL, WARNING),
        ("invisible", _INVISIBLE, WARNING),
    ):
        if pattern.search(cell.text):
            if identity or code != "invisible":
                cell.found.append((code, severity, {}))
            cell.text = pattern.sub("", cell.text)
    if formula:
        cell.found.append(("formula", WARNING, {}))
    if _TAG.search(cell.text):
        cell.found.append(("html", WARNING, {}))
    if _SCRIPT.search(cell.text):
        cell.found.append(("script", WARNING, {}))
    _letters(cell, identity)


def _letters(cell: Cell, identity: bool) -> None:
    if _GARBLED.search(cell.text) and (read := ungarbled(cell.text)):
        cell.found.append(("mojibake", WARNING, {"value": cell.text[:60], "read": read[:60]}))
        cell.text = read
    if "\ufffd" in cell.text:
        cell.found.append(("lost_letters", WARNING, {"value": cell.text[:60]}))
    if identity and (word := mixed_word(cell.text)):
        cell.found.append(("lookalike", WARNING, {"value": word}))


def ungarbled(text: str) -> str:
    """UTF-8 that was read as Windows-1252, put right; "" when it was not that."""
    raw = bytearray()
    for letter in text:
        try:
            raw += letter.encode("cp1252")
        except UnicodeEncodeError:
            if ord(letter) > 0xFF:
                return ""
            raw.append(ord(letter))
    try:
        read = raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return read if read != text else ""


def script_of(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


def mixed_word(text: str) -> str:
    """A word that mixes Latin with Cyrillic or Greek letters, or ""."""
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        scripts = {script_of(letter) for letter in word}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK"}:
            return str(word)
    return ""
