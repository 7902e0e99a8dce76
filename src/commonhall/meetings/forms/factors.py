from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commonhall.meetings import travel
from commonhall.meetings.queries.factors import LABELS, PARTS
from commonhall.organisations.countries import countries

LIMITS = {
    "road": (1, 3),
    "furthest": (1, 20_100),
    "share": (0, 100),
    "kg": (0, 5),
    "cost": (0, 1000),
    "speed": (1, 500),
}


def _choices() -> list[tuple[str, Any]]:
    names = sorted((name, code) for code, name in countries().items())
    return [("", _("Choose a country")), *((code, name) for name, code in names)]


class CountryForm(forms.Form):
    """Whose factors are to be set apart."""

    country = forms.ChoiceField(label=_("Country"), choices=_choices())


class FactorsForm(forms.Form):
    mark_optional = False

    def __init__(self, *args: Any, values: dict[str, Any], sources: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, (_label, names, _source) in PARTS.items():
            for name in names:
                self.fields[name] = _field(name, values[name])
            self.fields[f"source_{part}"] = forms.CharField(
                label=_("Where these come from"),
                help_text=_("Who published it, and for which year. Everybody who sees a figure can read it."),
                initial=sources[part],
                max_length=600,
                widget=forms.Textarea({"rows": 3}),
            )
        self.sections = [(label, (*names, f"source_{part}")) for part, (label, names, _source) in PARTS.items()]

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if len(code) != 3 or not (code.isascii() and code.isalpha()):
            raise ValidationError(_("Write the currency as three letters, like GBP or EUR."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        shares = [cleaned.get(f"{mode}_share") for mode in travel.MODES]
        given = [share for share in shares if share is not None]
        if len(given) == len(shares) and abs(sum(given) - 100) > 0.05:
            message = _("Car, rail and bus have to add up to 100 per cent; now they are %(sum)g.")
            self.add_error("bus_share", ValidationError(message, params={"sum": sum(given)}))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in travel.VALUES}

    @property
    def sources(self) -> dict[str, str]:
        return {part: self.cleaned_data[f"source_{part}"] for part in PARTS}


def _field(name: str, value: Any) -> forms.Field:
    label, unit = LABELS[name]
    if name == "currency":
        return forms.CharField(label=label, max_length=3, initial=value, widget=forms.TextInput({"class": "width-5"}))
    least, most = LIMITS[name.rpartition("_")[2]]
    return forms.FloatField(label=label, help_text=unit, initial=value, min_value=least, max_value=most)
