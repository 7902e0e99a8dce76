import json
from pathlib import Path

import pytest

from commonhall.core import text

CORPUS = Path(__file__).parents[2] / "../shared/corpora/text/blns.json"
STRANGE = [
    "\x00\x07",
    "\u202eabc",
    "a\u2028b",
    "\ufeff",
    "Å",
    "ﷺ",
    "🏳\u200d🌈",
    "a\r\nb",
    "",
    " ",
    "\u200b",
    "\ud7ff",
    "Ｆ",
]


def strings():
    return STRANGE + (json.loads(CORPUS.read_text("utf-8")) if CORPUS.is_file() else [])


def test_cleaning_keeps_what_people_write_and_drops_what_hides():
    assert text.clean(" Zoë\u202e \x07said\r\n“hi” 🏳\u200d🌈 ") == "Zoë said\n“hi” 🏳\u200d🌈"


def test_letters_with_accents_have_one_form():
    assert text.clean("Zoe\u0308") == text.clean("Zoë") == "Zoë"


@pytest.mark.parametrize(
    ("typed", "line"), [("a\nb", "a b"), ("  a \t b ", "a b"), ("a\u2028b", "a b"), ("\u200b", ""), ("a\u00a0b", "a b")]
)
def test_a_line_is_one_line(typed, line):
    assert text.line(typed) == line


@pytest.mark.parametrize(("one", "other"), [("ÉCOLE  du  Parc", "ecole du parc"), ("Straße", "STRASSE")])
def test_names_are_the_same_whatever_case_and_accents(one, other):
    assert text.folded(one) == text.folded(other)


def test_naughty_strings_come_out_clean_and_cleaning_twice_changes_nothing():
    for typed in strings():
        once = text.clean(typed)
        assert text.clean(once) == once
        assert text.line(text.line(typed)) == text.line(typed)
        assert "\n" not in text.line(typed)
        assert "\x00" not in once
        once.encode()
