"""What is wrong with a spreadsheet, said at its place: the line, the column, what it is, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ERROR, WARNING, NOTE = "error", "warning", "note"
ROW = "(row)"
# Values that are words of ours, kept in English and said in the reader's language; the others stand in the file.
OWN_WORDS = frozenset({"what", "order", "separator", "day"})
Words = Mapping[str, tuple[str | Promise, str | Promise]]

SHEET_WORDS: Words = {
    "empty_file": (_("The file is empty."), _("Choose the file again, or save it again from your spreadsheet.")),
    "too_large": (
        _("The file has %(size)s MB; at most %(limit)s MB can be read."),
        _("Take out pictures and sheets that are not needed, or split the list into two files."),
    ),
    "not_a_sheet": (
        _("This is %(what)s, not a spreadsheet."),
        _("Open it, copy the table into a spreadsheet and save that as XLSX or CSV."),
    ),
    "password": (_("The workbook is locked with a password."), _("Save a copy without a password and use that.")),
    "damaged": (
        _("The workbook cannot be opened: it is damaged or only half there."),
        _("Open it in your spreadsheet, save it again as XLSX or CSV, and use that copy."),
    ),
    "unpacks_too_large": (
        _("The workbook unpacks to %(size)s MB or more; at most %(limit)s MB can be read."),
        _("Copy the rows that you need into a new workbook, as values, and use that."),
    ),
    "too_slow": (
        _("Reading the file took too long, so it was stopped."),
        _("Copy the rows that you need into a new file, as values, and use that."),
    ),
    "too_much_memory": (
        _("Reading the file needed too much memory, so it was stopped."),
        _("Copy the rows that you need into a new file, as values, and use that."),
    ),
    "unreadable": (
        _("The file could not be read."),
        _("Open it in your spreadsheet, save it again as XLSX or CSV, and use that copy."),
    ),
    "no_sheet": (_("There is no sheet with rows in this workbook."), _("Put the list on the first sheet.")),
    "no_header": (
        _("No line with column headings was found."),
        _("Put a name above each column, for example Name, E-mail, Organisation, Role."),
    ),
    "no_rows": (_("There are no rows below the headings."), _("Add one line for each person or organisation.")),
    "too_many_rows": (
        _("There are more than %(limit)s rows; the rest was not read."),
        _("Split the list into several files."),
    ),
    "too_many_columns": (
        _("There are more than %(limit)s columns; the rest was not read."),
        _("Take out the columns that are not needed."),
    ),
    "other_sheets": (
        _("Only the sheet “%(sheet)s” was read, not %(others)s."),
        _("If the list is on another sheet, move that sheet to the front."),
    ),
    "encoding": (
        _("The file is not in UTF-8; it was read as %(encoding)s."),
        _("Look at names with accents. If they are wrong, save as “CSV UTF-8”."),
    ),
    "bad_byte": (
        _("There is a byte here (%(byte)s) that is not UTF-8; the cell was read as “%(read)s”."),
        _("Look at the word. If it is wrong, type it again."),
    ),
    "bad_byte_lost": (
        _("There is a byte here (%(byte)s) that stands for no letter."),
        _("Type the word again."),
    ),
    "quote_open": (
        _("A quotation mark opens here and is never closed, so the line was ended where it ends."),
        _("Close the quotation mark, or take it out. Then look at the next line as well."),
    ),
    "quote_stray": (
        _("There is a quotation mark inside quoted text."),
        _('Write it twice (""), or use another mark, and look at where the cell ends.'),
    ),
    "few_columns": (
        _("The line has %(cells)s of %(columns)s cells."),
        _("Put in the missing cells, or empty ones, so that each value stands under its heading."),
    ),
    "many_columns": (
        _("The line has %(cells)s cells for %(columns)s columns: probably a %(separator)s without quotation marks."),
        _("Put quotation marks round the cell that holds it, or take it out."),
    ),
    "blank_row": (_("The line holds only separators; it is left out."), _("Nothing needs to be done.")),
    "header_again": (_("The headings stand here again; the line is left out."), _("Nothing needs to be done.")),
    "total_row": (
        _("This looks like a line of totals; it is left out."),
        _("Nothing needs to be done, unless it is a row of your list."),
    ),
    "cell_too_long": (
        _("The cell holds %(length)s characters; at most %(limit)s can be kept."),
        _("Shorten the text."),
    ),
    "unnamed_column": (_("A column has no heading."), _("Give it a name if it is needed.")),
    "column_twice": (
        _("Two columns are called “%(name)s”; the second is shown as “%(label)s”."),
        _("Give each column its own name."),
    ),
    "dates_ambiguous": (
        _("Dates in this column could be read with the day or the month first; they were read %(order)s."),
        _("If that is wrong, write dates as 2026-03-31."),
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` is as in the file, from 1; `column` is the heading, or `ROW`; both are None for the file as a whole."""

    code: str
    line: int | None = None
    column: str | None = None
    severity: str = ERROR
    values: Mapping[str, Any] = field(default_factory=dict)

    words: ClassVar[Words] = SHEET_WORDS

    @property
    def message(self) -> str:
        return str(self.words[self.code][0]) % self._spoken

    @property
    def remedy(self) -> str:
        return str(self.words[self.code][1]) % self._spoken

    @property
    def _spoken(self) -> dict[str, Any]:
        return {name: gettext(value) if name in OWN_WORDS else value for name, value in self.values.items()}

    @property
    def blocks(self) -> bool:
        return self.severity == ERROR

    @property
    def place(self) -> tuple[int, str]:
        return (self.line or 0, self.column or "")

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "line": self.line,
            "column": self.column,
            "severity": self.severity,
            "values": dict(self.values),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(kept["code"], kept["line"], kept["column"], kept["severity"], kept["values"])


class Unreadable(Exception):
    """The file as a whole cannot be used; carries the one problem that says why."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.problem = Problem(code, values=values)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unreadable, (self.problem.code, dict(self.problem.values))


def _unreadable(code: str, values: dict[str, Any]) -> Unreadable:
    return Unreadable(code, **values)
