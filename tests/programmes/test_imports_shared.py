"""The lists of ../shared: every line of the expectations found, no sound row flagged, the rest goes in."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from commonhall.core.sheets import reading
from commonhall.organisations.imports import checking as organisation_checking
from commonhall.organisations.imports.names import Directory, KnownOrganisation
from commonhall.programmes.imports import checking
from commonhall.programmes.imports.mapping import suggest_mapping
from commonhall.programmes.imports.rows import Checked, Context

DATA = Path(__file__).parents[3] / "shared" / "data"
PEOPLE, COUNCILS = DATA / "participants", DATA / "organisations" / "uk_local_authorities.csv"

pytestmark = pytest.mark.skipif(not COUNCILS.exists(), reason="the lists of ../shared are not here")


@pytest.fixture(scope="module")
def directory() -> Directory:
    """As an import into an empty database would leave it: one successor at most."""
    rows = organisation_checking.check(reading.read(COUNCILS)).rows
    return Directory(
        KnownOrganisation(
            row.key, row.name, row.other_names, row.ended_on is not None, tuple(filter(None, [row.replaced_by]))
        )
        for row in rows
    )


def check(directory: Directory, name: str, role: str = "") -> Checked:
    sheet = reading.read(PEOPLE / name)
    return checking.check(sheet, suggest_mapping(sheet), Context(directory, dt.date(2026, 1, 5), role=role))


@pytest.mark.parametrize("name", ["broken.csv", "broken_quote.csv"])
def test_every_expected_defect_is_found_and_no_sound_row_is_flagged(directory: Directory, name: str) -> None:
    with (PEOPLE / "broken_expected.csv").open(newline="", encoding="utf-8") as file:
        expected = {(int(row["line"]), row["column"]) for row in csv.DictReader(file) if row["file"] == name}
    found = {(problem.line, problem.column) for problem in check(directory, name).problems}
    assert found == expected


@pytest.mark.parametrize(
    ("name", "role", "lines", "twice"),
    [
        ("mentees_forms_export.xlsx", "mentee", 179, 8),
        ("mentors_google_form.csv", "mentor", 111, 5),
        ("pool_mixed_semicolon_cp1252.csv", "", 59, 2),
    ],
)
def test_real_looking_lists_go_in_with_each_person_once(
    directory: Directory, name: str, role: str, lines: int, twice: int
) -> None:
    checked = check(directory, name, role)
    assert checked.errors == []
    assert (checked.total, len(checked.superseded), len(checked.rows)) == (lines, twice, lines - twice)
    assert len({row.email for row in checked.rows}) == len(checked.rows)
    assert all(row.organisation and row.level and row.service_area and row.hours for row in checked.rows)


def test_answers_of_the_forms_are_understood(directory: Directory) -> None:
    mentees = check(directory, "mentees_forms_export.xlsx", "mentee").rows
    mentors = check(directory, "mentors_google_form.csv", "mentor").rows
    assert all(row.want_competencies and row.languages and row.channels for row in mentees)
    assert all(row.offer_competencies and row.capacity in {1, 2, 3} and row.consent for row in mentors)
    assert all(not row.departments for row in (*mentees, *mentors))
    assert sum(bool(row.not_with_organisations) for row in mentees) >= 9
