"""Who may do what in a workspace. Rules read the mentorship's participants: prefetch them."""

from datetime import timedelta

from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.verdicts import YES, Verdict, no
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.rules import takes_part
from commonhall.programmes.models import Enrolment
from commonhall.programmes.rules import can_coordinate
from commonhall.workspace.models import Block, Goal, Message, Note, Report

SECOND_THOUGHTS = timedelta(minutes=15)


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


# Messages. These rules read the mentorship's standing blocks too.


def blocks_of(mentorship: Mentorship) -> list[Block]:
    return [one for one in mentorship.blocks.all() if one.lifted_at is None]


def is_circle(mentorship: Mentorship) -> bool:
    return len(mentorship.participants.all()) > 2


def can_send(user: User, mentorship: Mentorship) -> Verdict:
    """The people of a mentorship, until it ends, or until one of a pair wants no more messages from the other."""
    if not (verdict := can_add(user, mentorship)):
        return verdict
    for block in blocks_of(mentorship):
        if not block.hides and block.by_id == user.pk:
            return no(_("You have blocked the other person. Lift the block first, then write."))
        if not block.hides and block.user_id == user.pk:
            return no(_("You cannot write here at present. The people who run the programme know, and can help."))
    return YES


def can_correct(user: User, message: Message) -> Verdict:
    """Whoever wrote a message may correct or delete it for a quarter of an hour."""
    if message.author_id != user.pk:
        return no(_("Only the person who wrote a message can change it."))
    if message.deleted_at:
        return no(_("This message is deleted already."))
    if clock.now() - message.sent_at > SECOND_THOUGHTS:
        return no(_("A message can be changed for 15 minutes. After that it stays as it is; write another one."))
    return can_send(user, message.mentorship)


def can_report(user: User, message: Message) -> Verdict:
    """Anybody in the thread may show a message of somebody else to whoever runs the programme, also after the end."""
    if not takes_part(user, message.mentorship):
        return no(_("Only the people in this mentorship can do this."))
    if message.author_id == user.pk:
        return no(_("This is a message of your own."))
    return no(_("This message is deleted.")) if message.deleted_at else YES


def can_close(user: User, report: Report) -> Verdict:
    """Whoever runs the programme, but for the one whose message it is."""
    if report.message.author_id == user.pk:
        return no(_("Somebody else has to look at a message that you wrote."))
    return can_coordinate(user, report.message.mentorship.programme)


def can_block(user: User, other: User, mentorship: Mentorship) -> Verdict:
    """Anybody in a mentorship, anybody else in it, until it ends."""
    if not (verdict := can_add(user, mentorship)):
        return verdict
    if user.pk == other.pk or not takes_part(other, mentorship):
        return no(_("Choose somebody else in this mentorship."))
    return YES
