from django import forms
from django.utils.translation import gettext_lazy as _


class PrivateForm(forms.Form):
    words = forms.CharField(
        label=_("A note to yourself"),
        widget=forms.Textarea({"rows": 5}),
        max_length=20_000,
        error_messages={"required": _("Write something, or leave the page.")},
    )
    seen_by = {"words": _("only you")}
