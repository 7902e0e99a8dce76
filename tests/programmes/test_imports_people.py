"""What lines say of each other and of councils: conflicts, line managers, the same person twice."""

from dataclasses import replace

import pytest

from commonhall.programmes.imports import checking
from commonhall.programmes.imports.rows import KnownPerson
from tests.programmes.import_lists import CONTEXT, SOUND, check, one, places


@pytest.mark.parametrize(
    ("text", "key", "code"),
    [
        ("Ash Borough council ", "ASH", ""),
        ("Ash", "ASH", "organisation_short"),
        ("Beech CC", "BEE", "organisation_short"),
        ("Ash Boro Council", "ASH", "organisation_guess"),
        ("Oak District Council", "ASH", "organisation_ended"),
        ("Elm County Council", "", "organisation_ended_open"),
        ("Yew Rural District Council", "ASH", "organisation_ended"),
        ("Fir Urban District Council", "", "organisation_gone"),
        ("Totaro Park City Council", "", "organisation_near"),
        ("Barchester Borough Council", "", "organisation_unknown"),
        ("Acme Widgets plc", "", "organisation_unknown"),
        ("", "ASH", "organisation_from_address"),
    ],
)
def test_an_organisation_is_known_guessed_or_asked_for(text: str, key: str, code: str) -> None:
    checked = check(organisation=text, days="Mon", wants="x")
    assert [problem.code for problem in checked.problems] == ([code] if code else [])
    assert [row.organisation for row in checked.rows] == ([key] if key else [])


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("Oak District Council", "Ash Borough Council followed it", "Look whether that is right."),
        ("Yew Rural District Council", "Ash Borough Council followed it", "Look whether that is right."),
        ("Elm County Council", "followed by several", "works for now: Ash Borough Council or Beech County Council."),
        ("Fir Urban District Council", "Fir Urban District Council no longer exists.", "works for now."),
    ],
)
def test_of_a_council_that_ended_the_successor_is_named(text: str, message: str, remedy: str) -> None:
    (problem,) = check(organisation=text, days="Mon").problems
    assert message in problem.message
    assert problem.remedy.endswith(remedy)


def test_a_guess_that_the_address_speaks_against_is_asked_about() -> None:
    assert places(check(organisation="Beeech County Counsil")) == {(2, "organisation", "organisation_two_ways")}


def test_domains_are_learned_from_the_other_lines() -> None:
    lines = [
        SOUND | {"name": f"P{n} Q", "email": f"p{n}@bee.example", "organisation": "Beech County Council"}
        for n in (1, 2)
    ]
    checked = check(*lines, SOUND | {"email": "x@bee.example", "organisation": ""})
    assert [row.organisation for row in checked.rows] == ["BEE", "BEE", "BEE"]


def test_the_time_zone_is_the_organisations_unless_given() -> None:
    totara = {"organisation": "Totara City Council", "email": "a@totara.example"}
    assert one(**totara).time_zone == "Pacific/Auckland"
    assert one(**totara, time_zone="Europe/London").time_zone == "Europe/London"
    assert one(time_zone="UK time").time_zone == "Europe/London"


@pytest.mark.parametrize("text", ["", "No", "n/a", "-", "None", "nobody", "N/A."])
def test_no_conflict_is_no_conflict(text: str) -> None:
    checked = check(not_with=text, days="Mon")
    assert checked.problems == ()
    assert checked.rows[0].not_with_words == ""


