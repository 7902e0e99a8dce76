import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from commonhall.config.cli import main

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
MENTEES = """Name,Email,Organisation,Level,What would you like to learn?,Days,Role
Ann Bell,ann@hull.example,Hull City Council,3,Housing and elections,Mon; Tue,Mentee
Bo Carr,bo@leeds.example,Leeds City Council,2,Budgets,Mon; Tue,Mentee
Cy Dunn,cy@york.example,York City Council,4,Planning policy,Wed,Mentee
Di Eade,di@hull.example,Hull City Council,6,,"Mon; Tue; Wed",Mentor
Ed Finn,ed@york.example,York City Council,5,,"Mon; Tue",Mentor
"""
HEADS = "first name,last name,email address,both mentor and mentee,job title,grade,organisation,profession"
MENTOR_MATCH = {
    "mentees.csv": f"""{HEADS},match with similar identity,identity to match,biography
mentee,000,m0@gov.example,no,Some role,EO,Department of Peace,Policy,no,,My name is mentee 000.
mentee,001,m1@gov.example,no,Some role,AA,Department of Love,DDaT,no,,My name is mentee 001.
""",
    "mentors.csv": f"""{HEADS},characteristics,biography
mentor,000,o0@gov.example,no,Some role,HEO,Department of Love,Policy,,My name is mentor 000.
mentor,001,o1@gov.example,no,Some role,Grade 7,Department of Peace,DDaT,,My name is mentor 001.
""",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text(MENTEES)
    return tmp_path


def rows(name="matches.csv"):
    with open(name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_one_file_with_a_column_of_roles(folder, capsys):
    assert main(["match", "people.csv", "--out", "matches.csv"]) == 0
    said = capsys.readouterr()
    assert "3 mentees and 2 mentors: 2 pairs, 1 mentees without." in said.out
    assert "Nothing better is possible within the rules (proven)." in said.out
    made = rows()
    assert len(made) == 2
    assert all(row["mentee organisation"] != row["mentor organisation"] for row in made)
    assert all(row["why"] and 0 < float(row["fit"]) <= 1 for row in made)


def test_a_folder_of_scores_is_answered_as_by_the_package_alone(folder, capsys):
    Path("own").mkdir()
    np.save("own/scores.npy", np.array([[0.9, 0.2], [0.8, 0.6]]))
    Path("own/problem.json").write_text('{"n_mentees": 2, "n_mentors": 2}')
    assert main(["match", "own", "--out", "result.json"]) == 0
    assert capsys.readouterr().out == "Two pairs, nobody without. Nothing better is possible.\n"
    assert json.loads(Path("result.json").read_text())["pairs"] == [[0, 0], [1, 1]]
    assert main(["match", "own", "--rules", "rules.toml"]) == 2
    assert "A folder says everything itself; leave out --rules." in capsys.readouterr().err


def test_no_database_and_no_server_are_touched(folder):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    command = [sys.executable, "-m", "commonhall.config.cli", "match", "people.csv"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["people.csv"]


def test_the_columns_of_mentor_match_are_read_as_they_are(folder, capsys):
    for name, text in MENTOR_MATCH.items():
        Path(name).write_text(text)
    assert main(["match", "mentees.csv", "--mentors", "mentors.csv", "--out", "matches.csv"]) == 0
    pairs = {(row["mentee"], row["mentor"]) for row in rows()}
    assert pairs == {("mentee 000", "mentor 000"), ("mentee 001", "mentor 001")}
    assert rows()[0]["mentor organisation"] == "Department of Love"


def test_the_report_stands_alone_and_escapes_what_people_wrote(folder):
    Path("people.csv").write_text(MENTEES.replace("Ann Bell", "Ann <b>Bell</b>"))
    main(["match", "people.csv", "--report", "report.html"])
    html = Path("report.html").read_text("utf-8")
    assert "Ann &lt;b&gt;Bell&lt;/b&gt;" in html
    assert "<b>Bell" not in html
    for outside in ("http://", "https://", "<script", "<link"):
        assert outside not in html
    assert 'lang="en-gb"' in html
    assert "Without a match" in html
    assert "Mentors to find" in html
    assert "matched with" in html


def test_rules_and_weights_come_from_a_file(folder, capsys):
    Path("rules.toml").write_text('objective = "fair"\n[rules]\nseniority = [8, 8]\n[weights]\nhours = 4.0\n')
    assert main(["match", "people.csv", "--rules", "rules.toml"]) == 0
    assert "0 pairs, 3 mentees without" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[rules", "rules.toml is not TOML"),
        ("[rules]\nfoo = 1", "there is no 'foo'"),
        ("[weights]\nhours = -1", "must be a number from 0 up"),
        ("[rules]\nseniority = 3", "write two whole numbers"),
        ("objective = 'best'", "it can be total, fair, leximin, stable, cover, sum"),
        ("weights = 3", "must be a table"),
    ],
)
def test_a_bad_rule_is_said_in_one_sentence(folder, capsys, text, said):
    Path("rules.toml").write_text(text)
    assert main(["match", "people.csv", "--rules", "rules.toml"]) == 1
    assert said in capsys.readouterr().err


def test_a_wrong_line_is_named_with_its_remedy_and_left_out(folder, capsys):
    Path("people.csv").write_text(MENTEES.replace("bo@leeds.example", "bo(at)leeds.example"))
    assert main(["match", "people.csv", "--report", "report.html"]) == 0
    said = capsys.readouterr().err
    assert "people.csv: line 3, column “Email”: “bo(at)leeds.example” is not an e-mail address." in said
    assert "1 wrong line was left out" in said
    assert "Line 3, Email" in Path("report.html").read_text("utf-8")
    assert main(["match", "people.csv", "--strict"]) == 1


def test_a_file_that_is_not_there_or_holds_nobody_is_told(folder, capsys):
    assert main(["match", "nowhere.csv"]) == 1
    assert "nowhere.csv" in capsys.readouterr().err
    Path("empty.csv").write_text("Name,Email,Organisation,Role\n")
    assert main(["match", "empty.csv"]) == 1
    assert "No sound line was found" in capsys.readouterr().err
    Path("mentees.csv").write_text("".join(MENTEES.splitlines(keepends=True)[:3]))
    assert main(["match", "mentees.csv"]) == 1
    assert "There are no mentors to match" in capsys.readouterr().err


def test_without_organisations_everybody_may_be_matched_with_everybody(folder, capsys):
    Path("people.csv").write_text("Name,Email,Role\nAnn,ann@a.example,mentee\nBob,bob@a.example,mentor\n")
    assert main(["match", "people.csv", "--out", "matches.csv"]) == 0
    assert [(row["mentee"], row["mentor"], row["mentee organisation"]) for row in rows()] == [("Ann", "Bob", "")]


def test_two_people_of_one_name_stay_two_people(folder):
    Path("people.csv").write_text(
        "Name,Email,Organisation,Role\nAnn Bell,a@x.example,Hull,mentee\nAnn Bell,b@y.example,Leeds,mentee\n"
        "Bob,c@z.example,York,mentor\nCyd,d@z.example,York,mentor\n"
    )
    assert main(["match", "people.csv", "--out", "matches.csv"]) == 0
    assert {row["mentee e-mail"] for row in rows()} == {"a@x.example", "b@y.example"}


def test_a_name_like_a_formula_is_harmless_in_the_result(folder):
    Path("people.csv").write_text(MENTEES.replace("Ann Bell", "=cmd()"))
    main(["match", "people.csv", "--out", "matches.csv"])
    assert not any(value.startswith("=") for row in rows() for value in row.values())


@pytest.mark.parametrize("size", ["small", "large"])
def test_the_samples_of_mentor_match(folder, capsys, size):
    sample = SHARED / "matching" / "mentor_match_sample"
    if not sample.exists():
        pytest.skip("the shared samples are not here")
    files = [str(sample / f"{size}-{role}.csv") for role in ("mentees", "mentors")]
    assert main(["match", files[0], "--mentors", files[1], "--out", "matches.csv"]) == 0
    expected = 50 if size == "small" else 500
    assert len(rows()) == expected


def test_a_department_that_could_be_anything_is_not_guessed_and_stands_in_the_report(folder, capsys):
    head, *lines = MENTEES.splitlines()
    areas = ["Operations", "Housing", "Operations", "Housing", "Waste services"]
    made = [f"{head},Department", *(f"{line},{area}" for line, area in zip(lines, areas, strict=True))]
    Path("people.csv").write_text("\n".join(made) + "\n")
    assert main(["match", "people.csv", "--out", "matches.csv", "--report", "report.html"]) == 0
    assert "“Operations” is not known" in capsys.readouterr().err
    page = Path("report.html").read_text()
    unread = page[page.index('id="unread"') :]
    assert "“Operations” is not known" in unread
    assert "Lines 2, 4." in unread
    assert "Waste services" not in unread
    assert "waste and recycling" not in "".join(
        row["why"] for row in rows() if row["mentee"] in ("Ann Bell", "Cy Dunn")
    )


def test_the_chart_says_what_its_columns_and_its_axis_are(folder):
    assert main(["match", "people.csv", "--report", "report.html"]) == 0
    page = Path("report.html").read_text()
    assert "Each column is a stretch of five per cent" in page
    assert ">How well two people fit</text>" in page
    assert page.count("<rect") == page.count('font-size="13"') > 0


WRITTEN = """Name,Email,Organisation,Level,What would you like to learn?,What can you offer?,Role
Ann Bell,ann@hull.example,Hull City Council,3,How can a tiny authority keep up with cyber attacks?,,Mentee
Di Eade,di@york.example,York City Council,6,,Allotments and verges.,Mentor
Ed Finn,ed@york.example,York City Council,6,,Information security for small organisations on little money.,Mentor
"""
WITHOUT_MODEL = "import sys; sys.modules['wordllama'] = None; from commonhall.config.cli import main; "


def test_what_people_wrote_counts_and_is_a_reason(folder):
    Path("people.csv").write_text(WRITTEN)
    assert main(["match", "people.csv", "--out", "matches.csv"]) == 0
    [pair] = rows()
    assert (pair["mentor"], "cyber attacks" in pair["why"]) == ("Ed Finn", True)


def test_without_the_language_model_people_are_matched_and_it_is_said(folder):
    Path("people.csv").write_text(WRITTEN)
    code = f"{WITHOUT_MODEL} sys.exit(main(['match', 'people.csv']))"
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 pairs" in done.stdout
    assert "What people wrote was not compared: the package wordllama is not installed." in done.stderr
