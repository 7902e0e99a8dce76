"""Single cells of a list of participants."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.programmes.import_lists import CONTEXT, SOUND, check, one, places


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("people leadership, risk, law and governance", ("people-leadership", "risk-law-governance")),
        ("digital, data and AI", ("digital-data-ai",)),
        ("finance and value;risk, law and governance;", ("finance-and-value", "risk-law-governance")),
        ("political awareness and working with members, digital, data and AI, finance and value",
         ("political-awareness", "digital-data-ai", "finance-and-value")),
    ],
)  # fmt: skip
def test_options_with_commas_are_never_split(text: str, keys: tuple[str, ...]) -> None:
    row = one(**{"Competencies you can help with": text})
    assert row.offer_competencies == keys


@pytest.mark.parametrize(
    ("text", "keys", "unread"),
    [
        ("Finance, audit and procurement", ("finance-audit-procurement",), ()),
        ("Corporate management, Public health", ("chief-executive", "public-health"), ()),
        (
            "Asset and facilities management, Finance, audit and procurement",
            ("asset-and-facilities", "finance-audit-procurement"),
            (),
        ),
        ("Housing; Department of Silly Walks", ("housing",), ("Department of Silly Walks",)),
        ("Blue Team", ("leisure-and-sport",), ()),
    ],
)
def test_service_areas_are_read_one_or_several(text: str, keys: tuple[str, ...], unread: tuple[str, ...]) -> None:
    checked = check(
        service_area=text, context=replace(CONTEXT, departments={"ASH": {"blue team": "leisure-and-sport"}})
    )
    assert (checked.rows[0].service_areas, checked.rows[0].departments) == (keys, unread)
    assert not checked.errors


@pytest.mark.parametrize(
    ("cells", "email"),
    [
        ({"email": " Ann.Alder@Ash.Example "}, "ann.alder@ash.example"),
        ({"email": "mailto:ann@ash.example"}, "ann@ash.example"),
        ({"email": "ann@ash.example."}, "ann@ash.example"),
        ({"email": "Ann Alder <ann@ash.example>"}, "ann@ash.example"),
        ({"email": "ann@ash\u200b.example"}, "ann@ash.example"),
        ({"email": "anonymous", "Work e-mail, if different": "ann@ash.example"}, "ann@ash.example"),
        ({"email": "ann@ash.example", "Work e-mail, if different": ""}, "ann@ash.example"),
        ({"email": "o'neill+x@ash.example"}, "o'neill+x@ash.example"),
        ({"email": "ann@bücher.example"}, "ann@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_found_in_its_cell(cells: dict[str, str], email: str) -> None:
    assert one(**cells).email == email


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "email_missing"),
        ("anonymous", "email_missing"),
        ("-", "email_missing"),
        ("ann", "email_invalid"),
        ("ann@ash", "email_invalid"),
        ("ann..alder@ash.example", "email_invalid"),
        ("ann @ ash.example", "email_nearly"),
        ("ann@ash,example", "email_nearly"),
        ("ann [at] ash [dot] example", "email_nearly"),
        ("ann@ash.example; ann@home.example", "email_several"),
        ("Bo Birch <bo@ash.example>", "email_of_another"),
        ("аnn@ash.example", "email_lookalike"),
        ("ann@αsh.example", "email_lookalike"),
        ("alıce@ash.example", "email_lookalike"),
    ],
)
def test_an_address_that_cannot_be_used_stops_its_line(text: str, code: str) -> None:
    checked = check(email=text)
    assert places(checked) == {(2, "email", code)}
    assert checked.rows == ()


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"name": "  Zoë   O’Brien-Ní Dhomhnaill "}, "Zoë O’Brien-Ní Dhomhnaill"),
        ({"name": "Wei Zhang (张伟)"}, "Wei Zhang (张伟)"),
        ({"name": "N. O. Null"}, "N. O. Null"),
        ({"name": "Thandeka"}, "Thandeka"),
        ({"name": "", "First name": "Ann", "Surname": "Alder"}, "Ann Alder"),
        ({"name": "Annabel Alder", "Your name as you would like it to appear": "Anna Alder"}, "Anna Alder"),
        ({"name": "Annabel Alder", "Your name as you would like it to appear": "Anna"}, "Annabel Alder"),
        ({"name": "", "Your name as you would like it to appear": "Anna"}, "Anna"),
        ({"name": "Zoe\u0308"}, "Zoë"),
    ],
)
def test_a_name_is_kept_as_people_write_it(cells: dict[str, str], name: str) -> None:
    assert one(**cells).name == name


@pytest.mark.parametrize(
    ("name", "code", "stops"),
    [
        ("", "name_missing", True),
        ("12345", "name_no_letters", True),
        ("ann@ash.example", "name_from_address", True),
        ("Ann \u202etaoC", "direction", True),
        ("Wi?niewska", "lost_letters", False),
        ("Ann\u200b Alder", "invisible", False),
        ("Ann\x07 Alder", "control", False),
        ("Аnn Alder", "lookalike", False),
        ("JosÃ© MuÃ±oz", "mojibake", False),
        ("JosÃ© Muñoz", "mojibake", False),
        ("Dâ€™Angelo", "mojibake", False),
        ("#N/A", "name_missing", True),
        ("A" * 151, "too_long", True),
    ],
)
def test_a_name_that_is_not_right_is_named(name: str, code: str, stops: bool) -> None:
    checked = check(SOUND | {"name": name}, SOUND | {"name": "Bo Birch", "email": "bo@ash.example"})
    assert (2, "name", code) in places(checked)
    assert bool(checked.errors) is stops


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('=HYPERLINK("http://x.example")', "formula"),
        ("+cmd|' /C calc'!A0", "formula"),
        ("@SUM(1+1)*cmd|' /C calc'!A0", "formula"),
        ("\t=1+1", "formula"),
        ("-2+3+cmd|' /C calc'!A0", "formula"),
        ("I need\x00 help", "control"),
        ("<b>Hello</b>", "html"),
        ("<x-y onclick=alert(1)>", "html"),
        ("<img src=x onerror=alert(1)>", "html"),
        ("see [me](javascript:alert(1))", "script"),
        ("{{ 7 * 7 }} and ${7*7}", "script"),
        ("#REF!", "sheet_error"),
    ],
)
def test_what_could_act_is_named_and_kept_as_plain_text(text: str, code: str) -> None:
    checked = check(offers=text)
    assert (2, "offers", code) in places(checked)
    assert not checked.errors
    assert len(checked.rows) == 1


@pytest.mark.parametrize(
    "text",
    [
        "- listening\n- asking",
        "+44 20 7946 0000",
        "-",
        "I spent < 2 years, then > 5; 3 * 4 = 12",
        "@ the depot most days",
        "C++ & R&D: 'quoted'",
        "My plan: to learn. That: too.",
        "#1 priority",
        "Łódź, Ελλάδα, Київ, 東京, 🙂",
    ],
)
def test_ordinary_text_is_left_in_peace(text: str) -> None:
    checked = check(offers=text)
    assert checked.problems == ()
    assert checked.rows[0].offers == ("" if text == "-" else text)


def test_text_that_our_own_export_escaped_comes_back_without_the_apostrophe() -> None:
    assert one(offers="'- keeping bees").offers == "- keeping bees"


def test_a_text_that_is_too_long_stops_its_line() -> None:
    assert places(check(biography="long " * 3000)) == {(2, "biography", "too_long")}


@pytest.mark.parametrize(
    ("text", "capacity", "code"),
    [
        ("1", 1, ""),
        ("2.0", 2, ""),
        ("2,0", 2, ""),
        ("", None, ""),
        ("two", 2, "capacity_words"),
        ("up to 3", 3, "capacity_words"),
        ("1-2", 2, "capacity_words"),
        ("0", None, "capacity_below_one"),
        ("-1", None, "capacity_below_one"),
        ("2.5", None, "capacity_not_whole"),
        ("400", None, "capacity_too_large"),
        ("lots", None, "capacity_unreadable"),
    ],
)
def test_a_mentors_places_are_a_whole_number(text: str, capacity: int | None, code: str) -> None:
    checked = check(capacity=text)
    assert [problem.code for problem in checked.problems] == ([code] if code else [])
    if not checked.errors:
        assert checked.rows[0].capacity == capacity


def test_a_mentees_places_do_not_matter() -> None:
    assert one(role="Mentee", capacity="none, thank you").capacity is None


@pytest.mark.parametrize(
    ("column", "days", "codes"),
    [
        (["13/01/2026", "02/03/2026"], [(2026, 1, 13), (2026, 3, 2)], []),
        (["01/13/2026", "02/03/2026"], [(2026, 1, 13), (2026, 2, 3)], []),
        (["2026-01-13", "2026-03-02"], [(2026, 1, 13), (2026, 3, 2)], []),
        (["13.01.2026", "2.3.26"], [(2026, 1, 13), (2026, 3, 2)], []),
        (["1 March 2026", "2nd of March 2026"], [(2026, 3, 1), (2026, 3, 2)], []),
        (["01/02/2026", "03/04/2026"], [(2026, 2, 1), (2026, 4, 3)], ["dates_ambiguous"]),
        (
            ["13/01/2026", "20/01/2026", "01/22/2026"],
            [(2026, 1, 13), (2026, 1, 20), (2026, 1, 22)],
            ["date_other_order"],
        ),
        (["asap", ""], [None, None], []),
    ],
)
def test_the_notation_of_dates_is_decided_for_the_column(column, days, codes) -> None:
    lines = [
        SOUND | {"email": f"p{n}@ash.example", "name": f"P{n} Q{n}", "available_from": day}
        for n, day in enumerate(column)
    ]
    checked = check(*lines)
    assert [row.available_from for row in checked.rows] == [dt.date(*day) if day else None for day in days]
    assert [problem.code for problem in checked.problems] == codes


def test_american_dates_are_first_to_be_thought_of_where_the_month_comes_first() -> None:
    row = check(available_from="01/02/2026", context=replace(CONTEXT, day_first=False)).rows[0]
    assert row.available_from == dt.date(2026, 1, 2)


@pytest.mark.parametrize(
    ("text", "consent", "code"),
    [("Yes, I agree", True, ""), ("", None, "consent_missing"), ("No", None, "consent_refused")],
)
def test_agreement_is_read(text: str, consent: bool | None, code: str) -> None:
    checked = check(**{"I have read the privacy notice and agree to take part": text, "days": "Mon"})
    assert [problem.code for problem in checked.problems] == ([code] if code else [])
    if text != "No":
        assert checked.rows[0].consent is consent


@pytest.mark.parametrize(
    ("answer", "willing", "wants"),
    [("Yes. Writing bids.", "yes", "Writing bids."), ("Yes", "yes", ""), ("Maybe", "later", ""), ("No", "no", "")],
)
def test_a_mentor_may_want_a_mentor_too(answer: str, willing: str, wants: str) -> None:
    row = one(**{"Would you like a mentor yourself? If so, what for?": answer})
    assert (row.also_mentee, row.wants) == (willing, wants)


@pytest.mark.parametrize(
    ("text", "years"), [("11", 11), ("13.5", 13.5), ("8 years", 8), ("c. 9", 9), ("a long time!", None)]
)
def test_years_are_read_if_there_is_a_number(text: str, years: float | None) -> None:
    assert one(**{"How long have you worked in local government? (years)": text}).years == years


def test_an_option_that_is_no_competency_is_kept_as_text() -> None:
    lines = [
        SOUND | {"Competencies you can help with": text}
        for text in ("people leadership;", "finance and value;Juggling")
    ]
    row = check(lines[0], lines[1] | {"email": "b@ash.example", "name": "Bo Birch"}).rows[1]
    assert (row.offer_competencies, row.offers) == (("finance-and-value",), "Juggling")
