"""When somebody can meet: hours, weeks that alternate, leave, holidays, and what is kept free around meetings."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.organisations.countries import country_name
from commonhall.organisations.holidays import countries, regions
from commonhall.people import taxonomy
from commonhall.people.forms.profile import CleanForm, words
from commonhall.people.time_words import notice
from commonhall.people.visibility import seen_by
from commonhall.ui.forms import WeeklyHoursField
from commonhall.ui.widgets import Date, Span

STRETCHES = 2
LAST_MINUTE, MIDNIGHT = time(23, 59), 1440
LONGEST_LEAVE = timedelta(days=730)
Choices = list[tuple[str, Any]]


def minutes(moment: time) -> int:
    """Minutes from midnight; the last minute that a page can show stands for the end of the day."""
    return MIDNIGHT if moment == LAST_MINUTE else moment.hour * 60 + moment.minute


def as_clock(moment: int) -> time:
    return time(moment // 60, moment % 60) if moment < MIDNIGHT else LAST_MINUTE


def as_stretches(spans: Iterable[Span]) -> list[tuple[int, int, int]]:
    return [(span.day, minutes(span.start), minutes(span.end)) for span in spans]


def as_spans(stretches: Iterable[tuple[int, int, int]]) -> list[tuple[int, time, time]]:
    """Stretches of a pattern as the field's initial value."""
    return [(day, as_clock(starts), as_clock(ends)) for day, starts, ends in sorted(stretches)]


class TimeForm(CleanForm):
    """Hours of weeks that are all alike; where weeks alternate, `WeeksForm` asks for them."""

    title = _("When and how you can meet")
    time_zone = forms.ChoiceField(label=_("Time zone"))
    hours = WeeklyHoursField(
        label=_("Hours in which you could meet"),
        help_text=_("Leave a day empty when you do not work. Two stretches leave room for a break."),
        spans=STRETCHES,
        required=False,
    )
    channels = forms.MultipleChoiceField(
        label=_("How you like to meet"), required=False, widget=forms.CheckboxSelectMultiple
    )
    adjustments = words(
        _("Adjustments that help you"),
        _("For yourself: captions, shorter calls, a written agenda. You decide whom to tell."),
        rows=2,
    )
    seen_by = seen_by("time_zone", "hours", "channels", "adjustments")

    def __init__(self, *args: Any, zones: Any, alternate: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zones
        self.fields["channels"].choices = [(term.key, term.name) for term in taxonomy.channels().values()]
        if alternate:
            del self.fields["hours"]

    def clean_hours(self) -> list[tuple[int, int, int]]:
        return as_stretches(self.cleaned_data["hours"])


class WeeksForm(CleanForm):
    title = _("Weeks that alternate")
    hours = WeeklyHoursField(label=_("This week"), spans=STRETCHES, required=False)
    next_hours = WeeklyHoursField(label=_("Next week"), spans=STRETCHES, required=False)
    mark_optional = False
    seen_by = seen_by("hours", "next_hours")

    def __init__(self, *args: Any, monday: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, begins in (("hours", monday), ("next_hours", monday + timedelta(weeks=1))):
            self.fields[field].help_text = _now("The week of Monday %(date)s, and every second week after it.") % {
                "date": date_format(begins, "j F")
            }

    def clean_hours(self) -> list[tuple[int, int, int]]:
        return as_stretches(self.cleaned_data["hours"])

    def clean_next_hours(self) -> list[tuple[int, int, int]]:
        return as_stretches(self.cleaned_data["next_hours"])


class LeaveForm(CleanForm):
    title = _("When you are away")
    starts_on = forms.DateField(label=_("First day"), widget=Date)
    ends_on = forms.DateField(
        label=_("Last day"), widget=Date, required=False, help_text=_("Leave it empty for a single day.")
    )
    seen_by = dict.fromkeys(("starts_on", "ends_on"), seen_by("leave")["leave"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        starts_on = found.get("starts_on")
        if starts_on is None or "ends_on" not in found:
            return found
        found["ends_on"] = ends_on = found["ends_on"] or starts_on
        if ends_on < starts_on:
            self.add_error("ends_on", _("The last day has to be the first day or later."))
        elif ends_on < clock.today():
            self.add_error("ends_on", _("These days are over. Only what is still to come keeps a time free."))
        elif ends_on - starts_on > LONGEST_LEAVE:
            self.add_error("ends_on", _("That is more than two years. Check the year of the last day."))
        return found


class HolidaysForm(CleanForm):
    title = _("Holidays and term time")
    holiday_country = forms.ChoiceField(label=_("Public holidays of"), required=False)
    holiday_region = forms.CharField(label=_("Region"), required=False, widget=forms.Select)
    works_on_holidays = forms.BooleanField(label=_("I can meet on public holidays too"), required=False)
    term_time_only = forms.BooleanField(
        label=_("I work in term time only"),
        required=False,
        help_text=_("You are away in the school holidays that your organisation has noted."),
    )
    mark_optional = False
    seen_by = seen_by("holiday_country", "holiday_region", "works_on_holidays", "term_time_only")

    def __init__(self, *args: Any, usual: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = _("As at my organisation: %(place)s") % {"place": usual} if usual else _("None")
        self.fields["holiday_country"].choices = [("", own), *country_choices()]
        places = region_choices(str(self["holiday_country"].value() or ""))
        if places:
            self.fields["holiday_region"].widget.choices = places
        else:
            del self.fields["holiday_region"]

    def clean(self) -> dict[str, Any]:
        """A region that stood there for another country falls away."""
        found = super().clean() or self.cleaned_data
        region = found.get("holiday_region", "")
        found["holiday_region"] = region if region in regions(found.get("holiday_country", "")) else ""
        return found


class AroundForm(CleanForm):
    title = _("Around your meetings")
    notice_hours = forms.TypedChoiceField(
        label=_("How long before a meeting you want to know"),
        coerce=int,
        help_text=_("No time is suggested that is nearer."),
    )
    buffer_minutes = forms.TypedChoiceField(
        label=_("Free before and after other appointments"),
        coerce=int,
        help_text=_("Around mentoring meetings and what your connected calendars say."),
    )
    most_minutes_a_day = forms.TypedChoiceField(label=_("Mentoring meetings on one day, at most"), coerce=int)
    seen_by = seen_by("notice_hours", "buffer_minutes", "most_minutes_a_day")

    NOTICE = (0, 4, 20, 48, 72, 120, 168, 336)
    BUFFER = (0, 5, 10, 15, 30, 45, 60)
    MOST = (30, 60, 90, 120, 180, 240, 480)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("notice_hours", self.NOTICE, notice)
        self._offer("buffer_minutes", self.BUFFER, lambda number: clock.span(number) if number else _("Nothing"))
        self._offer("most_minutes_a_day", self.MOST, clock.span)

    def _offer(self, name: str, numbers: Sequence[int], in_words: Any) -> None:
        """The usual answers, and the one that was given."""
        given = int(self.initial.get(name, numbers[0]))
        self.fields[name].choices = [(number, in_words(number)) for number in sorted({*numbers, given})]


def country_choices() -> Choices:
    return sorted(((code, country_name(code)) for code in countries()), key=lambda one: one[1])


def region_choices(country: str) -> Choices:
    """None where the whole country keeps the same holidays."""
    found = regions(country) if country else {}
    return [("", _("The whole country")), *found.items()] if found else []
