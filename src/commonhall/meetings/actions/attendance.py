"""Whether a meeting took place: asked once, answered in one tap, put right when it was a slip."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.core.verdicts import require
from commonhall.meetings.actions import booking
from commonhall.meetings.actions.holding import hold_meeting, hold_mentorship, record
from commonhall.meetings.models import Attendance, Meeting, Reminder
from commonhall.meetings.queries.attendance import is_arranged, meetings_on, still_to_ask
from commonhall.meetings.queries.times import usual_arrangement
from commonhall.meetings.rules import can_log, can_log_past
from commonhall.mentorships.models import Mentorship
from commonhall.people.hours import at_local

NOON = time(12)
State = Meeting.State


@transaction.atomic
def log(meeting: Meeting, *, by: User, held: bool, absent: User | None = None, via: str = "") -> Meeting:
    """Note that it took place, or that it did not and who was not there. The last word counts."""
    meeting = hold_meeting(meeting)
    require(can_log(by, meeting))
    if absent and (held or absent.pk not in {one.user_id for one in meeting.mentorship.participants.all()}):
        raise Refused(_("Say of one of the people of this meeting that they were not there."))
    _say(meeting, by, held=held, absent=absent)
    answers = list(meeting.attendances.all())
    state = State.HELD if held else State.MISSED
    missed_by = None if held else _blamed_by_all(answers)
    if (meeting.state, meeting.missed_by_id) == (state, missed_by):
        return meeting
    differs = any(one.held != held for one in answers)
    meeting.state, meeting.missed_by_id = state, missed_by
    meeting.save(update_fields=["state", "missed_by"])
    meeting.options.all().delete()
    record("meeting.held" if held else "meeting.missed", meeting, by=by, via=via, differs=differs)
    return meeting


@transaction.atomic
def log_past(mentorship: Mentorship, *, by: User, on: date, minutes: int, channel: str) -> Meeting:
    """Note a meeting that nobody had arranged here. The day is counted on the clock of the one who notes it."""
    mentorship = hold_mentorship(mentorship.pk)
    require(can_log_past(by, mentorship))
    if problem := problem_of(mentorship, by, on):
        raise Conflict(problem)
    ends_at = _end_of(on, minutes, by.time_zone)
    meeting = Meeting.objects.create(
        mentorship=mentorship,
        title=_("Mentoring meeting"),
        state=State.HELD,
        minutes=minutes,
        channel=Meeting.Channel(channel),
        starts_at=ends_at - timedelta(minutes=minutes),
        ends_at=ends_at,
        proposed_by=by,
        proposed_at=clock.now(),
        agreed_at=clock.now(),
    )
    _say(meeting, by, held=True, absent=None)
    record("meeting.held", meeting, by=by, past=True)
    return meeting


@transaction.atomic
def propose_next(meeting: Meeting, *, by: User, times: Sequence[datetime], via: str = "") -> Meeting:
    """Put the next times to the other side, as they meet usually. Two taps are one."""
    mentorship = hold_mentorship(meeting.mentorship_id)
    if is_arranged(mentorship):
        raise Conflict(_("Your next meeting is agreed or proposed already."))
    usual = usual_arrangement(mentorship)
    return booking.propose(mentorship, by=by, times=times, minutes=meeting.minutes, via=via, **usual)


@transaction.atomic
def ask(meeting: Meeting) -> int:
    """Ask each side once whether it took place. Safe to run at any time."""
    meeting = hold_meeting(meeting)
    people, starts_at = still_to_ask(meeting), meeting.starts_at
    if not people or starts_at is None:
        return 0
    kind = Reminder.Kind.AFTER
    Reminder.objects.bulk_create(
        Reminder(meeting=meeting, user=user, kind=kind, starts_at=starts_at, made_at=clock.now()) for user in people
    )
    record("meeting.over", meeting, sequence=meeting.sequence, users=[user.pk for user in people])
    return len(people)


def problem_of(mentorship: Mentorship, by: User, on: date) -> str:
    """Why a meeting on that day cannot be noted, in words; empty when it can."""
    if on > clock.today(by.time_zone):
        return _("That day is still to come. Choose today or a day before it.")
    if on < mentorship.began_at.astimezone(clock.zone(by.time_zone)).date():
        return _("Your mentorship had not begun on that day.")
    for meeting in meetings_on(mentorship, on, by.time_zone):
        if meeting.state == State.AGREED:
            return _("A meeting was agreed for that day: open it and say whether you met.")
        return _("A meeting on that day is noted already.")
    return ""


def _end_of(on: date, minutes: int, zone: str) -> datetime:
    """A meeting of today has just ended; of another day only the day is known, so it stands at noon."""
    if on == clock.today(zone):
        return clock.now().replace(second=0, microsecond=0)
    return at_local(on, NOON, zone) + timedelta(minutes=minutes)


def _say(meeting: Meeting, user: User, *, held: bool, absent: User | None) -> None:
    given = {"held": held, "absent": absent, "said_at": clock.now()}
    Attendance.objects.update_or_create(meeting=meeting, user=user, defaults=given)


def _blamed_by_all(answers: list[Attendance]) -> int | None:
    """Who was not there, where those who name somebody name the same."""
    named = {one.absent_id for one in answers if not one.held and one.absent_id}
    return named.pop() if len(named) == 1 else None
