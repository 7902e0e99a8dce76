"""What we hold here about a person."""

from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from commonhall.core import clock
from commonhall.workspace import merging
from commonhall.workspace.actions.notes import contents
from commonhall.workspace.document import lines
from commonhall.workspace.models import (
    Action,
    Block,
    Correspondence,
    Goal,
    GoalStep,
    Message,
    Note,
    NoteUpdate,
    NoteVersion,
    PersonKey,
    PrivateNote,
    Reading,
    Report,
)
from commonhall.workspace.queries.private import all_own_notes

MODELS = (
    Note,
    NoteUpdate,
    NoteVersion,
    Goal,
    GoalStep,
    Action,
    PersonKey,
    PrivateNote,
    Message,
    Reading,
    Correspondence,
    Report,
    Block,
)


def kinds(user: Any) -> dict[str, QuerySet[Any, Any]]:
    goals = Goal.objects.visible_to(user)
    return {
        "notes": Note.objects.visible_to(user).values("pk", "title", "created_at", "changed_at"),
        "goals": goals.values("words", "measure", "competency", "due_on", "state", "created_at", "closed_at"),
        "goal_steps": GoalStep.objects.filter(by=user, goal__in=goals).values("goal__words", "percent", "words", "at"),
        "private_notes": PrivateNote.objects.filter(owner=user).values("created_at", "changed_at"),
        "private_key": PersonKey.objects.filter(user=user).values("made_at"),
        "actions": Action.objects.visible_to(user).values("words", "owner__name", "due_on", "created_at", "done_at"),
        "messages": Message.objects.visible_to(user)
        .order_by("pk")
        .values("mentorship", "author__name", "text", "via", "sent_at", "edited_at", "deleted_at"),
        "messages_by_email": Correspondence.objects.filter(user=user).values(
            "with_words", "quiet_from", "quiet_until", "only_on_working_days"
        ),
        "messages_read": Reading.objects.filter(user=user).values("mentorship", "read_to", "tell_at"),
        "messages_reported": Report.objects.filter(by=user).values("text", "words", "at", "closed_at"),
        "blocks": Block.objects.filter(by=user).values("user__name", "at", "lifted_at"),
    }


def holds(user: Any) -> dict[str, list[dict[str, Any]]]:
    held = {kind: list(rows) for kind, rows in kinds(user).items()}
    return held | {"notes": [{**row, "text": _text(row.pop("pk"))} for row in held["notes"]]}


def _text(note: int) -> str:
    return "\n".join(lines(merging.read(contents(note))))


def opened(user: Any) -> dict[str, list[dict[str, Any]]]:
    """What is handed to the person alone, and to nobody who asks for them."""
    notes = all_own_notes(user)
    return {"private_notes": [{"changed_at": one.note.changed_at, "text": one.words} for one in notes]}


def erase(user: Any) -> None:
    """What two people wrote together cannot be told apart: the notes go, as an agreement's words do.

    Of messages the words go, the person's own and no others; that somebody wrote stays.
    """
    for held in (Note, Goal, Action):
        held.objects.visible_to(user).delete()
    PrivateNote.objects.filter(owner=user).delete()
    PersonKey.objects.filter(user=user).delete()
    Note.objects.filter(created_by=user).update(created_by=None)
    NoteUpdate.objects.filter(by=user).update(by=None)
    now, mine = clock.now(), Message.objects.filter(author=user)
    Report.objects.filter(message__in=mine).update(text="")
    Report.objects.filter(by=user).update(words="", by=None)
    Report.objects.filter(closed_by=user).update(closed_by=None)
    mine.update(text="", token="", deleted_at=Coalesce("deleted_at", Value(now)), author=None)
    Reading.objects.filter(user=user).delete()
    Correspondence.objects.filter(user=user).delete()
    Block.objects.filter(Q(by=user) | Q(user=user)).delete()
