"""Whole lists of participants: sound rows come out typed, and every problem stands at its line and column."""

import csv
import datetime as dt
import random
import time

import pytest

from commonhall.core.sheets import reading
from commonhall.programmes.imports import checking
from commonhall.programmes.imports.mapping import suggest_mapping
from commonhall.programmes.imports.rows import Checked, PersonRow
from commonhall.programmes.imports.words import PersonProblem
from tests.programmes.import_lists import CONTEXT, SAMPLES, SOUND, check, one, places


@pytest.fixture(scope="module")
def broken() -> Checked:
    sheet = reading.read_here((SAMPLES / "broken.csv").read_bytes(), "broken.csv")
    return checking.check(sheet, suggest_mapping(sheet), CONTEXT)


def test_every_defect_of_the_sample_is_found_and_nothing_else(broken: Checked) -> None:
    with (SAMPLES / "broken_expected.csv").open(newline="") as file:
        expected = {(int(row["line"]), row["column"], row["code"]) for row in csv.DictReader(file)}
    assert places(broken) == expected


def test_every_problem_of_the_sample_says_what_is_wrong_and_what_to_do(broken: Checked) -> None:
    for problem in broken.problems:
        assert len(problem.message) > 10
        assert problem.remedy.endswith((".", ")"))
        assert "%(" not in problem.message + problem.remedy


def test_lines_with_errors_do_not_come_out_and_the_others_do(broken: Checked) -> None:
    assert [row.line for row in broken.rows] == [8, 9, 10, 11, 16, 17, 22, 24, 25, 32, 34]
    assert broken.superseded == (2, 33)


def test_what_could_be_repaired_is_repaired(broken: Checked) -> None:
    rows = {row.line: row for row in broken.rows}
    assert rows[8].organisation == "BEE"
    assert rows[9].organisation == rows[10].organisation == "ASH"
    assert rows[11].capacity == 2
    assert rows[16].available_from == dt.date(2026, 1, 22)
    assert rows[17].available_from == dt.date(2026, 1, 14)
    assert rows[24].name == "Renée Willow"
    assert (rows[34].email, rows[34].other_addresses) == ("cal.cork@beech.example", ("cal@home.example",))
    assert rows[34].hours == ((4, 540, 1020),)


def test_a_sound_line_comes_out_whole() -> None:
    row = one(
        job_title="Head of Housing",
        service_area="Landlord Services",
        level="6 – Head of service",
        offers="Repairs\nthat get done.",
        capacity="2",
        languages="English / BSL",
        days="Mon, Tue",
        times="Morning, Lunchtime",
        channel="MS Teams",
        available_from="13/01/2026",
        available_until="30/09/2026",
        line_manager="Boss@Ash.example",
        biography="I like trees.",
    )
    assert row == PersonRow(
        line=2,
        email="ann.alder@ash.example",
        name="Ann Alder",
        organisation="ASH",
        roles=frozenset({"mentor"}),
        job_title="Head of Housing",
        service_area="housing",
        service_areas=("housing",),
        level="6",
        offers="Repairs\nthat get done.",
        capacity=2,
        languages=("en", "bfi"),
        hours=((0, 540, 840), (1, 540, 840)),
        channels=("teams",),
        time_zone="Europe/London",
        available_from=dt.date(2026, 1, 13),
        available_until=dt.date(2026, 9, 30),
        line_manager="boss@ash.example",
        biography="I like trees.",
    )


def test_problems_can_be_kept_as_json(broken: Checked) -> None:
    for problem in broken.problems:
        again = PersonProblem.from_json(problem.as_json())
        assert (again.place, again.message, again.blocks) == (problem.place, problem.message, problem.blocks)


def test_five_thousand_lines_are_read_and_checked_in_a_few_seconds() -> None:
    chance = random.Random(7)
    councils = ["Ash Borough Council", "Beech", "Beach County", "Totara City Council", "Oak District Council"]
    lines = [
        SOUND
        | {
            "name": f"P{number} Q{number % 800}",
            "email": f"p{number}@c{number % 50}.example",
            "organisation": chance.choice(councils),
            "service_area": chance.choice(["Housing", "Grounds & Countryside", "Finance, audit and procurement"]),
            "days": chance.choice(["Mon, Tue", "Wednesdays", "Mon-Fri"]),
            "offers": f"Sentence {number}. " * 12,
            "not_with": chance.choice(["", "No", "not with anyone from Beech council"]),
            "available_from": f"{number % 28 + 1:02}/0{number % 9 + 1}/2026",
        }
        for number in range(5000)
    ]
    began = time.process_time()
    checked = check(*lines)
    assert checked.total == 5000
    assert time.process_time() - began < 8
