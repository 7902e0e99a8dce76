"""The one question that we ask beside the e-mail address. (Apart from `forms`: django-allauth's forms build on it.)"""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commonhall.accounts import actions
from commonhall.core import text


class SignupForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As colleagues know you."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ["name", "email"]

    def clean_name(self) -> str:
        name = text.line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Enter your name."))
        return name

    def signup(self, request: HttpRequest, user: Any) -> None:
        actions.name_newcomer(user, self.cleaned_data["name"])
