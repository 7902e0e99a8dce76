"""The same person in two lines: under one address, or under two."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from commonhall.core.sheets.problems import ROW, WARNING
from commonhall.core.sheets.words import plain
from commonhall.organisations.imports.names import core
from commonhall.programmes.imports import names
from commonhall.programmes.imports.conflicts import name_words
from commonhall.programmes.imports.rows import Context, PersonRow
from commonhall.programmes.imports.words import PersonProblem

MOST_OF_ONE_SURNAME = 300
_SAME_TEXT = ("wants", "offers", "biography")


@dataclass(frozen=True, slots=True)
class Sifted:
    rows: tuple[PersonRow, ...]
    problems: tuple[PersonProblem, ...]
    superseded: tuple[int, ...]


def sift(rows: Sequence[PersonRow], wrong: frozenset[int], context: Context) -> Sifted:
    """Each person once: the newest sound line of each. `wrong` lines are looked at too, so that they can be named."""
    problems: list[PersonProblem] = []
    gone: set[int] = set()
    by_address = _grouped((row.email, row) for row in rows if row.email)
    for same in by_address:
        gone |= _settle(same, wrong, problems)
    rest = [row for row in rows if row.line not in gone]
    replaced: dict[int, PersonRow] = {}
    family = (((name_words(row.name)[-1:], row.organisation), row) for row in rest if row.organisation and row.name)
    for same in _grouped(family):
        for earlier, later in combinations(same[:MOST_OF_ONE_SURNAME], 2):
            if names.alike(name_words(earlier.name), name_words(later.name)):
                _compare(earlier, later, wrong, problems, gone, replaced, context)
    problems += _known_elsewhere(rest, context)
    kept = tuple(replaced.get(row.line, row) for row in rows if row.line not in gone and row.line not in wrong)
    return Sifted(kept, tuple(problems), tuple(sorted(gone - wrong)))


def _grouped(keyed: Iterable[tuple[object, PersonRow]]) -> list[list[PersonRow]]:
    groups: dict[object, list[PersonRow]] = defaultdict(list)
    for key, row in keyed:
        groups[key].append(row)
    return [group for group in groups.values() if len(group) > 1]


def _newest(rows: Sequence[PersonRow], wrong: frozenset[int]) -> PersonRow:
    """Sound before wrong; then what was sent last, if the sheet says when; then what stands last."""
    return max(rows, key=lambda row: (row.line not in wrong, row.submitted_at, row.line))


def _settle(same: list[PersonRow], wrong: frozenset[int], problems: list[PersonProblem]) -> set[int]:
    """Lines with one address: all but the newest go, and every line after the first says so."""
    kept = _newest(same, wrong)
    for row in same[1:]:
        values = {"other": same[0].line, "kept": kept.line}
        problems.append(PersonProblem("same_person", row.line, ROW, WARNING, values))
    return {row.line for row in same if row is not kept}


def _compare(
    earlier: PersonRow,
    later: PersonRow,
    wrong: frozenset[int],
    problems: list[PersonProblem],
    gone: set[int],
    replaced: dict[int, PersonRow],
    context: Context,
) -> None:
    if later.line in gone or earlier.line in gone:
        return
    if not _surely_one(earlier, later):
        if name_words(earlier.name) == name_words(later.name):
            problems.append(PersonProblem("perhaps_same_person", later.line, ROW, WARNING, {"other": earlier.line}))
        return
    kept = _newest((earlier, later), wrong)
    other = later if kept is earlier else earlier
    email = _work_address(earlier, later, context)
    values = {"other": earlier.line, "kept": kept.line, "read": email}
    problems.append(PersonProblem("same_person_other_address", later.line, ROW, WARNING, values))
    gone.add(other.line)
    private = other.email if email == kept.email else kept.email
    replaced[kept.line] = replace(kept, email=email, other_addresses=(private,))


def _surely_one(a: PersonRow, b: PersonRow) -> bool:
    """The same name, council and post or sentences; after a nickname, the same post and manager or sentences."""
    same_text = any(getattr(a, name) and getattr(a, name) == getattr(b, name) for name in _SAME_TEXT)
    same_post = bool(a.job_title) and a.job_title.casefold() == b.job_title.casefold()
    same_manager = bool(a.line_manager) and a.line_manager == b.line_manager
    if name_words(a.name) != name_words(b.name):
        return same_post and (same_text or same_manager)
    return same_text or same_manager or (same_post and a.service_area == b.service_area)


def _work_address(a: PersonRow, b: PersonRow, context: Context) -> str:
    """The address that shares its domain with the line manager's or says something of the council; else the earlier."""
    council = set(core(plain(context.organisations.name(a.organisation))).split())

    def likeness(row: PersonRow) -> int:
        domain = row.email.rsplit("@", 1)[-1].replace("-", " ").replace(".", " ").split()
        manager = row.line_manager.rsplit("@", 1)[-1]
        return 2 * (bool(manager) and row.email.endswith(f"@{manager}")) + bool(council & set(domain))

    return b.email if likeness(b) > likeness(a) else a.email


def _known_elsewhere(rows: Sequence[PersonRow], context: Context) -> list[PersonProblem]:
    known = {
        (name_words(person.name), person.organisation): email
        for email, person in context.people.items()
        if person.organisation
    }
    problems = []
    for row in rows:
        email = known.get((name_words(row.name), row.organisation))
        if email and email != row.email and row.email not in context.people:
            problems.append(PersonProblem("known_other_address", row.line, ROW, WARNING, {"read": email}))
    return problems
