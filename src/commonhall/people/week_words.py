"""Working patterns as people write them: "Mon, Tue", "Wednesdays", "Mon-Fri", "Lunchtime, Early (before 9)"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from commonhall.core.sheets.words import gettext_noop
from commonhall.people.hours import Stretch

NINE_TO_FIVE = (9 * 60, 17 * 60)
TIMES_OF_DAY = {
    "early": (7 * 60, 9 * 60),
    "morning": (9 * 60, 12 * 60),
    "lunchtime": (12 * 60, 14 * 60),
    "afternoon": (14 * 60, 17 * 60),
    "evening": (17 * 60, 20 * 60),
}
DAY_LABELS = (
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
)
_DAY_NAMES = {
    name: number
    for number, names in enumerate(
        (
            "monday mondays mon mo m",
            "tuesday tuesdays tues tue tu t",
            "wednesday wednesdays weds wed we w wednsday",
            "thursday thursdays thurs thur thu th",
            "friday fridays fri fr f",
            "saturday saturdays sat sa",
            "sunday sundays sun su",
        )
    )
    for name in names.split()
}
_GROUPS = {
    "any": range(5),
    "any day": range(5),
    "all": range(5),
    "all days": range(5),
    "every day": range(5),
    "everyday": range(5),
    "daily": range(5),
    "flexible": range(5),
    "weekdays": range(5),
    "weekday": range(5),
    "working days": range(5),
    "any weekday": range(5),
    "all weekdays": range(5),
    "full time": range(5),
    "no preference": range(5),
    "weekend": range(5, 7),
    "weekends": range(5, 7),
    "seven days": range(7),
}
_TIME_NAMES = {
    name: key
    for key, names in {
        "early": "early, early morning, early mornings, before work, breakfast, before 9, first thing, early before 9",
        "morning": "morning, mornings, am, a m, forenoon, late morning",
        "lunchtime": "lunchtime, lunchtimes, lunch, noon, midday, over lunch, lunch time",
        "afternoon": "afternoon, afternoons, pm, p m, late afternoon, early afternoon",
        "evening": "evening, evenings, after work, after 5, after hours, early evening, night, late, out of hours",
    }.items()
    for name in names.split(", ")
}
_ALL_DAY = {
    "any",
    "any time",
    "anytime",
    "all day",
    "flexible",
    "no preference",
    "all",
    "working hours",
    "office hours",
}
_ALL_DAY |= {"normal working hours", "business hours", "core hours", "during the day", "9 to 5", "daytime"}

_SPLIT = re.compile(r"[,;/\n|+&]|\band\b|\bor\b")
_RANGE = re.compile(r"^([a-z]+)\.?\s*(?:-|–|—|to|until|till|through|thru)\s*([a-z]+)\.?$")
_FORTNIGHT = re.compile(r"\b(?:alternate|alternating|fortnightly|every (?:other|second)|every 2nd|biweekly)\b")
_EXCEPT = re.compile(
    r"^(?:(?:any|all|every) ?days?|weekdays?|any|all)?\s*(?:but|except|excluding|apart from|not on|not|no|never)\s+"
    r"(.+)$"
)
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|noon)?"
_HOURS = re.compile(rf"^(?:from |between )?{_CLOCK}\s*(?:-|–|—|to|until|till|and)\s*{_CLOCK}$")
_AFTER = re.compile(rf"^(?:after|from|not before)\s+{_CLOCK}$")
_BEFORE = re.compile(rf"^(?:before|until|till|not after|up to)\s+{_CLOCK}$")
_FILLER = re.compile(
    r"\b(?:only|usually|preferably|ideally|mostly|on|the|best|most|is|are|all|day|days|please)\b|[().!?:]"
)


@dataclass(frozen=True, slots=True)
class Days:
    """Weekdays, 0 to 6; those that come every second week only; the hours of days that were given any ("Mon am");
    and the words that nobody could read."""

    weekdays: frozenset[int] = frozenset()
    fortnightly: frozenset[int] = frozenset()
    hours: tuple[Stretch, ...] = ()
    unread: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def days(text: str) -> Days:
    found: set[int] = set()
    not_on: set[int] = set()
    fortnightly: set[int] = set()
    hours: list[Stretch] = []
    unread: list[str] = []
    for piece in _pieces(text):
        piece, given = _without_hours(piece)
        numbers = _days_of(_FORTNIGHT.sub(" ", piece))
        hours += [(number, start, end) for number in numbers or () for start, end in given]
        if (less := _EXCEPT.match(piece)) and (numbers_less := _days_of(less[1])):
            not_on |= numbers_less
        elif numbers is None:
            unread.append(piece)
        elif _FORTNIGHT.search(piece):
            fortnightly |= numbers
        found |= numbers or set()
    if not_on:
        found = (found or set(range(5))) - not_on
    return Days(frozenset(found), frozenset(fortnightly), tuple(hours), tuple(unread))


_WITH_HOURS = re.compile(r"^(\D+?)\s+(\d.*)$")


def _without_hours(piece: str) -> tuple[str, list[tuple[int, int]]]:
    """ "mon 9-12" and "wednesday afternoons" say a day and its hours."""
    if (match := _WITH_HOURS.match(piece)) and (clock := _clock_times(match[2])):
        return match[1], [clock]
    words = piece.split()
    named = [TIMES_OF_DAY[_TIME_NAMES[word]] for word in words if word in _TIME_NAMES and word not in _DAY_NAMES]
    return piece, named


def _pieces(text: str) -> list[str]:
    text = " ".join(text.casefold().split())
    if _EXCEPT.match(text):
        return [text]
    parts = [part.strip(" .") for part in _SPLIT.split(text)]
    parts = [part for part in parts if part]
    if len(parts) == 1 and _days_of(parts[0]) is None and all(_day(word) is not None for word in parts[0].split()):
        return parts[0].split()
    return parts


def _day(word: str) -> int | None:
    word = word.strip(" .")
    return _DAY_NAMES.get(word)


def _days_of(piece: str) -> set[int] | None:
    """The weekdays that one piece names; None if it names none."""
    piece = " ".join(piece.split()).strip(" .")
    if piece in _GROUPS:
        return set(_GROUPS[piece])
    bare = " ".join(_FILLER.sub(" ", piece).split())
    if (number := _day(bare)) is not None:
        return {number}
    if (span := _RANGE.match(bare)) and _day(span[1]) is not None and _day(span[2]) is not None:
        first, last = _DAY_NAMES[span[1]], _DAY_NAMES[span[2]]
        return {number % 7 for number in range(first, last + 1 if last >= first else last + 8)}
    words = [word for word in bare.split() if word not in _TIME_NAMES]
    several = {_DAY_NAMES[word] for word in words if word in _DAY_NAMES}
    return several if several and len(several) == len(words) else _GROUPS_OF.get(bare)


_GROUPS_OF: dict[str, set[int]] = {name: set(numbers) for name, numbers in _GROUPS.items()}


@dataclass(frozen=True, slots=True)
class Times:
    """Parts of a day in minutes from midnight, and the words that nobody could read."""

    parts: tuple[tuple[int, int], ...] = ()
    unread: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def times(text: str) -> Times:
    parts: set[tuple[int, int]] = set()
    unread: list[str] = []
    for piece in re.split(r"[,;/\n|]", text.casefold()):
        piece = " ".join(piece.split())
        if not piece:
            continue
        found = _times_of(piece)
        if found is None:
            unread.append(piece)
        else:
            parts.update(found)
    return Times(tuple(sorted(parts)), tuple(unread))


def _times_of(piece: str) -> list[tuple[int, int]] | None:
    bare = " ".join(re.sub(r"[().]", " ", piece).split())
    for words in (bare, " ".join(re.sub(r"\(.*?\)", " ", piece).split())):
        if words in _TIME_NAMES:
            return [TIMES_OF_DAY[_TIME_NAMES[words]]]
        if words in _ALL_DAY:
            return [NINE_TO_FIVE]
    if found := _clock_times(piece):
        return [found]
    named = [TIMES_OF_DAY[_TIME_NAMES[word]] for word in re.split(r"\s+(?:and|or|&)\s+", bare) if word in _TIME_NAMES]
    return named or None


def _clock_times(piece: str) -> tuple[int, int] | None:
    if match := _HOURS.match(piece):
        start, end = (
            _minute(match[1], match[2], match[3], match[6] or "pm"),
            _minute(match[4], match[5], match[6], "pm"),
        )
    elif match := _AFTER.match(piece):
        start, end = _minute(match[1], match[2], match[3], "pm"), TIMES_OF_DAY["evening"][1]
    elif match := _BEFORE.match(piece):
        start, end = TIMES_OF_DAY["early"][0], _minute(match[1], match[2], match[3], "pm")
    else:
        return None
    return (start, end) if 0 <= start < end <= 1440 else None


def _minute(hour: str, minute: str | None, half: str | None, guess: str | None = None) -> int:
    """Minutes from midnight; a bare hour before seven ("10-2") may be guessed to be after noon."""
    number = int(hour)
    bare = not (half or minute or hour.startswith("0"))
    if number < 12 and (half == "pm" or (bare and guess == "pm" and number < 7)):
        number += 12
    elif half == "am" and number == 12:
        number = 0
    return number * 60 + int(minute or 0)


def pattern(read: Days, parts: Iterable[tuple[int, int]] = ()) -> tuple[Stretch, ...]:
    """A weekly pattern out of days, with their own hours where these were given and the same parts on all others."""
    own = {day for day, _start, _end in read.hours}
    return tuple(sorted({*stretches(read.weekdays - own, parts), *read.hours}))


def stretches(weekdays: Iterable[int], parts: Iterable[tuple[int, int]] = ()) -> tuple[Stretch, ...]:
    """A weekly pattern out of days and parts of the day; parts that touch become one, none means nine to five."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(parts) or [NINE_TO_FIVE]:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple((day, start, end) for day in sorted(set(weekdays)) for start, end in joined)
