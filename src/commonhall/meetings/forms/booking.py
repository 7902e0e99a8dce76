from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.meetings.actions.booking import FURTHEST, MOST_OPTIONS
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.times import Moment, clashes
from commonhall.ui.widgets import DateTime

MINE = "l j F, H:i"
OWN = tuple(f"own_{number}" for number in range(1, MOST_OPTIONS + 1))


def in_words(moment: Moment, form: str = MINE) -> str:
    """A time for me, and for the others on their clock."""
    theirs = [
        gettext("%(time)s for %(name)s") % {"time": one.words, "name": one.user.get_short_name()}
        for one in moment.others
    ]
    return " · ".join([date_format(moment.mine.at, form), *theirs])


class SuggestedTimes(forms.MultipleChoiceField):
    """Any moment will do: what was suggested may have changed since the page was drawn."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        return moment_of(value) is not None


def moment_of(value: str) -> datetime | None:
    try:
        moment = parse_datetime(value)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


class OwnTime(forms.DateTimeField):
    """A time on the reader's clock; what clocks skip, or show twice on that day, is said in words."""

    widget = DateTime

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code == "ambiguous_timezone":
                raise ValidationError(self._clocks_change(value), code="clocks_change") from None
            raise

    def _clocks_change(self, value: Any) -> str:
        typed = parse_datetime(str(value))
        zone = timezone.get_current_timezone()
        is_skipped = (
            typed is not None
            and typed.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != typed
        )
        if is_skipped:
            return gettext("Clocks go forward on that day and skip this time. Choose one before or after.")
        return gettext("Clocks go back on that day and show this time twice. Choose one before or after.")


class TimesForm(forms.Form):
    """Up to three times, from the suggestions or of one's own; typed times are on the reader's clock."""

    chosen = SuggestedTimes(label=_("Choose up to three"), required=False)
    own_1 = OwnTime(label=_("First time"), required=False)
    own_2 = OwnTime(label=_("Second time"), required=False)
    own_3 = OwnTime(label=_("Third time"), required=False)
    mark_optional = False
    sections: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (_("Times that suit all of you, the best first"), ("chosen",)),
        (_("Or times of your own, on your clock"), OWN),
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[User],
        suggested: Sequence[Moment],
        minutes: int,
        but: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people, self.minutes, self.but = people, minutes, but
        field = self.fields["chosen"]
        assert isinstance(field, SuggestedTimes)
        choices = {one.starts_at.isoformat(): in_words(one) for one in suggested}
        for value in self.data.getlist("chosen") if isinstance(self.data, MultiValueDict) else ():
            if moment := moment_of(value):
                choices.setdefault(value, date_format(timezone.localtime(moment), MINE))
        field.choices = list(choices.items())
        if not choices:
            del self.fields["chosen"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        picked = [(self._first, moment_of(value)) for value in cleaned.get("chosen", ())]
        typed = [(name, cleaned.get(name)) for name in OWN if cleaned.get(name)]
        times = [(name, moment) for name, moment in (*picked, *typed) if moment]
        cleaned["times"] = sorted({moment for _name, moment in times})
        if not cleaned["times"] and not self.errors:
            self.add_error(self._first, _("Choose a time, or give one of your own."))
        if len(cleaned["times"]) > MOST_OPTIONS:
            self.add_error(self._first, _("Choose three times at most, your own included."))
        self._refuse_doubles(picked, typed)
        for name, moment in times:
            if problem := self._problem(moment):
                self.add_error(name, problem)
        return cleaned

    def _refuse_doubles(self, picked: Sequence[tuple[str, Any]], typed: Sequence[tuple[str, Any]]) -> None:
        seen = {moment for _name, moment in picked}
        for name, moment in typed:
            if moment in seen:
                self.add_error(name, _("This is the same time twice. Give another, or leave it empty."))
            seen.add(moment)

    @property
    def _first(self) -> str:
        return "chosen" if "chosen" in self.fields else OWN[0]

    def _problem(self, moment: datetime) -> str:
        if moment <= clock.now():
            return gettext("Choose a time that lies ahead.")
        if moment >= clock.now() + FURTHEST:
            return gettext("Choose a time within the next six months.")
        me, *_others = self.people
        busy = clashes(self.people, moment, self.minutes, but=self.but)
        if me in busy:
            return gettext("You have another mentoring meeting at that time.")
        return gettext("%(name)s is not free at that time.") % {"name": busy[0].name} if busy else ""


class PlaceForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("How do you meet?"),
        choices=Meeting.Channel.choices,
        widget=forms.RadioSelect({"class": "choices-inline"}),
        error_messages={"required": _("Choose how you meet.")},
    )
    place = forms.CharField(
        label=_("Link, number or place"),
        help_text=_("The address of your video call, the number to ring, or where you meet."),
        max_length=300,
        required=False,
    )
    seen_by = {"channel": _("the people who meet"), "place": _("the people who meet")}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        require_whole_address(self, cleaned)
        return cleaned


def require_whole_address(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """A video call is an address that opens with one press."""
    if cleaned.get("channel") == Meeting.Channel.VIDEO and (place := cleaned.get("place")):
        try:
            URLValidator(schemes=["https", "http"])(place)
        except ValidationError:
            form.add_error("place", _("Give the whole address of the call; it begins with https://."))


class ProposeForm(TimesForm):
    title = forms.CharField(
        label=_("What is it about?"),
        help_text=_("You may leave it empty. Only the people who meet see it; it is never put into a calendar."),
        max_length=150,
        required=False,
    )
    channel = PlaceForm.base_fields["channel"]
    place = forms.CharField(
        label=_("Link, number or place"),
        help_text=_(
            "The address of your call, the number, or where you meet. It can wait: either of you adds it later."
        ),
        max_length=300,
        required=False,
    )
    sections = (*TimesForm.sections, (_("The meeting"), ("title", "channel", "place")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        require_whole_address(self, cleaned)
        return cleaned

    def arrangement(self) -> dict[str, Any]:
        """What `actions.propose` takes."""
        return {name: self.cleaned_data[name] for name in ("times", "title", "channel", "place")}


class AcceptForm(forms.Form):
    starts_at = forms.DateTimeField()


class CancelForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("What comes nearest?"),
        choices=[one for one in Meeting.CancelReason.choices if one[0] != Meeting.CancelReason.ENDED],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what comes nearest.")},
    )
    words = forms.CharField(
        label=_("A word to those you were to meet"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    seen_by = {"reason": _("those you were to meet"), "words": _("those you were to meet")}
