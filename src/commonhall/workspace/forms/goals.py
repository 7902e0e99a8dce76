from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.mentorships.models import Mentorship
from commonhall.people.taxonomy import competencies
from commonhall.ui.widgets import Date

SEEN = _("the people of this mentorship")


def _competencies() -> list[tuple[str, str]]:
    return [("", str(_("None of these"))), *((key, str(term.name)) for key, term in competencies().items())]


class GoalForm(forms.Form):
    words = forms.CharField(
        label=_("What do you want to be able to do?"),
        max_length=200,
        error_messages={"required": _("Say in a sentence what you want to be able to do.")},
    )
    measure = forms.CharField(
        label=_("How would you both see that it is reached?"),
        help_text=_("Something that somebody else could see, or count."),
        max_length=200,
        required=False,
    )
    competency = forms.ChoiceField(label=_("What it grows"), choices=_competencies, required=False)
    due_on = forms.DateField(label=_("By when?"), widget=Date(), required=False)
    seen_by = {"words": SEEN, "measure": SEEN, "competency": SEEN, "due_on": SEEN}


class StepForm(forms.Form):
    percent = forms.IntegerField(
        label=_("How far is it, from 0 to 100?"),
        min_value=0,
        max_value=100,
        error_messages={"required": _("Give a number from 0 to 100.")},
    )
    words = forms.CharField(label=_("What has moved?"), max_length=300, required=False)
    seen_by = {"percent": SEEN, "words": SEEN}


class ActionForm(forms.Form):
    words = forms.CharField(
        label=_("What will be done?"),
        max_length=300,
        error_messages={"required": _("Say what will be done.")},
    )
    owner = forms.TypedChoiceField(
        label=_("By whom?"), coerce=int, widget=forms.RadioSelect({"class": "choices-inline"})
    )
    due_on = forms.DateField(label=_("By when?"), widget=Date(), required=False)
    seen_by = {"words": SEEN, "owner": SEEN, "due_on": SEEN}

    def __init__(self, *args: Any, mentorship: Mentorship, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.user_id: one.user for one in mentorship.participants.all()}
        names = {key: _("You") if key == user.pk else one.name for key, one in self.people.items()}
        self.fields["owner"].choices = sorted(names.items(), key=lambda pair: pair[0] != user.pk)
        self.fields["owner"].initial = user.pk

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "owner" in cleaned:
            cleaned["owner"] = self.people[cleaned["owner"]]
        return cleaned

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on.year > clock.today().year + 5:
            raise forms.ValidationError(_("Choose a day within the next five years."))
        return due_on
