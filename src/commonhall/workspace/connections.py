"""What somebody may do at a note whose page is open, settled when the connection is made."""

from dataclasses import dataclass
from typing import Any

from commonhall.accounts.models import User
from commonhall.workspace.models import Note
from commonhall.workspace.queries.notes import with_people
from commonhall.workspace.rules import can_write

COLOURS = 6


@dataclass(frozen=True)
class Writing:
    note: int
    user: int
    may_write: bool
    shown: dict[str, Any]


def writing(pk: int, user: User) -> Writing | None:
    """None for whoever is no part of it."""
    note = with_people(Note.objects.visible_to(user)).filter(pk=pk).first()
    if note is None or not user.is_active:
        return None
    keys = [one.user_id for one in note.mentorship.participants.all()]
    shown = {"name": user.get_short_name(), "colour": keys.index(user.pk) % COLOURS}
    return Writing(note.pk, user.pk, bool(can_write(user, note)), shown)
