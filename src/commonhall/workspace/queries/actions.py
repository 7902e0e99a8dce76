from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.workspace.document import Block
from commonhall.workspace.models import Action
from commonhall.workspace.tasklines import read

MOST_DONE = 20
EVERYBODY = ("both", "all", "us", "everybody", "everyone", "we")


@dataclass(frozen=True)
class Found:
    """An open task of a note, understood: who is to do it, and by when."""

    words: str
    owners: tuple[User, ...]
    due_on: date | None


@dataclass(frozen=True)
class ToDo:
    """The actions of a pair, as one of the two sees them."""

    mine: tuple[Action, ...]
    theirs: tuple[Action, ...]
    done: tuple[Action, ...]


def with_people(actions: QuerySet[Action]) -> QuerySet[Action]:
    people = Prefetch("mentorship__participants", queryset=Participant.objects.select_related("user"))
    return actions.select_related("mentorship__programme", "owner", "note").prefetch_related(people)


def to_do(mentorship: Mentorship, user: User) -> ToDo:
    rows = list(mentorship.actions.select_related("owner", "note", "done_by"))
    still = [one for one in rows if one.done_at is None]
    done = sorted((one for one in rows if one.done_at), key=lambda one: one.done_at or clock.now(), reverse=True)
    return ToDo(
        tuple(one for one in still if one.owner_id == user.pk),
        tuple(one for one in still if one.owner_id != user.pk),
        tuple(done[:MOST_DONE]),
    )


def owners_of(mentorship: Mentorship) -> list[Participant]:
    return list(mentorship.participants.select_related("user"))


def tasks_in(blocks: Iterable[Block], people: Sequence[Participant], writer: User, today: date) -> list[Found]:
    """The open tasks of a note: its checklists, and lines that begin with [ ]."""
    found = (read(line, today) for line in _task_lines(blocks))
    return [Found(one.words[:300], _meant(one.who, people, writer), one.due_on) for one in found if one]


def _task_lines(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        if block.kind == "taskItem" and not block.get("checked"):
            yield f"[ ] {' '.join(child.text for child in block.children if child.kind == 'paragraph')}"
        elif block.text:
            yield block.text
        yield from _task_lines(one for one in block.children if block.kind != "taskItem" or one.kind != "paragraph")


def _meant(who: str, people: Sequence[Participant], writer: User) -> tuple[User, ...]:
    """Whom an @ names: a side, a name or everybody; the writer where it names nobody."""
    said = who.casefold()
    if said in EVERYBODY:
        return tuple(one.user for one in people)
    by_role = [one.user for one in people if said and said == one.role]
    by_name = [one.user for one in people if said and said in (one.user.name.casefold(), *_names(one.user))]
    return tuple(by_role or by_name[:1] or [writer])


def _names(user: User) -> tuple[str, ...]:
    return tuple(user.name.casefold().split())
