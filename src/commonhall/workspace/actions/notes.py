"""What can be done to shared notes. The words themselves arrive as updates (`save`), many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock, text
from commonhall.core.errors import Conflict, Refused
from commonhall.core.verdicts import require
from commonhall.history import actions as history
from commonhall.live.actions import ring, tell
from commonhall.mentorships.models import Mentorship
from commonhall.workspace import merging
from commonhall.workspace.document import paragraphs
from commonhall.workspace.models import Note, NoteUpdate, NoteVersion
from commonhall.workspace.queries.notes import group_of
from commonhall.workspace.rules import can_add, can_write

LARGEST = 5 * 2**20  # bytes of a whole note
MANY = 50  # updates of a note that are worth making one
QUIET = timedelta(minutes=3)
OFTEN = timedelta(minutes=20)


@dataclass(frozen=True)
class Change:
    """An update of a note, from one of its people."""

    note: int
    by: int
    data: bytes


@transaction.atomic
def create(mentorship: Mentorship, *, by: User, title: str) -> Note:
    require(can_add(by, mentorship))
    note = Note.objects.create(mentorship=mentorship, title=text.line(title), created_by=by)
    _record("note.created", note, by=by)
    return note


@transaction.atomic
def rename(note: Note, *, by: User, title: str) -> Note:
    require(can_write(by, note))
    note.title = text.line(title)
    note.save(update_fields=["title"])
    ring(f"mentorship:{note.mentorship_id}")
    return note


@transaction.atomic
def put_away(note: Note, *, by: User, away: bool) -> Note:
    """Out of sight, or back; nothing of it is lost."""
    require(can_add(by, note.mentorship))
    if bool(note.put_away_at) == away:
        return note
    note.put_away_at = clock.now() if away else None
    note.save(update_fields=["put_away_at"])
    _record("note.put_away" if away else "note.taken_out", note, by=by)
    return note


@transaction.atomic
def append(note: Note, *, by: User, words: str) -> bytes:
    """Typed words at the end of a note, for whoever has no script; returns the update."""
    note = _held(note)
    require(can_write(by, note))
    return _store(note, merging.appended(contents(note), paragraphs(text.clean(words))), by=by)


@transaction.atomic
def restore(version: NoteVersion, *, by: User) -> bytes:
    """Make the note what it was; what it is now is kept as a version first. Returns the update."""
    note = _held(version.note)
    require(can_write(by, note))
    now, then = contents(note), merging.read(version.data)
    if merging.read(now) == then:
        raise Conflict(_("The note reads like this version already."))
    _keep(note, now, why=NoteVersion.Why.RESTORE)
    update = _store(note, merging.replaced(now, then), by=by)
    _record("note.restored", note, by=by)
    return update


def save(changes: Sequence[Change]) -> set[int]:
    """Write many updates at once; returns the notes that take none, because they are put away or their time is over.

    Whoever sends them was let in when the connection was made; the updates can be merged (`merging.checked`).
    """
    with transaction.atomic():
        wanted = {change.note for change in changes}
        opened = set(Note.objects.open_for_writing().filter(pk__in=wanted).values_list("pk", flat=True))
        now = clock.now()
        NoteUpdate.objects.bulk_create(
            NoteUpdate(note_id=one.note, by_id=one.by, data=one.data, at=now) for one in changes if one.note in opened
        )
        Note.objects.filter(pk__in=opened).update(changed_at=now)
    return wanted - opened


def contents(note: Note | int) -> bytes:
    """The whole note as one update."""
    pk = note if isinstance(note, int) else note.pk
    return merging.merged(NoteUpdate.objects.filter(note=pk).values_list("data", flat=True))


def keep_versions() -> int:
    """Keep what has been written since the last version: after a pause, or now and then while it goes on."""
    now, kept = clock.now(), 0
    for note in Note.objects.filter(changed_at__gt=now - timedelta(days=2)).order_by("pk"):
        with transaction.atomic():
            kept += _keep_if_due(_held(note))
    return kept


@transaction.atomic
def compact(note: Note) -> int:
    """Many updates become one that does the same. Others may go on writing meanwhile."""
    note = _held(note)
    rows = list(note.updates.order_by("pk").values_list("pk", "data"))
    if len(rows) < MANY:
        return 0
    whole = merging.merged(data for _pk, data in rows)
    NoteUpdate.objects.filter(pk__in=[pk for pk, _data in rows]).delete()
    NoteUpdate.objects.create(note=note, data=whole)
    return len(rows)


def _keep_if_due(note: Note) -> bool:
    last = note.versions.first()
    if last and last.at >= note.changed_at:
        return False
    now = clock.now()
    is_pause, is_long = now - note.changed_at >= QUIET, now - (last.at if last else note.created_at) >= OFTEN
    data = contents(note)
    if not (is_pause or is_long) or merging.is_empty(data) or (last and bytes(last.data) == data):
        return False
    _keep(note, data, why=NoteVersion.Why.PAUSE)
    _record("note.changed", note)
    return True


def _keep(note: Note, data: bytes, *, why: str) -> NoteVersion:
    last = note.versions.first()
    since = note.updates.filter(at__gt=last.at) if last else note.updates.all()
    authors = sorted(set(since.exclude(by=None).order_by().values_list("by", flat=True)))
    return NoteVersion.objects.create(note=note, data=data, authors=authors, why=why, at=clock.now())


def _store(note: Note, update: bytes, *, by: User) -> bytes:
    if len(update) > LARGEST:
        raise Refused(_("That is too long for one note. Begin another one, or attach it as a file."))
    NoteUpdate.objects.create(note=note, data=update, by=by, at=clock.now())
    note.changed_at = clock.now()
    note.save(update_fields=["changed_at"])
    tell(group_of(note.pk), {"type": "told", "data": update})
    return update


def _held(note: Note) -> Note:
    rows = Note.objects.select_for_update(of=("self",), no_key=True).select_related("mentorship__programme")
    return rows.prefetch_related("mentorship__participants").get(pk=note.pk)


def _record(verb: str, note: Note, *, by: User | None = None, **details: Any) -> None:
    history.record(verb, about=note, within=note.mentorship.programme, by=by, **details)
    ring(f"mentorship:{note.mentorship_id}")
