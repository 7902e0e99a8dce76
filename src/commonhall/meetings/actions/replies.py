"""What follows from an answer that somebody gave in their own calendar. It is done `by` that person."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.accounts.queries import addresses_of
from commonhall.core.errors import Refused
from commonhall.history.models import Event
from commonhall.integrations.inbox.letters import Letter
from commonhall.meetings import replies
from commonhall.meetings.actions import booking
from commonhall.meetings.actions.holding import hold_meeting, record
from commonhall.meetings.invitation import sequence_of, uid_of
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.times import with_people
from commonhall.meetings.replies import Reply

VIA = "mail"
LONGEST_WORDS = 300


def take(letter: Letter, numbers: tuple[int, ...]) -> None:
    """A letter to the address of one person and one meeting. Raises `Refused` with words for who sent it."""
    meeting_pk, user_pk = numbers
    user = User.objects.filter(pk=user_pk, is_active=True).first()
    meeting = with_people(Meeting.objects.visible_to(user)).filter(pk=meeting_pk).first() if user else None
    if user is None or meeting is None:
        raise Refused(_("This meeting is not there any more."))
    known_as = addresses_of(user) | {user.email.lower()}
    if letter.sender not in known_as:
        raise Refused(_("Only the person who was invited can answer, from the address that the invitation went to."))
    with translation.override(user.language):
        try:
            answer(meeting, by=user, reply=replies.read(letter.calendars, user, known_as))
        except Refused as refusal:
            page = settings.BASE_URL + reverse("meetings:detail", args=[meeting.pk])
            told = {"reason": refusal.reason, "page": page}
            raise Refused(
                _("%(reason)s\n\nThe meeting, with buttons to move or cancel it: %(page)s") % told
            ) from refusal


@transaction.atomic
def answer(meeting: Meeting, *, by: User, reply: Reply) -> None:
    """An answer to an older invitation is left aside: the newer one is in the calendar by now."""
    meeting = hold_meeting(meeting)
    if reply.uid != uid_of(meeting):
        raise Refused(_("Your calendar answered for another meeting than the one that you were invited to."))
    if reply.sequence < sequence_of(meeting) or meeting.state == Meeting.State.CANCELLED:
        return
    if reply.method == replies.COUNTER:
        _propose(meeting, by, reply)
    elif reply.answer == replies.DECLINED:
        words = f"{_('Declined in the calendar.')} {reply.comment}".strip()[:LONGEST_WORDS]
        booking.cancel(meeting, by=by, reason=Meeting.CancelReason.OTHER, words=words, via=VIA)
    elif reply.answer == replies.TENTATIVE:
        _doubt(meeting, by)
    elif reply.answer != replies.ACCEPTED:
        raise Refused(_("We do not understand the answer that your calendar sent."))


def _propose(meeting: Meeting, by: User, reply: Reply) -> None:
    assert reply.starts_at is not None
    waiting = [one.starts_at for one in meeting.options.all()] if meeting.proposed_by_id == by.pk else []
    if reply.starts_at != meeting.starts_at and waiting != [reply.starts_at]:
        booking.offer_other_times(meeting, by=by, times=[reply.starts_at], via=VIA)


def _doubt(meeting: Meeting, by: User) -> None:
    """The other is told once for each invitation."""
    earlier = Event.objects.about(meeting).filter(verb="meeting.doubted", by=by, details__sequence=meeting.sequence)
    if not earlier.exists():
        record("meeting.doubted", meeting, by=by, via=VIA, sequence=meeting.sequence)
