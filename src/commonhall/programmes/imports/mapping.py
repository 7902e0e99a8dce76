"""Which column holds what: read from the headings, and from what stands below them where these leave it open."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files

from commonhall.core.sheets import choices
from commonhall.core.sheets.sheet import Column, Sheet
from commonhall.core.sheets.words import plain
from commonhall.people import taxonomy
from commonhall.programmes.imports import answers
from commonhall.programmes.imports.fields import FIELDS, MAY_COME_TWICE, SECOND_IS

_EMAIL = re.compile(r"^\S+@\S+\.\w+$")


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    text = files("commonhall.programmes.imports").joinpath("headings.toml").read_text("utf-8")
    rules = tomllib.loads(text)["rule"]
    return tuple((rule.get("field", ""), re.compile("|".join(rule["patterns"]))) for rule in rules)


def suggest_mapping(sheet: Sheet, remembered: Mapping[str, str] | None = None) -> dict[str, str]:
    """Heading (a column's `label`) to field; a column that is not needed is left out.

    `remembered` is what was chosen before for a sheet with the same headings, and is taken as it is.
    """
    labels = {column.label for column in sheet.columns}
    if remembered:
        return {label: field for label, field in remembered.items() if label in labels and field in FIELDS}
    mapping: dict[str, str] = {}
    for column in sheet.columns:
        values = [value for value in sheet.values(column) if value.strip()][:400]
        field = _refined(_by_heading(column), plain(column.label), values)
        if field in mapping.values() and field not in MAY_COME_TWICE:
            field = SECOND_IS.get(field, "")
        if field and (field in MAY_COME_TWICE or field not in mapping.values()):
            mapping[column.label] = field
    return _completed(sheet, mapping)


def _by_heading(column: Column) -> str:
    words = plain(column.label)
    for field, pattern in _rules():
        if pattern.search(words):
            return field
    return ""


def _share(values: Iterable[str], test: Callable[[str], object]) -> float:
    tested = [bool(test(value)) for value in values]
    return sum(tested) / len(tested) if tested else 0.0


def _refined(field: str, heading: str, values: list[str]) -> str:
    """What stands below a heading decides between fields whose headings read alike."""
    named = "competenc" in heading and field in ("wants", "offers")
    if named or (field in ("wants", "offers", "interests", "background") and _share(values, _are_competencies) > 0.6):
        return "offer_competencies" if field == "offers" else "want_competencies"
    if field in ("role", "job_title", "level") and values:
        fits = _share(values, answers.role)
        if fits > 0.5:
            return "role"
        if field == "role" and fits < 0.2:
            if _share(values, lambda value: answers.yes_or_no(value) is not None) > 0.5:
                return ""
            return "job_title" if heading in {"role", "roles", "type"} else "role"
    if field == "name" and _share(values, _EMAIL.match) > 0.5:
        return "email"
    return field


def _are_competencies(text: str) -> bool:
    """Options of a list, in its own words; people who write of themselves seldom hit upon them."""
    found = [taxonomy.competency(piece) for piece in choices.split(text, is_competency)]
    return any(term is not None and term.how == "name" for term in found) and None not in found


def is_competency(text: str) -> bool:
    found = taxonomy.competency(text)
    return found is not None and found.how != "spelling"


def _completed(sheet: Sheet, mapping: dict[str, str]) -> dict[str, str]:
    """Without a column of addresses or roles, one that plainly holds them takes the part."""
    for field, test in (("email", _EMAIL.match), ("role", answers.role)):
        if field in mapping.values():
            continue
        for column in sheet.columns:
            values = [value for value in sheet.values(column) if value.strip()][:200]
            if column.label not in mapping and _share(values, test) > 0.7:
                mapping[column.label] = field
                break
    if "email" not in mapping.values():
        mapping.update({label: "email" for label, field in list(mapping.items()) if field == "email_other"})
    return mapping
