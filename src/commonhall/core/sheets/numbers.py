"""Numbers as people write them: "1,5", "261,210", "1 250", "£1,250.50", "two"."""

import re

_WORDS = {"none": 0, "zero": 0, "one": 1, "single": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5}
_WORDS |= {"six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}

_NUMBER = re.compile(r"^[+-]?\d+(?:[.,]\d+)?$")
_GROUPED = re.compile(r"^[+-]?\d{1,3}(?:([,.' ])\d{3})(?:\1\d{3})*(?:[.,]\d+)?$")


def _bare(text: str) -> str:
    return text.strip().strip("£€$ ").replace("−", "-").replace("\u00a0", " ").replace("\u202f", " ")


def parse(text: str) -> float | None:
    """A number with a decimal point or comma."""
    text = _bare(text)
    return float(text.replace(",", ".")) if _NUMBER.match(text) else None


def whole(text: str) -> int | None:
    """A whole number, with or without separators for thousands: "1 250", "261,210", "2.0"; "2.5" is none."""
    text = _bare(text)
    if match := _GROUPED.match(text):
        text = text.replace(match[1], "")
    number = parse(text)
    return int(number) if number is not None and number.is_integer() else None


def in_words(text: str) -> int | None:
    """ "two", "Two mentees", "a couple": the first word that is a number."""
    return next((_WORDS[word] for word in re.findall(r"[a-z]+", text.casefold()) if word in _WORDS), None)


def inside(text: str) -> list[float]:
    """Every number that stands somewhere in a text: "c. 9" has 9, "1-3" has 1 and 3."""
    return [float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", text)]
