from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.integrations.queries import busy_spans as busy_elsewhere
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.times import ONE_DAY, Moment, moments, suggestions
from commonhall.meetings.rhythm import FORTNIGHT, FOUR_WEEKS, LAST_IN_MONTH, MONTH, WEEK, Rhythm, days_of, ordinal_of
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.people.availability import Absence, Why, availability_of

Span = tuple[datetime, datetime]
USUAL_MINUTES, USUAL_TIMES = 60, 6
NEAREST = {1: WEEK, 2: FORTNIGHT, 3: FORTNIGHT, 4: FOUR_WEEKS}
ORDINALS = {
    1: gettext_lazy("first"),
    2: gettext_lazy("second"),
    3: gettext_lazy("third"),
    4: gettext_lazy("fourth"),
    LAST_IN_MONTH: gettext_lazy("last"),
}


@dataclass(frozen=True)
class Occasion:
    """One day of a series, on everybody's clock, and what speaks against it. A clash cannot be kept."""

    day: date
    moment: Moment
    troubles: tuple[str, ...] = ()
    is_clash: bool = False
    has_passed: bool = False
    is_shifted: bool = False

    @property
    def value(self) -> str:
        return self.day.isoformat()

    @property
    def is_good(self) -> bool:
        return not self.troubles and not self.has_passed


def with_all(series: QuerySet[Series]) -> QuerySet[Series]:
    """With all that the rules, a page and a calendar file read."""
    people = Prefetch("mentorship__participants", queryset=Participant.objects.select_related("user"))
    return series.select_related("mentorship__programme", "proposed_by", "ended_by", "replaces").prefetch_related(
        people, Prefetch("meetings", queryset=Meeting.objects.order_by("occurrence_on")), "replaces__meetings"
    )


def occasions(people: Sequence[User], rhythm: Rhythm, minutes: int, *, but: Iterable[int] = ()) -> list[Occasion]:
    """Every day of a rhythm, those that it leaves out too; `but` are keys of meetings that may give way."""
    days = rhythm.days
    starts = [rhythm.moment(day) for day in days]
    taken = taken_spans(people, starts, minutes, but=but)
    elsewhere = busy_elsewhere(people, starts[0], starts[-1] + timedelta(minutes=minutes)) if starts else {}
    found_away = _absences(people, starts)
    found = []
    for day, moment in zip(days, moments(people, starts, minutes), strict=True):
        clashing = [one for one in people if _meets(moment.starts_at, minutes, taken[one.pk])]
        away = [
            (one, why) for one in people if (why := _absence(found_away[one.pk], _local_day(moment.starts_at, one)))
        ]
        busy = [one for one in people if one not in clashing and _meets(moment.starts_at, minutes, elsewhere[one.pk])]
        troubles = [
            *(_has_a_meeting(one, people[0]) for one in clashing),
            *(_is_away(one, why, people[0]) for one, why in away),
            *(_is_busy(one, people[0]) for one in busy),
        ]
        passed = moment.starts_at <= clock.now()
        found.append(Occasion(day, moment, tuple(troubles), bool(clashing), passed, rhythm.is_shifted(day)))
    return found


def taken_spans(
    people: Iterable[User], starts: Sequence[datetime], minutes: int, *, but: Iterable[int] = ()
) -> dict[int, list[Span]]:
    """When each has an agreed meeting in the time that these starts cover; one query."""
    found: dict[int, list[Span]] = defaultdict(list)
    if starts:
        rows = Meeting.objects.agreed().overlapping(min(starts), max(starts) + timedelta(minutes=minutes))
        rows = rows.filter(mentorship__participants__user__in=list(people)).exclude(pk__in=list(but))
        for key, begins, ends in rows.values_list("mentorship__participants__user", "starts_at", "ends_at"):
            found[key].append((begins, ends))  # type: ignore[arg-type]
    return found


def clashing_days(people: Sequence[User], rhythm: Rhythm, minutes: int, *, but: Iterable[int] = ()) -> list[date]:
    """The kept days on which somebody has another agreed meeting."""
    starts = {day: rhythm.moment(day) for day in rhythm.kept}
    taken = taken_spans(people, list(starts.values()), minutes, but=but)
    spans = [span for one in people for span in taken[one.pk]]
    return [day for day, moment in starts.items() if _meets(moment, minutes, spans)]


def giving_way(series: Series) -> list[Meeting]:
    """The meetings that move when this series takes the place of the rest of another; in order of their days."""
    if series.replaces is None or series.replaces_from is None:
        return []
    return rest_of(series.replaces, series.replaces_from)


def rest_of(series: Series, starting: date) -> list[Meeting]:
    """What is still to come of a series from a day on, also where one of them was moved by itself."""
    ahead = [one for one in series.meetings.all() if one.is_to_come and one.occurrence_on]
    return sorted(
        (one for one in ahead if one.occurrence_on and one.occurrence_on >= starting),
        key=lambda one: str(one.occurrence_on),
    )


def open_series(mentorship: Mentorship, coming: Iterable[Meeting]) -> list[Series]:
    """Those that are proposed, or of which something is among what comes."""
    ahead = {one.series_id for one in coming}
    rows = mentorship.series.open().order_by("starts_on", "pk")
    return [one for one in rows if one.state == Series.State.PROPOSED or one.pk in ahead]


