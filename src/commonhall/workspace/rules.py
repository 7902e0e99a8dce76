"""Who may do what in a workspace. Rules read the mentorship's participants: prefetch them."""

from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core.verdicts import YES, Verdict, no
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.rules import takes_part
from commonhall.programmes.models import Enrolment
from commonhall.workspace.models import Goal, Note


def can_add(user: User, mentorship: Mentorship) -> Verdict:
    """The people of a mentorship, until it ends."""
    if not takes_part(user, mentorship):
        return no(_("Only the people in this mentorship can write here."))
    if mentorship.state == Mentorship.State.ENDED:
        return no(_("This mentorship has ended: what stands here can be read and taken away, not changed."))
    return YES


def can_write(user: User, note: Note) -> Verdict:
    """The people of its mentorship, until it ends or the note is put away."""
    if not (verdict := can_add(user, note.mentorship)):
        return verdict
    if note.put_away_at:
        return no(_("This note is put away. Take it out again, then write."))
    return YES


def can_change(user: User, goal: Goal) -> Verdict:
    """The people of its mentorship, until it ends; what is reached or let go stays as it was."""
    if not (verdict := can_add(user, goal.mentorship)):
        return verdict
    if goal.state != Goal.State.OPEN:
        return no(_("This goal is closed. Set a new one, if it goes on."))
    return YES


def can_carry(user: User, goal: Goal, into: Mentorship) -> Verdict:
    """Somebody who is part of both mentorships takes a goal along; as mentee, because goals are the mentee's."""
    both = (goal.mentorship, into)
    roles = [{one.role for one in each.participants.all() if one.user_id == user.pk} for each in both]
    if any(Enrolment.Role.MENTEE not in role for role in roles):
        return no(_("A goal goes on only in another mentorship in which you are the mentee too."))
    return can_add(user, into)


def can_keep(user: User, mentorship: Mentorship) -> Verdict:
    """The people of a mentorship keep private notes about it, also after it has ended."""
    if not takes_part(user, mentorship):
        return no(_("Only the people in this mentorship can keep notes about it."))
    return YES
