"""Bytes to text: which encoding a file is in, and where single bytes do not belong to it.

A byte that is not UTF-8 in a file that otherwise is stays in the text as a lone surrogate, so that the cell that
holds it can be named once cells are known; `mend` then turns it into the letter that was most likely meant.
"""

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_STRAY = re.compile(r"[\udc80-\udcff]")
_ONE_BYTE = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS 850"}
_LIKELY = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßšžœÀÁÂÄÅÆÇÈÉÊËÍÎÑÓÔÖØÙÚÜŠŽ’‘“”–—…•£€§°½²\u00a0")
_SAMPLE = 200_000


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    strays: bool = False


def decode(content: bytes) -> Decoded:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            text = content.decode(encoding, "surrogateescape" if encoding == "utf-8-sig" else "replace")
            return Decoded(text.removeprefix("\ufeff"), "UTF-8" if "8" in encoding else "UTF-16", _has_strays(text))
    if wide := _without_bom(content):
        return Decoded(content.decode(wide, "replace"), "UTF-16")
    try:
        return Decoded(content.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        pass
    whole = len(b"".join(_MULTIBYTE.findall(content)))
    if whole and whole >= len(_HIGH.findall(content)) - whole:
        return Decoded(content.decode("utf-8", "surrogateescape"), "UTF-8", True)
    encoding = max(_ONE_BYTE, key=lambda name: _likelihood(content, name))
    text = content.decode(encoding, "surrogateescape")
    return Decoded(text, _ONE_BYTE[encoding], _has_strays(text))


def _has_strays(text: str) -> bool:
    return _STRAY.search(text) is not None


def _without_bom(content: bytes) -> str | None:
    """UTF-16 without a byte order mark shows as a NUL in every other byte."""
    sample = content[:4000]
    if len(sample) < 8:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return None


def _likelihood(content: bytes, encoding: str) -> float:
    high = bytes(_HIGH.findall(content[:_SAMPLE]) and b"".join(_HIGH.findall(content[:_SAMPLE])))
    text = high.decode(encoding, "replace")
    likely = sum(letter in _LIKELY for letter in text)
    return likely / (len(text) or 1) + (0.05 if encoding == "cp1252" else 0)


def strays(cell: str) -> list[str]:
    """The bytes in this cell that did not belong to the file's encoding, as hexadecimal numbers."""
    return [f"0x{ord(letter) - 0xDC00:02X}" for letter in _STRAY.findall(cell)]


def mend(cell: str) -> tuple[str, str]:
    """The cell with each stray byte read as Windows-1252, and the letters it became ("" if one stands for nothing)."""
    letters: list[str] = []

    def letter(match: re.Match[str]) -> str:
        read = bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace")
        letters.append(read)
        return read

    mended = _STRAY.sub(letter, cell)
    return mended, "" if "\ufffd" in letters else "".join(letters)