def waiting_successor(series: Series) -> Series | None:
    """The new time for its rest that waits for an answer."""
    return series.successors.filter(state=Series.State.PROPOSED).first()


def _meets(starts_at: datetime, minutes: int, spans: Iterable[Span]) -> bool:
    ends_at = starts_at + timedelta(minutes=minutes)
    return any(begins < ends_at and starts_at < ends for begins, ends in spans)


def _local_day(moment: datetime, user: User) -> date:
    return moment.astimezone(clock.zone(user.time_zone)).date()


def _has_a_meeting(user: User, reader: User) -> str:
    if user.pk == reader.pk:
        return _("You have another mentoring meeting then.")
    return _("%(name)s has another mentoring meeting then.") % {"name": user.get_short_name()}


def _absences(people: Sequence[User], starts: Sequence[datetime]) -> dict[int, tuple[Absence, ...]]:
    if not starts:
        return {}
    found = availability_of(people, starts[0].date() - ONE_DAY, starts[-1].date() + ONE_DAY)
    return {key: one.absences for key, one in found.items()}


def _absence(absences: Iterable[Absence], day: date) -> Absence | None:
    return next((one for one in absences if one.starts_on <= day <= one.ends_on), None)


def _is_away(user: User, absence: Absence, reader: User) -> str:
    """Why somebody is on leave is nobody's business; a holiday or a season of the organisation is no secret."""
    given = {"name": user.get_short_name(), "what": absence.name, "place": absence.place}
    if absence.why == Why.HOLIDAY:
        return _("It is a holiday in %(place)s (%(what)s).") % given
    if user.pk == reader.pk:
        return _("You are away.") if absence.why == Why.LEAVE else _("“%(what)s” where you work.") % given
    return _("%(name)s is away.") % given


def _is_busy(user: User, reader: User) -> str:
    if user.pk == reader.pk:
        return _("Your calendar says that you are busy then.")
    return _("The calendar of %(name)s says busy then.") % {"name": user.get_short_name()}


def in_words(rhythm: Rhythm) -> str:
    """As one would say it: "Every two weeks on Tuesday at 10:00, London time"."""
    weekday = str(WEEKDAYS[rhythm.starts_on.weekday()])
    given = {
        "weekday": weekday,
        "time": f"{rhythm.local_time:%H:%M}",
        "zone": clock.zone_in_words(rhythm.zone),
        "ordinal": ORDINALS[ordinal_of(rhythm.starts_on)],
    }
    patterns = {
        WEEK: _("Every week on %(weekday)s at %(time)s, %(zone)s"),
        FORTNIGHT: _("Every two weeks on %(weekday)s at %(time)s, %(zone)s"),
        FOUR_WEEKS: _("Every four weeks on %(weekday)s at %(time)s, %(zone)s"),
        MONTH: _("Every month on the %(ordinal)s %(weekday)s at %(time)s, %(zone)s"),
    }
    return patterns[rhythm.every] % given


def days_shown(series: Series, people: Sequence[User]) -> list[tuple[Meeting, Moment]]:
    """Its meetings in the order in which they come, on everybody's clock."""
    dated = sorted(
        ((one.starts_at, one) for one in series.meetings.all() if one.starts_at), key=lambda pair: (pair[0], pair[1].pk)
    )
    shown = moments(people, [starts_at for starts_at, _meeting in dated], series.minutes)
    return [(meeting, moment) for (_at, meeting), moment in zip(dated, shown, strict=True)]


def movable(series: Series) -> list[Meeting]:
    """Of an agreed series: where the rest that moves can begin."""
    return rest_of(series, date.min) if series.state == Series.State.AGREED else []


def beginning(mentorship: Mentorship, user: User) -> dict[str, Any]:
    """A first series in the programme’s rhythm: from the best of the next times on, up to the programme’s end."""
    programme = mentorship.programme
    found = suggestions(mentorship, user, USUAL_MINUTES).times
    every = NEAREST.get(programme.rhythm_weeks, FOUR_WEEKS)
    initial: dict[str, Any] = {"every": every, "times": USUAL_TIMES, "minutes": USUAL_MINUTES}
    if found:
        local = found[0].astimezone(clock.zone(user.time_zone))
        initial |= {"starts_on": local.date(), "local_time": local.time()}
        if programme.ends_on:
            fit = sum(day <= programme.ends_on for day in days_of(every, local.date(), USUAL_TIMES))
            initial["times"] = max(2, fit)
    return initial


def as_it_is(series: Series, user: User) -> dict[str, Any]:
    """A change begins from what there is, on the clock of whoever changes it."""
    ahead = movable(series)
    day = ahead[0].occurrence_on if ahead else series.starts_on
    assert day is not None
    local = series.rhythm.moment(day).astimezone(clock.zone(user.time_zone))
    given = {name: getattr(series, name) for name in ("every", "minutes", "title", "channel", "place")}
    times = max(2, len(ahead)) if ahead else series.times
    return {**given, "starts_on": local.date(), "local_time": local.time(), "times": times}
