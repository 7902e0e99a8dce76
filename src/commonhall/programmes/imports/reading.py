"""The fields of one line, each from its cell to what it means."""

import datetime as dt
from collections.abc import Iterable, Mapping

from commonhall.core.sheets import choices, dates, numbers
from commonhall.core.sheets.problems import ERROR, NOTE, WARNING
from commonhall.core.sheets.words import plain
from commonhall.organisations.imports.places import zones
from commonhall.people import hours, ladder, taxonomy, week_words
from commonhall.programmes.imports import addresses, answers
from commonhall.programmes.imports.line import Line
from commonhall.programmes.imports.mapping import is_competency
from commonhall.programmes.imports.rows import Context

_NO_LIMIT_TEXT = (
    "always, any, any time, anytime, as soon as possible, asap, flexible, from now, from now on, immediately, "
    "indefinitely, n a, no, no end, no end date, no limit, none, now, ongoing, open, open ended, straight away, "
    "tbc, whenever"
)
_NO_LIMIT = frozenset(_NO_LIMIT_TEXT.split(", "))
_ZONES = {
    "london": "Europe/London",
    "uk": "Europe/London",
    "uk time": "Europe/London",
    "gmt": "Europe/London",
    "bst": "Europe/London",
    "gmt bst": "Europe/London",
    "gmt standard time": "Europe/London",
    "england": "Europe/London",
    "dublin": "Europe/Dublin",
    "ireland": "Europe/Dublin",
    "utc": "UTC",
    "cet": "Europe/Paris",
    "cest": "Europe/Paris",
    "nzst": "Pacific/Auckland",
    "nzdt": "Pacific/Auckland",
    "new zealand": "Pacific/Auckland",
    "new zealand standard time": "Pacific/Auckland",
    "aest": "Australia/Sydney",
    "aedt": "Australia/Sydney",
    "eastern": "America/New_York",
    "eastern time": "America/New_York",
    "eastern standard time": "America/New_York",
    "est": "America/New_York",
    "edt": "America/New_York",
    "central": "America/Chicago",
    "central time": "America/Chicago",
    "cst": "America/Chicago",
    "mountain time": "America/Denver",
    "mst": "America/Denver",
    "pacific": "America/Los_Angeles",
    "pacific time": "America/Los_Angeles",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
}


def name(line: Line) -> str:
    """What they like to be called, if that is a whole name; else the name, else its parts."""
    parts = " ".join(part for part in (line.text("first_name"), line.text("surname")) if part)
    given, wished = line.text("name") or parts, line.text("name_other")
    field = next((field for field in ("name", "surname", "first_name", "name_other") if line.has(field)), "name")
    found = wished if wished and (len(wished.split()) > 1 or not given) else given
    if "?" in found and _lost(found):
        line.say(field, "lost_letters", WARNING, value=found[:60])
    if not found and line.has(field):
        line.say(field, "name_missing")
    elif addresses.is_valid(found):
        line.say(field, "name_from_address")
    elif found and not any(letter.isalpha() for letter in found):
        line.say(field, "name_no_letters", value=found[:40])
    return found


def _lost(text: str) -> bool:
    """A question mark inside a word, or for a whole word, stands for letters that an encoding could not hold."""
    return any("?" in word.strip("()")[:-1] or word.strip("()") in {"?", "??", "???"} for word in text.split())


def email(line: Line, person: str) -> str:
    """The address they gave as theirs, else the one that the form noted."""
    wished = addresses.read(line.text("email_other"), person)
    noted = addresses.read(line.text("email"), person)
    field, found = ("email_other", wished) if wished.email or noted.is_missing else ("email", noted)
    if wished.code and not wished.email and noted.email:
        line.say("email_other", wished.code, WARNING, **wished.values)
    if found.code:
        line.say(field, found.code, found.severity, **found.values)
    elif found.is_missing and (line.has("email") or line.has("email_other")):
        line.say("email" if line.has("email") else "email_other", "email_missing")
    return found.email


