"""Write CSV and XLSX in which no cell of a stranger's can act as a formula."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_XLSX_CELL = 32_767
_NOT_IN_XML = dict.fromkeys([code for code in range(32) if code not in (9, 10, 13)] + [0xFFFE, 0xFFFF])


def safe(value: Any) -> Any:
    """Text that a spreadsheet could run gets an apostrophe in front; numbers and dates stay what they are."""
    if isinstance(value, str) and value.lstrip(" \n\u00a0").startswith(DANGEROUS):
        return f"'{value}"
    return value


def to_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]], *, bom: bool = True) -> bytes:
    """UTF-8 with a mark that makes Excel read it as such; dates as 2026-03-31."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([safe(str(heading)) for heading in headings])
    writer.writerows([_for_csv(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8", "replace")


def _for_csv(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else safe(value if isinstance(value, int | float) else str(value))


def to_xlsx(headings: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "Sheet1") -> bytes:
    """One sheet with fixed, filterable headings; text is written as text, whatever it begins with."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options | {"remove_timezone": True, "nan_inf_to_errors": True})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    formats = {
        dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    sheet = book.add_worksheet("".join(letter for letter in title if letter not in "[]:*?/\\'")[:31] or "Sheet1")
    for index, heading in enumerate(headings):
        sheet.write_string(0, index, _for_xlsx(str(heading)), bold)
    number = 0
    for number, row in enumerate(rows, start=1):
        for index, value in enumerate(row):
            _write_cell(sheet, number, index, value, formats)
    sheet.freeze_panes(1, 0)
    if headings:
        sheet.autofilter(0, 0, number, len(headings) - 1)
        sheet.set_column(0, len(headings) - 1, 22)
    book.close()
    return buffer.getvalue()


def _write_cell(sheet: Any, row: int, column: int, value: Any, formats: dict[type, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif isinstance(value, dt.datetime | dt.date):
        sheet.write_datetime(row, column, value, formats[type(value)])
    else:
        sheet.write_string(row, column, _for_xlsx(str(value)))


def _for_xlsx(text: str) -> str:
    """An apostrophe here too: people save such a workbook as CSV and open it again."""
    return str(safe(text.translate(_NOT_IN_XML)))[:_LONGEST_XLSX_CELL]
