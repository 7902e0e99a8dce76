import re
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commonhall.accounts.forms import zones
from commonhall.core import text
from commonhall.core.pictures import BadPicture
from commonhall.organisations import logos
from commonhall.organisations.holidays import regions
from commonhall.organisations.imports import cells
from commonhall.organisations.models import Grant, Organisation, Pool, PoolMember, QuietPeriod
from commonhall.organisations.queries import named
from commonhall.ui.widgets import Date, Suggest

PAPER = "#ffffff"
LONGEST_PERIOD = timedelta(days=366)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 to 1 (WCAG 2.2)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class ListField(forms.CharField):
    """Several words, separated by commas or lines; a list in and a list out."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        if isinstance(value, list):
            return value
        parts = re.split(r"[,\n;]", value or "")
        return [part.strip() for part in parts if part.strip()]


class OrganisationForm(forms.ModelForm):
    email_domains = ListField(
        label=_("E-mail domains"),
        required=False,
        help_text=_("People with these addresses belong here, for instance riverbank.example. Commas between several."),
    )

    languages = ListField(
        label=_("Languages"), required=False, help_text=_("Codes such as en, cy or mi. Commas between several.")
    )
    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)

    sections = (
        (_("What it is"), ("name", "short_name", "kind", "tier", "size_band", "population")),
        (_("Where it is"), ("region", "country", "time_zone", "latitude", "longitude", "languages")),
        (_("Its people and its look"), ("email_domains", "colour")),
    )

    class Meta:
        model = Organisation
        fields = ["name", "short_name", "kind", "tier", "size_band", "population", "region", "country", "time_zone"]
        fields += ["latitude", "longitude", "languages", "email_domains", "colour"]
        labels = {"colour": _("Colour"), "kind": _("Kind of organisation"), "country": _("Country code")}
        labels |= {"short_name": _("Short name"), "size_band": _("Size")}
        widgets = {
            "country": forms.TextInput(attrs={"class": "width-2"}),
            "colour": forms.TextInput(attrs={"class": "width-5"}),
            "population": forms.NumberInput(attrs={"class": "width-10"}),
        }
        help_texts = {
            "colour": _("Like #0b5d66; dark enough to carry white words."),
            "country": _("Two letters, like GB or IE."),
        }

    def clean_email_domains(self) -> list[str]:
        domains = [domain.lower().removeprefix("@") for domain in self.cleaned_data["email_domains"]]
        for domain in domains:
            if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain):
                raise ValidationError(_("“%(domain)s” is not a domain."), params={"domain": domain})
        return domains

    def clean_colour(self) -> str:
        colour = str(self.cleaned_data["colour"]).strip().lower()
        if colour and not re.fullmatch(r"#[0-9a-f]{6}", colour):
            raise ValidationError(_("Write the colour as # and six digits or letters a to f."))
        if colour and contrast(colour, PAPER) < 4.5:
            raise ValidationError(
                _("White words on this colour are hard to read: contrast %(ratio).1f, at least 4.5 is needed."),
                params={"ratio": contrast(colour, PAPER)},
            )
        return colour

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if not re.fullmatch(r"[A-Z]{2}", country):
            raise ValidationError(_("Write the country as two letters, like GB or IE."))
        return country

    def clean_languages(self) -> list[str]:
        keys = []
        for word in self.cleaned_data["languages"]:
            found = cells.language(word)
            if found is None:
                raise ValidationError(_("We do not know the language “%(word)s”."), params={"word": word})
            keys.append(found)
        return keys

    def clean_name(self) -> str:
        return text.line(self.cleaned_data["name"])


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, up to 2 MB; best on white or without a background. Anybody can see it."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    def clean_logo(self) -> bytes:
        try:
            return logos.reencoded(self.cleaned_data["logo"])
        except BadPicture as problem:
            raise ValidationError(str(problem)) from problem


class QuietPeriodForm(forms.ModelForm):
    class Meta:
        model = QuietPeriod
        fields = ["name", "kind", "starts_on", "ends_on"]
        labels = {"name": _("What it is called"), "kind": _("Who does not meet")}
        labels |= {"starts_on": _("First day"), "ends_on": _("Last day")}
        widgets = {"kind": forms.RadioSelect, "starts_on": Date, "ends_on": Date}

    seen_by = {"name": _("the people of your organisation; others see only that it is a busy season")}

    def clean_name(self) -> str:
        return text.line(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        starts_on, ends_on = found.get("starts_on"), found.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day has to be the first day or later."))
        elif starts_on and ends_on and ends_on - starts_on > LONGEST_PERIOD:
            self.add_error("ends_on", _("That is more than a year. Check the year of the last day."))
        return found


class HolidayRegionForm(forms.ModelForm):
    holiday_region = forms.ChoiceField(label=_("Region"), required=False)
    mark_optional = False

    class Meta:
        model = Organisation
        fields = ["holiday_region"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = regions(self.instance.country)
        self.fields["holiday_region"].choices = [("", _("The whole country")), *places.items()]


class PoolForm(forms.ModelForm):
    class Meta:
        model = Pool
        fields = ["name", "description"]


class AddMemberForm(forms.Form):
    organisation = forms.CharField(label=_("Organisation"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].widget = Suggest(
            list(Organisation.objects.current().values_list("name", flat=True))
        )

    def clean_organisation(self) -> Organisation:
        found = named(text.line(self.cleaned_data["organisation"]))
        if found is None:
            raise ValidationError(_("There is no current organisation of this name. Choose one from the list."))
        return found


class MemberRulesForm(forms.ModelForm):
    hidden_fields = forms.MultipleChoiceField(  # type: ignore[assignment]
        label=_("Kept within the organisation"),
        help_text=_("These parts of its people's profiles are not shown to people of other organisations."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("photo", _("Photo")),
            ("pronouns", _("Pronouns")),
            ("job_title", _("Job title")),
            ("level", _("Career level")),
            ("biography", _("Biography")),
            ("career_path", _("Career path")),
            ("qualifications", _("Qualifications")),
            ("interests", _("Interests")),
        ],
    )

    class Meta:
        model = PoolMember
        fields = ["may_be_mentored", "mentored_by", "mentors_for", "places_taken", "places_given", "hidden_fields"]
        labels = {
            "may_be_mentored": _("Its people may be mentored"),
            "mentored_by": _("Its people may be mentored by"),
            "mentors_for": _("Its mentors may mentor"),
            "places_taken": _("Most mentees in one intake"),
            "places_given": _("Most mentor places in one intake"),
        }
        widgets = {"mentored_by": forms.RadioSelect, "mentors_for": forms.RadioSelect}


class GrantForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of a person with an account"))
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role, Grant.Role(role).label) for role in roles]
        if len(roles) == 1:
            self.fields["role"].initial = roles[0]

    def clean_email(self) -> Any:
        found = get_user_model().objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if found is None:
            raise ValidationError(_("Nobody with this address has an account yet. Ask them to sign in once."))
        return found
