from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonhall.core import text
from commonhall.core.pictures import BadPicture
from commonhall.core.sheets.words import plain
from commonhall.organisations.models import Organisation
from commonhall.organisations.queries import followed_by, named, organisation_of, suggested
from commonhall.people import ladder, taxonomy
from commonhall.people.models import Department, Topic
from commonhall.people.photos import reencoded
from commonhall.people.queries import own_names
from commonhall.people.visibility import seen_by
from commonhall.ui.forms import PickField
from commonhall.ui.widgets import Suggest

MOST_WORDS = 2000
MOST_FOLDED = 150
Pairs = list[tuple[str, str]]


def service_choices(organisation: Organisation | None = None) -> list[tuple[str, str]]:
    """Every service area, with what an organisation calls it where that has a name of its own for it."""
    own = own_names(organisation)
    return [
        (term.key, f"{term.name} ({', '.join(own[term.key])})" if term.key in own else term.name)
        for term in taxonomy.service_areas().values()
    ]


def workplace_of(user: Any) -> Organisation | None:
    """Where somebody says that they work, or else where their e-mail address says so."""
    return organisation_of(user) or suggested(user)


def topic_choices() -> list[tuple[Any, list[tuple[str, str]]]]:
    competencies = [(f"competency:{term.key}", term.name) for term in taxonomy.competencies().values()]
    services = [(f"service:{term.key}", term.name) for term in taxonomy.service_areas().values()]
    return [(_("Skills"), competencies), (_("Service areas"), services)]


def topic_synonyms() -> dict[str, str]:
    both = (("competency", taxonomy.competencies()), ("service", taxonomy.service_areas()))
    return {f"{kind}:{term.key}": ", ".join(term.synonyms) for kind, terms in both for term in terms.values()}


def as_typed(topics: Any) -> list[str]:
    """Topics of a profile as the picker's initial values."""
    return [topic.key if topic.kind == Topic.Kind.TAG else f"{topic.kind}:{topic.key}" for topic in topics]


def as_pairs(picked: Any) -> Pairs:
    known = [tuple(value.split(":", 1)) for value in picked.known]
    return [*known, *((Topic.Kind.TAG, text.line(word).lower()[:80]) for word in picked.free)]


def words(label: Any, hint: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class CleanForm(forms.Form):
    """Text comes in without control characters; a line stays one line, and blanks alone are nothing."""

    def _clean_fields(self) -> None:
        super()._clean_fields()
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str):
                self._tidy(name, value)

    def _tidy(self, name: str, value: str) -> None:
        field = self.fields[name]
        tidied = text.clean(value) if isinstance(field.widget, forms.Textarea) else text.line(value)
        self.cleaned_data[name] = tidied
        if field.required and not tidied:
            self.add_error(name, self[name].field.error_messages["required"])


class WorkForm(CleanForm):
    title = _("You and your work")
    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    pronouns = forms.CharField(
        label=_("Pronouns"), max_length=40, required=False, widget=Suggest(["she/her", "he/him", "they/them"])
    )
    organisation = forms.CharField(label=_("Your organisation"), help_text=_("Start to type its name."), max_length=200)
    job_title = forms.CharField(
        label=_("Job title"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "organization-title"})
    )
    service_area = forms.ChoiceField(label=_("Service area"))
    level = forms.ChoiceField(label=_("Career level"), help_text=_("The nearest is good enough."))
    seen_by = seen_by("name", "pronouns", "organisation", "job_title", "service_area", "level")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["service_area"].choices = [("", _("Choose one")), *service_choices(workplace_of(user))]
        self.fields["level"].choices = [("", _("Choose one")), *ladder.choices()]
        current = Organisation.objects.current().values_list("name", flat=True)
        self.fields["organisation"].widget = Suggest(list(current), attrs={"autocomplete": "organization"})

    def clean_organisation(self) -> Organisation:
        typed = text.line(self.cleaned_data["organisation"])
        found = named(typed)
        if found is None and (ended := followed_by(typed)):
            raise forms.ValidationError(
                _("%(ended)s no longer exists. Its successor is %(successor)s."),
                params={"ended": ended[0].name, "successor": ended[1].name},
            )
        if found is None:
            raise forms.ValidationError(
                _("We do not know “%(typed)s”. Choose a name from the list, or ask your coordinator to add it."),
                params={"typed": typed},
            )
        return found


class ExchangeForm(CleanForm):
    title = _("What you offer and what you want")
    offers = PickField(
        label=_("I can help with"), choices=topic_choices, synonyms=topic_synonyms(), most=12, required=False
    )
    can_help = words(_("In your own words"), _("What have you done that somebody else is about to do?"))
    wants = PickField(
        label=_("I want to learn"), choices=topic_choices, synonyms=topic_synonyms(), most=12, required=False
    )
    want_to_learn = words(_("In your own words"), _("What would you like to be able to do in a year?"))
    interests = PickField(label=_("Interests"), choices=[], most=12, required=False, help_text=_("At work or outside."))
    seen_by = seen_by("offers", "can_help", "wants", "want_to_learn", "interests")


class BackgroundForm(CleanForm):
    title = _("Your background")
    biography = words(
        _("About you"),
        _(
            "Not sure what to write? Try: what your days look like, one thing that you are proud of, "
            "and what people come to you for."
        ),
        rows=6,
    )
    career_path = words(_("Your path so far"), _("The jobs and turns that brought you here."))
    qualifications = words(_("Qualifications"), rows=2)
    languages = PickField(label=_("Languages"), choices=[], free=False, most=8)
    seen_by = seen_by("biography", "career_path", "qualifications", "languages")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = [(term.key, term.name) for term in taxonomy.languages().values()]


class PhotoForm(forms.Form):
    title = _("Your photo")
    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP, up to 8 MB. We make it small and take out where and when it was taken."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    seen_by = seen_by("photo")

    def clean_photo(self) -> bytes:
        try:
            return reencoded(self.cleaned_data["photo"])
        except BadPicture as problem:
            raise forms.ValidationError(str(problem)) from problem


class DepartmentForm(forms.ModelForm):
    service_area = forms.ChoiceField(label=_("Service area"))

    class Meta:
        model = Department
        fields = ["name", "service_area"]
        labels = {"name": _("What you call it")}
        error_messages = {"name": {"required": _("Write the name that you use")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service_area"].choices = [("", _("Choose one")), *service_choices()]

    def clean_name(self) -> str:
        name = text.line(self.cleaned_data["name"])
        if not 0 < len(plain(name)) <= MOST_FOLDED:
            raise forms.ValidationError(_("Write the name in letters and numbers, and not too long."))
        others = Department.objects.filter(organisation=self.instance.organisation).exclude(pk=self.instance.pk)
        if others.filter(folded=plain(name)).exists():
            raise forms.ValidationError(_("“%(name)s” stands in the list already."), params={"name": name})
        return name
