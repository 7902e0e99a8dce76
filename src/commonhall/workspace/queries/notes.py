from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet

from commonhall.mentorships.models import Mentorship, Participant
from commonhall.workspace.models import Note, NoteVersion


def group_of(note: int) -> str:
    """Of the channel layer: every connection to one note."""
    return f"note.{note}"


def with_people(notes: QuerySet[Note]) -> QuerySet[Note]:
    people = Prefetch("mentorship__participants", queryset=Participant.objects.select_related("user"))
    return notes.select_related("mentorship__programme", "created_by").prefetch_related(people)


def notes_of(mentorship: Mentorship) -> tuple[list[Note], list[Note]]:
    """Those in use, the one written last first; and those put away."""
    rows = list(mentorship.notes.select_related("created_by"))
    return [one for one in rows if not one.put_away_at], [one for one in rows if one.put_away_at]


@dataclass(frozen=True)
class Kept:
    """A version, with who had written since the one before."""

    version: NoteVersion
    authors: tuple[str, ...]


def versions_of(note: Note) -> list[Kept]:
    names = {one.user_id: one.user.name for one in note.mentorship.participants.all()}
    rows = note.versions.defer("data")
    return [Kept(row, tuple(names[key] for key in row.authors if key in names)) for row in rows]


def long_journals(many: int) -> list[Note]:
    """Notes with so many updates that it is time to make one of them."""
    return list(Note.objects.annotate(length=Count("updates")).filter(length__gte=many).order_by("pk"))
