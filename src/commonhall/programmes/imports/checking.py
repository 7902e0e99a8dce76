"""A sheet and its mapping to people, each once, with every problem at its cell. Writes nothing, asks no database."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from commonhall.core.sheets import dates
from commonhall.core.sheets.problems import ERROR, NOTE, ROW, WARNING, Problem
from commonhall.core.sheets.sheet import Column, Row, Sheet
from commonhall.core.sheets.words import gettext_noop, plain
from commonhall.organisations.imports.names import NameFound
from commonhall.people.ladder import ELECTED
from commonhall.programmes.imports import addresses, answers, conflicts, duplicates, reading
from commonhall.programmes.imports.conflicts import name_words
from commonhall.programmes.imports.fields import FIELDS
from commonhall.programmes.imports.line import Line
from commonhall.programmes.imports.rows import Checked, Context, PersonRow
from commonhall.programmes.imports.words import PersonProblem

FREE_TEXT = ("wants", "offers", "biography", "background", "interests", "adjustments", "pronouns", "other_council")
DATES = ("available_from", "available_until")


def check(sheet: Sheet, mapping: Mapping[str, str], context: Context) -> Checked:
    """`mapping` is heading to field, as `mapping.suggest_mapping` gives it."""
    if not sheet.usable:
        return Checked((), sheet.problems)
    places = _places(sheet, mapping)
    if missing := _missing(places, sheet, context):
        return Checked((), (*sheet.problems, *missing), len(sheet.rows))
    return Checking(sheet, places, context).result()


def _places(sheet: Sheet, mapping: Mapping[str, str]) -> dict[str, list[Column]]:
    places: dict[str, list[Column]] = defaultdict(list)
    for column in sheet.columns:
        if (field := mapping.get(column.label, "")) in FIELDS:
            places[field].append(column)
    return dict(places)


def _missing(places: Mapping[str, object], sheet: Sheet, context: Context) -> list[PersonProblem]:
    needed = [(("email", "email_other"), "email"), (("organisation",), "organisation")]
    needed.append((("name", "name_other", "first_name", "surname"), "name"))
    if not context.role:
        needed.append((("role",), "role"))
    return [
        PersonProblem("column_missing", sheet.header_line, None, ERROR, {"what": str(FIELDS[what])})
        for fields, what in needed
        if not any(field in places for field in fields)
    ]


def _together(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _either(names: list[str], most: int = 4) -> str:
    """ "A", "A or B", "A, B or C", and "A, B, C, D or another" where there are more."""
    shown = names[:most] if len(names) <= most else [*names[:most], _("another")]
    if len(shown) < 2:
        return "".join(shown)
    return _("%(names)s or %(last)s") % {"names": ", ".join(shown[:-1]), "last": shown[-1]}


class Checking:
    """One check: first every line for itself, then what lines say of each other."""

    def __init__(self, sheet: Sheet, places: dict[str, list[Column]], context: Context) -> None:
        self.sheet = sheet
        self.places = places
        self.context = context
        self.problems: list[Problem] = list(sheet.problems)
        people = [row for row in sheet.rows if not self._is_remark(row)]
        self.lines: dict[int, Line] = {row.line: Line(row, places, self.problems) for row in people}
        self.notations = self._notations()
        self.organisations: dict[str, NameFound] = {}
        self.domains = self._domains()

    def _is_remark(self, row: Row) -> bool:
        """One filled cell in a line of many, without an address: "please return by Friday"."""
        texts = [cell.strip() for cell in row.cells if cell.strip()]
        if len(texts) != 1 or len(row.cells) < 5 or "@" in texts[0]:
            return False
        self.problems.append(PersonProblem("remark_row", row.line, ROW, WARNING, {"value": texts[0][:60]}))
        return True

    def _notations(self) -> dict[str, dates.Notation]:
        """Each column of dates has its own notation; one that could be either follows the other columns."""
        order = dates.DAY_FIRST if self.context.day_first else dates.MONTH_FIRST
        columns = {field: self.places[field][0] for field in (*DATES, "submitted_at") if field in self.places}
        found = {field: dates.notation_of(self.sheet.values(column), order) for field, column in columns.items()}
        sure = Counter(
            notation.order for field, notation in found.items() if notation.certain and self._has_numbers(field)
        )
        for field, notation in found.items():
            if not notation.certain:
                order = sure.most_common(1)[0][0] if sure else notation.order
                found[field] = dates.Notation(order, certain=bool(sure))
                if not sure and field in DATES:
                    self._say_ambiguous(columns[field], order)
        return found

    def _has_numbers(self, field: str) -> bool:
        return any("/" in value or "." in value or "-" in value for value in self.sheet.values(self.places[field][0]))

    def _say_ambiguous(self, column: Column, order: str) -> None:
        words = gettext_noop("with the day first")
        if order != dates.DAY_FIRST:
            words = gettext_noop("with the month first")
        problem = PersonProblem("dates_ambiguous", self.sheet.header_line, column.label, WARNING, {"order": words})
        self.problems.append(problem)

    def _domains(self) -> dict[str, str]:
        """The organisation that most people with a domain of addresses say they work for."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for line in self.lines.values():
            found = self._organisation_of(line.text("organisation"))
            address = addresses.read(line.text("email_other")).email or addresses.read(line.text("email")).email
            if found.key and found.how in ("official", "other", "short") and address:
                votes[address.rsplit("@", 1)[1]][found.key] += 1
        learned = {}
        for domain, counts in votes.items():
            key, most = counts.most_common(1)[0]
            if most > 0.6 * counts.total():
                learned[domain] = key
        return learned

    def _organisation_of(self, text: str) -> NameFound:
        if text not in self.organisations:
            self.organisations[text] = self.context.organisations.find(text)
        return self.organisations[text]

    def result(self) -> Checked:
        rows = [self._read(line) for line in self.lines.values()]
        rows = self._with_others(rows)
        shared = self._shared_addresses(rows)
        wrong = frozenset(problem.line for problem in self.problems if problem.blocks and problem.line)
        sifted = duplicates.sift([row for row in rows if row.line not in shared], wrong, self.context)
        problems = sorted((*self.problems, *sifted.problems), key=lambda problem: problem.place)
        return Checked(sifted.rows, tuple(problems), len(rows), sifted.superseded)

    def _shared_addresses(self, rows: list[PersonRow]) -> set[int]:
        """Lines whose address stands with another name before, where the two names have no word in common."""
        shared: set[int] = set()
        first: dict[str, PersonRow] = {}
        for row in rows:
            other = first.setdefault(row.email, row) if row.email and row.name else row
            if other is not row and not set(name_words(row.name)) & set(name_words(other.name)):
                self.lines[row.line].say("email", "email_shared", other=other.line)
                shared.add(row.line)
        return shared

    def _read(self, line: Line) -> PersonRow:
        name = reading.name(line)
        email = reading.email(line, name)
        organisation = self._organisation(line, email)
        roles = reading.roles(line, self.context)
        areas, departments = reading.service_areas(line, self.context.departments.get(organisation, {}))
        level = reading.level(line)
        pattern, fortnightly = reading.week(line)
        start, end = reading.period(line, self.notations.get("available_from", dates.Notation()))
        texts = reading.words(line, FREE_TEXT)
        wanted, other_wants = reading.competencies(line, "want_competencies")
        offered, other_offers = reading.competencies(line, "offer_competencies")
        texts["wants"] = _together(texts["wants"], other_wants, answers.after_yes(line.text("also_mentee")))
        texts["offers"] = _together(texts["offers"], other_offers)
        known = self.context.organisations.by_key.get(organisation)
        return PersonRow(
            line=line.row.line,
            email=email,
            name=name,
            organisation=organisation,
            roles=roles,
            job_title=line.text("job_title"),
            service_area=areas[0] if areas else "elected-office" if level in ELECTED else "",
            service_areas=areas,
            departments=departments,
            level=level,
            years=reading.years(line),
            want_competencies=wanted,
            offer_competencies=offered,
            also_mentor=answers.willing(line.text("also_mentor")) if line.text("also_mentor") else "",
            also_mentee=answers.willing(line.text("also_mentee")) if line.text("also_mentee") else "",
            capacity=reading.capacity(line, answers.MENTOR in roles, self.context),
            languages=reading.languages(line),
            hours=pattern,
            fortnightly=fortnightly,
            hours_per_month=reading.number(line, "hours_per_month"),
            channels=reading.channels(line),
            travel_km=reading.number(line, "travel_km"),
            time_zone=reading.time_zone(line, known.time_zone if known else "Europe/London"),
            available_from=start,
            available_until=end,
            consent=reading.consent(line),
            submitted_at=self._submitted(line),
            wants=texts["wants"],
            offers=texts["offers"],
            biography=texts["biography"],
            background=texts["background"],
            interests=texts["interests"],
            adjustments=texts["adjustments"],
            pronouns=texts["pronouns"],
            other_council=texts["other_council"],
        )

    def _submitted(self, line: Line) -> str:
        """When the form was sent, so written that later sorts behind earlier."""
        text = line.text("submitted_at")
        if not text:
            return ""
        is_date = line.kind("submitted_at") == "date"
        found = dates.parse(text, self.notations.get("submitted_at", dates.Notation()), is_date=is_date)
        clock = text.replace("T", " ").partition(" ")[2]
        return f"{found.day.isoformat()} {clock:0>8}" if found.day else ""

    def _organisation(self, line: Line, email: str) -> str:
        """The key of the organisation that the line names, or that its address belongs to."""
        text = line.text("organisation")
        by_address = self.context.organisations.by_domain(email) or self.domains.get(email.rsplit("@", 1)[-1], "")
        if not text or answers.is_nothing(text):
            return self._organisation_by_address(line, by_address)
        found = self._organisation_of(text)
        if found.how == "none" and (named := self.context.organisations.mentioned(text)):
            found = NameFound("guess" if len(named) == 1 else "several", named[0] if len(named) == 1 else "", named)
        if found.how == "several":
            return self._one_of(line, found, by_address)
        if not found.key:
            self._say_unknown(line, text, found)
            return ""
        if found.how == "guess" and by_address and by_address not in self.context.organisations.current(found.key):
            names = {"read": self._name(found.key), "other": self._name(by_address)}
            line.say("organisation", "organisation_two_ways", value=text[:80], **names)
            return ""
        return self._still_there(line, text, found)

    def _organisation_by_address(self, line: Line, key: str) -> str:
        if key:
            line.say("organisation", "organisation_from_address", WARNING, read=self._name(key))
        elif line.has("organisation"):
            line.say("organisation", "organisation_missing")
        return key

    def _one_of(self, line: Line, found: NameFound, by_address: str) -> str:
        text = line.text("organisation")
        if by_address in found.candidates:
            line.say("organisation", "organisation_guess", WARNING, value=text[:80], read=self._name(by_address))
            return by_address
        names = _either([self._name(key) for key in found.candidates])
        line.say("organisation", "organisation_several", value=text[:80], read=names)
        return ""

    def _say_unknown(self, line: Line, text: str, found: NameFound) -> None:
        near = _either([self._name(key) for key in found.candidates[:3]])
        line.say("organisation", "organisation_near" if near else "organisation_unknown", value=text[:80], read=near)

    def _still_there(self, line: Line, text: str, found: NameFound) -> str:
        current = self.context.organisations.current(found.key)
        if current == (found.key,):
            if found.how == "guess":
                line.say("organisation", "organisation_guess", WARNING, value=text[:80], read=self._name(found.key))
            elif found.how == "short" or (found.how == "other" and plain(text) != plain(self._name(found.key))):
                line.say("organisation", "organisation_short", NOTE, value=text[:80], read=self._name(found.key))
            return found.key
        ended = self._name(found.key)
        if len(current) == 1:
            line.say("organisation", "organisation_ended", WARNING, value=ended, read=self._name(current[0]))
            return current[0]
        followed = _either([self._name(key) for key in current])
        line.say(
            "organisation", "organisation_ended_open" if followed else "organisation_gone", value=ended, read=followed
        )
        return ""

    def _name(self, key: str) -> str:
        return self.context.organisations.name(key)

    def _with_others(self, rows: list[PersonRow]) -> list[PersonRow]:
        """Line managers and conflicts, which may name people of other lines."""
        people = [(row.name, row.email) for row in rows if row.name and row.email]
        people += [(person.name, email) for email, person in self.context.people.items()]
        names = conflicts.Names(people)
        addressed = self._mostly_addresses()
        result = []
        for row in rows:
            line = self.lines[row.line]
            row = replace(row, line_manager=self._line_manager(line, row, names, addressed))
            result.append(self._with_conflict(line, row, names))
        return result

    def _mostly_addresses(self) -> bool:
        texts = [line.text("line_manager") for line in self.lines.values()]
        filled = [text for text in texts if not answers.is_nothing(text)]
        return sum("@" in text for text in filled) >= 0.5 * len(filled)

    def _line_manager(self, line: Line, row: PersonRow, names: conflicts.Names, addressed: bool) -> str:
        text = line.text("line_manager")
        if answers.is_nothing(text):
            return ""
        found = addresses.read(text)
        email = found.email or names.address(text)
        if not email:
            code, severity = ("manager_not_email", ERROR) if addressed else ("manager_without_address", WARNING)
            line.say("line_manager", code, severity, value=text[:60])
        elif email == row.email:
            line.say("line_manager", "manager_self")
            return ""
        elif not found.email:
            line.say("line_manager", "manager_by_name", NOTE, value=text[:60], read=email)
        elif found.code:
            line.say("line_manager", found.code, WARNING, **found.values)
        return email

    def _with_conflict(self, line: Line, row: PersonRow, names: conflicts.Names) -> PersonRow:
        text = line.text("not_with")
        found = conflicts.read(text, self.context.organisations, names) if text else None
        if found is None:
            return row
        if found.everybody:
            line.say("not_with", "conflict_everybody", value=text[:60])
            return row
        own_name = name_words(row.name)
        if found.self_named or name_words(text) == own_name or found.addresses == (row.email,):
            line.say("not_with", "conflict_self")
            return row
        people = tuple(address for address in found.addresses if address != row.email)
        organisations = found.organisations + ((row.organisation,) if found.own and row.organisation else ())
        if people or organisations:
            read = ", ".join([*people, *(self._name(key) for key in organisations)])
            line.say("not_with", "conflict_read", NOTE, read=read[:160])
        elif not found.reporting:
            line.say("not_with", "conflict_words", NOTE, value=text[:120])
        return replace(
            row,
            not_with_people=people,
            not_with_names=found.names,
            not_with_organisations=tuple(dict.fromkeys(organisations)),
            not_with_words=text,
        )
