"""What may hide in a cell of text: formulas, scripts, invisible characters, garbled letters."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from commonhall.core.sheets.problems import ERROR, WARNING

# A quick look before the close one: what follows can only be found in texts with one of these.
_SUSPECT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd<{ÃÂâÅÄÐÑØ\u0370-\u04ff]"
    r"|[tTaA]\s*:|^\s*'?[=+\-@#]"
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
_ESCAPED = re.compile(r"^'(?=\s*[=+\-@])")
_SHEET_ERROR = re.compile(r"^#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)$")
_TAG = re.compile(
    r"</?(?:script|iframe|img|svg|object|embed|style|link|meta|form|input|body|html|div|span|font|table|t[rdh]|ul|ol|li|br|hr|h[1-6]"
    r"|p|a|b|i|u|em|strong|marquee|math|video|audio|base|details|template|noscript|textarea|select|button)\b[^>]*>?"
    r"|<[a-z][\w-]*\s[^>]*\bon[a-z]+\s*=",
    re.I,
)
_SCRIPT = re.compile(
    r"(?:javascript|vbscript)\s*:|data:\s*text/html|\{\{.*?\}\}|\{%.*?%\}|\$\{[^}]*\}|<%.*?%>|#\{[^}]*\}", re.I | re.S
)
_GARBLED = re.compile(
    r"[ÃÂâÅÄÐÑØ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_WORD = re.compile(r"[^\W\d_]+")


Finding = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Cell:
    """The text as it can be kept, and what was found: (code, severity, values)."""

    text: str
    found: tuple[Finding, ...] = ()


@lru_cache(maxsize=8192)
def clean_short(text: str, *, most: int, identity: bool = False) -> Cell:
    return clean(text, most=most, identity=identity)


def clean(text: str, *, most: int, identity: bool = False) -> Cell:
    """`identity` is for names and the like, where a hidden character may deceive: there it blocks."""
    found: list[Finding] = []
    if _SUSPECT.search(text):
        text = _look_closely(_unescaped(text), found, identity)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    lines = text.strip().splitlines() if "\n" in text else [text]
    text = "\n".join([" ".join(line.split()) for line in lines])
    if len(text) > most:
        found.append(("too_long", ERROR, {"length": len(text), "limit": most}))
        text = text[:most]
    return Cell(text, tuple(found))


def _unescaped(text: str) -> str:
    """Without the apostrophe that our own files put before a formula sign, so that a list can go out and come back."""
    return _ESCAPED.sub("", text)


def _look_closely(text: str, found: list[Finding], identity: bool) -> str:
    if _SHEET_ERROR.match(text.strip()):
        found.append(("sheet_error", WARNING, {"value": text.strip()}))
        return ""
    formula = _FORMULA.match(text) or _COMMAND.match(text)
    for code, pattern, severity in (
        ("direction", _DIRECTION, ERROR if identity else WARNING),
        ("control", _CONTROL, WARNING),
        ("invisible", _INVISIBLE, WARNING),
    ):
        if pattern.search(text):
            if identity or code != "invisible":
                found.append((code, severity, {}))
            text = pattern.sub("", text)
    if formula:
        found.append(("formula", WARNING, {}))
    if _TAG.search(text):
        found.append(("html", WARNING, {}))
    if _SCRIPT.search(text):
        found.append(("script", WARNING, {}))
    return _letters(text, found, identity)


def _letters(text: str, found: list[Finding], identity: bool) -> str:
    if _GARBLED.search(text) and (read := ungarbled(text)):
        found.append(("mojibake", WARNING, {"value": text[:60], "read": read[:60]}))
        text = read
    if "\ufffd" in text:
        found.append(("lost_letters", WARNING, {"value": text[:60]}))
    if identity and (word := mixed_word(text)):
        found.append(("lookalike", WARNING, {"value": word}))
    return text


def ungarbled(text: str) -> str:
    """UTF-8 that was read as Windows-1252, put right word by word; "" when there was none."""
    read = _NOT_ASCII.sub(lambda match: _reread(match[0]) or match[0], text)
    return read if read != text else ""


def _reread(letters: str) -> str:
    raw = bytearray()
    for letter in letters:
        try:
            raw += letter.encode("cp1252")
        except UnicodeEncodeError:
            if ord(letter) > 0xFF:
                return ""
            raw.append(ord(letter))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""


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
