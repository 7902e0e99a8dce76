from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as allauth
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from commonhall.accounts.models import User
from commonhall.core import clock, text

PASSWORD_HINT = _("Ten characters or more. Three words that nobody would put together are good.")
SAME_AGAIN = _("The same password again")
CODE_WIDTH = "width-10"


def worded(form: forms.Form, labels: Mapping[str, Any], hints: Mapping[str, Any] | None = None) -> None:
    """Our words on a form of django-allauth's, and no placeholders."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, (hints or {}).get(name, "")
        field.widget.attrs.pop("placeholder", None)
        if field.widget.attrs.get("autocomplete") == "one-time-code":
            field.widget.attrs["class"] = CODE_WIDTH


class SignInForm(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        worded(self, {"login": _("E-mail address"), "password": _("Password")})


class JoinForm(allauth.SignupForm):
    """Name and e-mail address; a password is something that one may set later."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password1", None)
        worded(self, {"email": _("Your work e-mail address")})


class AskForCodeForm(allauth.RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"email": _("E-mail address")})


class LoginCodeForm(allauth.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"code": _("Code from the e-mail")})


class EmailCodeForm(allauth.ConfirmEmailVerificationCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"code": _("Code from the e-mail")})


class ForgottenPasswordForm(allauth.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"email": _("E-mail address")})


class NewPasswordForm(allauth.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"password1": _("New password"), "password2": SAME_AGAIN}, {"password1": PASSWORD_HINT})


class ChangePasswordForm(allauth.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": _("Present password"), "password1": _("New password"), "password2": SAME_AGAIN}
        worded(self, labels, {"password1": PASSWORD_HINT})


class FirstPasswordForm(allauth.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"password1": _("Password"), "password2": SAME_AGAIN}, {"password1": PASSWORD_HINT})


class PasswordAgainForm(allauth.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"password": _("Your password")})


class AddAddressForm(allauth.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"email": _("Another e-mail address")})


class SecondStepForm(second_step.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"code": _("Code from your app, or a recovery code")})


class SecondStepAgainForm(second_step.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"code": _("Code from your app, or a recovery code")})


class SetUpAppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"code": _("The six digits that your app shows now")})


class AddPasskeyForm(passkeys.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        labels = {"name": _("A name for it"), "passwordless": _("Sign in with it alone")}
        hints = {
            "name": _("So that you know it from others, for instance “Work laptop”."),
            "passwordless": _("Your fingerprint, face or device code then is all you need."),
        }
        worded(self, labels, hints)


class NamePasskeyForm(passkeys.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"name": _("A name for it")})


AREAS = {
    "Africa": _("Africa"),
    "America": _("The Americas"),
    "Antarctica": _("Antarctica"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}


@cache
def zones() -> list[tuple[Any, list[tuple[str, str]]]]:
    """Time zones by the places that people know them by, in groups of the part of the world."""
    by_area: dict[str, list[tuple[str, str]]] = {area: [] for area in AREAS}
    for zone in available_timezones():
        area, _slash, rest = zone.partition("/")
        if area in AREAS:
            state = rest.rpartition("/")[0].replace("_", " ")
            by_area[area].append((zone, f"{clock.place(zone)}, {state}" if state else clock.place(zone)))
    return [(AREAS[area], sorted(places, key=lambda one: one[1])) for area, places in by_area.items()]


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
        name = text.line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Enter your name."))
        return name
