"""A few invented councils, and lists of participants made of dictionaries, for the tests of imports."""

import datetime as dt
from pathlib import Path

from commonhall.core.sheets import reading
from commonhall.core.sheets.sheet import Sheet
from commonhall.organisations.imports.names import Directory, KnownOrganisation
from commonhall.programmes.imports import checking
from commonhall.programmes.imports.mapping import suggest_mapping
from commonhall.programmes.imports.rows import Checked, Context, PersonRow

SAMPLES = Path(__file__).parent / "samples"
CONTEXT = Context(
    Directory(
        [
            KnownOrganisation("ASH", "Ash Borough Council", email_domains=("ash.example",)),
            KnownOrganisation("BEE", "Beech County Council", ("Beech CC",)),
            KnownOrganisation("TOT", "Totara City Council", time_zone="Pacific/Auckland"),
            KnownOrganisation("OAK", "Oak District Council", ended=True, successors=("ASH",)),
            KnownOrganisation("ELM", "Elm County Council", ended=True, successors=("ASH", "BEE")),
            KnownOrganisation("YEW", "Yew Rural District Council", ended=True, successors=("OAK",)),
            KnownOrganisation("FIR", "Fir Urban District Council", ended=True, successors=("FIR",)),
        ]
    ),
    today=dt.date(2026, 1, 5),
)
SOUND = {
    "role": "Mentor",
    "name": "Ann Alder",
    "email": "ann.alder@ash.example",
    "organisation": "Ash Borough Council",
}


def sheet_of(*rows: dict[str, str]) -> Sheet:
    headings = list(dict.fromkeys(key for row in rows for key in row))
    lines = [headings, *([row.get(key, "") for key in headings] for row in rows)]
    quoted = "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    return reading.read_here(quoted.encode(), "list.csv")


def check(*rows: dict[str, str], context: Context = CONTEXT, **cells: str) -> Checked:
    sheet = sheet_of(*(rows or [SOUND | cells]))
    return checking.check(sheet, suggest_mapping(sheet), context)


def one(**cells: str) -> PersonRow:
    """The row that comes of a sound line with these cells; nothing may stand in its way."""
    checked = check(**cells)
    assert not checked.errors, [problem.message for problem in checked.errors]
    return checked.rows[0]


def places(checked: Checked) -> set[tuple[int | None, str | None, str]]:
    return {(problem.line, problem.column, problem.code) for problem in checked.problems}
