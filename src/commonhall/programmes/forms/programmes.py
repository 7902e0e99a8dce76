from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock, text
from commonhall.organisations.models import Pool
from commonhall.programmes.cycle import WEIGHT_LABELS
from commonhall.programmes.cycles import CYCLES
from commonhall.programmes.models import Eligibility, Programme
from commonhall.ui.widgets import Date

EVERYBODY = _("everybody, on the public page")


def words(label: Any, hint: Any = "", *, rows: int = 4, most: int = 3000, **options: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, max_length=most, widget=area, required=False, **options)


class CreateForm(forms.Form):
    name = forms.CharField(
        label=_("What is it called?"),
        help_text=_("People see this name in every e-mail, for instance “Across the Water 2027”."),
        max_length=150,
        error_messages={"required": _("Enter a name for the programme")},
    )
    pool = forms.ModelChoiceField(
        label=_("Whose programme is it?"),
        queryset=Pool.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose the pool")},
    )
    kick_off_on = forms.DateField(
        label=_("Kick-off"),
        help_text=_(
            "The day on which pairs may first meet. Every other date is counted from it; you can move each of them."
        ),
        widget=Date(),
        error_messages={"required": _("Choose the day of the kick-off"), "invalid": _("Write the day like 2027-03-01")},
    )
    cycle = forms.ChoiceField(choices=[(cycle.key, cycle.name) for cycle in CYCLES], widget=forms.HiddenInput)

    def __init__(self, *args: Any, pools: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = pools
        if len(pools) == 1:
            self.fields["pool"].initial = pools[0]
            self.fields["pool"].widget = forms.HiddenInput()

    def clean_name(self) -> str:
        return text.line(self.cleaned_data["name"])


class TextsForm(forms.ModelForm):
    """Every word that the public sees, and the agreement that pairs begin with."""

    seen_by = dict.fromkeys(("name", "summary", "purpose", "audience", "asks", "gives"), EVERYBODY) | {
        "agreement": _("every pair, which may change it for itself")
    }

    class Meta:
        model = Programme
        fields = ["name", "summary", "purpose", "audience", "asks", "gives", "agreement"]
        labels = {
            "summary": _("In one sentence"),
            "purpose": _("What it is"),
            "audience": _("For whom"),
            "asks": _("What it asks of you"),
            "gives": _("What you get"),
            "agreement": _("The agreement that pairs begin with"),
        }
        help_texts = {"agreement": _("Leave a blank line between paragraphs. The first line of each is its heading.")}
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            **{name: forms.Textarea(attrs={"rows": 4}) for name in ("purpose", "audience", "asks", "gives")},
            "agreement": forms.Textarea(attrs={"rows": 14}),
        }
        error_messages = {"name": {"required": _("Enter a name for the programme")}}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {name: text.clean(value) if isinstance(value, str) else value for name, value in cleaned.items()}


class PlacesForm(forms.ModelForm):
    """Who may take part, and how much of it there is."""

    sections = [
        (_("Places"), ("mentee_places", "most_mentees")),
        (_("Rhythm"), ("rhythm_weeks", "meetings_planned")),
        (_("Who may apply"), ("needs_sponsor", "members_only", "rolling", "is_public")),
    ]

    class Meta:
        model = Programme
        fields = ["mentee_places", "most_mentees", "rhythm_weeks", "meetings_planned"]
        fields += ["needs_sponsor", "members_only", "rolling", "is_public"]
        labels = {
            "mentee_places": _("Places for mentees"),
            "most_mentees": _("Mentees for one mentor, at most"),
            "rhythm_weeks": _("Weeks between two meetings"),
            "meetings_planned": _("Meetings planned"),
            "needs_sponsor": _("Ask each mentee's line manager"),
            "members_only": _("For elected members only"),
            "rolling": _("People may apply at any time, also while it runs"),
            "is_public": _("The page can be read without signing in"),
        }
        help_texts = {
            "mentee_places": _("Leave it empty for no limit."),
            "needs_sponsor": _("They get an e-mail with a link and answer without an account."),
        }

    def clean_most_mentees(self) -> int:
        return _between(self.cleaned_data["most_mentees"], 1, 20)

    def clean_rhythm_weeks(self) -> int:
        return _between(self.cleaned_data["rhythm_weeks"], 1, 26)

    def clean_meetings_planned(self) -> int:
        return _between(self.cleaned_data["meetings_planned"], 1, 60)


