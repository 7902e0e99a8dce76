import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonhall.core import text
from commonhall.integrations.caldav.client import Found
from commonhall.integrations.fetching import Login
from commonhall.integrations.models import Calendar
from commonhall.integrations.sealing import SealBroken, seal, unseal

LONGEST_ADDRESS = 2000
SECONDS_TO_CHOOSE = 30 * 60
ONLY_YOU = _("only you")
NONE = ""


def name_field(**more: Any) -> forms.CharField:
    return forms.CharField(label=_("What you call it"), max_length=120, **more)


def password_field(**more: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=_("App password"), max_length=200, strip=False, widget=widget, **more)


class AddressForm(forms.Form):
    address = forms.CharField(
        label=_("Secret address of the calendar"),
        help_text=_("It begins with https:// or webcal:// and often ends in .ics. Kept encrypted."),
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )
    name = name_field(required=False, help_text=_("For instance: Work."))
    seen_by = {"address": ONLY_YOU, "name": ONLY_YOU}

    def clean_name(self) -> str:
        return text.line(self.cleaned_data["name"])


class ServerForm(forms.Form):
    server = forms.CharField(
        label=_("Calendar server"),
        help_text=_("For instance cloud.example.org, or the CalDAV address from your calendar’s settings."),
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )
    username = forms.CharField(
        label=_("Your name there"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = password_field(
        help_text=_("Make one for Commonhall in your account there; never give your main password. Kept encrypted.")
    )
    seen_by = {"server": ONLY_YOU, "username": ONLY_YOU, "password": _("nobody")}

    @property
    def login(self) -> Login:
        return Login(self.cleaned_data["username"], self.cleaned_data["password"])


class ChoiceForm(forms.Form):
    """Which of the calendars that were found; these and the login travel sealed from page to page, kept nowhere."""

    sealed = forms.CharField(widget=forms.HiddenInput)
    calendars = forms.MultipleChoiceField(
        label=_("Which of them say when you are busy?"),
        help_text=_("We read only when, never what."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    takes = forms.ChoiceField(
        label=_("Put my mentoring meetings into"),
        help_text=_("They are written there when they are agreed, moved or cancelled."),
        widget=forms.RadioSelect,
        required=False,
    )
    seen_by = {"calendars": ONLY_YOU, "takes": ONLY_YOU}
    mark_optional = False

    def __init__(self, *args: Any, sealed: str, user: Any, **kwargs: Any) -> None:
        """Raises `SealBroken` for what was not sealed for this person, or too long ago."""
        super().__init__(*args, initial={"sealed": sealed, "takes": NONE}, **kwargs)
        self.login, self.found = opened(sealed, user)
        names = [(str(number), one.name) for number, one in enumerate(self.found)]
        writable = [names[number] for number, one in enumerate(self.found) if one.writable]
        self.fields["calendars"].choices = names
        self.fields["takes"].choices = [(NONE, _("None of them")), *writable]

    def clean(self) -> None:
        if not self.errors and not self.chosen:
            self.add_error("calendars", _("Choose at least one calendar."))

    @property
    def chosen(self) -> list[Found]:
        """A calendar that takes meetings is read as well."""
        wanted = {*self.cleaned_data["calendars"], self.cleaned_data["takes"]}
        return [one for number, one in enumerate(self.found) if str(number) in wanted]

    @property
    def takes_meetings(self) -> str:
        number = self.cleaned_data["takes"]
        return self.found[int(number)].address if number else ""


def sealed_for(user: Any, login: Login, found: list[Found]) -> str:
    rows = [[one.address, one.name, one.writable] for one in found]
    return seal(json.dumps([user.pk, login.username, login.password, rows]))


def opened(sealed: str, user: Any) -> tuple[Login, list[Found]]:
    try:
        owner, username, password, rows = json.loads(unseal(sealed, seconds=SECONDS_TO_CHOOSE))
    except (SealBroken, ValueError):
        owner = None
    if owner != user.pk:
        raise SealBroken(_("That took a while. Connect to the server once more."))
    return Login(username, password), [Found(*row) for row in rows]


class CalendarForm(forms.Form):
    """What its owner may change about a calendar."""

    name = name_field()
    takes_meetings = forms.BooleanField(
        label=_("Put my mentoring meetings into this calendar"),
        help_text=_("They are written there when they are agreed, moved or cancelled."),
        required=False,
    )
    password = password_field(required=False, help_text=_("Only if you have a new one."))
    seen_by = {"name": ONLY_YOU, "password": _("nobody")}

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any) -> None:
        initial = {"name": calendar.name, "takes_meetings": calendar.takes_meetings}
        super().__init__(*args, initial=initial, **kwargs)
        if calendar.kind != Calendar.Kind.CALDAV:
            del self.fields["takes_meetings"], self.fields["password"]

    def clean_name(self) -> str:
        name = text.line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Give it a name that can be read."))
        return name
