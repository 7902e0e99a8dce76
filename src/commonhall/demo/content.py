"""The words of the demo region: councils, people and programmes, read from the files in `content/`."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "content"

COMPETENCIES = (
    "integrity",
    "political-awareness",
    "community-and-equity",
    "strategy-and-policy",
    "service-delivery",
    "finance-and-value",
    "people-leadership",
    "self-management",
    "communication-and-influence",
    "partnership-and-place",
    "digital-data-ai",
    "risk-law-governance",
)
LEVELS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "E1", "E2", "E3", "R")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Organisation:
    slug: str
    name: str
    short_name: str
    kind: str
    tier: str
    region: str
    country: str
    latitude: float
    longitude: float
    time_zone: str
    size_band: str
    languages: tuple[str, ...]
    domains: tuple[str, ...]
    colour: str
    alternative_names: tuple[str, ...]
    population: int | None = None


@dataclass(frozen=True)
class Pool:
    slug: str
    name: str
    summary: str
    owner: str
    councils: tuple[str, ...]


@dataclass(frozen=True)
class Hours:
    """The hours that somebody keeps on these days, 0 being Monday, in their council's time zone."""

    days: tuple[int, ...]
    start: time
    end: time


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    pronouns: str
    job_title: str
    council: str
    area: str
    level: str
    place: str
    capacity: int
    offers: tuple[str, ...]
    offer_tags: tuple[str, ...]
    wants: tuple[str, ...]
    want_tags: tuple[str, ...]
    interests: tuple[str, ...]
    languages: tuple[str, ...]
    hours: tuple[Hours, ...]
    channels: tuple[str, ...]
    biography: str
    can_help_with: str
    wants_to_learn: str
    career: str
    qualifications: tuple[str, ...]
    line_manager: str
    adjustments: str
    has_left: bool


@dataclass(frozen=True)
class Conflict:
    """`person` must not meet `with_person` or anybody of `with_organisation`; one of the two is empty."""

    person: str
    with_person: str
    with_organisation: str
    reason: str


@dataclass(frozen=True)
class Programme:
    slug: str
    pool: str
    stage: str
    template: str
    title: str
    summary: str
    purpose: str
    for_whom: str
    asks: str
    gives: str
    always_open: str = ""


@dataclass(frozen=True)
class Goal:
    words: str
    competency: str


@dataclass(frozen=True)
class EndReason:
    code: str
    words: str


@dataclass(frozen=True)
class Talk:
    """What pairs put on their agendas, aim for, promise each other, and say when they stop."""

    topics: tuple[str, ...]
    agenda: tuple[str, ...]
    goals: tuple[Goal, ...]
    actions: tuple[str, ...]
    end_reasons: tuple[EndReason, ...]


@dataclass(frozen=True)
class Said:
    """A line of a conversation: so many days ago, by the writer's own clock, by the mentee or the mentor."""

    days_ago: int
    at: time
    role: str
    words: str


@dataclass(frozen=True)
class Conversation:
    """Between a mentee and a mentor of the cast; empty stands for anybody else."""

    between: tuple[str, str]
    lines: tuple[Said, ...]


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


@cache
def areas() -> tuple[str, ...]:
    """The service areas that the region's people work in: one file each."""
    return tuple(sorted(path.stem for path in (FOLDER / "people").glob("*.toml")))


@cache
def organisations() -> tuple[Organisation, ...]:
    return tuple(
        Organisation(**_tuples(row))
        for path in sorted((FOLDER / "councils").glob("*.toml"))
        for row in _read(path)["organisation"]
    )


@cache
def pools() -> tuple[Pool, ...]:
    return tuple(Pool(**_tuples(row)) for row in _read(FOLDER / "pools.toml")["pool"])


@cache
def people() -> tuple[Person, ...]:
    """The people of the big pool."""
    return tuple(
        _person(row, area=area) for area in areas() for row in _read(FOLDER / "people" / f"{area}.toml")["person"]
    )


@cache
def people_beyond() -> tuple[Person, ...]:
    """The people of the small pool, somebody of a council in no pool, and somebody who has left."""
    return tuple(
        _person(row, area=row["area"])
        for path in sorted((FOLDER / "beyond").glob("*.toml"))
        for row in _read(path)["person"]
    )


