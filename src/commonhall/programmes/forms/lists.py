"""Filters whose every choice says how many people it would leave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commonhall.core import text
from commonhall.organisations.countries import country_name
from commonhall.people import ladder, taxonomy
from commonhall.programmes.models import Enrolment
from commonhall.search.words import words_of

ATTENTION = {
    "unconfirmed": _("Workplace not confirmed"),
    "conflict": _("Not to be matched with somebody"),
    "note": _("Wrote a note to you"),
    "paused": _("Paused"),
    "sponsor_said_no": _("Line manager said no"),
}
LABELS: Mapping[str, Any] = {
    "programme": _("Programme"),
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


def too_short(asked: str) -> bool:
    """A single Latin letter stands in nearly everybody's text: no search, and the page says so."""
    return bool(asked) and all(len(word) == 1 and word.isascii() for word in words_of(asked))


@dataclass(frozen=True)
class Filter:
    """One select beside the list. A form of Django's would cost more than the rest of the page."""

    name: str
    label: str | Promise
    chosen: str
    counts: Mapping[str, int]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def options(self) -> SafeString:
        """The inside of the select: each value in words, with the number of people whom it would leave."""
        language = get_language()
        words = sorted((*self._named(value, language), value) for value in self.counts)
        parts = [f'<option value="">{escape(_("Any"))}']
        for _place, named, key, value in words:
            mark = " selected" if value == self.chosen else ""
            parts.append(f'<option value="{key}"{mark}>{named} ({self.counts[value]})')
        return SafeString("".join(parts))

    def _named(self, value: str, language: str) -> tuple[Any, str, str]:
        if value in self.names:
            return (0, self.names[value].casefold()), escape(self.names[value]), escape(value)
        return _words(self.name, value, language)


def filters(
    chosen: Mapping[str, list[str]], counts: Mapping[str, Mapping[str, int]], **names: Mapping[str, str]
) -> list[Filter]:
    """Made after the counts are known; what they show is always what was asked.

    `names` has the words for values of a facet that only the data knows. Where there is one such value, the filter is
    left out: there is nothing to choose.
    """
    some = {facet: found for facet, found in counts.items() if len(names.get(facet, "--")) > 1}
    return [
        Filter(facet, LABELS[facet], (chosen[facet] or [""])[0], found, names.get(facet, {}))
        for facet, found in some.items()
    ]


@lru_cache(maxsize=5000)
def _words(facet: str, value: str, language: str) -> tuple[Any, str, str]:
    """Where a value stands among the others, and name and value ready for the page."""
    named = str(WORDS[facet](value))
    order = IN_THEIR_ORDER.get(facet, ())
    place = order.index(value) if value in order else len(order)
    return (place, named.casefold()), escape(named), escape(value)
