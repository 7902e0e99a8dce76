"""Dates in three notations, decided once for each column: day first, month first, or year first.

>>> notation = notation_of(["31/01/2026", "02/03/2026"])
>>> parse("02/03/2026", notation).day
datetime.date(2026, 3, 2)
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "day_first", "month_first", "year_first"

_NUMBERS = re.compile(r"^(\d{1,4})\s*([./\-\s])\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?(?:[T,\s]+\d{1,2}[:.]\d{2}.*)?$")
_SERIAL = re.compile(r"^\d{5}(?:[.,]\d+)?$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY_MONTH = re.compile(r"^(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ \-.]+([a-z]+)\.?,?[ \-]+(\d{2}|\d{4})\b")
_MONTH_DAY = re.compile(r"^(?:[a-z]+,? )?([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b")
_MONTH_YEAR = re.compile(r"^([a-z]+)\.?[ \-,]+(\d{4})$")
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000


@dataclass(frozen=True, slots=True)
class Notation:
    """`certain` is False when every date of the column could be read either way."""

    order: str = DAY_FIRST
    certain: bool = True


@dataclass(frozen=True, slots=True)
class DateRead:
    """A day, or None; `fault` says what is odd: impossible, other_order, serial, month_only, words."""

    day: dt.date | None
    fault: str = ""


def notation_of(values: Iterable[str], otherwise: str = DAY_FIRST) -> Notation:
    """The notation that the unmistakable dates of a column agree on; `otherwise` when there is none."""
    votes: Counter[str] = Counter()
    undecided = 0
    for value in values:
        vote = _vote(value.strip())
        if vote == "either":
            undecided += 1
        elif vote:
            votes[vote] += 1
    orders = Counter({order: votes[order] for order in (DAY_FIRST, MONTH_FIRST)})
    if orders[DAY_FIRST] == orders[MONTH_FIRST]:
        return Notation(otherwise, certain=not (undecided or orders[DAY_FIRST]))
    return Notation(orders.most_common(1)[0][0])


def _vote(value: str) -> str:
    match = _NUMBERS.match(value)
    if not match or len(match[1]) > 2:
        return ""
    first, second = int(match[1]), int(match[3])
    if first > 12 >= second:
        return DAY_FIRST
    if second > 12 >= first:
        return MONTH_FIRST
    if first == second:
        return ""
    return DAY_FIRST if match[2] == "." and len(match[4]) == 4 else "either"


@lru_cache(maxsize=8192)
def parse(text: str, notation: Notation = Notation(), *, is_date: bool = False) -> DateRead:
    """One date; `is_date` says that the cell was a date in its workbook, so nothing can be odd."""
    text = " ".join(text.split())
    if is_date:
        return DateRead(dt.date.fromisoformat(text[:10]))
    if match := _NUMBERS.match(text):
        return _from_numbers(match[1], match[3], match[4], notation)
    if _SERIAL.match(text):
        number = int(text[:5])
        if _FIRST_SERIAL <= number <= _LAST_SERIAL:
            return DateRead(_EXCEL_EPOCH + dt.timedelta(days=number), "serial")
    if re.fullmatch(r"\d{8}", text):
        return _made(int(text[:4]), int(text[4:6]), int(text[6:]))
    return _from_words(text.casefold())


def _from_numbers(first: str, second: str, third: str, notation: Notation) -> DateRead:
    if len(first) == 4:
        return _made(int(first), int(second), int(third))
    year = _year(third)
    day, month = int(first), int(second)
    if notation.order == MONTH_FIRST:
        day, month = month, day
    if month > 12 >= day:
        swapped = _made(year, day, month)
        return DateRead(swapped.day, swapped.fault or "other_order")
    return _made(year, month, day)


def _year(text: str) -> int:
    return int(text) + (2000 if int(text) < 70 else 1900) if len(text) == 2 else int(text)


def _made(year: int, month: int, day: int) -> DateRead:
    try:
        made = dt.date(year, month, day)
    except ValueError:
        return DateRead(None, "impossible")
    return DateRead(made) if 1900 <= year <= 2200 else DateRead(None, "impossible")


def _from_words(text: str) -> DateRead:
    if (match := _DAY_MONTH.match(text)) and match[2] in _MONTHS:
        return _made(_year(match[3]), _MONTHS[match[2]], int(match[1]))
    if (match := _MONTH_DAY.match(text)) and match[1] in _MONTHS:
        return _made(int(match[3]), _MONTHS[match[1]], int(match[2]))
    if (match := _MONTH_YEAR.match(text)) and match[1] in _MONTHS:
        return DateRead(_made(int(match[2]), _MONTHS[match[1]], 1).day, "month_only")
    return DateRead(None, "words")
