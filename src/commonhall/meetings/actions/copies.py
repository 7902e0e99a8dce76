"""Meetings in calendars that people connected for them (CalDAV).

What happens to a meeting is counted in its transaction; a background job then tells the calendar how things are. A
server that is away is tried again, ever more rarely, and keeps nobody from arranging anything.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.errors import Refused
from commonhall.core.verdicts import require
from commonhall.history.models import Event
from commonhall.integrations import actions as integrations
from commonhall.integrations.models import Calendar, Copy
from commonhall.jobs.actions import enqueue
from commonhall.jobs.work import pause_after
from commonhall.meetings.invitation import download, uid_of
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.copies import meetings_in, meetings_to_copy, uids_about
from commonhall.meetings.rules import can_say_where
from commonhall.mentorships.models import Participant

LONGEST_PAUSE = timedelta(hours=12)
MOST_ATTEMPTS = 36


def follow(event: Event) -> None:
    """After any act on a meeting or a series: tell the calendars of its people."""
    uids = uids_about(event)
    people = Participant.objects.filter(mentorship__in=meetings_in(uids).values("mentorship")).values("user")
    _want(Calendar.objects.filter(user__in=people, takes_meetings=True), uids)


def follow_calendars(user_id: int) -> None:
    """Somebody chose another calendar, or none: what is to come moves there, and out of where it stood."""
    chosen = Calendar.objects.filter(user=user_id, takes_meetings=True)
    _want(chosen, {uid_of(one) for one in meetings_to_copy(user_id)})
    for copy in Copy.objects.filter(calendar__user=user_id, calendar__takes_meetings=False):
        _want([copy.calendar], {copy.uid})


def put_back(meeting: Meeting, *, by: User) -> None:
    """The owner changed the entry and wants it as it was agreed."""
    require(can_say_where(by, meeting))
    _want(Calendar.objects.filter(user=by, takes_meetings=True), {uid_of(meeting)})


@transaction.atomic
def _want(calendars: Iterable[Calendar], uids: set[str]) -> None:
    for calendar in calendars:
        for uid in sorted(uids):
            copy, is_new = Copy.objects.get_or_create(calendar=calendar, uid=uid)
            if not is_new:
                Copy.objects.filter(pk=copy.pk).update(wanted=F("wanted") + 1, attempts=0)
            enqueue("meetings.tasks.write_copy", copy.pk)


def write(pk: int) -> None:
    """Tell one calendar how one meeting is now. No transaction is open while the server is asked."""
    copy = Copy.objects.select_related("calendar__user").filter(pk=pk).first()
    if copy is None or copy.written == copy.wanted:
        return
    content = _content(copy)
    try:
        integrations.write(copy.calendar, copy.uid, content)
    except Refused:
        _try_again(copy)
        return
    _note_written(copy, is_there=content is not None)


def _content(copy: Copy) -> bytes | None:
    """None where nothing of it is to stand there any more."""
    standing = meetings_in([copy.uid]).exclude(state__in=[Meeting.State.CANCELLED, Meeting.State.PROPOSED])
    meeting = standing.first() if copy.calendar.takes_meetings else None
    return download(meeting, copy.calendar.user) if meeting else None


@transaction.atomic
def _note_written(copy: Copy, *, is_there: bool) -> None:
    """Unless something happened meanwhile: then the calendar is told once more."""
    same = Copy.objects.filter(pk=copy.pk, wanted=copy.wanted)
    if not same.update(written=copy.wanted, written_at=clock.now(), attempts=0):
        enqueue("meetings.tasks.write_copy", copy.pk)
    elif not is_there:
        same.delete()


@transaction.atomic
def _try_again(copy: Copy) -> None:
    attempts = copy.attempts + 1
    Copy.objects.filter(pk=copy.pk, wanted=copy.wanted).update(attempts=attempts)
    if attempts < MOST_ATTEMPTS:
        pause = min(pause_after(attempts), LONGEST_PAUSE)
        enqueue("meetings.tasks.write_copy", copy.pk, after=clock.now() + pause)
