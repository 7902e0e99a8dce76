"""From files to people: the columns that an import understands, without a database."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from commonhall.core.sheets import reading
from commonhall.core.sheets.problems import Problem, Unreadable
from commonhall.core.sheets.sheet import Column, Row, Sheet
from commonhall.core.sheets.words import plain
from commonhall.matching import mentions
from commonhall.organisations.imports.names import Directory, KnownOrganisation, core
from commonhall.people import hours
from commonhall.programmes.imports import checking, mapping
from commonhall.programmes.imports.rows import Context, PersonRow
from pairing.types import Person, Wish

EVERYBODY = "Everybody"
# The grades of the British civil service, which the lists of mentor-match hold, on the generic ladder.
CIVIL_SERVICE = {
    "aa": "1", "ao": "2", "eo": "2", "heo": "3", "seo": "4", "grade 7": "5", "g7": "5", "grade 6": "6", "g6": "6",
    "scs1": "7", "scs2": "8", "scs3": "9", "scs4": "9",
}  # fmt: skip
ONLY_THERE = frozenset({"aa", "ao", "eo", "heo", "seo", "scs1", "scs2", "scs3"})


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its sheet, what was understood, and what was wrong."""

    filename: str
    sheet: Sheet
    rows: tuple[PersonRow, ...]
    problems: tuple[Problem, ...]
    organisations: Directory
    has_organisations: bool = True

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.blocks]


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody as the report speaks of them."""

    name: str
    email: str
    organisation: str
    job_title: str


def read(paths: Iterable[tuple[Path, str]], today: dt.date) -> list[Source]:
    """Every file with the role of its people ("" where a column says it)."""
    sheets = [(path.name, role, _sheet(path)) for path, role in paths]
    mapped = [(name, role, *_prepared(sheet)) for name, role, sheet in sheets]
    organisations = _directory((sheet, fields) for _name, _role, sheet, fields, _given in mapped)
    sources = []
    for name, role, sheet, fields, given in mapped:
        checked = checking.check(sheet, fields, Context(organisations, today, role=role))
        sources.append(Source(name, sheet, checked.rows, checked.problems, organisations, given))
    return sources


def _sheet(path: Path) -> Sheet:
    """One's own file is read here, without the child process that guards a server from strangers'."""
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}.")
    try:
        return reading.read_here(path.read_bytes(), path.name)
    except Unreadable as error:
        return reading.unreadable(path.name, error.problem)


def _prepared(sheet: Sheet) -> tuple[Sheet, dict[str, str], bool]:
    """The sheet with its columns named; one employer for all where there is no column of organisations."""
    fields = mapping.suggest_mapping(sheet) if sheet.usable else {}
    levels = [label for label, field in fields.items() if field == "level"]
    for column in sheet.columns:
        if column.label in levels:
            sheet = _with_civil_service_grades(sheet, column)
    if sheet.usable and "organisation" not in fields.values():
        place = len(sheet.columns)
        rows = tuple(replace(row, cells=(*_filled(row, place), EVERYBODY), kinds=None) for row in sheet.rows)
        sheet = replace(sheet, columns=(*sheet.columns, Column(place, EVERYBODY, EVERYBODY)), rows=rows)
        return sheet, {**fields, EVERYBODY: "organisation"}, False
    return sheet, fields, True


def _filled(row: Row, width: int) -> tuple[str, ...]:
    return (*row.cells, *("" for _ in range(width - len(row.cells))))


def _with_civil_service_grades(sheet: Sheet, column: Column) -> Sheet:
    place = column.index
    said = {plain(row.cells[place]) for row in sheet.rows if place < len(row.cells)}
    if len(said & ONLY_THERE) < 2:
        return sheet
    rows = []
    for row in sheet.rows:
        level = CIVIL_SERVICE.get(plain(row.cells[place]), row.cells[place])
        rows.append(replace(row, cells=(*row.cells[:place], level, *row.cells[place + 1 :])))
    return replace(sheet, rows=tuple(rows))


def _directory(sheets: Iterable[tuple[Sheet, dict[str, str]]]) -> Directory:
    """Every organisation that the files name is one, spelt as it is spelt most often.

    "Harborough" alone is Harborough District Council where that stands in the files too, else one of its own.
    """
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for sheet, fields in sheets:
        for column in sheet.columns:
            if fields.get(column.label) == "organisation":
                for value in sheet.values(column):
                    spellings[plain(value).replace(" ", "")][" ".join(value.split())] += 1
    names = [found.most_common(1)[0][0] for joined, found in spellings.items() if joined]
    whole = [name for name in names if core(plain(name)) != plain(name)]
    known = Directory(KnownOrganisation(plain(name), name) for name in whole)
    bare = [name for name in names if core(plain(name)) == plain(name) and known.find(name).how != "short"]
    return Directory(KnownOrganisation(plain(name), name) for name in (*whole, *bare))


def people(sources: Iterable[Source], today: dt.date) -> tuple[list[Person], list[Person], dict[str, Named]]:
    """Mentees, mentors, and everybody by name; two of one name are told apart by their addresses."""
    rows: dict[str, list[tuple[PersonRow, Source]]] = {"mentee": [], "mentor": []}
    for source in sources:
        for row in source.rows:
            for role in row.roles:
                rows[role].append((row, source))
    known: dict[str, Named] = {}
    ids = _ids([row for side in rows.values() for row, _source in side])
    found: dict[str, dict[str, Person]] = {"mentee": {}, "mentor": {}}
    for role, side in rows.items():
        for row, source in side:
            key = ids[row.email]
            known.setdefault(key, _named(row, source))
            found[role].setdefault(key, _person(row, role, key, today))
    return list(found["mentee"].values()), list(found["mentor"].values()), known


def _ids(rows: list[PersonRow]) -> dict[str, str]:
    owners: dict[str, set[str]] = {}
    for row in rows:
        owners.setdefault(row.name, set()).add(row.email)
    return {row.email: row.name if len(owners[row.name]) == 1 else f"{row.name} ({row.email})" for row in rows}


def _named(row: PersonRow, source: Source) -> Named:
    organisation = source.organisations.name(row.organisation) if source.has_organisations else ""
    return Named(row.name, row.email, organisation, row.job_title)


def _person(row: PersonRow, role: str, key: str, today: dt.date) -> Person:
    services = row.service_areas or tuple(plain(word) for word in row.departments)
    wants = _wishes(row.want_competencies, row.wants)
    if role == "mentee" and not wants:
        wants = tuple(Wish("service", area) for area in services)
    return Person(
        id=key,
        role=role,  # type: ignore[arg-type]
        organisation=row.organisation,
        identity=row.email,
        services=services,
        level=row.level,
        wants=wants if role == "mentee" else (),
        offers=_wishes(row.offer_competencies, row.offers) if role == "mentor" else (),
        interests=frozenset(plain(word) for word in row.interests.replace("\n", ",").split(",") if plain(word)),
        background=frozenset(plain(word) for word in row.background.replace("\n", ",").split(",") if plain(word)),
        career=frozenset(key for kind, key in mentions.topics(row.background) if kind == "service"),
        text_want=row.wants.strip() if role == "mentee" else "",
        text_offer=row.offers.strip() if role == "mentor" else "",
        languages=frozenset(row.languages),
        hours=tuple(hours.week_in_utc(row.hours, row.time_zone or "Europe/London", today)),
        channels=frozenset(row.channels),
        line_manager_ids=frozenset({row.line_manager} - {""}),
        not_with=frozenset(
            [f"person:{email}" for email in row.not_with_people]
            + [f"organisation:{organisation}" for organisation in row.not_with_organisations]
        ),
        capacity=row.capacity or 1 if role == "mentor" else 1,
    )


def _wishes(competencies: tuple[str, ...], text: str) -> tuple[Wish, ...]:
    named = [("competency", key) for key in competencies]
    return tuple(Wish(kind, key) for kind, key in dict.fromkeys([*named, *mentions.topics(text)]))  # type: ignore[arg-type]
