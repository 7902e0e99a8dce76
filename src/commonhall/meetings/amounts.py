"""Estimates in words, no more exact than they are: two figures that count, and "about" before them."""

from collections.abc import Mapping
from math import floor, log10

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SIGNS = {"GBP": "£", "EUR": "€", "NZD": "NZ$", "CAD": "C$", "USD": "US$", "AUD": "A$"}


def rounded(value: float) -> int:
    """Two figures that count, and nothing after the point.

    >>> rounded(4836), rounded(483.6), rounded(7.4), rounded(0)
    (4800, 480, 7, 0)
    """
    if value < 1:
        return round(value)
    step = 10.0 ** max(floor(log10(value)) - 1, 0)
    return int(round(value / step) * step)


def figure(value: float) -> str:
    return number_format(rounded(value), use_l10n=True, force_grouping=True)


def distance(km: float) -> str:
    return _("%(km)s km") % {"km": figure(km)}


def mass(kg: float) -> str:
    """In kilograms; from a thousand on in tonnes, with one place while there are few."""
    if kg < 1000:
        return _("%(kg)s kg") % {"kg": figure(kg)}
    tonnes = number_format(kg / 1000, 1) if kg < 10_000 else figure(kg / 1000)
    return _("%(tonnes)s tonnes") % {"tonnes": tonnes}


def carbon(kg: float) -> str:
    return _("%(mass)s of CO2e") % {"mass": mass(kg)}


def hours(number: float) -> str:
    return ngettext("%(n)s hour", "%(n)s hours", rounded(number)) % {"n": figure(number)}


def money(by_currency: Mapping[str, float]) -> str:
    """Each currency by itself: we do not change money."""
    parts = [f"{SIGNS.get(one, f'{one} ')}{figure(by_currency[one])}" for one in sorted(by_currency)]
    return listed(parts)


def listed(parts: list[str]) -> str:
    """With commas, and "and" before the last."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}
