"""Signing up, one thing per page; and what people change of it later."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock, text
from commonhall.organisations.models import Organisation
from commonhall.organisations.queries import followed_by, suggested
from commonhall.programmes import rules
from commonhall.programmes.models import Enrolment, Programme
from commonhall.ui.widgets import Date, Suggest

Role = Enrolment.Role
COORDINATORS = _("you and the coordinators of this programme")
POOL = _("people in your pool, the people you are matched with, and coordinators")
MATCHES = _("your coordinator, and the people you are matched with")
MANAGER = _("your coordinator, who writes to them about dates and hours only")
BOTH = "both"
RHYTHMS = [
    ("", _("As often as the programme plans")),
    (1, _("Every week")),
    (2, _("Every two weeks")),
    (3, _("Every three weeks")),
    (4, _("Once a month")),
    (6, _("Every six weeks")),
    (8, _("Every two months")),
]


class Step(forms.Form):
    """One page of signing up. `programme` and `answers` so far are there for wording and limits."""

    title: Any = ""
    key = ""

    def __init__(self, *args: Any, user: Any, programme: Programme, answers: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.programme = programme
        self.answers = answers

    @classmethod
    def is_asked(cls, programme: Programme, answers: dict[str, Any]) -> bool:
        return True

    def require_place(self, role: str, organisation: Organisation | None) -> None:
        """Say so at this page where the programme or the organisation does not allow a chosen role."""
        for wanted in Role.values if role == BOTH else [role]:
            verdict = rules.can_apply(self.user, self.programme, wanted, organisation)
            if not verdict:
                raise forms.ValidationError(str(verdict.reason))


class RoleStep(Step):
    key = "role"
    title = _("What would you like to be?")
    role = forms.ChoiceField(
        label=_("I would like to be"),
        choices=[
            (Role.MENTEE, _("a mentee: somebody helps me")),
            (Role.MENTOR, _("a mentor: I help somebody")),
            (BOTH, _("both: I help somebody, and somebody else helps me")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you would like to be")},
    )

    def clean_role(self) -> str:
        role = str(self.cleaned_data["role"])
        if self.answers.get("has_organisation"):
            self.require_place(role, None)
        return role


class OrganisationStep(Step):
    key = "organisation"
    title = _("Where do you work?")
    seen_by = {"organisation": POOL}
    organisation = forms.CharField(
        label=_("Your council or organisation"),
        help_text=_("Start to type its name and choose it."),
        max_length=200,
        error_messages={"required": _("Enter the name of your organisation")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = Organisation.objects.current().filter(
            pool_members__pool=self.programme.pool_id, pool_members__left_on=None
        )
        names = self.members.values_list("name", flat=True)
        self.fields["organisation"].widget = Suggest(
            names, attrs={"autocomplete": "organization", "class": "form-control"}
        )
        known = suggested(self.user, self.members)
        if known and not self.initial.get("organisation"):
            self.initial["organisation"] = known.name
            self.fields["organisation"].help_text = _("Your e-mail address says so. Is it right?")

    @classmethod
    def is_asked(cls, programme: Programme, answers: dict[str, Any]) -> bool:
        return not answers.get("has_organisation") or bool(answers.get("done_organisation"))

    def clean_organisation(self) -> str:
        typed = text.folded(self.cleaned_data["organisation"])
        found = [row for row in self.members.prefetch_related("other_names") if typed in _names_of(row)]
        if not found and (ended := followed_by(text.line(self.cleaned_data["organisation"]))):
            raise forms.ValidationError(
                _("%(ended)s no longer exists. Its successor is %(successor)s."),
                params={"ended": ended[0].name, "successor": ended[1].name},
            )
        if len(found) != 1:
            raise forms.ValidationError(
                _(
                    "“%(typed)s” is not in this programme. Choose a name from the list; if yours is missing, ask the "
                    "coordinator."
                ),
                params={"typed": text.line(self.cleaned_data["organisation"])},
            )
        self.require_place(str(self.answers.get("role", "")), found[0])
        return found[0].name


def _names_of(organisation: Organisation) -> set[str]:
    own = {text.folded(organisation.name), text.folded(organisation.short_name)} - {""}
    return own | {other.folded for other in organisation.other_names.all()}


class GoalStep(Step):
    key = "goal"
    title = _("What would you like to get out of it?")
    seen_by = {"goal": MATCHES}
    goal = forms.CharField(
        label=_("What would you like to be able to do in a year that you cannot do now?"),
        help_text=_("Two or three sentences are plenty. The plainer you say it, the better the match."),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say in a sentence what you would like to get out of it")},
    )

    @classmethod
    def is_asked(cls, programme: Programme, answers: dict[str, Any]) -> bool:
        return answers.get("role") in (Role.MENTEE, BOTH)

    def clean_goal(self) -> str:
        return text.clean(self.cleaned_data["goal"])


class CapacityStep(Step):
    key = "capacity"
    title = _("How many people could you help?")
    seen_by = {"capacity": POOL}
    capacity = forms.TypedChoiceField(
        label=_("Mentees at the same time"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how many mentees you could take on")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = max(self.programme.most_mentees, 1)
        self.fields["capacity"].choices = [(number, str(number)) for number in range(1, most + 1)]

    @classmethod
    def is_asked(cls, programme: Programme, answers: dict[str, Any]) -> bool:
        return answers.get("role") in (Role.MENTOR, BOTH) and programme.most_mentees > 1


class AvailabilityFields(forms.Form):
    rhythm_weeks = forms.TypedChoiceField(
        label=_("How often would you like to meet?"),
        choices=RHYTHMS,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select,
    )
    available_from = forms.DateField(
        label=_("From"), required=False, widget=Date(), error_messages={"invalid": _("Write the day like 2027-03-01")}
    )
    available_until = forms.DateField(
        label=_("Until"), required=False, widget=Date(), error_messages={"invalid": _("Write the day like 2027-03-01")}
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("available_from"), cleaned.get("available_until")
        if begins and ends and ends < begins:
            self.add_error("available_until", _("The last day must not be before the first."))
        elif ends and ends < clock.today():
            self.add_error("available_until", _("The last day must not be in the past."))
        return cleaned


class AvailabilityStep(AvailabilityFields, Step):
    key = "availability"
    title = _("When are you there?")
    seen_by = {"rhythm_weeks": MATCHES, "available_from": COORDINATORS, "available_until": COORDINATORS}
    field_order = ["rhythm_weeks", "available_from", "available_until"]


class ManagerStep(Step):
    key = "manager"
    title = _("Who is your line manager?")
    seen_by = {"line_manager_email": MANAGER}
    line_manager_email = forms.EmailField(
        label=_("Their work e-mail address"),
        help_text=_(
            "They get one e-mail that asks whether you may take the time. They never hear what you talk about."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter the e-mail address of your line manager"),
            "invalid": _("Enter an address like name@council.example"),
        },
    )

    @classmethod
    def is_asked(cls, programme: Programme, answers: dict[str, Any]) -> bool:
        return programme.needs_sponsor and answers.get("role") in (Role.MENTEE, BOTH)

    def clean_line_manager_email(self) -> str:
        address = str(self.cleaned_data["line_manager_email"]).strip().lower()
        if address == self.user.email:
            raise forms.ValidationError(_("This is your own address. Enter your line manager's."))
        return address


class NoteStep(Step):
    key = "note"
    title = _("Anything that the coordinator should know?")
    seen_by = {"not_with": COORDINATORS, "note_to_coordinator": COORDINATORS}
    not_with = forms.CharField(
        label=_("Is there anybody, or any council, that you should not be matched with?"),
        help_text=_("You need not say why. Nobody but the coordinator ever sees this."),
        max_length=300,
        required=False,
    )
    note_to_coordinator = forms.CharField(
        label=_("Anything else?"), max_length=1500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {name: text.clean(value or "") for name, value in cleaned.items()}


# The role comes first: how many questions follow depends on it.
STEPS: Sequence[type[Step]] = (
    RoleStep,
    OrganisationStep,
    GoalStep,
    CapacityStep,
    AvailabilityStep,
    ManagerStep,
    NoteStep,
)


class ChangeForm(AvailabilityFields):
    """What a person changes of an application later."""

    seen_by = {
        "goal": MATCHES,
        "rhythm_weeks": MATCHES,
        "capacity": POOL,
        "available_from": COORDINATORS,
        "available_until": COORDINATORS,
        "note_to_coordinator": COORDINATORS,
    }
    goal = forms.CharField(
        label=_("What you would like to get out of it"),
        required=False,
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    capacity = forms.IntegerField(label=_("Mentees at the same time"), min_value=1)
    note_to_coordinator = forms.CharField(
        label=_("Anything that the coordinator should know?"),
        required=False,
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ["goal", "capacity", "rhythm_weeks", "available_from", "available_until", "note_to_coordinator"]

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(enrolment, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        most, least = max(enrolment.programme.most_mentees, enrolment.taken, 1), max(enrolment.taken, 1)
        if enrolment.role == Role.MENTEE:
            del self.fields["capacity"]
            return
        del self.fields["goal"]
        self.fields["capacity"] = forms.IntegerField(
            label=_("Mentees at the same time"),
            min_value=least,
            max_value=most,
            error_messages={
                "min_value": _("You have %(limit_value)d at the moment; it cannot be fewer."),
                "max_value": _("This programme allows %(limit_value)d at most."),
            },
        )


class PauseForm(forms.Form):
    until = forms.DateField(
        label=_("No new mentee until"),
        widget=Date(),
        error_messages={"required": _("Choose the day"), "invalid": _("Write the day like 2027-03-01")},
    )

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until <= clock.today():
            raise forms.ValidationError(_("Choose a day in the future."))
        return until


class SponsorForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("May they take this time?"),
        choices=[("yes", _("Yes, I agree")), ("no", _("No, not at this time"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no")},
    )