@cache
def conflicts() -> tuple[Conflict, ...]:
    return tuple(Conflict(**row) for row in _read(FOLDER / "circumstances.toml")["conflict"])


@cache
def programmes() -> tuple[Programme, ...]:
    return tuple(
        Programme(**{key: words.strip() for key, words in row.items()})
        for row in _read(FOLDER / "programmes.toml")["programme"]
    )


@cache
def talk() -> Talk:
    row = _read(FOLDER / "talk.toml")
    return Talk(
        topics=tuple(row["topics"]),
        agenda=tuple(row["agenda"]),
        goals=tuple(Goal(words=words, competency=key) for key, group in row["goals"].items() for words in group),
        actions=tuple(row["actions"]),
        end_reasons=tuple(EndReason(**reason) for reason in row["end_reason"]),
    )


@cache
def conversations() -> tuple[Conversation, ...]:
    rows = _read(FOLDER / "messages.toml")["conversation"]
    return tuple(
        Conversation(
            between=(row["between"][0], row["between"][1]),
            lines=tuple(Said(days, time.fromisoformat(at), role, words) for days, at, role, words in row["lines"]),
        )
        for row in rows
    )


@cache
def circumstances() -> dict[str, dict[str, str]]:
    """Line managers and adjustments, each by the e-mail address of the person they concern."""
    row = _read(FOLDER / "circumstances.toml")
    return {"managers": row["managers"], "adjustments": row["adjustments"]}


@cache
def _domains() -> dict[str, str]:
    return {organisation.slug: organisation.domains[0] for organisation in organisations()}


def _person(row: dict[str, Any], *, area: str) -> Person:
    email = row.get("email") or address(row["name"], _domains()[row["council"]])
    place = row["place"]
    offers, offer_tags = _split(row.get("offers", []))
    wants, want_tags = _split(row.get("wants", []))
    return Person(
        name=row["name"],
        email=email,
        pronouns=row.get("pronouns", ""),
        job_title=row["title"],
        council=row["council"],
        area=area,
        level=str(row["level"]),
        place=place,
        capacity=row.get("capacity", 0 if place == "mentee" else 1),
        offers=offers,
        offer_tags=offer_tags,
        wants=wants,
        want_tags=want_tags,
        interests=tuple(row.get("interests", [])),
        languages=tuple(row.get("languages", ["en"])),
        hours=hours(row["hours"]),
        channels=tuple(row.get("channels", ["room"])),
        biography=_flow(row["bio"]),
        can_help_with=_flow(row.get("help", "")),
        wants_to_learn=_flow(row.get("learn", "")),
        career=_flow(row["career"]),
        qualifications=tuple(row.get("qualifications", [])),
        line_manager=circumstances()["managers"].get(email, ""),
        adjustments=circumstances()["adjustments"].get(email, ""),
        has_left=row.get("left", False),
    )


def _split(words: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    known = {*areas(), *COMPETENCIES}
    return tuple(word for word in words if word in known), tuple(word for word in words if word not in known)


def _flow(text: str) -> str:
    return " ".join(text.split())


def address(name: str, domain: str) -> str:
    """The e-mail address that a council gives to somebody of this name: first.last, in plain letters."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate({ord("đ"): "d", ord("ł"): "l", ord("ø"): "o"}))
    words = re.sub(r"[^a-z ]", "", plain).split()
    return f"{words[0]}.{''.join(words[1:])}@{domain}"


def hours(text: str) -> tuple[Hours, ...]:
    """Read "Mon-Thu 09:00-17:00, Fri 09:00-13:00"; days may also be listed, as in "Mon/Wed 18:00-21:00"."""
    return tuple(_span(part) for part in text.split(", "))


def _span(text: str) -> Hours:
    days, clock = text.split()
    start, end = (time.fromisoformat(part) for part in clock.split("-"))
    return Hours(
        days=tuple(day for part in days.split("/") for day in _days(part)),
        start=start,
        end=end,
    )


def _days(part: str) -> range:
    ends = [DAYS.index(day) for day in part.split("-")]
    return range(ends[0], ends[-1] + 1)
