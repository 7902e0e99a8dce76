"""Filters whose every choice says how many people it would leave."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from commonhall.core import text
from commonhall.people import ladder, taxonomy
from commonhall.programmes.countries import country_name
from commonhall.programmes.models import Enrolment

ATTENTION = {
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


class FilterForm(forms.Form):
    """Made after the counts are known; what it shows is always what was asked."""

    mark_optional = False
    q = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict, counts: Mapping[str, Mapping[str, int]]) -> None:
        super().__init__(initial={"q": terms(query), **{facet: query.get(facet, "") for facet in counts}})
        for facet, counted in counts.items():
            self.fields[facet] = forms.ChoiceField(
                label=LABELS[facet], choices=[("", _("Any")), *_choices(facet, counted)], required=False
            )


def _choices(facet: str, counted: Mapping[str, int]) -> list[tuple[str, str]]:
    named = {value: str(WORDS[facet](value)) for value in counted}
    order = IN_THEIR_ORDER.get(facet)
    ranked = sorted(
        named, key=order.index if order and set(named) <= set(order) else lambda value: named[value].casefold()
    )
    return [(value, f"{named[value]} ({counted[value]})") for value in ranked]
