"""What somebody does to their private notes. None of it is recorded: that they exist is nobody else's business."""

from django.db import transaction

from commonhall.accounts.models import User
from commonhall.core import clock, text
from commonhall.core.verdicts import require
from commonhall.mentorships.models import Mentorship
from commonhall.workspace import vault
from commonhall.workspace.models import PrivateNote
from commonhall.workspace.rules import can_keep


@transaction.atomic
def keep(mentorship: Mentorship, *, by: User, words: str) -> PrivateNote:
    require(can_keep(by, mentorship))
    return PrivateNote.objects.create(mentorship=mentorship, owner=by, sealed=vault.seal(by, text.clean(words)))


@transaction.atomic
def change(note: PrivateNote, *, by: User, words: str) -> PrivateNote:
    """`note` is one of this person's own."""
    vault.unseal(vault.key_of(by), note.sealed)
    note.sealed, note.changed_at = vault.seal(by, text.clean(words)), clock.now()
    note.save(update_fields=["sealed", "changed_at"])
    return note


@transaction.atomic
def remove(note: PrivateNote) -> None:
    note.delete()
