from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.core.text import clean, line
from commonhall.mentorships.actions import MOST_GOALS
from commonhall.mentorships.agreement import Section, compose
from commonhall.mentorships.models import Agreement, Mentorship
from commonhall.ui.widgets import Date

LONGEST_BODY = 4000


class AgreementForm(forms.Form):
    """One box for each heading; goals and the review day have their own."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    goal_1 = forms.CharField(label=_("First goal"), max_length=200, required=False)
    goal_2 = forms.CharField(label=_("Second goal"), max_length=200, required=False)
    goal_3 = forms.CharField(label=_("Third goal"), max_length=200, required=False)
    review_on = forms.DateField(
        label=_("Review date"),
        help_text=_("The day on which you look at whether this is working for you both."),
        widget=Date(),
        required=False,
    )

    def __init__(self, *args: Any, parts: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = list(parts)
        for place, part in enumerate(self.parts):
            self.fields[f"part_{place}"] = forms.CharField(
                label=part.heading,
                initial=part.body,
                validators=[MaxLengthValidator(LONGEST_BODY)],
                required=False,
                widget=forms.Textarea({"rows": 3}),
            )
        self.fields["more"] = forms.CharField(
            label=_("Anything else you want to agree"),
            validators=[MaxLengthValidator(LONGEST_BODY)],
            required=False,
            widget=forms.Textarea({"rows": 3}),
        )
        self.mark_optional = False
        names = [f"part_{place}" for place in range(len(self.parts))]
        self.sections = [
            (_("Up to three goals"), ("goal_1", "goal_2", "goal_3")),
            (_("How we work together"), (*names, "more", "review_on")),
        ]

    def clean_review_on(self) -> date | None:
        day: date | None = self.cleaned_data["review_on"]
        if day and "review_on" in self.changed_data and day <= clock.today():
            raise ValidationError(_("Choose a review date that lies ahead."))
        return day

    def begin_again(self, version: int) -> None:
        """Keep what was typed, now upon a newer version; sections that came with it are filled in."""
        typed = dict(self.data.items())
        typed["version"] = str(version)
        for place, part in enumerate(self.parts):
            typed.setdefault(f"part_{place}", part.body)
        self.data = typed

    def words(self) -> dict[str, Any]:
        """What `actions.write_agreement` takes."""
        written = [
            Section(part.heading, clean(self.cleaned_data[f"part_{place}"])) for place, part in enumerate(self.parts)
        ]
        if more := clean(self.cleaned_data["more"]):
            written.append(Section(gettext("What else we agree"), more))
        goals = [line(self.cleaned_data[f"goal_{number}"]) for number in range(1, MOST_GOALS + 1)]
        return {
            "text": compose(written),
            "goals": [goal for goal in goals if goal],
            "review_on": self.cleaned_data["review_on"],
            "after": self.cleaned_data["version"],
        }


def first_words(agreement: Agreement | None, review_on: date) -> dict[str, Any]:
    """What an empty form begins with."""
    goals = agreement.goals if agreement else []
    return {
        "version": agreement.version if agreement else 0,
        "review_on": agreement.review_on if agreement else review_on,
        **{f"goal_{number}": goal for number, goal in enumerate(goals, start=1)},
    }


class PauseForm(forms.Form):
    until = forms.DateField(
        label=_("When does it go on?"),
        help_text=_("It goes on by itself on this day. Leave it empty if you do not know yet."),
        widget=Date(),
        required=False,
    )

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and until <= clock.today():
            raise ValidationError(_("Choose a day that lies ahead."))
        return until


class EndForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("What comes nearest?"),
        help_text=_("For your coordinator, who learns from it. The other person is not told the reason."),
        choices=Mentorship.EndReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what comes nearest.")},
    )
