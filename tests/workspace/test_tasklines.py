from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhall.workspace.tasklines import TaskLine, day_of, read

TODAY = date(2026, 12, 1)  # a Tuesday


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "- [ ] @mentee: shadow the committee by 12 May",
            TaskLine("shadow the committee", "mentee", date(2027, 5, 12)),
        ),
        ("[ ] @Ada Byron: read the report by Friday", TaskLine("read the report", "Ada Byron", date(2026, 12, 4))),
        ("[] send the draft", TaskLine("send the draft")),
        (
            "* [ ] @both - meet the clerk, by 3rd of February 2027.",
            TaskLine("meet the clerk", "both", date(2027, 2, 3)),
        ),
        ("- [ ] stand by the decision", TaskLine("stand by the decision")),
        ("- [ ] be ready by the time we meet", TaskLine("be ready by the time we meet")),
        ("- [ ] write to ada@hall.example by tomorrow", TaskLine("write to ada@hall.example", "", date(2026, 12, 2))),
        ("- [x] done already by Friday", None),
        ("a line of text", None),
        ("- [ ] ", None),
        ("", None),
    ],
)
def test_who_does_what_by_when(line, expected):
    assert read(line, TODAY) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("12 May", date(2027, 5, 12)),
        ("May 12", date(2027, 5, 12)),
        ("20 Nov", date(2026, 11, 20)),
        ("1 October", date(2027, 10, 1)),
        ("29 February", date(2028, 2, 29)),
        ("31 June", None),
        ("12/5/2027", date(2027, 5, 12)),
        ("2027-05-12", date(2027, 5, 12)),
        ("Tuesday", date(2026, 12, 8)),
        ("next Monday", date(2026, 12, 7)),
        ("Friday 4 December", date(2026, 12, 4)),
        ("today", TODAY),
        ("99/99/2027", None),
        ("12 Foo", None),
        ("soon", None),
    ],
)
def test_days_as_people_write_them(words, expected):
    assert day_of(words, TODAY) == expected


@given(st.text(max_size=80))
def test_any_line_is_read_or_is_no_task(line):
    found = read(f"- [ ] {line}", TODAY)
    assert found is None or found.words


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_day_without_its_year_is_the_next_or_has_just_passed(today):
    day = day_of("15 March", today)
    assert -30 <= (day - today).days <= 366
