"""A table out of a spreadsheet: headings, rows of text with their line numbers, and what was wrong with it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from commonhall.core.sheets.problems import Problem
from commonhall.core.sheets.words import plain

TEXT, NUMBER, DATE, TIME, YES_NO = "text", "number", "date", "time", "yes_no"


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the heading as written; `label` is unique in its sheet and fit for showing."""

    index: int
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `kinds` is None when every cell is text; `present` counts the cells that the line really had."""

    line: int
    cells: tuple[str, ...]
    kinds: tuple[str, ...] | None = None
    present: int = 0

    def kind(self, index: int) -> str:
        return self.kinds[index] if self.kinds else TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """`header_line` is the line of the headings, as in the file; `name` is the name of the sheet, if it has one."""

    filename: str
    header_line: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()
    name: str = ""
    encoding: str = ""
    separator: str = ""
    above: tuple[str, ...] = field(default=())

    @property
    def usable(self) -> bool:
        return bool(self.columns) and not any(problem.blocks and problem.line is None for problem in self.problems)

    @property
    def signature(self) -> str:
        """The same for two files with the same headings, so that a mapping can be remembered."""
        words = "\n".join(plain(column.label) for column in self.columns)
        return hashlib.sha256(words.encode()).hexdigest()

    def column(self, label: str) -> Column | None:
        return next((column for column in self.columns if column.label == label), None)

    def values(self, column: Column) -> Iterator[str]:
        return (row.cells[column.index] for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        return {
            "filename": self.filename,
            "header_line": self.header_line,
            "columns": [[column.name, column.label] for column in self.columns],
            "rows": [
                [row.line, list(row.cells), list(row.kinds) if row.kinds else None, row.present] for row in self.rows
            ],
            "problems": [problem.as_json() for problem in self.problems],
            "name": self.name,
            "encoding": self.encoding,
            "separator": self.separator,
            "above": list(self.above),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(
            kept["filename"],
            kept["header_line"],
            tuple(Column(index, name, label) for index, (name, label) in enumerate(kept["columns"])),
            tuple(
                Row(line, tuple(cells), tuple(kinds) if kinds else None, present)
                for line, cells, kinds, present in kept["rows"]
            ),
            tuple(Problem.from_json(problem) for problem in kept["problems"]),
            kept["name"],
            kept["encoding"],
            kept["separator"],
            tuple(kept["above"]),
        )