@pytest.mark.parametrize(
    ("text", "people", "organisations"),
    [
        ("bo.birch@beech.example", ("bo.birch@beech.example",), ()),
        ("Not Bo Birch please (personal reasons).", ("bo.birch@beech.example",), ()),
        ("I worked for Dr Cleo Clay until 2022. I would rather have somebody new.", ("cleo@beech.example",), ()),
        ("not with anyone from Beech council", (), ("BEE",)),
        ("My husband works in planning at Beech, so not there.", (), ("BEE",)),
        ("Nobody from my own council, please.", (), ("ASH",)),
        ("Please not with Nadia Nowhere, former colleague.", (), ()),
        ("Not with my line manager or anybody in my reporting line.", (), ()),
    ],
)
def test_a_conflict_in_words_is_read_where_it_can_be(text, people, organisations) -> None:
    bo = SOUND | {"name": "Bo Birch", "email": "bo.birch@beech.example", "organisation": "Beech County Council"}
    known = {"cleo@beech.example": KnownPerson("cleo@beech.example", "Cleo Clay", "BEE")}
    checked = check(SOUND | {"not_with": text}, bo, context=replace(CONTEXT, people=known))
    row = checked.rows[0]
    assert (row.not_with_people, row.not_with_organisations, row.not_with_words) == (people, organisations, text)
    assert {problem.severity for problem in checked.problems} <= {"note"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ann Alder", "conflict_self"),
        ("ann.alder@ash.example", "conflict_self"),
        ("myself", "conflict_self"),
        ("everybody", "conflict_everybody"),
        ("Anyone", "conflict_everybody"),
    ],
)
def test_a_conflict_with_oneself_or_everybody_stops_the_line(text: str, code: str) -> None:
    assert places(check(not_with=text)) == {(2, "not_with", code)}


def test_line_managers_may_be_named_when_the_column_holds_names() -> None:
    boss = SOUND | {"name": "Bo Birch", "email": "bo@ash.example", "line_manager": ""}
    checked = check(
        SOUND | {"line_manager": "Bo Birch"},
        boss,
        SOUND | {"name": "Cy", "email": "c@ash.example", "line_manager": "D Dale"},
    )
    assert [row.line_manager for row in checked.rows] == ["bo@ash.example", "", ""]
    assert [(problem.line, problem.code) for problem in checked.problems] == [
        (2, "manager_by_name"),
        (4, "manager_without_address"),
    ]


def test_of_two_answers_the_later_is_used_whatever_the_order_of_lines() -> None:
    first = SOUND | {"Timestamp": "9/30/2025 8:11:08", "job_title": "newer"}
    second = SOUND | {"Timestamp": "9/9/2025 22:11:08", "job_title": "older", "email": "ANN.ALDER@ASH.EXAMPLE"}
    checked = check(first, second)
    assert [(row.line, row.job_title) for row in checked.rows] == [(2, "newer")]
    assert places(checked) == {(3, "(row)", "same_person")}


def test_a_wrong_line_does_not_replace_a_sound_one() -> None:
    checked = check(SOUND | {"level": "5"}, SOUND | {"organisation": "Barchester Borough Council"})
    assert [row.line for row in checked.rows] == [2]


def test_a_nickname_with_a_private_address_is_the_same_person() -> None:
    work = SOUND | {"name": "Robert Alder", "job_title": "Planner", "line_manager": "boss@ash.example", "wants": "a"}
    home = work | {"name": "Bob Alder", "email": "bob@home.example", "wants": "b"}
    checked = check(work, home)
    assert [(row.line, row.email, row.wants) for row in checked.rows] == [(3, "ann.alder@ash.example", "b")]


def test_two_people_of_one_name_in_different_posts_are_asked_about_and_both_kept() -> None:
    checked = check(SOUND | {"job_title": "Planner"}, SOUND | {"email": "ann2@ash.example", "job_title": "Diver"})
    assert len(checked.rows) == 2
    assert places(checked) == {(3, "(row)", "perhaps_same_person")}


def test_relatives_and_colleagues_are_not_taken_for_one() -> None:
    checked = check(
        SOUND | {"job_title": "Planner"},
        SOUND | {"name": "Craig Alder", "email": "c@ash.example", "job_title": "Planner"},
    )
    assert (len(checked.rows), checked.problems) == (2, ())


def test_somebody_known_under_another_address_is_pointed_out() -> None:
    known = {"a.alder@ash.example": KnownPerson("a.alder@ash.example", "Ann Alder", "ASH")}
    checked = check(context=replace(CONTEXT, people=known))
    assert places(checked) == {(2, "(row)", "known_other_address")}
    assert len(checked.rows) == 1


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Ash"], "Ash"),
        (["Ash", "Elm"], "Ash or Elm"),
        (["Ash", "Elm", "Oak"], "Ash, Elm or Oak"),
        (["Ash", "Elm", "Oak", "Yew", "Box"], "Ash, Elm, Oak, Yew or another"),
    ],
)
def test_several_that_could_be_meant_read_as_a_sentence(names, words):
    assert checking._either(names) == words
