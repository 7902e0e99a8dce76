"""XLSX, XLS and ODS to records, by calamine, after a look at what they would unpack to."""

import datetime as dt
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

import python_calamine

from commonhall.core.sheets import sheet as kinds
from commonhall.core.sheets.problems import Unreadable
from commonhall.core.sheets.words import gettext_noop

MEGABYTE = 1024 * 1024
MOST_UNPACKED = 120 * MEGABYTE
MOST_MEMBERS = 2_000
MOST_RATIO = 200
RATIO_COUNTS_FROM = 8 * MEGABYTE
MOST_CELLS = 4_000_000

_REFERENCE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')

ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(slots=True)
class Cells:
    """The rows of one sheet from its first line on: texts, and kinds where a row is not all text."""

    name: str
    rows: list[list[str]]
    kinds: list[list[str] | None]
    others: list[str]


def read(content: bytes, most_rows: int) -> Cells:
    """The visible sheet that looks most like a list; the first of equals."""
    if content.startswith(ZIP):
        check_archive(content)
    if content.startswith(COMPOUND) and ENCRYPTED in content:
        raise Unreadable("password")
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
    except python_calamine.PasswordError:
        raise Unreadable("password") from None
    except Exception:
        raise Unreadable("damaged") from None
    return _best_sheet(workbook, most_rows)


def _best_sheet(workbook: Any, most_rows: int) -> Cells:
    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    tables: list[tuple[str, list[list[Any]]]] = []
    for name in names[:20]:
        try:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=most_rows)
        except MemoryError:
            raise
        except Exception:
            raise Unreadable("damaged") from None
        if any(any(value not in ("", None) for value in row) for row in rows):
            tables.append((name, rows))
    if not tables:
        raise Unreadable("no_sheet")
    name, rows = max(tables, key=_listness)
    return _as_cells(name, rows, [other for other, _rows in tables if other != name])


def _listness(table: tuple[str, list[list[Any]]]) -> tuple[int, bool]:
    """A list of people holds addresses; instructions and lists of choices do not. Any table beats a single column."""
    rows = table[1]
    addresses = sum(any(isinstance(value, str) and "@" in value for value in row) for row in rows)
    return addresses, sum(sum(value not in ("", None) for value in row) > 1 for row in rows) > 1


def _as_cells(name: str, rows: list[list[Any]], others: list[str]) -> Cells:
    texts: list[list[str]] = []
    sorts: list[list[str] | None] = []
    for row in rows:
        read = [_cell(value) for value in row]
        texts.append([text for text, _kind in read])
        mixed = any(kind != kinds.TEXT for _text, kind in read)
        sorts.append([kind for _text, kind in read] if mixed else None)
    return Cells(name, texts, sorts, others)


def _cell(value: Any) -> tuple[str, str]:
    if isinstance(value, str):
        return value.replace("_x000D_\n", "\n").replace("_x000D_", "\n"), kinds.TEXT
    if isinstance(value, bool):
        return ("yes" if value else "no"), kinds.YES_NO
    if isinstance(value, int | float):
        return (str(int(value)) if float(value).is_integer() else repr(round(value, 12))), kinds.NUMBER
    if isinstance(value, dt.datetime):
        day_only = value.time() == dt.time.min
        return (value.date().isoformat() if day_only else value.isoformat(" ", "seconds")), kinds.DATE
    if isinstance(value, dt.date):
        return value.isoformat(), kinds.DATE
    return ("" if value is None else str(value)), kinds.TIME if isinstance(
        value, dt.time | dt.timedelta
    ) else kinds.TEXT


def check_archive(content: bytes) -> None:
    """Refuse what is no spreadsheet, or would unpack to too much, by unpacking it piece by piece."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_kind([member.filename for member in members])
            if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
                raise _too_large(sum(member.file_size for member in members))
            total = 0
            for member in members:
                total = _unpack(archive, member, total)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zlib.error):
        raise Unreadable("damaged") from None
    except RuntimeError:
        raise Unreadable("password") from None


def _check_kind(names: list[str]) -> None:
    if any(name.startswith("word/") for name in names):
        raise Unreadable("not_a_sheet", what=gettext_noop("a Word document"))
    if any(name.startswith("ppt/") for name in names):
        raise Unreadable("not_a_sheet", what=gettext_noop("a presentation"))
    if any(name.startswith("Index/") for name in names):
        raise Unreadable("not_a_sheet", what=gettext_noop("an Apple Numbers file"))
    if not any(name.startswith("xl/") or name == "content.xml" for name in names):
        raise Unreadable("not_a_sheet", what=gettext_noop("a ZIP archive"))


def _too_large(size: int) -> Unreadable:
    return Unreadable("unpacks_too_large", size=size // MEGABYTE, limit=MOST_UNPACKED // MEGABYTE)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, total: int) -> int:
    looks = member.filename.startswith("xl/worksheets/") or member.filename == "content.xml"
    size, tail, widest, deepest = 0, b"", 0, 0
    with archive.open(member) as stream:
        while piece := stream.read(MEGABYTE):
            size += len(piece)
            if total + size > MOST_UNPACKED:
                raise _too_large(total + size)
            if size > RATIO_COUNTS_FROM and size > MOST_RATIO * max(member.compress_size, 1):
                raise _too_large(total + size)
            if looks:
                wide, deep = _extent(tail + piece)
                widest, deepest, tail = max(widest, wide), max(deepest, deep), piece[-80:]
    if widest * deepest > MOST_CELLS:
        raise Unreadable("too_much_memory")
    return total + size


def _extent(piece: bytes) -> tuple[int, int]:
    """The widest column and deepest row of the cells with something in them, in a piece of a sheet."""
    references = _REFERENCE.findall(piece)
    wide = max((_column_number(letters) for letters in {letters for letters, _row in references}), default=0)
    deep = max((int(row) for _letters, row in references), default=0)
    return wide, deep


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
