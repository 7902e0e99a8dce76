"""What can be done to one meeting."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock, text
from commonhall.core.errors import Conflict, Refused
from commonhall.core.verdicts import require
from commonhall.meetings.actions.holding import count_change, hold_meeting, hold_mentorship, record
from commonhall.meetings.actions.placing import fill_place
from commonhall.meetings.models import Meeting, Reminder, TimeOption
from commonhall.meetings.queries.reminders import reminders_missing
from commonhall.meetings.queries.times import clashes
from commonhall.meetings.rules import can_answer, can_cancel, can_propose, can_rearrange, can_say_where
from commonhall.mentorships.models import Mentorship

MOST_OPTIONS = 3
FURTHEST = timedelta(days=183)
State = Meeting.State


@transaction.atomic
def propose(
    mentorship: Mentorship,
    *,
    by: User,
    times: Sequence[datetime],
    title: str = "",
    minutes: int = 60,
    channel: str = Meeting.Channel.VIDEO,
    place: str = "",
    via: str = "",
) -> Meeting:
    """Put up to three times to the other side."""
    mentorship = hold_mentorship(mentorship.pk)
    require(can_propose(by, mentorship))
    meeting = Meeting.objects.create(
        mentorship=mentorship,
        title=text.line(title) or _("Mentoring meeting"),
        minutes=minutes,
        channel=Meeting.Channel(channel),
        place=text.line(place),
        proposed_by=by,
        proposed_at=clock.now(),
    )
    fill_place(meeting)
    _offer(meeting, times, by=by)
    record("meeting.proposed", meeting, by=by, via=via, options=len(times))
    return meeting


@transaction.atomic
def offer_other_times(meeting: Meeting, *, by: User, times: Sequence[datetime], via: str = "") -> Meeting:
    """Answer with other times, or ask to move what was agreed; an agreed time stands until a new one is accepted."""
    meeting = hold_meeting(meeting)
    require(can_rearrange(by, meeting))
    meeting.options.all().delete()
    meeting.proposed_by, meeting.proposed_at = by, clock.now()
    meeting.save(update_fields=["proposed_by", "proposed_at"])
    _offer(meeting, times, by=by)
    record("meeting.proposed", meeting, by=by, via=via, options=len(times), again=True)
    return meeting


@transaction.atomic
def accept(meeting: Meeting, *, by: User, starts_at: datetime, via: str = "") -> Meeting:
    """Agree one of the times. `Conflict` when it is no longer on offer or somebody is no longer free."""
    meeting = hold_meeting(meeting)
    if meeting.state == State.AGREED and meeting.starts_at == starts_at and not meeting.options.all():
        return meeting
    require(can_answer(by, meeting))
    if starts_at not in {option.starts_at for option in meeting.options.all()}:
        raise Conflict(_("That time is no longer on offer. Look at the times that are, and choose one of them."))
    if starts_at <= clock.now():
        raise Conflict(_("That time has passed. Choose another, or propose new times."))
    _refuse_clash(meeting, starts_at, by=by)
    verb = "meeting.moved" if meeting.state == State.AGREED else "meeting.agreed"
    if meeting.state == State.AGREED:
        count_change(meeting)
    fill_place(meeting)
    meeting.state, meeting.agreed_at = State.AGREED, clock.now()
    meeting.starts_at, meeting.ends_at = starts_at, starts_at + timedelta(minutes=meeting.minutes)
    meeting.save(update_fields=["state", "agreed_at", "starts_at", "ends_at", "sequence"])
    meeting.options.all().delete()
    record(verb, meeting, by=by, via=via, sequence=meeting.sequence)
    return meeting


@transaction.atomic
def keep(meeting: Meeting, *, by: User, via: str = "") -> Meeting:
    """Leave an agreed meeting where it is: the new times are put aside."""
    meeting = hold_meeting(meeting)
    require(can_rearrange(by, meeting))
    if meeting.state != State.AGREED:
        raise Conflict(_("There is no agreed time to keep. Choose one of the times, or propose others."))
    if meeting.options.all():
        meeting.options.all().delete()
        record("meeting.kept", meeting, by=by, via=via)
    return meeting


@transaction.atomic
def say_where(meeting: Meeting, *, by: User, channel: str, place: str) -> Meeting:
    """How and where they meet. Once a time is agreed, both get it for their calendars."""
    meeting = hold_meeting(meeting)
    require(can_say_where(by, meeting))
    channel, place = Meeting.Channel(channel), text.line(place)
    before = (meeting.channel, meeting.place)
    meeting.channel, meeting.place = channel, place
    fill_place(meeting)
    if (meeting.channel, meeting.place) == before:
        return meeting
    if meeting.state == State.AGREED:
        count_change(meeting)
    meeting.save(update_fields=["channel", "place", "sequence"])
    sequence = meeting.sequence if meeting.state == State.AGREED else None
    record("meeting.placed", meeting, by=by, sequence=sequence)
    return meeting


@transaction.atomic
def cancel(meeting: Meeting, *, by: User, reason: str, words: str = "", via: str = "") -> Meeting:
    """Call it off. Doing it twice, or both sides at once, is doing it once."""
    meeting = hold_meeting(meeting)
    if meeting.state == State.CANCELLED:
        return meeting
    require(can_cancel(by, meeting))
    return _call_off(meeting, by=by, reason=reason, words=words, via=via)


@transaction.atomic
def cancel_coming(mentorship: Mentorship) -> int:
    """When a mentorship has ended, call off what was still to come."""
    mentorship = hold_mentorship(mentorship.pk)
    if mentorship.state != Mentorship.State.ENDED:
        return 0
    ahead = [one for one in mentorship.meetings.open().select_for_update(of=("self",)) if not one.has_begun]
    for meeting in ahead:
        _call_off(meeting, by=None, reason=Meeting.CancelReason.ENDED)
    return len(ahead)


@transaction.atomic
def remind(meeting: Meeting) -> int:
    """Note each reminder that is due and not made yet, and let the history tell it. Safe to run at any time."""
    meeting = hold_meeting(meeting)
    made = 0
    starts_at = meeting.starts_at
    if starts_at is None:
        return 0
    for kind, people in reminders_missing(meeting).items():
        Reminder.objects.bulk_create(
            Reminder(meeting=meeting, user=user, kind=kind, starts_at=starts_at, made_at=clock.now()) for user in people
        )
        record("meeting.due", meeting, kind=kind, sequence=meeting.sequence, users=[user.pk for user in people])
        made += len(people)
    return made


def _call_off(meeting: Meeting, *, by: User | None, reason: str, words: str = "", via: str = "") -> Meeting:
    was_agreed = meeting.state == State.AGREED
    if was_agreed:
        count_change(meeting)
    meeting.state, meeting.cancelled_by, meeting.cancelled_at = State.CANCELLED, by, clock.now()
    meeting.cancel_reason, meeting.cancel_words = Meeting.CancelReason(reason), text.line(words)
    meeting.save(update_fields=["state", "cancelled_by", "cancelled_at", "cancel_reason", "cancel_words", "sequence"])
    meeting.options.all().delete()
    record(
        "meeting.cancelled",
        meeting,
        by=by,
        via=via,
        sequence=meeting.sequence,
        was_agreed=was_agreed,
    )
    return meeting


def _offer(meeting: Meeting, times: Sequence[datetime], *, by: User) -> None:
    if not 1 <= len(set(times)) <= MOST_OPTIONS:
        raise Refused(_("Propose one, two or three different times."))
    for starts_at in times:
        if not clock.now() < starts_at < clock.now() + FURTHEST:
            raise Refused(_("Propose times that lie ahead, within the next six months."))
        _refuse_clash(meeting, starts_at, by=by)
    TimeOption.objects.bulk_create(TimeOption(meeting=meeting, starts_at=one) for one in sorted(set(times)))


def _refuse_clash(meeting: Meeting, starts_at: datetime, *, by: User) -> None:
    people = [one.user for one in meeting.mentorship.participants.all()]
    busy = clashes(people, starts_at, meeting.minutes, but=meeting.pk)
    if by in busy:
        raise Conflict(_("You have another mentoring meeting at that time. Choose a different one."))
    if busy:
        raise Conflict(
            _("%(name)s is not free at that time any more. Choose a different one.") % {"name": busy[0].name}
        )
