"""Records to a sheet: where the headings are, which lines are rows, and which are something else."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from commonhall.core.sheets.delimited import Record
from commonhall.core.sheets.encodings import mend, strays
from commonhall.core.sheets.problems import NOTE, ROW, WARNING, Problem, Unreadable
from commonhall.core.sheets.sheet import Column, Row
from commonhall.core.sheets.words import gettext_noop, plain

MOST_COLUMNS = 200
MOST_ROWS = 20_000
MOST_IN_A_CELL = 250_000
LOOK_FOR_HEADER_IN = 30
LONGEST_HEADING = 400

_VALUE = re.compile(r"^[\d\s.,:/€£$%+-]+$")
_ADDRESS = re.compile(r"^\S+@\S+$|<\S+@\S+>$")
_TOTAL = re.compile(
    r"^(grand |sub[- ]?|overall )?totals?\b|^(sum|count|average|mean|number of (rows|people|records))\b", re.I
)
_SEPARATOR_NAMES = {
    ",": gettext_noop("comma"),
    ";": gettext_noop("semicolon"),
    "\t": gettext_noop("tab"),
    "|": gettext_noop("vertical bar"),
}


def is_blank(cells: Iterable[str]) -> bool:
    return not any(cell.strip(" \t\n\u00a0\ufeff") for cell in cells)


def filled(cells: Iterable[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def find_header(records: Sequence[Record]) -> int:
    """The first record that fills most of the columns with short, different words rather than with values."""
    head = [record.cells for record in records[:LOOK_FOR_HEADER_IN]]
    widths = sorted(filled(cells) for cells in head if not is_blank(cells))
    if not widths:
        raise Unreadable("no_header")
    usual = widths[len(widths) // 2]
    for index, cells in enumerate(head):
        if filled(cells) >= max(min(2, usual), 0.6 * usual) and _reads_as_headings(cells):
            return index
    raise Unreadable("no_header")


def _reads_as_headings(cells: Sequence[str]) -> bool:
    texts = [cell.strip() for cell in cells if cell.strip()]
    values = sum(bool(_VALUE.search(text)) or len(text) > LONGEST_HEADING for text in texts)
    different = len({plain(text) or text for text in texts})
    return values <= 0.15 * len(texts) and not any(map(_ADDRESS.search, texts)) and different >= 0.5 * len(texts)


def columns_of(cells: Sequence[str], line: int) -> tuple[list[Column], list[Problem]]:
    """Columns with labels that are unique; a heading that comes twice is numbered."""
    columns: list[Column] = []
    problems: list[Problem] = []
    taken: Counter[str] = Counter()
    for index, cell in enumerate(cells[:MOST_COLUMNS]):
        label = re.sub(r"[\s\u00a0\ufeff\u200b]+", " ", mend(cell)[0]).strip()[:LONGEST_HEADING]
        name, label = cell, label or f"Column {_letters(index)}"
        taken[label] += 1
        if taken[label] > 1:
            first, label = label, f"{label} ({taken[label]})"
            problems.append(Problem("column_twice", line, label, NOTE, {"name": first, "label": label}))
        columns.append(Column(index, name, label))
    if len(cells) > MOST_COLUMNS:
        problems.append(Problem("too_many_columns", line, None, WARNING, {"limit": MOST_COLUMNS}))
    return columns, problems


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def trimmed(cells: Sequence[str]) -> int:
    """How many cells there are without the empty ones at the end."""
    count = len(cells)
    while count and not cells[count - 1].strip():
        count -= 1
    return count


class Layout:
    """Turns the records below the headings into rows, and says of each that is none why."""

    def __init__(self, header: Record, below: Sequence[Record], separator: str) -> None:
        width = max(trimmed(header.cells), 1)
        wider = Counter(trimmed(record.cells) for record in below if trimmed(record.cells) > width)
        extra = sum(wider.values())
        if wider and (extra > max(2, 0.1 * len(below)) or not separator):
            width = min(max(wider), MOST_COLUMNS)
        named = (header.cells + [""] * width)[:width]
        self.columns, self.problems = columns_of(named, header.line)
        self.width = len(self.columns)
        self.headings = [plain(cell) for cell in header.cells[: self.width]]
        self.separator = separator
        self.header_line = header.line
        short = sum(
            bool(separator) and len(record.cells) < self.width and not is_blank(record.cells) for record in below
        )
        self.trims = short > max(2, 0.1 * len(below))
        self.rows: list[Row] = []

    def add(self, record: Record, kinds: list[str] | None = None) -> None:
        if is_blank(record.cells):
            self._note("blank_row", record)
            return
        for code, line, index in record.faults:
            self.problems.append(Problem(code, line, self._label(index)))
        cells = [self._mended(cell, record.line, index) for index, cell in enumerate(record.cells)]
        if self._repeats_headings(cells):
            self._note("header_again", record)
        elif self._is_total(cells):
            self._note("total_row", record)
        else:
            self._check_width(record, cells)
            kinds = (kinds + ["text"] * self.width)[: self.width] if kinds else None
            padded = (cells + [""] * self.width)[: self.width]
            self.rows.append(Row(record.line, tuple(padded), tuple(kinds) if kinds else None, len(record.cells)))

    def _repeats_headings(self, cells: Sequence[str]) -> bool:
        same = sum(
            bool(plain(cell)) and plain(cell) == heading for cell, heading in zip(cells, self.headings, strict=False)
        )
        return same >= max(2, 0.8 * filled(self.headings)) or (self.width == 1 and same == 1)

    def _note(self, code: str, record: Record) -> None:
        self.problems.append(Problem(code, record.line, ROW, NOTE))

    def _label(self, index: int) -> str:
        return self.columns[index].label if index < self.width else ROW

    def _is_total(self, cells: Sequence[str]) -> bool:
        texts = [cell.strip() for cell in cells if cell.strip()]
        few = len(texts) <= max(2, 0.4 * self.width)
        return few and bool(_TOTAL.match(texts[0])) and "@" not in "".join(texts)

    def _check_width(self, record: Record, cells: Sequence[str]) -> None:
        if trimmed(cells) > self.width:
            values = {
                "cells": trimmed(cells),
                "columns": self.width,
                "separator": _SEPARATOR_NAMES.get(self.separator, self.separator),
            }
            self.problems.append(Problem("many_columns", record.line, ROW, values=values))
        elif self.separator and len(cells) < self.width and not self.trims and not record.faults:
            values = {"cells": len(cells), "columns": self.width}
            self.problems.append(Problem("few_columns", record.line, ROW, values=values))

    def _mended(self, cell: str, line: int, index: int) -> str:
        if len(cell) > MOST_IN_A_CELL:
            sizes = {"length": len(cell), "limit": MOST_IN_A_CELL}
            self.problems.append(Problem("cell_too_long", line, self._label(index), values=sizes))
            cell = cell[:MOST_IN_A_CELL]
        if cell.isascii():
            return cell
        if not (found := strays(cell)):
            return cell
        cell, read = mend(cell)
        code = "bad_byte" if read else "bad_byte_lost"
        values = {"byte": ", ".join(found[:5]), "read": cell[:40]}
        self.problems.append(Problem(code, line, self._label(index), WARNING if read else "error", values))
        return cell

    def finished(self) -> tuple[list[Row], list[Problem]]:
        """The rows; and the problems without a note for each of the blank lines after the last row."""
        last = self.rows[-1].line if self.rows else 0
        return self.rows, [
            problem for problem in self.problems if problem.code != "blank_row" or (problem.line or 0) < last
        ]
