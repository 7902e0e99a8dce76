"""Read a stranger's spreadsheet: CSV of any separator and encoding, XLSX, XLS or ODS.

`read` does the work in a child process with limits on time and memory, and never raises for what is in the file: the
sheet that comes back says at which line and column something is wrong, or why nothing could be read.
"""

import re
from pathlib import Path

from commonhall.core import child
from commonhall.core.sheets import delimited, layout, workbook
from commonhall.core.sheets.delimited import Record
from commonhall.core.sheets.encodings import decode
from commonhall.core.sheets.problems import NOTE, WARNING, Problem, Unreadable
from commonhall.core.sheets.sheet import Sheet
from commonhall.core.sheets.words import gettext_noop

MEGABYTE = 1024 * 1024
LARGEST_FILE = 40 * MEGABYTE
SECONDS = 40
MEGABYTES = 900

_MASKS = (
    (b"%PDF", gettext_noop("a PDF")),
    (b"\x89PNG", gettext_noop("a picture")),
    (b"\xff\xd8\xff", gettext_noop("a picture")),
    (b"GIF8", gettext_noop("a picture")),
    (b"{\\rtf", gettext_noop("a text document")),
    (b"\x1f\x8b", gettext_noop("a compressed file")),
    (b"Rar!", gettext_noop("a compressed file")),
    (b"7z\xbc\xaf", gettext_noop("a compressed file")),
)


def read(source: Path | str | bytes, filename: str = "") -> Sheet:
    """The sheet in a file or in bytes; `filename` is what people call it."""
    filename = filename or (Path(source).name if not isinstance(source, bytes) else "")
    try:
        content = source if isinstance(source, bytes) else _content(Path(source))
        _check_size(len(content))
        return child.run_limited(  # type: ignore[no-any-return]
            read_here, content, filename, seconds=SECONDS, megabytes=MEGABYTES
        )
    except Unreadable as error:
        return unreadable(filename, error.problem)
    except child.TookTooLong:
        return unreadable(filename, Problem("too_slow"))
    except child.NeededTooMuchMemory:
        return unreadable(filename, Problem("too_much_memory"))
    except child.Crashed:
        return unreadable(filename, Problem("unreadable"))


def unreadable(filename: str, problem: Problem) -> Sheet:
    return Sheet(filename, 0, (), (), (problem,))


def _content(path: Path) -> bytes:
    _check_size(path.stat().st_size)
    return path.read_bytes()


def _check_size(size: int) -> None:
    if size > LARGEST_FILE:
        raise Unreadable("too_large", size=-(-size // MEGABYTE), limit=LARGEST_FILE // MEGABYTE)
    if size == 0:
        raise Unreadable("empty_file")


def read_here(content: bytes, filename: str = "") -> Sheet:
    """As `read`, in this process and without limits; raises `Unreadable` when the file as a whole cannot be used."""
    if content.startswith((workbook.ZIP, workbook.COMPOUND)):
        return _from_workbook(content, filename)
    _refuse_what_is_no_text(content)
    return _from_text(content, filename)


def _refuse_what_is_no_text(content: bytes) -> None:
    for magic, what in _MASKS:
        if content.startswith(magic):
            raise Unreadable("not_a_sheet", what=what)
    start = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        raise Unreadable("not_a_sheet", what=gettext_noop("a web page"))
    if start.startswith((b"<?xml", b"<workbook")):
        raise Unreadable("not_a_sheet", what=gettext_noop("an XML file"))
    if re.match(rb'[\[{]\s*["{\[]', start):
        raise Unreadable("not_a_sheet", what=gettext_noop("a JSON file"))
    if not content.strip(b"\x00 \t\r\n,;\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty_file")


def _from_text(content: bytes, filename: str) -> Sheet:
    decoded = decode(content)
    if _mostly_control(decoded.text[:4000]):
        raise Unreadable("not_a_sheet", what=gettext_noop("a file of another kind"))
    lines = delimited.lines_of(decoded.text)
    separator = delimited.separator_of(lines)
    records: list[Record] = []
    problems: list[Problem] = []
    for record in delimited.records(lines, separator):
        records.append(record)
        if len(records) > layout.MOST_ROWS + layout.LOOK_FOR_HEADER_IN:
            problems.append(Problem("too_many_rows", record.line, None, values={"limit": layout.MOST_ROWS}))
            break
    if not decoded.encoding.startswith("UTF"):
        problems.append(Problem("encoding", None, None, NOTE, {"encoding": decoded.encoding}))
    return _laid_out(records, None, filename, problems, encoding=decoded.encoding, separator=separator)


def _mostly_control(sample: str) -> bool:
    return sum(letter < " " and letter not in "\t\n\r" for letter in sample) > 0.1 * len(sample)


def _from_workbook(content: bytes, filename: str) -> Sheet:
    cells = workbook.read(content, layout.MOST_ROWS + layout.LOOK_FOR_HEADER_IN)
    records = [Record(number, row) for number, row in enumerate(cells.rows, start=1) if not layout.is_blank(row)]
    problems = []
    if cells.others:
        values = {"sheet": cells.name, "others": ", ".join(f"“{name}”" for name in cells.others[:5])}
        problems.append(Problem("other_sheets", None, None, WARNING, values))
    if len(cells.rows) >= layout.MOST_ROWS + layout.LOOK_FOR_HEADER_IN:
        problems.append(Problem("too_many_rows", len(cells.rows), None, values={"limit": layout.MOST_ROWS}))
    return _laid_out(records, cells, filename, problems, name=cells.name)


def _laid_out(
    records: list[Record],
    cells: workbook.Cells | None,
    filename: str,
    problems: list[Problem],
    *,
    name: str = "",
    encoding: str = "",
    separator: str = "",
) -> Sheet:
    at = layout.find_header(records)
    header, below = records[at], records[at + 1 :]
    table = layout.Layout(header, below, separator)
    for record in below:
        table.add(record, cells.kinds[record.line - 1] if cells else None)
    rows, found = table.finished()
    if not rows:
        raise Unreadable("no_rows")
    above = tuple(" ".join(cell.strip() for cell in record.cells if cell.strip()) for record in records[:at])
    return Sheet(
        filename,
        header.line,
        tuple(table.columns),
        tuple(rows),
        tuple(problems + found),
        name=name,
        encoding=encoding,
        separator=separator,
        above=tuple(line for line in above if line),
    )
