"""Filters whose every choice says how many people it would leave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonhall.core import text
from commonhall.people import ladder, taxonomy
from commonhall.programmes.countries import country_name
from commonhall.programmes.models import Enrolment

ATTENTION = {
    "unconfirmed": _("Workplace not confirmed"),
    "conflict": _("Not to be matched with somebody"),
    "note": _("Wrote a note to you"),
    "paused": _("Paused"),
    "sponsor_said_no": _("Line manager said no"),
}
LABELS: Mapping[str, Any] = {
    "free": _("Free places"),
    "service": _("Service area"),
    "competency": _("Can help with"),
    "level": _("Career level"),
    "language": _("Language"),
    "council": _("Council"),
    "country": _("Country"),
    "state": _("State"),
    "role": _("Role"),
    "attention": _("Look at"),
}
WORDS: Mapping[str, Callable[[str], Any]] = {
    "free": lambda value: _("has a free place"),
    "service": taxonomy.name_of,
    "competency": lambda key: taxonomy.name_of(key, among="competencies"),
    "level": ladder.name_of,
    "language": lambda key: taxonomy.name_of(key, among="languages"),
    "council": str,
    "country": country_name,
    "state": lambda value: dict(Enrolment.State.choices).get(value, value),
    "role": lambda value: dict(Enrolment.Role.choices).get(value, value),
    "attention": lambda value: ATTENTION.get(value, value),
}
IN_THEIR_ORDER = {
    "level": list(ladder.LEVELS),
    "state": Enrolment.State.values,
    "role": Enrolment.Role.values,
    "attention": list(ATTENTION),
}


def chosen(query: QueryDict, facets: tuple[str, ...]) -> dict[str, list[str]]:
    """What the address asks for, facet by facet."""
    return {facet: [value[:200] for value in query.getlist(facet) if value][:20] for facet in facets}


def terms(query: QueryDict) -> str:
    return text.line(query.get("q", ""))[:200]


@dataclass(frozen=True)
class Filter:
    """One select beside the list. A form of Django's would cost more than the rest of the page."""

    name: str
    label: str | Promise
    chosen: str
    choices: list[tuple[str, str]]

    @property
    def groups(self) -> list[tuple[str, list[dict[str, Any]], int]]:
        """As a widget hands its choices to a template."""
        every = [("", _("Any")), *self.choices]
        options = [{"value": key, "label": name, "selected": key == self.chosen, "attrs": {}} for key, name in every]
        return [("", options, 0)]


def filters(query: QueryDict, counts: Mapping[str, Mapping[str, int]]) -> list[Filter]:
    """Made after the counts are known; what they show is always what was asked."""
    return [
        Filter(facet, LABELS[facet], query.get(facet, ""), _choices(facet, found)) for facet, found in counts.items()
    ]


def _choices(facet: str, counted: Mapping[str, int]) -> list[tuple[str, str]]:
    named = {value: str(WORDS[facet](value)) for value in counted}
    order = IN_THEIR_ORDER.get(facet)
    if order and set(named) <= set(order):
        ranked = sorted(named, key=order.index)
    else:
        ranked = sorted(named, key=lambda value: named[value].casefold())
    return [(value, f"{named[value]} ({counted[value]})") for value in ranked]
