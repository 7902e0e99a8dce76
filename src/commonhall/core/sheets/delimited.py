"""Text to records: CSV with any separator, line by line, so that one open quotation mark cannot swallow the rest."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

SEPARATORS = (",", ";", "\t", "|")
MOST_LINES_IN_A_CELL = 400
MOST_LETTERS_IN_A_RECORD = 400_000

_SEP_LINE = re.compile(r"^sep=(.)$", re.I)

csv.field_size_limit(64 * 1024 * 1024)


@dataclass(slots=True)
class Record:
    """One line's cells; `faults` are (code, line, index of the cell)."""

    line: int
    cells: list[str]
    faults: list[tuple[str, int, int]] = field(default_factory=list)


def lines_of(text: str) -> list[str]:
    """Only the three line ends of spreadsheets; a vertical tab or U+2028 is part of a cell."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def separator_of(lines: list[str]) -> str:
    """The separator whose number is most often the same from line to line."""
    if lines and (named := _SEP_LINE.match(lines[0].strip())):
        return named[1]
    sample = [line for line in lines[:200] if line.strip()][:60]
    return max(SEPARATORS, key=lambda separator: _steadiness(sample, separator))


def _steadiness(sample: list[str], separator: str) -> tuple[float, int]:
    counts = Counter(len(_cells_of_line(line, separator)) - 1 for line in sample)
    counts.pop(0, None)
    if not counts:
        return (0.0, 0)
    usual, times = counts.most_common(1)[0]
    return (times / len(sample), usual)


def _cells_of_line(line: str, separator: str) -> list[str]:
    if '"' not in line:
        return line.split(separator)
    return next(csv.reader([line], delimiter=separator), [])


def records(lines: list[str], separator: str) -> Iterator[Record]:
    """Every line that is not empty, with the number of the line on which it begins, from 1."""
    at = 1 if lines and _SEP_LINE.match(lines[0].strip()) else 0
    while at < len(lines):
        line = lines[at]
        if '"' not in line:
            if line.strip(" \ufeff"):
                yield Record(at + 1, line.split(separator))
            at += 1
            continue
        record, used = _quoted(lines, at, separator)
        yield record
        at += used


def _strict(text: str, separator: str) -> list[str] | str:
    """The cells of exactly one record; or "open" if a quotation mark is, or "stray" if one stands where it cannot."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        return "open" if "unexpected end" in str(error) else "stray"
    return rows[0] if len(rows) == 1 else "stray"


def _quoted(lines: list[str], at: int, separator: str) -> tuple[Record, int]:
    cells = _strict(lines[at], separator)
    if isinstance(cells, list):
        return Record(at + 1, cells), 1
    if cells == "open" and (longer := _over_several_lines(lines, at, separator)):
        return longer
    return _leniently(lines[at], at + 1, separator), 1


def _over_several_lines(lines: list[str], at: int, separator: str) -> tuple[Record, int] | None:
    text = lines[at]
    for more in range(1, MOST_LINES_IN_A_CELL):
        if at + more >= len(lines) or len(text) > MOST_LETTERS_IN_A_RECORD:
            return None
        text += "\n" + lines[at + more]
        if '"' not in lines[at + more]:
            continue
        cells = _strict(text, separator)
        if isinstance(cells, list):
            return Record(at + 1, cells), more + 1
        if cells == "stray":
            return None
    return None


def _leniently(line: str, number: int, separator: str) -> Record:
    """One line whose quotation marks do not add up; one that stays open ends where the line ends."""
    record = Record(number, [])
    at, length = 0, len(line)
    while at <= length:
        if at < length and line[at] == '"':
            cell, at, fault = _quoted_cell(line, at + 1, separator)
        else:
            end = line.find(separator, at)
            end = length if end < 0 else end
            cell, at, fault = line[at:end], end + 1, ""
        if fault:
            record.faults.append((fault, number, len(record.cells)))
        record.cells.append(cell)
    return record


def _quoted_cell(line: str, start: int, separator: str) -> tuple[str, int, str]:
    """A cell after its opening mark: its text, where the next begins, and what is wrong with it."""
    text, at, fault = "", start, ""
    while True:
        mark = line.find('"', at)
        if mark < 0:
            return text + line[at:], len(line) + 1, "quote_open"
        after = line[mark + 1 : mark + 2]
        if after == '"':
            text, at = text + line[at : mark + 1], mark + 2
        elif after in ("", separator):
            return text + line[at:mark], mark + 2, fault
        else:
            text, at, fault = text + line[at : mark + 1], mark + 1, "quote_stray"
