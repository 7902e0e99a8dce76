from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.matching import aims
from commonhall.matching.models import Edit, Proposal, Round, Scenario
from commonhall.matching.words import LADDER
from commonhall.programmes import cycle
from commonhall.programmes.forms.programmes import SHARES, Share
from commonhall.ui.forms import hinted
from pairing.types import DEFAULT_WEIGHTS

MOST_WEIGHT = 10
MINUTES = [
    (0, _("None needed")),
    (30, _("Half an hour a week")),
    (60, _("An hour a week")),
    (120, _("Two hours a week")),
    (180, _("Three hours a week")),
    (300, _("Five hours a week")),
]


@dataclass(frozen=True, slots=True)
class Fold:
    """Fields that are folded away under a summary."""

    name: str
    title: str
    fields: list[forms.BoundField]
    has_errors: bool


class Weight(forms.FloatField):
    """How much a criterion counts, from not at all to most."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "form-range", "min": 0, "max": MOST_WEIGHT, "step": 0.5}
        super().__init__(min_value=0, max_value=MOST_WEIGHT, widget=forms.NumberInput(attrs=attrs), **kwargs)
        self.widget.input_type = "range"


class TryForm(forms.Form):
    """Weights and hard rules, tried without saving or kept."""

    mark_optional = False

    min_shared_minutes = forms.TypedChoiceField(
        label=_("Hours in common"), choices=MINUTES, coerce=int, help_text=_("Working hours that both have each week.")
    )
    least = forms.IntegerField(
        label=_("Levels above, at least"),
        min_value=-8,
        max_value=8,
        required=False,
        widget=forms.NumberInput(attrs={"class": "width-5"}),
        help_text=_("How far the mentor stands above the mentee. Leave one side empty for no limit on it."),
    )
    most = forms.IntegerField(
        label=_("Levels above, at most"),
        min_value=-8,
        max_value=8,
        required=False,
        widget=forms.NumberInput(attrs={"class": "width-5"}),
    )
    max_mentees = forms.IntegerField(
        label=_("Mentees for each mentor, at most"),
        min_value=1,
        max_value=20,
        required=False,
        widget=forms.NumberInput(attrs={"class": "width-5"}),
    )
    cross_share = Share(label=_("Pairs across councils, at least"))
    region_share = Share(label=_("Pairs across regions, at least"))
    country_share = Share(label=_("Pairs across countries, at least"))
    service_share = Share(label=_("Pairs across service areas, at least"))
    same_organisation_allowed = forms.BooleanField(label=_("Pairs within one council are allowed"), required=False)
    require_common_language = forms.BooleanField(label=_("Both must speak one language"), required=False)
    objective = forms.ChoiceField(
        label=_("The plan is made for"),
        choices=[(one, hinted(one.label, aims.MEANS[one])) for one in Scenario.Objective],
        widget=forms.RadioSelect,
    )
    cover = forms.ChoiceField(
        label=_("Who comes first"),
        required=False,
        help_text=_(
            "Counts for “Certain people first” alone. Among those named, and after them, by how long they wait."
        ),
    )
    parts: Mapping[str, tuple[str, ...]] = {
        "aims": ("objective", "cover"),
        "shares": tuple(SHARES),
        "rules": (
            "min_shared_minutes",
            "least",
            "most",
            "max_mentees",
            "same_organisation_allowed",
            "require_common_language",
        ),
    }

    def __init__(self, *args: Any, people: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cover"].choices = aims.cover_choices(people)
        for name in DEFAULT_WEIGHTS:
            self.fields[f"w_{name}"] = Weight(label=cycle.WEIGHT_LABELS[name])
        known = [value for value, _label in MINUTES]
        now = self.initial.get("min_shared_minutes")
        if now is not None and now not in known:
            choices = sorted(
                [*MINUTES, (now, _("%(time)s a week") % {"time": clock.span(now)})], key=lambda choice: choice[0]
            )
            self.fields["min_shared_minutes"].choices = choices

    @property
    def sliders(self) -> list[forms.BoundField]:
        return [self[f"w_{name}"] for name in DEFAULT_WEIGHTS]

    @property
    def folds(self) -> list[Fold]:
        """The fields beside the sliders, each part under a summary that says how it stands."""
        objective = str(self["objective"].value() or Scenario.Objective.TOTAL)
        aim = dict(Scenario.Objective.choices).get(objective, "")
        asked = sum(1 for name in SHARES if self[name].value() not in (None, "", 0, "0"))
        shares = ngettext("%(n)d asked for", "%(n)d asked for", asked) % {"n": asked} if asked else gettext("none")
        titles = {
            "aims": (gettext("What matters most"), str(aim)),
            "shares": (gettext("Shares across borders"), shares),
            "rules": (gettext("Rules that are never broken"), ""),
        }
        return [self._fold(name, *titles[name]) for name in self.parts]

    def _fold(self, name: str, title: str, now: str) -> Fold:
        fields = [self[one] for one in self.parts[name]]
        return Fold(name, f"{title}: {now}" if now else title, fields, any(field.errors for field in fields))

    @property
    def tried(self) -> list[tuple[str, Any]]:
        """What was typed, to be sent again by the button that keeps it."""
        values = ((field.html_name, field.value()) for field in self)
        return [(name, value) for name, value in values if value is not None and value is not False]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        least, most = cleaned.get("least"), cleaned.get("most")
        if least is not None and most is not None and least > most:
            self.add_error("most", _("“At most” has to be as high as “at least”, or higher."))
        if not self.errors and not any(cleaned[f"w_{name}"] for name in DEFAULT_WEIGHTS):
            self.add_error("w_wants_offers", _("Let at least one thing count."))
        return cleaned

    def settings(self) -> dict[str, Any]:
        """What was chosen, as a scenario keeps it."""
        data = self.cleaned_data
        rules = {
            name: data[name]
            for name in ("min_shared_minutes", "same_organisation_allowed", "require_common_language", "max_mentees")
        }
        rules["seniority"] = _levels(data["least"], data["most"])
        for name, rule in SHARES.items():
            rules[rule] = data[name] / 100 if data[name] else None
        return {
            "weights": {name: data[f"w_{name}"] for name in DEFAULT_WEIGHTS},
            "rules": rules,
            "objective": data["objective"],
            "cover": data["cover"] if data["objective"] == Scenario.Objective.COVER else "",
        }

    @staticmethod
    def saved(scenario: Scenario) -> dict[str, Any]:
        """The values of a scenario, as the form shows them."""
        rules: Mapping[str, Any] = scenario.rules
        least, most = rules.get("seniority") or (-LADDER, LADDER)
        shares = {name: rules.get(rule) for name, rule in SHARES.items()}
        return {
            "min_shared_minutes": rules.get("min_shared_minutes", 60),
            "same_organisation_allowed": rules.get("same_organisation_allowed", False),
            "require_common_language": rules.get("require_common_language", True),
            "max_mentees": rules.get("max_mentees"),
            "least": None if least <= -LADDER else least,
            "most": None if most >= LADDER else most,
            **{name: None if share is None else round(share * 100) for name, share in shares.items()},
            "objective": scenario.objective,
            "cover": scenario.cover or aims.WAITED,
            **{f"w_{name}": scenario.weights.get(name, 0.0) for name in DEFAULT_WEIGHTS},
        }


def _levels(least: int | None, most: int | None) -> list[int] | None:
    if least is None and most is None:
        return None
    return [-LADDER if least is None else least, LADDER if most is None else most]


class BeginRoundForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the round"),
        max_length=120,
        help_text=_("For instance “Autumn 2026”. Only coordinators see it."),
        error_messages={"required": _("Give the round a name")},
    )


class ScenarioForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the new plan"), max_length=80, error_messages={"required": _("Give the new plan a name")}
    )


class FixForm(forms.Form):
    """Keep two people together, or apart."""

    kind = forms.ChoiceField(choices=Edit.Kind.choices, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        required=False,
        help_text=_("For you and other coordinators. Neither of the two sees it."),
    )


class OtherMentorForm(forms.Form):
    """Any other mentor, to be told why not."""

    mark_optional = False
    mentor = forms.ChoiceField(label=_("Any other mentor"))

    def __init__(self, choices: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentor"].choices = choices


class PublishForm(forms.Form):
    after_decline = forms.ChoiceField(
        label=_("When somebody declines"), choices=Round.AfterDecline.choices, widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label=_("Everybody who is named above has agreed"), required=False)

    def __init__(self, *args: Any, open_questions: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_questions = open_questions
        if not open_questions:
            del self.fields["agreed"]

    def clean_agreed(self) -> bool:
        if not self.cleaned_data["agreed"]:
            raise forms.ValidationError(_("Ask them first, or take the change back."))
        return True


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Would you like to say why?"),
        choices=[("", _("I would rather not say")), *Proposal.DeclineReason.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    seen_by = {"reason": _("your coordinator only")}


class AskForm(forms.Form):
    message = forms.CharField(
        label=_("Your message"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_(
            "Two or three sentences are enough: what you are working on, and what you would like to talk about."
        ),
        error_messages={"required": _("Write a few words, so that the mentor knows what it is about")},
    )
    seen_by = {"message": _("this mentor only")}
