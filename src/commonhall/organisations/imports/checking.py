"""Rows of a sheet to organisations, with what is wrong at its line and column."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.utils.text import slugify

from commonhall.core.sheets import dates
from commonhall.core.sheets.problems import ERROR, NOTE, ROW, WARNING, Problem
from commonhall.core.sheets.sheet import Row, Sheet
from commonhall.core.sheets.words import plain
from commonhall.organisations.imports import cells, headings
from commonhall.organisations.imports.rows import Checked, OrganisationProblem, OrganisationRow

LONGEST_NAME = 200


def check(sheet: Sheet, known: Iterable[tuple[str, str]] = ()) -> Checked:
    """`known` are (key, name) of organisations that exist already and may be named as successors."""
    if not sheet.usable:
        return Checked((), sheet.problems)
    places = headings.suggest(sheet)
    if "name" not in places:
        return Checked((), (*sheet.problems, OrganisationProblem("no_name_column", sheet.header_line)), len(sheet.rows))
    checking = Checking(sheet, places)
    for row in sheet.rows:
        checking.read(row)
    checking.find_successors(known)
    rows, problems = checking.finished()
    return Checked(rows, problems, len(sheet.rows))


class Checking:
    """The state of one check: rows so far, names taken, problems."""

    def __init__(self, sheet: Sheet, places: dict[str, int]) -> None:
        self.sheet = sheet
        self.places = places
        self.mysociety = headings.is_mysociety(sheet)
        self.rows: list[OrganisationRow] = []
        self.problems: list[Problem] = list(sheet.problems)
        self.taken: dict[tuple[str, str], int] = {}
        self.followed: dict[int, str] = {}
        self.ended: set[int] = set()
        self.notation = dates.notation_of(
            value for field in ("started_on", "ended_on") if field in places for value in self._column(field)
        )

    def _column(self, field: str) -> Iterable[str]:
        return self.sheet.values(self.sheet.columns[self.places[field]])

    def text(self, row: Row, field: str) -> str:
        index = self.places.get(field)
        return "" if index is None else cells.tidy(row.cells[index])

    def say(self, row: Row, field: str, code: str, severity: str = ERROR, **values: object) -> None:
        column = self.sheet.columns[self.places[field]].label if field in self.places else ROW
        self.problems.append(OrganisationProblem(code, row.line, column, severity, values))

    def read(self, row: Row) -> None:
        name = self.text(row, "name")
        if not name:
            self.say(row, "name", "name_missing")
            return
        if len(name) > LONGEST_NAME:
            self.say(row, "name", "name_too_long", limit=LONGEST_NAME)
        latitude, longitude = self._place(row)
        country, zone = self._country(row)
        population, size = self._size(row)
        started, ended = self._dates(row)
        made = OrganisationRow(
            line=row.line,
            name=name[:LONGEST_NAME],
            slug=slugify(self.text(row, "slug") or name)[:120] or f"organisation-{row.line}",
            code=self.text(row, "code")[:60],
            short_name=self.text(row, "short_name")[:120],
            kind=self.text(row, "kind")[:60],
            tier=self._tier(row),
            region=(self.text(row, "region") or self.text(row, "nation"))[:120],
            country=country,
            latitude=latitude,
            longitude=longitude,
            time_zone=zone,
            size_band=size,
            population=population,
            languages=self._languages(row),
            email_domains=self._domains(row),
            other_names=self._other_names(row, name),
            started_on=started,
            ended_on=ended,
        )
        self._keep(row, made)

    def _keep(self, row: Row, made: OrganisationRow) -> None:
        if self.text(row, "replaced_by"):
            self.followed[row.line] = self.text(row, "replaced_by")
        names = [("code", made.code), ("slug", made.slug)]
        if made.ended_on is None:
            names.append(("name", plain(made.name)))
        for what, key in names:
            other = self.taken.setdefault((what, key), row.line) if key else row.line
            if other != row.line and what == "slug" and not self.text(row, "slug"):
                made = replace(made, slug=slugify(f"{made.slug}-{made.code or row.line}"))
            elif other != row.line:
                self.say(row, what, "twice", what=what, other=other)
        self.rows.append(made)

    def _place(self, row: Row) -> tuple[float | None, float | None]:
        latitude = self._degrees(row, "latitude", 90)
        longitude = self._degrees(row, "longitude", 180)
        if (latitude is None) != (longitude is None) and not self.has_error(row, "latitude", "longitude"):
            field = "latitude" if latitude is None else "longitude"
            self.say(row, field if field in self.places else "name", "half_a_place")
        if latitude is None and longitude is None and not self.has_error(row, "latitude", "longitude"):
            self.say(row, "latitude" if "latitude" in self.places else "name", "place_missing", NOTE)
        return (latitude, longitude) if latitude is not None and longitude is not None else (None, None)

    def has_error(self, row: Row, *fields: str) -> bool:
        labels = {self.sheet.columns[self.places[field]].label for field in fields if field in self.places}
        found = reversed(self.problems[-4:])
        return any(problem.line == row.line and problem.column in labels and problem.blocks for problem in found)

    def _degrees(self, row: Row, field: str, most: int) -> float | None:
        text = self.text(row, field)
        value = cells.number(text) if text else None
        if text and (value is None or abs(value) > most):
            self.say(row, field, "number", value=text[:40], example="52.95" if most == 90 else "-1.15")
            return None
        return value

    def _country(self, row: Row) -> tuple[str, str]:
        named = self.text(row, "country") or self.text(row, "nation")
        country = cells.country(named) if named else "GB"
        if country is None:
            self.say(row, "country", "country_unknown", value=named[:40])
            country = "GB"
        zone, code = cells.time_zone(self.text(row, "time_zone"), country)
        if code:
            field = "time_zone" if "time_zone" in self.places else "country"
            self.say(row, field, code, value=self.text(row, "time_zone")[:60], country=country, example=zone)
        return country, zone

    def _size(self, row: Row) -> tuple[int | None, str]:
        text = self.text(row, "population")
        population = cells.whole(text) if text else None
        if text and (population is None or population < 0):
            self.say(row, "population", "number", value=text[:40], example="58000")
            population = None
        named = self.text(row, "size_band")
        size = cells.size_band(named, population)
        if size is None:
            self.say(row, "size_band", "size_unknown", value=named[:40])
        if not size and not text:
            self.say(row, "population" if "population" in self.places else "name", "population_missing", NOTE)
        return population, size or ""

    def _dates(self, row: Row) -> tuple[dt.date | None, dt.date | None]:
        started, ended = self._date(row, "started_on"), self._date(row, "ended_on")
        if started and ended and ended < started:
            self.say(row, "ended_on", "ends_before_start")
        return started, ended

    def _date(self, row: Row, field: str) -> dt.date | None:
        if not (text := self.text(row, field)):
            return None
        read = dates.parse(text, self.notation, is_date=row.kind(self.places[field]) == "date")
        if read.day is None:
            self.say(row, field, "date_wrong", value=text[:40])
        return read.day

    def _tier(self, row: Row) -> str:
        text = self.text(row, "tier")
        tier = cells.tier(text)
        if tier is None:
            self.say(row, "tier", "tier_unknown", value=text[:40])
        return tier or "other"

    def _languages(self, row: Row) -> tuple[str, ...]:
        if "languages" not in self.places:
            return ("en", "cy") if self.text(row, "nation") == "Wales" else ("en",)
        found = []
        for piece in cells.pieces(self.text(row, "languages")):
            if (code := cells.language(piece)) is None:
                self.say(row, "languages", "language_unknown", value=piece[:40])
            else:
                found.append(code)
        return tuple(dict.fromkeys(found)) or ("en",)

    def _domains(self, row: Row) -> tuple[str, ...]:
        found = []
        for piece in cells.pieces(self.text(row, "email_domains")):
            if (domain := cells.domain(piece)) is None:
                self.say(row, "email_domains", "domain_wrong", value=piece[:60])
            else:
                found.append(domain)
        return tuple(dict.fromkeys(found))

    def _other_names(self, row: Row, name: str) -> tuple[str, ...]:
        text = self.text(row, "alternative_names")
        given = text.split(",") if self.mysociety else cells.pieces(text, ";|\n" if ";" in text or "|" in text else ",")
        short = self.text(row, "short_name")
        names = {plain(other): " ".join(other.split())[:LONGEST_NAME] for other in [short, *given] if plain(other)}
        names.pop(plain(name), None)
        return tuple(names.values())

    def find_successors(self, known: Iterable[tuple[str, str]]) -> None:
        """Names, slugs and codes of the file come before what was known; a successor must be one of them."""
        keys: dict[str, str] = {}
        for key, name in known:
            keys.update({plain(name): key, key.casefold(): key})
        for row in sorted(self.rows, key=lambda row: row.ended_on is None):
            for text in (row.short_name, row.name, row.slug, row.code):
                if text:
                    keys[plain(text)] = keys[text.casefold()] = row.key
        by_line = {row.line: number for number, row in enumerate(self.rows)}
        sources = {row.line: row for row in self.sheet.rows}
        for line, text in self.followed.items():
            number = by_line[line]
            if found := self._successor(sources[line], text, keys, self.rows[number].key):
                self.rows[number] = replace(self.rows[number], replaced_by=found)

    def _successor(self, row: Row, text: str, keys: dict[str, str], own: str) -> str:
        whole = keys.get(text.casefold()) or keys.get(plain(text))
        parts = [text] if whole else cells.pieces(text)
        found = [keys.get(part.casefold()) or keys.get(plain(part), "") for part in parts]
        for part, key in zip(parts, found, strict=True):
            if not key:
                self.say(row, "replaced_by", "successor_unknown", value=part[:60])
            elif key == own:
                self.say(row, "replaced_by", "successor_itself")
        if len(found) > 1 and all(found):
            self.say(row, "replaced_by", "successors", WARNING, value=", ".join(parts)[:120])
        return found[0] if len(found) == 1 and found[0] != own else ""

    def _matters(self, problem: Problem) -> bool:
        """Of an organisation that has ended nobody needs to hear that its place or population is missing."""
        return problem.code not in {"place_missing", "population_missing"} or problem.line not in self.ended

    def finished(self) -> tuple[tuple[OrganisationRow, ...], tuple[Problem, ...]]:
        self.ended = {row.line for row in self.rows if row.ended_on}
        wrong = {problem.line for problem in self.problems if problem.blocks}
        rows = tuple(row for row in self.rows if row.line not in wrong)
        return rows, tuple(sorted(filter(self._matters, self.problems), key=lambda problem: problem.place))
