"""Who may do what in a workspace. Rules read the mentorship's participants: prefetch them."""

from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core.verdicts import YES, Verdict, no
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.rules import takes_part
from commonhall.workspace.models import Note


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
