from django import forms
from django.utils.translation import gettext_lazy as _


class TitleForm(forms.Form):
    title = forms.CharField(
        label=_("What is the note about?"),
        max_length=150,
        error_messages={"required": _("Give the note a title, such as “First meeting”.")},
    )
    seen_by = {"title": _("the people of this mentorship")}


class AppendForm(forms.Form):
    words = forms.CharField(
        label=_("Add at the end"),
        widget=forms.Textarea({"rows": 4}),
        max_length=20_000,
        error_messages={"required": _("Write something to add.")},
    )
    seen_by = {"words": _("the people of this mentorship")}
