"""Which column holds what, from any sensible heading."""

from dataclasses import replace

import pytest

from commonhall.core.sheets import reading
from commonhall.programmes.imports.mapping import suggest_mapping
from tests.programmes.import_lists import CONTEXT, SOUND, check, sheet_of


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (
            ["Your full name", "Work e-mail", "Council", "Post", "Department", "Grade", "Mentor or mentee?"],
            ["name", "email", "organisation", "job_title", "service_area", "level", "role"],
        ),
        (
            ["First Name", "Last Name", "E-mail Address", "Employer", "Position", "Line Manager's Email", "Pronouns"],
            ["first_name", "surname", "email", "organisation", "job_title", "line_manager", "pronouns"],
        ),
        (
            [
                "Start time",
                "Completion time",
                "Which council or organisation do you work for?\u00a0",
                "What would you like help with? Please write a few sentences",
                "What could you offer to others in return?",
                "Would you also be willing to be a mentor?",
                "Which days suit you?",
                "What times are usually best?",
                "Would you like a mentor from a different council?",
                "Is there anyone you should NOT be matched with, or any council?",
                "How many mentees could you take on? (1-3)",
                "Would you like a mentor yourself? If so, what for?",
                "Anything else we should know, for example access needs?",
                "I have read the privacy notice and agree to take part",
                "How long have you worked in local government? (years)",
            ],
            [
                "",
                "submitted_at",
                "organisation",
                "wants",
                "offers",
                "also_mentor",
                "days",
                "times",
                "other_council",
                "not_with",
                "capacity",
                "also_mentee",
                "adjustments",
                "consent",
                "years",
            ],
        ),
        (
            [
                "No.",
                "Authority",
                "Max. mentees",
                "Looking for",
                "Can offer",
                "Hours per month",
                "Will travel (km)",
                "Not with",
            ],
            ["", "organisation", "capacity", "wants", "offers", "hours_per_month", "travel_km", "not_with"],
        ),
    ],
    ids=["plain", "parts", "questions", "coordinator"],
)
def test_headings_are_understood(headings: list[str], fields: list[str]) -> None:
    text = ";".join(f'"{heading}"' for heading in headings) + "\n" + ";".join("abc" for _ in headings) + "\n"
    mapping = suggest_mapping(reading.read_here(text.encode("utf-8"), "x.csv"))
    assert [mapping.get(" ".join(heading.split()), "") for heading in headings] == fields


def test_a_column_called_role_may_hold_jobs_or_mentors() -> None:
    jobs = sheet_of({"role": "Planner", "email": "a@ash.example"}, {"role": "Head of Parks", "email": "b@ash.example"})
    roles = sheet_of(
        {"type": "Mentor", "email": "a@ash.example"}, {"type": "I want to be mentored", "email": "b@ash.example"}
    )
    assert suggest_mapping(jobs)["role"] == "job_title"
    assert suggest_mapping(roles)["type"] == "role"


def test_a_question_answered_with_competencies_is_about_competencies() -> None:
    mapping = suggest_mapping(
        sheet_of({"What would you like to work on?": "people leadership;risk, law and governance;"})
    )
    assert mapping == {"What would you like to work on?": "want_competencies"}


def test_a_remembered_mapping_is_taken_as_it_is() -> None:
    sheet = sheet_of({"who": "Ann", "email": "a@ash.example"})
    assert suggest_mapping(sheet, {"who": "name", "email": "email_other", "gone": "role", "x": "nonsense"}) == {
        "who": "name",
        "email": "email_other",
    }


@pytest.mark.parametrize(
    ("missing", "what"), [("email", "address"), ("organisation", "Organisation"), ("role", "Mentor"), ("name", "Name")]
)
def test_a_needed_column_that_is_missing_is_asked_for_once(missing: str, what: str) -> None:
    checked = check({key: value for key, value in (SOUND | {"days": "Mon", "wants": "x"}).items() if key != missing})
    assert [problem.code for problem in checked.errors] == ["column_missing"]
    assert what in checked.errors[0].message
    assert checked.rows == ()


def test_a_role_given_for_the_whole_list_needs_no_column() -> None:
    line = {key: value for key, value in SOUND.items() if key != "role"}
    for role, roles in (("mentee", {"mentee"}), ("mentor", {"mentor"}), ("both", {"mentor", "mentee"})):
        assert check(line, context=replace(CONTEXT, role=role)).rows[0].roles == roles