def roles(line: Line, context: Context) -> frozenset[str]:
    if context.role:
        return frozenset({answers.MENTOR, answers.MENTEE} if context.role == "both" else {context.role})
    text = line.text("role")
    found = answers.role(text) if text else None
    if not text and line.has("role"):
        line.say("role", "role_missing")
    elif text and found is None:
        line.say("role", "role_unknown", value=text[:40])
    return found or frozenset()


def level(line: Line) -> str:
    text = line.text("level")
    found = ladder.parse(text) if text else ""
    if found is None:
        line.say("level", "level_unknown", WARNING, value=text[:60])
    return found or ""


def service_areas(line: Line, own: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keys of the areas that were understood, and the words of those that were not.

    The organisation's `own` names come before the general list.
    """
    found: list[str] = []
    unread: list[str] = []
    text = line.text("service_area")
    pieces = [text] if _area(text, own) else choices.split(text, lambda piece: _surely_area(piece, own))
    for piece in pieces:
        if key := _area(piece, own):
            found.append(key)
        elif not answers.is_nothing(piece):
            unread.append(piece)
            line.say("service_area", "service_area_unknown", WARNING, value=piece[:60])
    return tuple(dict.fromkeys(found)), tuple(unread)


def _area(text: str, own: Mapping[str, str]) -> str:
    if not text:
        return ""
    if known := own.get(plain(text)):
        return known
    found = taxonomy.service_area(text)
    several = "," in text or ";" in text
    return found.key if found and not (several and found.how == "part") else ""


def _surely_area(text: str, own: Mapping[str, str]) -> bool:
    found = taxonomy.service_area(text)
    return plain(text) in own or (found is not None and found.how in {"name", "synonym"})


def competencies(line: Line, field: str) -> tuple[tuple[str, ...], str]:
    """Keys of the competencies that were understood, and the rest in the person's own words."""
    pieces = [piece for piece in choices.split(line.text(field), is_competency) if not answers.is_nothing(piece)]
    found = {piece: taxonomy.competency(piece) for piece in pieces}
    own_words = ", ".join(piece for piece, term in found.items() if term is None)
    return tuple(dict.fromkeys(term.key for term in found.values() if term)), own_words


def capacity(line: Line, is_mentor: bool, context: Context) -> int | None:
    """How many mentees at once; only a mentor's answer is looked at."""
    text = line.text("capacity")
    if not is_mentor or not text or answers.is_nothing(text):
        return None
    found, odd = answers.capacity(text)
    if odd == "not_whole":
        line.say("capacity", "capacity_not_whole", value=text[:40])
    elif found is None:
        line.say("capacity", "capacity_unreadable", value=text[:40])
    elif found < 1:
        line.say("capacity", "capacity_below_one", value=found)
    elif found > context.most_mentees:
        line.say("capacity", "capacity_too_large", value=found, limit=context.most_mentees)
    elif odd:
        line.say("capacity", "capacity_words", WARNING, value=text[:40], read=found)
    return found if found and 1 <= found <= context.most_mentees else None


def languages(line: Line) -> tuple[str, ...]:
    text = (
        line.text("languages")
        .replace(" / ", ";")
        .replace("/", ";")
        .replace(" and ", ";")
        .replace("&", ";")
        .replace("+", ";")
    )
    found: list[str] = []
    for piece in choices.split(text.replace(",", ";"), lambda _piece: False):
        if (term := taxonomy.language(piece)) is not None:
            found.append(term.key)
        elif not answers.is_nothing(piece):
            line.say("languages", "language_unknown", WARNING, value=piece[:40])
    return tuple(dict.fromkeys(found))


def week(line: Line) -> tuple[tuple[hours.Stretch, ...], tuple[int, ...]]:
    """The weekly pattern, and the days of it that come only every second week."""
    days = week_words.days(line.text("days"))
    times = week_words.times(line.text("times"))
    for piece in days.unread:
        if not answers.is_nothing(piece):
            line.say("days", "day_unknown", WARNING, value=piece[:40])
    for piece in times.unread:
        if not answers.is_nothing(piece):
            line.say("times", "time_unknown", WARNING, value=piece[:40])
    for day in sorted(days.fortnightly):
        line.say("days", "fortnight", NOTE, day=week_words.DAY_LABELS[day])
    weekdays = days.weekdays or (range(5) if times.parts and not days.unread else ())
    pattern = week_words.pattern(days, times.parts) if days.weekdays else week_words.stretches(weekdays, times.parts)
    return pattern, tuple(sorted(days.fortnightly))


def channels(line: Line) -> tuple[str, ...]:
    found: list[str] = []
    for piece in choices.split(line.text("channel").replace(" or ", ";").replace(",", ";"), lambda _piece: False):
        if (term := taxonomy.channel(piece)) is not None:
            found.append(term.key)
        elif not answers.is_nothing(piece):
            line.say("channel", "channel_unknown", WARNING, value=piece[:40])
    return tuple(dict.fromkeys(found))


def time_zone(line: Line, otherwise: str) -> str:
    text = line.text("time_zone")
    if not text:
        return otherwise
    if text in zones():
        return text
    known = _ZONES.get(plain(text)) or _ZONE_BY_WORDS.get(plain(text))
    if known is None:
        line.say("time_zone", "zone_unknown", WARNING, value=text[:60])
    return known or otherwise


_ZONE_BY_WORDS = {plain(zone): zone for zone in sorted(zones()) if not zone.startswith("Etc/")} | {
    plain(zone.rsplit("/", 1)[-1]): zone
    for zone in sorted(zones(), reverse=True)
    if zone.count("/") == 1 and not zone.startswith("Etc/")
}


def period(line: Line, notation: dates.Notation) -> tuple[dt.date | None, dt.date | None]:
    start, end = day(line, "available_from", notation), day(line, "available_until", notation)
    if start and end and end < start:
        line.say("available_until", "ends_before_start", value=end.isoformat(), start=start.isoformat())
        return start, None
    return start, end


def day(line: Line, field: str, notation: dates.Notation) -> dt.date | None:
    text = line.text(field)
    if not text or plain(text) in _NO_LIMIT or answers.is_nothing(text):
        return None
    kind = line.kind(field)
    found = dates.parse(text, notation, is_date=kind == "date")
    if found.day is None:
        line.say(field, f"date_{found.fault}", ERROR, value=text[:60])
    elif found.fault and not (kind == "number" and found.fault == "serial"):
        line.say(field, f"date_{found.fault}", WARNING, value=text[:60], read=found.day.isoformat())
    return found.day


def number(line: Line, field: str) -> float | None:
    text = line.text(field)
    if not text or answers.is_nothing(text):
        return None
    found = numbers.parse(text)
    inside = numbers.inside(text)
    if found is None and len(inside) == 1:
        return inside[0]
    if found is None:
        line.say(field, "number_unreadable", NOTE, value=text[:40])
    return found


def years(line: Line) -> float | None:
    text = line.text("years")
    if not text:
        return None
    found, plainly = answers.years(text)
    if found is None:
        line.say("years", "years_unreadable", NOTE, value=text[:40])
    elif not plainly:
        line.say("years", "years_read", NOTE, value=text[:40], read=f"{found:g}")
    return found


def consent(line: Line) -> bool | None:
    """True, or None where there is no such column; a refusal or a missing answer is said."""
    if not line.has("consent"):
        return None
    text = line.text("consent")
    said = [answers.yes_or_no(piece) for piece in text.split("\n") if piece]
    if False in said:
        line.say("consent", "consent_refused", value=text[:40])
        return False
    if not text:
        line.say("consent", "consent_missing", WARNING)
        return None
    return True


def words(line: Line, fields: Iterable[str]) -> dict[str, str]:
    """Free text as it is; "n/a" and "-" are no text."""
    return {field: "" if answers.is_nothing(line.text(field)) else line.text(field) for field in fields}
