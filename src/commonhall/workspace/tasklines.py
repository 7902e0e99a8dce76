"""Lines of a note that say who does what by when: "- [ ] @mentee: shadow planning committee by 12 May".

Pure: text and a day in, parts out. Days are read in English, as written in a note: 12 May, 12 May 2027, 12/5/2027,
2027-05-12, Friday, tomorrow; a day without its year is the next one to come.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

LINE = re.compile(r"^\s*(?:[-*]\s*)?\[\s?\]\s*(?:@(?P<who>[\w.'’-]+(?: [\w'’-]+)?)\s*[:,–-]\s*)?(?P<words>\S.*)$")
BY = re.compile(r"^(?P<words>.+?)[,;]?\s+(?:by|until|before|due)\s+(?P<when>[^,;]{3,30}?)\.?$", re.I)
MONTHS = tuple(calendar.month_name[number].casefold() for number in range(1, 13))
DAYS = tuple(name.casefold() for name in calendar.day_name)
NAMED = re.compile(r"^(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})\.?(?: (\d{4}))?$")
TURNED = re.compile(r"^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?$")
SLASHED = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$")
PASSED = 30  # a day that passed so lately is meant as it is written


@dataclass(frozen=True)
class TaskLine:
    """`who` as typed after the @, without it; `due_on` where a day was understood."""

    words: str
    who: str = ""
    due_on: date | None = None


def read(line: str, today: date) -> TaskLine | None:
    """None where the line is no open task.

    >>> read("- [ ] @mentee: shadow planning committee by 12 May", date(2026, 12, 1))
    TaskLine(words='shadow planning committee', who='mentee', due_on=datetime.date(2027, 5, 12))
    """
    found = LINE.match(line)
    if found is None:
        return None
    words, who = found["words"].strip(), (found["who"] or "").strip()
    timed = BY.match(words)
    due_on = day_of(timed["when"], today) if timed else None
    return TaskLine(timed["words"].strip() if timed and due_on else words, who, due_on)


def day_of(text: str, today: date) -> date | None:
    """The day that these words name, seen from today; None where they name none."""
    said = re.sub(r"\s+", " ", text.strip().casefold()).removeprefix("on ")
    for reader in (_relative, _named, _numeric):
        if (day := reader(said, today)) is not None:
            return day
    return None


def _relative(said: str, today: date) -> date | None:
    if said in ("today", "tomorrow"):
        return today + timedelta(days=said == "tomorrow")
    day = said.removeprefix("next ").removeprefix("this ")
    if day not in DAYS:
        return None
    return today + timedelta(days=(DAYS.index(day) - today.weekday() - 1) % 7 + 1)


def _named(said: str, today: date) -> date | None:
    without_weekday = re.sub(rf"^(?:{'|'.join(DAYS)}),? ", "", said)
    if found := NAMED.match(without_weekday):
        number, name, year = found.groups()
    elif found := TURNED.match(without_weekday):
        name, number, year = found.groups()
    else:
        return None
    month = next((place for place, full in enumerate(MONTHS, 1) if full.startswith(name)), None)
    return _next(int(number), month, int(year) if year else None, today) if month else None


def _numeric(said: str, today: date) -> date | None:
    if found := SLASHED.match(said):
        day, month, year = map(int, found.groups())
        return _next(day, month, year, today)
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _next(day: int, month: int, year: int | None, today: date) -> date | None:
    for candidate in (year,) if year else (today.year, today.year + 1, today.year + 2, today.year + 3, today.year + 4):
        try:
            made = date(candidate, month, day)
        except ValueError:
            continue
        if year or made >= today - timedelta(days=PASSED):
            return made
    return None
