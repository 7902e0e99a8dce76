from dataclasses import dataclass

from commonhall.accounts.models import User
from commonhall.mentorships.models import Mentorship
from commonhall.workspace import vault
from commonhall.workspace.models import PersonKey, PrivateNote


@dataclass(frozen=True)
class Opened:
    """One's own note with its words; `lost` where its key is."""

    note: PrivateNote
    words: str
    lost: bool


def own_notes(user: User, mentorship: Mentorship) -> list[Opened]:
    key = vault.key_of(user)
    return [_opened(one, key) for one in PrivateNote.objects.filter(owner=user, mentorship=mentorship)]


def all_own_notes(user: User) -> list[Opened]:
    key = vault.key_of(user)
    return [_opened(one, key) for one in PrivateNote.objects.filter(owner=user)]


def _opened(note: PrivateNote, key: PersonKey | None) -> Opened:
    try:
        return Opened(note, vault.unseal(key, note.sealed), lost=False)
    except vault.KeyLost:
        return Opened(note, "", lost=True)
