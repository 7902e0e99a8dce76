"""What can be done to meetings that come again: propose, answer with another rhythm, agree, move the rest, end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonhall.accounts.models import User
from commonhall.core import clock, text
from commonhall.core.errors import Conflict, Refused
from commonhall.core.verdicts import require
from commonhall.meetings.actions.booking import FURTHEST
from commonhall.meetings.actions.holding import hold_mentorship, hold_series, locked, record
from commonhall.meetings.actions.placing import fill_place
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.series import clashing_days, giving_way, rest_of, waiting_successor
from commonhall.meetings.rhythm import Rhythm
from commonhall.meetings.rules import can_answer_series, can_change_series, can_end_series, can_propose
from commonhall.mentorships.models import Mentorship

FEWEST, MOST = 2, 26
State = Series.State


@dataclass(frozen=True)
class Plan:
    """All that somebody settles about a series before it is sent."""

    rhythm: Rhythm
    title: str = ""
    minutes: int = 60
    channel: str = Meeting.Channel.VIDEO
    place: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        rhythm = self.rhythm
        return {
            "title": text.line(self.title) or _("Mentoring meeting"),
            "minutes": self.minutes,
            "channel": Meeting.Channel(self.channel),
            "place": text.line(self.place),
            "every": Series.Every(rhythm.every),
            "starts_on": rhythm.starts_on,
            "times": rhythm.times,
            "local_time": rhythm.local_time,
            "zone": rhythm.zone,
            "left_out": [day.isoformat() for day in sorted(rhythm.left_out & frozenset(rhythm.days))],
        }


@transaction.atomic
def propose(mentorship: Mentorship, *, by: User, plan: Plan) -> Series:
    """Put a series to the other side."""
    mentorship = hold_mentorship(mentorship.pk)
    require(can_propose(by, mentorship))
    _require_sound(plan, mentorship)
    return _put_forward(mentorship, by=by, plan=plan)


@transaction.atomic
def change(series: Series, *, by: User, plan: Plan, starting: date | None = None, via: str = "") -> Series:
    """Answer a proposal with another rhythm; or, once agreed, propose a new time for the rest from a day on.

    What was agreed stands until the new time is accepted.
    """
    series = hold_series(series)
    require(can_change_series(by, series))
    if series.state == State.AGREED:
        return _propose_for_the_rest(series, by=by, plan=plan, starting=starting, via=via)
    _require_sound(plan, series.mentorship, but=giving_way(series))
    for name, value in plan.fields.items():
        setattr(series, name, value)
    series.proposed_by, series.proposed_at = by, clock.now()
    series.sequence += 1
    series.save(update_fields=[*plan.fields, "proposed_by", "proposed_at", "sequence"])
    record("series.proposed", series, by=by, via=via, sequence=series.sequence, again=True)
    return series


@transaction.atomic
def accept(series: Series, *, by: User, version: int, leave_out: Iterable[date] = (), via: str = "") -> Series:
    """Agree the dates as `version` of the proposal gave them, but for those left out or over by now.

    `Conflict` when it was changed meanwhile, or somebody is no longer free on one of the dates.
    """
    series = hold_series(series)
    if series.state == State.AGREED and series.sequence >= version:
        return series
    if series.sequence != version:
        raise Conflict(_("The proposal has changed meanwhile. Look at the dates as they are now."))
    require(can_answer_series(by, series))
    _leave_out(series, leave_out)
    _refuse_clashes(series.mentorship, series.rhythm, series.minutes, giving_way(series))
    series.sequence += 1
    replaced = _make_meetings(series)
    series.state, series.agreed_at = State.AGREED, clock.now()
    series.save(update_fields=["state", "agreed_at", "left_out", "sequence"])
    _record_agreed(series, replaced, by=by, via=via)
    series.refresh_from_db()  # without the meetings as they were before
    return series


@transaction.atomic
def end(series: Series, *, by: User, reason: str, words: str = "", via: str = "") -> Series:
    """Call off what is still to come, or turn a proposal down. Doing it twice is doing it once."""
    series = hold_series(series)
    if series.state == State.ENDED:
        return series
    require(can_end_series(by, series))
    return _finish(series, by=by, reason=reason, words=words, via=via)


@transaction.atomic
def end_with(mentorship: Mentorship) -> None:
    """When a mentorship has ended, its series end with it."""
    mentorship = hold_mentorship(mentorship.pk)
    if mentorship.state == Mentorship.State.ENDED:
        for series in mentorship.series.open():
            held = hold_series(series)
            if held.state != State.ENDED:
                _finish(held, by=None, reason=Meeting.CancelReason.ENDED)


def _put_forward(mentorship: Mentorship, *, by: User, plan: Plan, via: str = "", **replaced: Any) -> Series:
    same = mentorship.series.filter(state=State.PROPOSED, **_times_of(plan))
    if same.exists():
        raise Conflict(_("The very same series waits for an answer already."))
    made = {"proposed_by": by, "proposed_at": clock.now(), **plan.fields, **replaced}
    series = Series.objects.create(mentorship=mentorship, **made)
    record("series.proposed", series, by=by, via=via, sequence=series.sequence)
    return series


def _times_of(plan: Plan) -> dict[str, Any]:
    return {name: plan.fields[name] for name in ("every", "starts_on", "times", "local_time", "zone", "left_out")}


def _propose_for_the_rest(series: Series, *, by: User, plan: Plan, starting: date | None, via: str) -> Series:
    if waiting_successor(series):
        raise Conflict(_("A new time for the rest of this series waits for an answer already. Answer that one first."))
    gives_way = rest_of(series, starting) if starting else []
    if starting is None or not gives_way:
        raise Refused(_("Choose the first of the dates that move."))
    _require_sound(plan, series.mentorship, but=gives_way)
    return _put_forward(series.mentorship, by=by, plan=plan, via=via, replaces=series, replaces_from=starting)


def _require_sound(plan: Plan, mentorship: Mentorship, but: Iterable[Meeting] = ()) -> None:
    if problem := problem_of(plan.rhythm, mentorship):
        raise Refused(problem.words)
    _refuse_clashes(mentorship, plan.rhythm, plan.minutes, but)


@dataclass(frozen=True)
class Problem:
    """What is wrong, in words, and the field at which it is."""

    field: str
    words: str


def problem_of(rhythm: Rhythm, mentorship: Mentorship) -> Problem | None:
    """Why such a series cannot be."""
    if rhythm.zone not in available_timezones():
        return Problem("local_time", _("There is no time zone called “%(zone)s”.") % {"zone": rhythm.zone})
    if not FEWEST <= rhythm.times <= MOST:
        return Problem("times", _("A series has two to twenty-six dates."))
    if len(rhythm.kept) < FEWEST:
        return Problem("keep", _("Keep at least two of the dates; for a single one, propose a meeting."))
    if not clock.now() < rhythm.moment(rhythm.kept[0]) < clock.now() + FURTHEST:
        words = _("Let the series begin at a time that lies ahead, within the next six months.")
        return Problem("starts_on", words)
    ends_on = mentorship.programme.ends_on
    return _too_late(rhythm, ends_on) if ends_on and rhythm.kept[-1] > ends_on else None


def _too_late(rhythm: Rhythm, ends_on: date) -> Problem:
    fit, day = sum(day <= ends_on for day in rhythm.days), date_format(ends_on, "j F Y")
    if fit < FEWEST:
        words = _("The programme ends on %(day)s, which leaves no room for a series.") % {"day": day}
        return Problem("starts_on", words)
    words = ngettext(
        "The programme ends on %(day)s: %(fit)d date fits.", "The programme ends on %(day)s: %(fit)d dates fit.", fit
    )
    return Problem("times", words % {"day": day, "fit": fit})


def _leave_out(series: Series, days: Iterable[date]) -> None:
    """What the other side cannot keep, and what has passed since it was proposed."""
    rhythm = series.rhythm
    passed = [day for day in rhythm.kept if rhythm.moment(day) <= clock.now()]
    series.left_out = sorted({*series.left_out, *(day.isoformat() for day in (*days, *passed) if day in rhythm.days)})
    if not series.rhythm.kept:
        raise Conflict(_("None of the dates is left. Propose others."))


def _refuse_clashes(mentorship: Mentorship, rhythm: Rhythm, minutes: int, but: Iterable[Meeting]) -> None:
    people = [one.user for one in mentorship.participants.all()]
    if days := clashing_days(people, rhythm, minutes, but=[one.pk for one in but]):
        named = ", ".join(date_format(day, "j F") for day in days)
        words = _("One of you has another mentoring meeting on %(days)s. Leave that out, or choose another time.")
        raise Conflict(words % {"days": named})


def _make_meetings(series: Series) -> int:
    """One for each date; those of a series that gives way keep what was written about them. Returns how many do."""
    gives_way = list(locked(Meeting.objects.filter(pk__in=[one.pk for one in giving_way(series)])))
    gives_way.sort(key=lambda one: str(one.occurrence_on))
    days = series.rhythm.kept
    for meeting, day in zip(gives_way, days, strict=False):
        _move_into(meeting, series, day)
    for meeting in gives_way[len(days) :]:
        call_off_quietly(meeting, by=None, reason=Meeting.CancelReason.OTHER)
    for meeting in Meeting.objects.bulk_create(_occurrence(series, day) for day in days[len(gives_way) :]):
        fill_place(meeting)
    if gives_way and series.replaces:
        series.replaces.mentorship = series.mentorship
        _cut(series.replaces, series.replaces_from)
    return len(gives_way)


def _occurrence(series: Series, day: date) -> Meeting:
    starts_at = series.rhythm.moment(day)
    return Meeting(
        mentorship=series.mentorship,
        series=series,
        occurrence_on=day,
        state=Meeting.State.AGREED,
        title=series.title,
        minutes=series.minutes,
        channel=series.channel,
        place=series.place,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=series.minutes),
        proposed_by=series.proposed_by,
        proposed_at=series.proposed_at,
        agreed_at=clock.now(),
        sequence=series.sequence,
    )


def _move_into(meeting: Meeting, series: Series, day: date) -> None:
    fresh = _occurrence(series, day)
    moved = ("series", "occurrence_on", "minutes", "channel", "place", "starts_at", "ends_at", "agreed_at")
    for name in moved:
        setattr(meeting, name, getattr(fresh, name))
    meeting.sequence = max(meeting.sequence + 1, fresh.sequence)
    meeting.save(update_fields=[*moved, "sequence"])
    meeting.options.all().delete()


def _cut(series: Series, on: date | None) -> None:
    """The old series stops before a day; what it gave up is in the new one."""
    old = locked(Series.objects.all()).get(pk=series.pk)
    old.cut_on = on
    old.sequence += 1
    over = not old.meetings.agreed().filter(starts_at__gt=clock.now()).exists()
    old.state, old.ended_at = (State.ENDED, clock.now()) if over else (old.state, old.ended_at)
    old.save(update_fields=["cut_on", "sequence", "state", "ended_at"])
    old.mentorship = series.mentorship
    record("series.shortened", old, sequence=old.sequence)


def _record_agreed(series: Series, replaced: int, *, by: User, via: str) -> None:
    meetings = len(series.rhythm.kept)
    if replaced:
        old = series.replaces_id
        record("series.moved", series, by=by, via=via, sequence=series.sequence, meetings=meetings, replaces=old)
    else:
        record("series.agreed", series, by=by, via=via, sequence=series.sequence, meetings=meetings)


def _finish(series: Series, *, by: User | None, reason: str, words: str = "", via: str = "") -> Series:
    was_agreed = series.state == State.AGREED
    ahead = list(locked(series.meetings.open())) if was_agreed else []
    ahead = [one for one in ahead if not one.has_begun]
    series.sequence += 1 if was_agreed else 0
    for meeting in ahead:
        call_off_quietly(meeting, by=by, reason=reason, words=words)
    series.state, series.ended_at, series.ended_by = State.ENDED, clock.now(), by
    series.end_reason, series.end_words = Meeting.CancelReason(reason), text.line(words)
    if was_agreed:
        series.cut_on = _first_day_ahead(series)
    series.save(update_fields=["state", "ended_at", "ended_by", "end_reason", "end_words", "sequence", "cut_on"])
    details = {"sequence": series.sequence, "was_agreed": was_agreed, "meetings": len(ahead)}
    record("series.ended", series, by=by, via=via, **details)
    if was_agreed and (successor := waiting_successor(series)):
        _finish(hold_series(successor), by=by, reason=reason, words=words, via=via)
    return series


def _first_day_ahead(series: Series) -> date | None:
    """The day from which nothing of it is left: after the last meeting that has begun, whenever that was to be."""
    begun = [one.occurrence_on for one in series.meetings.all() if one.has_begun and one.occurrence_on]
    last = max(begun, default=date.min)
    return next((day for day in series.rhythm.days if day > last), series.cut_on)


def call_off_quietly(meeting: Meeting, *, by: User | None, reason: str, words: str = "") -> None:
    """As one of many: what happened is recorded, and told, once for the series."""
    meeting.sequence += 1
    meeting.state, meeting.cancelled_by, meeting.cancelled_at = Meeting.State.CANCELLED, by, clock.now()
    meeting.cancel_reason, meeting.cancel_words = Meeting.CancelReason(reason), text.line(words)
    changed = ["state", "cancelled_by", "cancelled_at", "cancel_reason", "cancel_words", "sequence"]
    meeting.save(update_fields=changed)
    meeting.options.all().delete()
