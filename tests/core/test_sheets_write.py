"""What goes out: nothing in a cell can act, and what went out comes back."""

import datetime as dt
from pathlib import Path

import pytest

from commonhall.core.sheets import reading, write

PAYLOADS = Path(__file__).parents[3] / "shared" / "corpora" / "payloads" / "csv_formula.txt"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("x")'])
def test_text_that_a_spreadsheet_could_run_gets_an_apostrophe(text: str) -> None:
    assert write.safe(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Ann", "a=b", "", 5, -2.5, None, dt.date(2026, 3, 1)])
def test_what_is_harmless_stays_as_it_is(value: object) -> None:
    assert write.safe(value) == value


@pytest.mark.parametrize("to", [write.to_csv, write.to_xlsx])
def test_a_list_that_was_written_reads_back(to) -> None:
    day = dt.date(2026, 3, 1)
    content = to(
        ["name", "places", "from", "note"], [["Zoë", 2, day, "=cmd|' /C calc'!A0"], ["Bo", None, None, 'a,b\n"c"']]
    )
    sheet = reading.read_here(content, "list")
    assert sheet.rows[0].cells == ("Zoë", "2", "2026-03-01", "'=cmd|' /C calc'!A0")
    assert sheet.rows[1].cells == ("Bo", "", "", 'a,b\n"c"')


def test_numbers_stay_numbers_and_dates_dates_in_a_workbook() -> None:
    content = write.to_xlsx(["n", "d", "w"], [[-3, dt.datetime(2026, 3, 1, 9, 30), "x"]])  # noqa: DTZ001
    row = reading.read_here(content, "list.xlsx").rows[0]
    assert (row.cells, row.kinds) == (("-3", "2026-03-01 09:30:00", "x"), ("number", "date", "text"))


def test_known_payloads_are_disarmed() -> None:
    if not PAYLOADS.exists():
        pytest.skip("the corpora of ../shared are not here")
    for payload in PAYLOADS.read_text("utf-8").splitlines():
        if payload.strip():
            cell = reading.read_here(write.to_csv(["a", "b"], [[payload, "x"]]), "x.csv").rows[0].cells[0]
            assert not cell.startswith(write.DANGEROUS)
