"""What people do in the room of a meeting, and what follows from their having been there."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock, ids, text
from commonhall.core.errors import Conflict, Refused
from commonhall.core.verdicts import Verdict, no, require
from commonhall.live.actions import ring
from commonhall.meetings.actions.holding import hold_meeting, locked, record
from commonhall.meetings.models import Guest, Line, Meeting, Visit
from commonhall.meetings.queries.room import (
    MOST_INSIDE,
    SILENCE,
    fingerprint,
    inside,
    seats_for_guests,
    were_together,
)
from commonhall.meetings.queries.times import with_people
from commonhall.meetings.rules import can_open_door, can_use_room, can_write_agenda
from commonhall.meetings.visitors import Visitor, digest

MOST_LINES = 3000
MOST_WAITING = 10
State = Meeting.State


@transaction.atomic
def enter(visitor: Visitor, *, page: str) -> Visit:
    """Take a seat. A newer page of the same person takes the older one's; `Conflict` when the room is full."""
    meeting = _hold(visitor.meeting)
    require(_still_welcome(visitor, meeting))
    now = clock.now()
    meeting.visits.inside().filter(**visitor.who).update(left_at=now)
    _refuse_fifth(visitor, meeting)
    ring(f"room:{meeting.pk}")
    return Visit.objects.create(meeting=meeting, page=page, joined_at=now, seen_at=now, **visitor.who)


def _refuse_fifth(visitor: Visitor, meeting: Meeting) -> None:
    guests = inside(meeting).filter(guest__isnull=False).count()
    if visitor.guest and guests >= seats_for_guests(meeting):
        raise Conflict(_("The room is full: it has four seats, and those for guests are taken."))
    if inside(meeting).count() >= MOST_INSIDE:
        raise Conflict(_("The room is full: four people are in it. Ask one of them to leave, or come back later."))


@transaction.atomic
def stay(visitor: Visitor, visit: Visit) -> Verdict:
    """Note that somebody is still there; no, with a reason, when they may not be any more."""
    meeting = with_people(Meeting.objects.all()).get(pk=visit.meeting_id)
    verdict = _still_welcome(visitor, meeting)
    if verdict and not Visit.objects.inside().filter(pk=visit.pk).update(seen_at=clock.now()):
        return no(_("You were away for a while. Join again."))
    return verdict


@transaction.atomic
def leave(visit: Visit) -> None:
    ring(f"room:{visit.meeting_id}")
    Visit.objects.inside().filter(pk=visit.pk).update(left_at=clock.now(), seen_at=clock.now())


def close_silent_visits() -> int:
    """Of pages and processes that ended without a word; they count until they were last heard."""
    silent = Visit.objects.inside().filter(seen_at__lte=clock.now() - SILENCE)
    return silent.update(left_at=F("seen_at"))


@transaction.atomic
def say(visitor: Visitor, *, kind: str, words: str) -> Line | None:
    """Keep a line of the chat or a caption; nothing for an empty one."""
    said = text.line(words)
    if not said:
        return None
    meeting = _hold(visitor.meeting)
    require(_still_welcome(visitor, meeting))
    if meeting.lines.count() >= MOST_LINES:
        raise Conflict(_("This meeting’s chat is full; nothing more can be kept in it."))
    guest_name = visitor.guest.name if visitor.guest else ""
    return Line.objects.create(
        meeting=meeting, by=visitor.user, guest_name=guest_name, kind=Line.Kind(kind), text=said, at=clock.now()
    )


@transaction.atomic
def write_agenda(meeting: Meeting, *, by: User, words: str, was: str) -> Meeting:
    """Both may write. `was` is the fingerprint of what the writer saw; `Conflict` when the other was faster."""
    meeting = _hold(meeting)
    require(can_write_agenda(by, meeting))
    words = text.clean(words)
    if words == meeting.agenda:
        return meeting
    if was != fingerprint(meeting.agenda):
        raise Conflict(_("The agenda was changed while you were writing. Compare the two, then save yours again."))
    meeting.agenda = words
    meeting.save(update_fields=["agenda"])
    ring(f"room:{meeting.pk}")
    return meeting


@transaction.atomic
def ask_to_come_in(meeting: Meeting, *, name: str) -> tuple[Guest, str]:
    """A guest waits at the door; with the secret that their browser keeps."""
    meeting = _hold(meeting)
    require(can_use_room(meeting))
    if not seats_for_guests(meeting):
        raise Refused(_("There are so many people in this meeting that no seat is left for guests."))
    if meeting.guests.filter(state=Guest.State.WAITING).count() >= MOST_WAITING:
        raise Conflict(_("Many people are waiting at this door. Try again in a little while."))
    secret = ids.token(32)
    guest = Guest.objects.create(meeting=meeting, name=text.line(name), key=digest(secret), asked_at=clock.now())
    ring(f"room:{meeting.pk}")
    return guest, secret


@transaction.atomic
def answer_guest(guest: Guest, *, by: User, admit: bool) -> Guest:
    """Let a guest in, or not; somebody who was let in can be shown out."""
    meeting = _hold(guest.meeting)
    require(can_open_door(by, meeting))
    guest = locked(Guest.objects.all()).get(pk=guest.pk)
    state = Guest.State.ADMITTED if admit else Guest.State.REFUSED
    if guest.state == state:
        return guest
    guest.state, guest.answered_by, guest.answered_at = state, by, clock.now()
    guest.save(update_fields=["state", "answered_by", "answered_at"])
    record("meeting.guest_admitted" if admit else "meeting.guest_refused", meeting, by=by)
    ring(f"room:{meeting.pk}")
    ring(f"guest:{guest.pk}")
    return guest


@transaction.atomic
def note_held(meeting: Meeting) -> bool:
    """Once it is over, a meeting whose two sides were in its room together took place. Safe to run at any time."""
    meeting = hold_meeting(meeting)
    if meeting.state != State.AGREED or not meeting.is_over or not were_together(meeting):
        return False
    meeting.state = State.HELD
    meeting.save(update_fields=["state"])
    meeting.options.all().delete()
    record("meeting.held", meeting, via="room")
    return True


def _still_welcome(visitor: Visitor, meeting: Meeting) -> Verdict:
    """Asked again at every act, because people leave mentorships and guests are shown out while the page is open."""
    if visitor.guest:
        if not meeting.guests.filter(pk=visitor.guest.pk, state=Guest.State.ADMITTED).exists():
            return no(_("Nobody has let you in, or you were asked to leave."))
        return can_use_room(meeting)
    mine = [
        one.user for one in meeting.mentorship.participants.all() if visitor.user and one.user_id == visitor.user.pk
    ]
    if not mine or not mine[0].is_active:
        return no(_("You are not one of the people of this meeting any more."))
    return can_use_room(meeting)


def _hold(meeting: Meeting) -> Meeting:
    """The meeting alone: who comes and goes in its room waits for nobody who arranges others."""
    locked(Meeting.objects.all()).get(pk=meeting.pk)
    return with_people(Meeting.objects.all()).get(pk=meeting.pk)