def _between(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise forms.ValidationError(
            _("Choose a number from %(least)d to %(most)d."), params={"least": least, "most": most}
        )
    return number


# A share as the form has it, and as the rules have it.
SHARES = {
    "cross_share": "cross_organisation_share",
    "region_share": "cross_region_share",
    "country_share": "cross_country_share",
    "service_share": "cross_service_share",
}


class Share(forms.IntegerField):
    """At least so many of a hundred pairs; empty for no rule."""

    def __init__(self, **kwargs: Any) -> None:
        hint = _("In per cent. Leave it empty for no rule.")
        super().__init__(min_value=0, max_value=100, required=False, help_text=hint, **kwargs)
        self.widget.attrs["class"] = "width-5"


class RulesForm(forms.Form):
    """The rules that matching never breaks, and what it weighs."""

    min_shared_minutes = forms.TypedChoiceField(
        label=_("Working hours that two people share each week, at least"),
        choices=[
            (0, _("None")),
            (30, _("Half an hour")),
            (60, _("One hour")),
            (120, _("Two hours")),
            (240, _("Four hours")),
        ],
        coerce=int,
    )
    require_common_language = forms.BooleanField(label=_("They speak a language in common"), required=False)
    same_organisation_allowed = forms.BooleanField(label=_("Pairs inside one organisation are allowed"), required=False)
    least_levels = forms.IntegerField(
        label=_("Mentor at least so many levels above"),
        help_text=_("A number below zero means below. Leave both empty when any distance is allowed."),
        required=False,
        min_value=-8,
        max_value=8,
    )
    most_levels = forms.IntegerField(
        label=_("Mentor at most so many levels above"), required=False, min_value=-8, max_value=8
    )
    likes_least = forms.IntegerField(label=_("Best from"), min_value=-8, max_value=8)
    likes_most = forms.IntegerField(label=_("Best up to"), min_value=-8, max_value=8)
    cross_share = Share(label=_("Share of pairs across two organisations, at least"))
    region_share = Share(label=_("Share of pairs across two regions, at least"))
    country_share = Share(label=_("Share of pairs across two countries, at least"))
    service_share = Share(label=_("Share of pairs across two service areas, at least"))
    sections = [
        (
            _("Never broken"),
            ("min_shared_minutes", "require_common_language", "same_organisation_allowed"),
        ),
        (_("Shares of the pairs"), tuple(SHARES)),
        (_("Distance in seniority: allowed"), ("least_levels", "most_levels")),
        (_("Distance in seniority: best"), ("likes_least", "likes_most")),
        (_("What counts, and how much (0 to 10)"), tuple(f"weight_{key}" for key in WEIGHT_LABELS)),
    ]
    mark_optional = False

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        kwargs["initial"] = _as_typed(programme)
        super().__init__(*args, **kwargs)
        hours = self.fields["min_shared_minutes"]
        kept = programme.rules.get("min_shared_minutes", 0)
        if kept not in dict(hours.choices):
            hours.choices = sorted([*hours.choices, (kept, clock.span(kept))])
        for key, label in WEIGHT_LABELS.items():
            self.fields[f"weight_{key}"] = forms.FloatField(label=str(label), min_value=0, max_value=10, localize=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for least, most in (("least_levels", "most_levels"), ("likes_least", "likes_most")):
            low, high = cleaned.get(least), cleaned.get(most)
            if (low is None) != (high is None) and least not in self.errors and most not in self.errors:
                self.add_error(most, _("Give both numbers, or leave both empty."))
            elif low is not None and high is not None and low > high:
                self.add_error(most, _("The second number must not be smaller than the first."))
        return cleaned

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        return [(legend, [self[name] for name in names]) for legend, names in self.sections]

    @property
    def rules(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        allowed = [cleaned["least_levels"], cleaned["most_levels"]]
        shares = {rule: cleaned[name] / 100 if cleaned[name] else None for name, rule in SHARES.items()}
        return {
            "min_shared_minutes": cleaned["min_shared_minutes"],
            "require_common_language": cleaned["require_common_language"],
            "same_organisation_allowed": cleaned["same_organisation_allowed"],
            "seniority": None if allowed[0] is None else allowed,
            "preferred_seniority": [cleaned["likes_least"], cleaned["likes_most"]],
            **shares,
        }

    @property
    def weights(self) -> dict[str, float]:
        return {key: self.cleaned_data[f"weight_{key}"] for key in WEIGHT_LABELS}


def _as_typed(programme: Programme) -> dict[str, Any]:
    rules = programme.rules
    allowed = rules.get("seniority") or [None, None]
    likes = rules.get("preferred_seniority") or [1, 3]
    shares = {name: rules.get(rule) for name, rule in SHARES.items()}
    return {
        **rules,
        "least_levels": allowed[0],
        "most_levels": allowed[1],
        "likes_least": likes[0],
        "likes_most": likes[1],
        **{name: None if share is None else round(share * 100) for name, share in shares.items()},
        **{f"weight_{key}": programme.weights.get(key, 0) for key in WEIGHT_LABELS},
    }


class KickOffForm(forms.Form):
    kick_off_on = forms.DateField(
        label=_("Kick-off"),
        help_text=_("Moves every date below by the weeks of the template."),
        widget=Date(),
        error_messages={"required": _("Choose the day of the kick-off"), "invalid": _("Write the day like 2027-03-01")},
    )


class DatesForm(forms.Form):
    """Each date of the timeline by itself, and room for one more."""

    mark_optional = False

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.milestones = list(programme.milestones.all())
        day: dict[str, Any] = {
            "required": False,
            "widget": Date(),
            "error_messages": {"invalid": _("Write the day like 2027-03-01")},
        }
        self.fields["applications_open_on"] = forms.DateField(
            label=_("People can apply from"), initial=programme.applications_open_on, **day
        )
        self.fields["applications_close_on"] = forms.DateField(
            label=_("Applications close at the end of"), initial=programme.applications_close_on, **day
        )
        self.fields["ends_on"] = forms.DateField(label=_("The programme ends on"), initial=programme.ends_on, **day)
        for row in self.milestones:
            self.fields[f"on_{row.key}"] = forms.DateField(label=row.label, initial=row.on, **day)
        self.fields["new_label"] = forms.CharField(
            label=_("One more date: what happens?"), max_length=120, required=False
        )
        self.fields["new_on"] = forms.DateField(label=_("When?"), **day)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("new_label")) != bool(cleaned.get("new_on")) and "new_on" not in self.errors:
            self.add_error("new_on", _("Give the new date both a name and a day, or neither."))
        opens, closes = cleaned.get("applications_open_on"), cleaned.get("applications_close_on")
        if opens and closes and closes < opens:
            self.add_error("applications_close_on", _("Applications cannot close before they open."))
        return cleaned

    def timeline(self) -> Iterable[tuple[str, str, Any]]:
        """The dates as they shall be: (key, label, day)."""
        for row in self.milestones:
            if on := self.cleaned_data[f"on_{row.key}"]:
                yield row.key, row.label, on
        if self.cleaned_data["new_on"]:
            taken = {row.key for row in self.milestones}
            number = next(n for n in range(1, 1000) if f"own_{n}" not in taken)
            yield f"own_{number}", self.cleaned_data["new_label"], self.cleaned_data["new_on"]


class EligibilityForm(forms.ModelForm):
    class Meta:
        model = Eligibility
        fields = ["mentees", "mentors", "mentee_places", "mentor_places"]
        labels = {
            "mentees": _("Its people may be mentees"),
            "mentors": _("Its people may be mentors"),
            "mentee_places": _("Mentees at most"),
            "mentor_places": _("Mentors at most"),
        }
        help_texts = {
            "mentee_places": _("Empty: what the pool's rules for this organisation say."),
            "mentor_places": _("Empty: what the pool's rules for this organisation say."),
        }
