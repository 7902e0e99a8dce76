"""Who may do what to a meeting. Every rule reads the mentorship’s participants, and some the options: prefetch both."""

from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core.verdicts import YES, Verdict, no
from commonhall.meetings.models import Meeting
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.rules import takes_part
from commonhall.organisations.models import Grant, Pool
from commonhall.organisations.queries import holds

State = Meeting.State


def can_propose(user: User, mentorship: Mentorship) -> Verdict:
    """Either side, while the mentorship is under way."""
    if not takes_part(user, mentorship):
        return no(_("Only the two people in this mentorship can arrange its meetings."))
    if mentorship.state == Mentorship.State.ENDED:
        return no(_("This mentorship has ended, so there are no more meetings to arrange."))
    if mentorship.state == Mentorship.State.PAUSED:
        return no(_("This mentorship is paused. Resume it first, then propose times."))
    return YES


def can_answer(user: User, meeting: Meeting) -> Verdict:
    """The side that did not propose the times."""
    verdict = can_rearrange(user, meeting)
    if not verdict:
        return verdict
    if not meeting.options.all():
        return no(_("There are no times waiting for an answer."))
    if meeting.proposed_by_id == user.pk:
        return no(_("You proposed these times, so the answer is the other person’s."))
    return YES


def can_rearrange(user: User, meeting: Meeting) -> Verdict:
    """Either side, until it begins."""
    if not (verdict := can_propose(user, meeting.mentorship)):
        return verdict
    return _still_ahead(meeting)


def can_say_where(user: User, meeting: Meeting) -> Verdict:
    """Either side, until it begins; also while the mentorship is paused."""
    if not takes_part(user, meeting.mentorship):
        return no(_("Only the two people in this mentorship can say where they meet."))
    return _still_ahead(meeting)


def can_cancel(user: User, meeting: Meeting) -> Verdict:
    """Either side, until it begins; also while the mentorship is paused."""
    if not takes_part(user, meeting.mentorship):
        return no(_("Only the two people in this mentorship can cancel its meetings."))
    return _still_ahead(meeting)


def can_log(user: User, meeting: Meeting) -> Verdict:
    """Either side says whether it took place, once its time has come; a slip can be put right."""
    if not takes_part(user, meeting.mentorship):
        return no(_("Only the two people in this mentorship can say whether they met."))
    if meeting.state not in (State.AGREED, *Meeting.LOGGED):
        return no(_("Only a meeting that was agreed can be noted as held or missed."))
    if not meeting.has_begun:
        return no(_("This meeting has not begun yet."))
    return YES


def can_read_of_pool(user: User, pool: Pool) -> Verdict:
    """An owner of the pool, and nobody above: whoever reads each council by itself could take one from the whole."""
    if holds(user, Grant.Role.POOL_OWNER, pool):
        return YES
    return no(_("Only an owner of this pool can read what its meetings saved."))


def _still_ahead(meeting: Meeting) -> Verdict:
    if meeting.state == State.CANCELLED:
        return no(_("This meeting has been cancelled. You can propose a new one."))
    if meeting.state not in Meeting.OPEN or meeting.has_begun:
        return no(_("This meeting has begun or is over, so its time cannot be changed any more."))
    return YES
