"""One line of the sheet while it is being read: its cells by field, and the problems found on the way."""

from typing import Any

from commonhall.core.sheets.problems import ERROR, ROW, Problem
from commonhall.core.sheets.sheet import Column, Row
from commonhall.programmes.imports import hygiene
from commonhall.programmes.imports.words import PersonProblem

NAME, LINE, TEXT = 150, 300, 5_000
SHORT = 60
MOST = {"name": NAME, "first_name": NAME, "surname": NAME, "name_other": NAME, "job_title": NAME, "pronouns": 40}
MOST |= dict.fromkeys(("wants", "offers", "biography", "background", "interests", "adjustments", "also_mentee"), TEXT)
MOST |= dict.fromkeys(("not_with", "days", "times", "languages", "service_area", "want_competencies"), 1_000)
MOST |= {"offer_competencies": 1_000, "organisation": 200}
IDENTITY = frozenset({"name", "first_name", "surname", "name_other"})
ADDRESSES = frozenset({"email", "email_other", "line_manager"})


class Line:
    def __init__(self, row: Row, places: dict[str, list[Column]], problems: list[Problem]) -> None:
        self.row = row
        self.places = places
        self.problems = problems
        self.cells = {field: self._cell(field, columns) for field, columns in places.items()}

    def _cell(self, field: str, columns: list[Column]) -> str:
        texts = [self._clean(field, column) for column in columns if self.row.cells[column.index]]
        return "\n".join(text for text in texts if text)

    def _clean(self, field: str, column: Column) -> str:
        raw = self.row.cells[column.index]
        if field in ADDRESSES:
            return raw.replace("\x00", "")[:LINE]
        clean = hygiene.clean_short if len(raw) < SHORT else hygiene.clean
        cell = clean(raw, most=MOST.get(field, LINE), identity=field in IDENTITY)
        for code, severity, values in cell.found:
            self.problems.append(PersonProblem(code, self.row.line, column.label, severity, values))
        return cell.text

    def has(self, field: str) -> bool:
        """Is there a column for this, and did this line reach as far?"""
        return any(column.index < max(self.row.present, 1) for column in self.places.get(field, ()))

    def text(self, field: str) -> str:
        return self.cells.get(field, "")

    def kind(self, field: str) -> str:
        columns = self.places.get(field)
        return self.row.kind(columns[0].index) if columns else "text"

    def label(self, field: str) -> str:
        columns = self.places.get(field)
        return columns[0].label if columns else ROW

    def say(self, field: str, code: str, severity: str = ERROR, **values: Any) -> None:
        self.problems.append(PersonProblem(code, self.row.line, self.label(field), severity, values))
