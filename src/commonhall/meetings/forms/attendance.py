from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.meetings.actions.attendance import problem_of
from commonhall.meetings.forms.booking import PlaceForm, SuggestedTimes, moment_of
from commonhall.meetings.queries.attendance import Choice
from commonhall.meetings.suggestions import LENGTHS
from commonhall.mentorships.models import Mentorship
from commonhall.ui.widgets import Date


class LogForm(forms.Form):
    held = forms.ChoiceField()

    def __init__(self, *args: Any, offered: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {one.value: one for one in offered}
        self.fields["held"].choices = [(one.value, one.words) for one in offered]

    @property
    def said(self) -> Choice:
        return self.offered[self.cleaned_data["held"]]


class PastForm(forms.Form):
    """A meeting that took place without having been arranged here: two taps when it was today."""

    mark_optional = False
    when = forms.ChoiceField(
        label=_("When did you meet?"),
        choices=[("today", _("Today")), ("yesterday", _("Yesterday")), ("other", _("On another day"))],
        widget=forms.RadioSelect({"class": "choices-inline"}),
    )
    on = forms.DateField(label=_("Which day?"), help_text=_("Only for another day."), widget=Date(), required=False)
    minutes = forms.TypedChoiceField(label=_("How long?"), coerce=int)
    channel = PlaceForm.base_fields["channel"]

    def __init__(self, *args: Any, mentorship: Mentorship, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mentorship, self.user = mentorship, user
        minutes = self.fields["minutes"]
        minutes.choices = [(one, gettext("%(minutes)d minutes") % {"minutes": one}) for one in (15, *LENGTHS, 120)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        day = self._day(cleaned)
        cleaned["on"] = day
        if day is None and not self.errors:
            self.add_error("on", gettext("Give the day on which you met."))
        if day and (problem := problem_of(self.mentorship, self.user, day)):
            self.add_error("on" if cleaned.get("when") == "other" else "when", problem)
        return cleaned

    def _day(self, cleaned: dict[str, Any]) -> date | None:
        today = clock.today(self.user.time_zone)
        known = {"today": today, "yesterday": today - timedelta(days=1)}
        return known.get(cleaned.get("when", "")) or cleaned.get("on")


class NextForm(forms.Form):
    """The times that the page offered, all of them at once."""

    times = SuggestedTimes()

    def clean_times(self) -> list[datetime]:
        return [moment for value in self.cleaned_data["times"] if (moment := moment_of(value))]
