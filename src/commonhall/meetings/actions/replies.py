"""What follows from an answer that somebody gave in their own calendar. It is done `by` that person."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.accounts.queries import addresses_of
from commonhall.core import clock
from commonhall.core.errors import Refused
from commonhall.history.models import Event
from commonhall.integrations.inbox.letters import Letter
from commonhall.meetings import replies
from commonhall.meetings.actions import booking
from commonhall.meetings.actions import series as series_acts
from commonhall.meetings.actions.holding import hold_meeting, record
from commonhall.meetings.invitation import uid_of
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.series import with_all
from commonhall.meetings.queries.times import with_people
from commonhall.meetings.replies import Reply

VIA = "mail"
LONGEST_WORDS = 300


def take(letter: Letter, numbers: tuple[int, ...]) -> None:
    """A letter to the address of one meeting and one person. Raises `Refused` with words for who sent it."""
    meeting_pk, user_pk = numbers
    user = _invited(user_pk)
    meeting = with_people(Meeting.objects.visible_to(user)).filter(pk=meeting_pk).first() if user else None
    _answered(letter, user, meeting, answer)


def take_for_series(letter: Letter, numbers: tuple[int, ...]) -> None:
    """A letter to the address of a series and one person: for all of it, or for one of its dates."""
    series_pk, user_pk = numbers
    user = _invited(user_pk)
    series = with_all(Series.objects.visible_to(user)).filter(pk=series_pk).first() if user else None
    _answered(letter, user, series, answer_for_series)


def _invited(pk: int) -> User | None:
    return User.objects.filter(pk=pk, is_active=True).first()


def _answered(letter: Letter, user: User | None, thing: Any, act: Callable[..., None]) -> None:
    if user is None or thing is None:
        raise Refused(_("This meeting is not there any more."))
    known_as = addresses_of(user) | {user.email.lower()}
    if letter.sender not in known_as:
        raise Refused(_("Only the person who was invited can answer, from the address that the invitation went to."))
    with translation.override(user.language):
        try:
            act(thing, by=user, reply=replies.read(letter.calendars, user, known_as))
        except Refused as refusal:
            name = "meetings:series" if isinstance(thing, Series) else "meetings:detail"
            told = {"reason": refusal.reason, "page": settings.BASE_URL + reverse(name, args=[thing.pk])}
            words = _("%(reason)s\n\nThe meeting, with buttons to move or cancel it: %(page)s")
            raise Refused(words % told) from refusal


@transaction.atomic
def answer(meeting: Meeting, *, by: User, reply: Reply) -> None:
    """An answer to an older invitation is left aside: the newer one is in the calendar by now."""
    meeting = hold_meeting(meeting)
    if reply.uid != uid_of(meeting):
        raise _another()
    if reply.sequence < meeting.sequence or meeting.state == Meeting.State.CANCELLED:
        return
    if reply.method == replies.COUNTER:
        _propose(meeting, by, reply)
    elif reply.answer == replies.DECLINED:
        booking.cancel(meeting, by=by, reason=Meeting.CancelReason.OTHER, words=_words(reply), via=VIA)
    elif reply.answer == replies.TENTATIVE:
        _doubt(meeting, by)
    elif reply.answer != replies.ACCEPTED:
        raise _not_understood()


@transaction.atomic
def answer_for_series(series: Series, *, by: User, reply: Reply) -> None:
    if reply.uid != series.uid:
        raise _another()
    if reply.occurrence is not None:
        return answer(_on(series, reply.occurrence), by=by, reply=reply)
    if reply.method == replies.COUNTER:
        raise Refused(_("Your calendar proposed a new time for the whole series. Propose it on the series’ page."))
    if reply.answer == replies.DECLINED:
        _end(series, by, reply)
    elif reply.answer not in (replies.ACCEPTED, replies.TENTATIVE):
        raise _not_understood()
    return None


def _end(series: Series, by: User, reply: Reply) -> None:
    if reply.sequence < series.sequence:
        raise Refused(_("The series has changed since that invitation. Decline the new one, or end it on its page."))
    series_acts.end(series, by=by, reason=Meeting.CancelReason.OTHER, words=_words(reply), via=VIA)


def _on(series: Series, moment: datetime) -> Meeting:
    day = moment.astimezone(clock.zone(series.zone)).date()
    meeting = next((one for one in series.meetings.all() if one.occurrence_on == day), None)
    if meeting is None:
        raise Refused(_("This date is not part of the series any more."))
    return meeting


def _words(reply: Reply) -> str:
    return f"{_('Declined in the calendar.')} {reply.comment}".strip()[:LONGEST_WORDS]


def _another() -> Refused:
    return Refused(_("Your calendar answered for another meeting than the one that you were invited to."))


def _not_understood() -> Refused:
    return Refused(_("We do not understand the answer that your calendar sent."))


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
