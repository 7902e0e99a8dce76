from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonhall.core import text
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.room import fingerprint


class AgendaForm(forms.Form):
    """The agenda, and what it was when the form was shown."""

    words = forms.CharField(
        label=_("What you would like to talk about"),
        help_text=_("One line for each thing."),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 6}),
    )
    was = forms.CharField(max_length=16, widget=forms.HiddenInput, required=False)
    back = forms.ChoiceField(choices=[("", ""), ("room", "")], widget=forms.HiddenInput, required=False)
    seen_by = {"words": _("the people of this meeting")}
    mark_optional = False

    @classmethod
    def of(cls, meeting: Meeting, back: str = "") -> "AgendaForm":
        return cls(initial={"words": meeting.agenda, "was": fingerprint(meeting.agenda), "back": back})

    def again(self, meeting: Meeting, problem: str) -> None:
        """What was typed stays; the next saving is against the words that stand there now."""
        self.data = {**self.data.dict(), "was": fingerprint(meeting.agenda)}
        self.add_error("words", problem)


class GuestForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("The people in the room see it and decide whether to let you in."),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Give your name, so that they know who is at the door.")},
    )
    seen_by = {"name": _("the people of this meeting")}

    def clean_name(self) -> str:
        name = text.line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Give your name, so that they know who is at the door."))
        return name


class AnswerGuestForm(forms.Form):
    admit = forms.ChoiceField(choices=[("yes", ""), ("no", "")])

    def clean_admit(self) -> Any:
        return self.cleaned_data["admit"] == "yes"
