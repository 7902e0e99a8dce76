from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commonhall.core.text import clean, whole
from commonhall.workspace.actions.messages import LONGEST
from commonhall.workspace.models import Correspondence

THE_PEOPLE = _("the people of this mentorship")
EMPTY = _("Write something first.")


def _words(**more: Any) -> forms.CharField:
    box = forms.Textarea({"rows": more.pop("rows", 4), "dir": "auto"})
    return forms.CharField(widget=box, max_length=LONGEST, error_messages={"required": EMPTY}, **more)


class MessageForm(forms.Form):
    """`token` names the form, so that sending it twice says it once; `seen` is the last message above it."""

    text = _words(label=_("Your message"))
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_by = {"text": THE_PEOPLE}

    def clean_text(self) -> str:
        return _said(self.cleaned_data["text"])

    def clean_seen(self) -> int:
        return whole(self.cleaned_data["seen"]) or 0


class EditForm(forms.Form):
    text = _words(label=_("Your message"), rows=6)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    seen_by = {"text": THE_PEOPLE}

    def clean_text(self) -> str:
        return _said(self.cleaned_data["text"])


class ReportForm(forms.Form):
    words = forms.CharField(
        label=_("Would you like to add something?"),
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        max_length=2000,
        required=False,
    )
    seen_by = {"words": _("the people who run the programme")}


class CorrespondenceForm(forms.ModelForm):
    class Meta:
        model = Correspondence
        fields = ["with_words", "quiet_from", "quiet_until", "only_on_working_days"]
        labels = {
            "with_words": _("Put the words of a message into the e-mail"),
            "quiet_from": _("No e-mails from"),
            "quiet_until": _("No e-mails until"),
            "only_on_working_days": _("None on days that I do not work, on holidays or on leave"),
        }
        help_texts = {
            "with_words": _("Without it the e-mail says who has written, and you read the words here."),
            "quiet_from": _("By your own clock. For no quiet hours at all, choose the same time twice."),
        }
        widgets = {
            "quiet_from": forms.TimeInput({"type": "time", "class": "width-10"}, format="%H:%M"),
            "quiet_until": forms.TimeInput({"type": "time", "class": "width-10"}, format="%H:%M"),
        }

    seen_by = dict.fromkeys(("with_words", "quiet_from", "quiet_until", "only_on_working_days"), _("only you"))


def _said(text: str) -> str:
    """What is left when what nobody can see is taken out."""
    if not (text := clean(text)):
        raise ValidationError(EMPTY)
    return text
