from typing import Any
from zoneinfo import available_timezones

from allauth.account.forms import LoginForm, SignupForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from commonhall.accounts.models import User
from commonhall.core import text


class SignInForm(LoginForm):
    """E-mail address and password, with labels and without placeholders."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        for name, label in (("login", _("E-mail address")), ("password", _("Password"))):
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""


class JoinForm(SignupForm):
    """Name and e-mail address; a password is something that one may set later."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password1", None)
        self.fields["email"].label = _("Your work e-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)


def zones() -> list[tuple[str, str]]:
    """IANA zones of places, by name."""
    places = (zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    return [(zone, zone.replace("_", " ")) for zone in sorted(places)]


class AccountForm(forms.ModelForm):
    seen_by = {
        "name": _("people in your pool, the people you are matched with, and coordinators"),
        "time_zone": _("the people you are matched with"),
        "language": _("only you"),
    }

    class Meta:
        model = User
        fields = ["name", "time_zone", "language"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=zones, help_text=_("Times of meetings are shown in this zone.")
        )
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def clean_name(self) -> str:
        return text.line(self.cleaned_data["name"])
