from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commonhall.accounts.models import User
from commonhall.meetings.actions.series import FEWEST, MOST, Plan, problem_of
from commonhall.meetings.forms.booking import PlaceForm, in_words, require_whole_address
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.series import Occasion
from commonhall.meetings.rhythm import Rhythm
from commonhall.meetings.suggestions import LENGTHS
from commonhall.mentorships.models import Mentorship
from commonhall.ui.widgets import Date, Time

WITH_YEAR = "l j F Y, H:i"


class RhythmForm(forms.Form):
    """When it comes again, on the clock of whoever fills it in. `movable` are meetings whose rest may move."""

    mark_optional = False
    starting = forms.ChoiceField(label=_("Which dates move?"))
    starts_on = forms.DateField(label=_("First date"), widget=Date())
    local_time = forms.TimeField(label=_("Time"), widget=Time())
    every = forms.ChoiceField(label=_("How often?"), choices=Series.Every.choices, widget=forms.RadioSelect)
    times = forms.IntegerField(
        label=_("How many times?"), min_value=FEWEST, max_value=MOST, widget=forms.NumberInput({"class": "width-5"})
    )
    minutes = forms.TypedChoiceField(label=_("How long?"), coerce=int)

    def __init__(
        self, *args: Any, mentorship: Mentorship, user: User, movable: Sequence[Meeting] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.mentorship, self.user = mentorship, user
        self.fields["local_time"].help_text = gettext("On your clock: %(zone)s. It stays so when clocks change.") % {
            "zone": user.zone_in_words
        }
        minutes = self.fields["minutes"]
        minutes.choices = [(one, gettext("%(minutes)d minutes") % {"minutes": one}) for one in LENGTHS]
        if movable:
            self.fields["starting"].choices = [(str(one.occurrence_on), _from_words(one)) for one in movable]
        else:
            del self.fields["starting"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and (problem := problem_of(self.rhythm(), self.mentorship)):
            self.add_error(problem.field if problem.field in self.fields else None, problem.words)
        return cleaned

    def rhythm(self, left_out: frozenset[date] = frozenset()) -> Rhythm:
        given = {name: self.cleaned_data[name] for name in ("every", "starts_on", "times", "local_time")}
        return Rhythm(**given, zone=self.user.time_zone, left_out=left_out)

    @property
    def from_on(self) -> date | None:
        value = self.cleaned_data.get("starting")
        return date.fromisoformat(value) if value else None


def _from_words(meeting: Meeting) -> str:
    return gettext("From %(day)s on") % {"day": date_format(meeting.occurrence_on, "l j F Y")}


class KeepForm(forms.Form):
    """The dates, of which some may fall out. Those that somebody cannot keep are not ticked to begin with."""

    mark_optional = False
    keep = forms.MultipleChoiceField(
        label=_("Keep these dates"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, occasions: Sequence[Occasion], fewest: int = 1, **kwargs: Any) -> None:
        good = [one.value for one in occasions if one.is_good]
        kwargs["initial"] = {"keep": good, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.occasions, self.fewest = occasions, fewest
        self.fields["keep"].choices = [(one.value, _label(one)) for one in occasions if not one.has_passed]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kept = cleaned.get("keep", [])
        if not self.errors and len(kept) < self.fewest:
            least = gettext("Keep at least two of the dates; for a single one, propose a meeting.")
            self.add_error("keep", least if self.fewest > 1 else gettext("Keep at least one of the dates."))
        for one in self.occasions:
            if one.is_clash and one.value in kept:
                day = date_format(one.day, "j F")
                self.add_error("keep", gettext("Leave out %(day)s: %(why)s") % {"day": day, "why": one.troubles[0]})
        return cleaned

    @property
    def left_out(self) -> frozenset[date]:
        return frozenset(one.day for one in self.occasions if one.value not in self.cleaned_data["keep"])

    @property
    def advice(self) -> str:
        """What the page says above the list."""
        number = sum(bool(one.troubles) for one in self.occasions)
        words = ngettext(
            "One of these dates does not suit everybody, so it is not ticked.",
            "%(number)d of these dates do not suit everybody, so they are not ticked.",
            number,
        )
        return words % {"number": number} if number else ""


def _label(one: Occasion) -> str:
    words = in_words(one.moment, WITH_YEAR)
    if one.is_shifted:
        words += " — " + gettext("clocks skip that hour on this day, so it begins when they go on")
    return f"{words} — {' '.join(one.troubles)}" if one.troubles else words


class AcceptSeriesForm(KeepForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class SendSeriesForm(KeepForm):
    title = forms.CharField(
        label=_("What are they about?"),
        help_text=_("You may leave it empty. Only the people you meet see it; it is never put into a calendar."),
        max_length=150,
        required=False,
    )
    channel = PlaceForm.base_fields["channel"]
    place = PlaceForm.base_fields["place"]
    sections = ((None, ("keep",)), (_("The meetings"), ("title", "channel", "place")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        require_whole_address(self, cleaned)
        return cleaned

    def plan(self, form: RhythmForm) -> Plan:
        given = {name: self.cleaned_data[name] for name in ("title", "channel", "place")}
        return Plan(form.rhythm(self.left_out), minutes=form.cleaned_data["minutes"], **given)
