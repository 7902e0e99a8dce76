"""What the preview of a spreadsheet shows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commonhall.core.sheets.problems import ERROR, NOTE, ROW, WARNING, Problem
from commonhall.core.sheets.sheet import Sheet

ORDER = {ERROR: 0, WARNING: 1, NOTE: 2}
LONGEST = 60
UNKNOWN = {"organisation_unknown", "organisation_near"}


@dataclass(frozen=True)
class Cell:
    label: str
    text: str
    problems: list[Problem]

    @property
    def worst(self) -> str:
        return min((problem.severity for problem in self.problems), key=ORDER.__getitem__, default="")


@dataclass(frozen=True)
class Line:
    """One line with something to say about it: its name, and each cell concerned."""

    number: int
    title: str
    whole: list[Problem] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    @property
    def blocks(self) -> bool:
        return any(problem.blocks for problem in self.problems)

    @property
    def problems(self) -> list[Problem]:
        return [*self.whole, *(problem for cell in self.cells for problem in cell.problems)]


def about_file(problems: Iterable[Problem], sheet: Sheet) -> list[Problem]:
    """What concerns the file or its headings rather than a line."""
    return [problem for problem in problems if problem.line is None or problem.line <= sheet.header_line]


def unknown_organisations(sheet: Sheet, problems: Iterable[Problem], mapping: Mapping[str, str]) -> list[str]:
    """Names that stand for no organisation here, each once, the most frequent first."""
    labels = [label for label, kind in mapping.items() if kind == "organisation"]
    column = sheet.column(labels[0]) if labels else None
    if column is None:
        return []
    rows = {row.line: row.cells for row in sheet.rows}
    unknown = (rows.get(problem.line or 0) for problem in problems if problem.code in UNKNOWN)
    return [name for name, _number in Counter(_short(cells[column.index]) for cells in unknown if cells).most_common()]


def lines(sheet: Sheet, problems: Sequence[Problem], mapping: dict[str, str], severities: set[str]) -> list[Line]:
    """The lines with problems of these kinds, those that cannot be saved first."""
    by_line: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.line is not None and problem.line > sheet.header_line and problem.severity in severities:
            by_line[problem.line].append(problem)
    rows = {row.line: row.cells for row in sheet.rows}
    made = [_line(number, found, rows.get(number), sheet, mapping) for number, found in sorted(by_line.items())]
    return sorted(made, key=lambda line: not line.blocks)


def _line(
    number: int, found: list[Problem], cells: tuple[str, ...] | None, sheet: Sheet, mapping: dict[str, str]
) -> Line:
    by_column: dict[str, list[Problem]] = defaultdict(list)
    for problem in found:
        by_column[problem.column or ROW].append(problem)
    whole = by_column.pop(ROW, [])
    texts = {column.label: cells[column.index] for column in sheet.columns} if cells else {}
    return Line(
        number,
        _title(texts, mapping),
        whole,
        [Cell(label, _short(texts.get(label, "")), problems) for label, problems in by_column.items()],
    )


def _title(texts: dict[str, str], mapping: dict[str, str]) -> str:
    names = [texts.get(label, "") for label, kind in mapping.items() if kind in ("name", "first_name", "surname")]
    return _short(" ".join(filter(None, names)))


def _short(text: str) -> str:
    text = " ".join(text.replace("\x00", " ").split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def export_rows(sheet: Sheet, problems: Iterable[Problem]) -> Iterator[list[Any]]:
    """Every problem as a line of a spreadsheet."""
    rows = {row.line: row.cells for row in sheet.rows}
    for problem in problems:
        column = sheet.column(problem.column) if problem.column else None
        cells = rows.get(problem.line or 0)
        value = _short(cells[column.index]) if column and cells else ""
        yield [problem.line, problem.column or "", problem.severity, value, problem.message, problem.remedy]
