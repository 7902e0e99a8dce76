"""Figures of distance in sentences and a chart, for those who read of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonhall.meetings import amounts
from commonhall.meetings.queries.savings import IN_PERSON, Count, Months, Savings
from commonhall.meetings.travel import COUNTED, FAR, SAME, UNKNOWN
from commonhall.ui import charts


@dataclass(frozen=True)
class Figure:
    label: str
    text: str
    note: str


@dataclass(frozen=True)
class Report:
    says: str
    figures: tuple[Figure, ...]
    left_out: tuple[str, ...]
    chart: charts.Bars


def report(savings: Savings) -> Report | None:
    """None where it would be of fewer than five people."""
    count = savings.count
    if count is None:
        return None
    saved = count.saved
    figures = (
        Figure(_("Not travelled, about"), amounts.distance(saved.km), _("there and back")),
        Figure(_("Carbon, about"), amounts.mass(saved.kg), _("of CO2e")),
        Figure(_("Cost of travel, about"), amounts.money(saved.money), _("by the rates of each country")),
        Figure(_("Time on the way, about"), amounts.hours(saved.hours), _("from door to door")),
    )
    left_out = tuple(_left_out(fate, number) for fate, number in count.left_out.items())
    return Report(_says(count, savings.months), figures, left_out, _chart(savings.months))


def of_pair(count: Count) -> tuple[str, list[str]]:
    """What the two read of themselves; an empty sentence where nothing can be counted."""
    saved = count.saved
    notes = [_left_out(fate, number) for fate, number in count.meetings.items() if fate not in (COUNTED, UNKNOWN)]
    if unknown := count.meetings.get(UNKNOWN):
        words = {"n": unknown, "held": count.held}
        notes.insert(0, _("For %(n)d of your %(held)d meetings we do not know the distance.") % words)
    if not count.counted:
        return "", notes
    parts = [amounts.distance(saved.km), amounts.carbon(saved.kg), amounts.money(saved.money)]
    says = _("You have saved about %(amounts)s of travel, and %(hours)s on the way.")
    return says % {"amounts": amounts.listed(parts), "hours": amounts.hours(saved.hours)}, notes


def _says(count: Count, months: Sequence[Months]) -> str:
    people = len(count.people[COUNTED])
    words = {
        "people": people,
        "meetings": count.counted,
        "km": amounts.distance(count.saved.km),
        "each": amounts.distance(count.saved.km / max(count.counted, 1)),
        "since": date_format(months[0].first, "F Y"),
    }
    says = _(
        "Since %(since)s, %(people)d people have met at a distance in %(meetings)d meetings for which they would "
        "otherwise have travelled about %(km)s, there and back: about %(each)s for each."
    )
    sentences = [says % words]
    if len(months) > 1:
        most = max(months, key=lambda one: one.count.saved.km)
        share = round(100 * most.count.saved.km / max(count.saved.km, 1))
        also = _("The most, %(share)d per cent of it, fell in %(when)s.")
        sentences.append(also % {"share": share, "when": _when(most.first, most.last)})
    return " ".join(sentences)


def _left_out(fate: str, number: int | None) -> str:
    """`number` is None where it would be of fewer than five people."""
    few = {
        UNKNOWN: _("For a few meetings we do not know the distance."),
        FAR: _("A few were between places so far apart that nobody would have travelled for them."),
        SAME: _("A few were inside one council, where nobody travels."),
        IN_PERSON: _("A few were in person, and saved nothing."),
    }
    if number is None:
        return few[fate]
    words = {
        UNKNOWN: ngettext(
            "For %(n)d meeting we do not know the distance.", "For %(n)d meetings we do not know the distance.", number
        ),
        FAR: ngettext(
            "%(n)d meeting was between places so far apart that nobody would have travelled for it.",
            "%(n)d meetings were between places so far apart that nobody would have travelled for them.",
            number,
        ),
        SAME: ngettext(
            "%(n)d meeting was inside one council, where nobody travels.",
            "%(n)d meetings were inside one council, where nobody travels.",
            number,
        ),
        IN_PERSON: ngettext(
            "%(n)d meeting was in person, and saved nothing.",
            "%(n)d meetings were in person, and saved nothing.",
            number,
        ),
    }
    return words[fate] % {"n": number}


def _chart(months: Sequence[Months]) -> charts.Bars:
    rows = [(_when(one.first, one.last), float(amounts.rounded(one.count.saved.km))) for one in months]
    return charts.bars(_("Kilometres not travelled, by month"), rows, heads=(_("Month"), _("About")), unit=_(" km"))


def _when(first: date, last: date) -> str:
    if first == last:
        return date_format(first, "F Y")
    words = {"first": date_format(first, "M Y"), "last": date_format(last, "M Y")}
    return _("%(first)s to %(last)s") % words
