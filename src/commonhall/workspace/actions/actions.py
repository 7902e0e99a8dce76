"""What can be done to actions: things that somebody said they would do."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock, text
from commonhall.core.errors import Refused
from commonhall.core.verdicts import require
from commonhall.history import actions as history
from commonhall.live.actions import ring
from commonhall.mentorships.models import Mentorship
from commonhall.workspace import merging
from commonhall.workspace.actions.notes import contents
from commonhall.workspace.models import Action, Note
from commonhall.workspace.queries.actions import Found, owners_of, tasks_in
from commonhall.workspace.rules import can_add, can_write

AHEAD = timedelta(days=2)


@transaction.atomic
def add(mentorship: Mentorship, *, by: User, words: str, owner: User, due_on: date | None = None) -> Action:
    require(can_add(by, mentorship))
    _require_part(mentorship, owner)
    action = Action.objects.create(
        mentorship=mentorship, words=text.line(words), owner=owner, due_on=due_on, created_by=by
    )
    _record("action.added", action, by=by)
    return action


@transaction.atomic
def change(action: Action, *, by: User, words: str, owner: User, due_on: date | None) -> Action:
    require(can_add(by, action.mentorship))
    _require_part(action.mentorship, owner)
    action.words, action.owner, action.due_on = text.line(words), owner, due_on
    action.save(update_fields=["words", "owner", "due_on"])
    ring(f"mentorship:{action.mentorship_id}")
    return action


@transaction.atomic
def finish(action: Action, *, by: User, done: bool) -> Action:
    """Done, or not yet after all. Two who say the same at once say it once."""
    require(can_add(by, action.mentorship))
    now = clock.now() if done else None
    changed = Action.objects.filter(pk=action.pk, done_at__isnull=done).update(
        done_at=now, done_by=by if done else None
    )
    if changed:
        _record("action.done" if done else "action.reopened", action, by=by)
    action.refresh_from_db(fields=["done_at", "done_by"])
    return action


@transaction.atomic
def take_from_note(note: Note, *, by: User) -> list[Action]:
    """Each open task of a note becomes an action, once, however often this is asked."""
    require(can_write(by, note))
    people = owners_of(note.mentorship)
    found = tasks_in(merging.read(contents(note)), people, by, clock.today(by.time_zone))
    made = [action for one in found for action in _make(note, one, by)]
    if made:
        _record("action.taken", made[0], by=by, number=len(made))
    return made


@transaction.atomic
def remind() -> int:
    """Tell the owners of actions that are due in two days, or were due since yesterday, once for each day they name."""
    today = clock.today()
    near = Action.objects.to_do().filter(due_on__range=(today - timedelta(days=1), today + AHEAD)).exclude(owner=None)
    live = near.filter(mentorship__state=Mentorship.State.ACTIVE).select_related("mentorship__programme", "owner")
    told = 0
    for action in live.order_by("pk"):
        fresh = Action.objects.filter(pk=action.pk).exclude(reminded_for=action.due_on)
        if fresh.update(reminded_for=action.due_on):
            _record("action.near", action)
            told += 1
    return told


def _make(note: Note, found: Found, by: User) -> Iterable[Action]:
    line = hashlib.sha256(found.words.encode()).hexdigest()[:32]
    for owner in found.owners:
        action, is_new = Action.objects.get_or_create(
            note=note,
            line=line,
            owner=owner,
            defaults={"mentorship": note.mentorship, "words": found.words, "due_on": found.due_on, "created_by": by},
        )
        if is_new:
            yield action


def _require_part(mentorship: Mentorship, owner: User) -> None:
    if owner.pk not in {one.user_id for one in mentorship.participants.all()}:
        raise Refused(_("Only the people of this mentorship can take something on."))


def _record(verb: str, action: Action, *, by: User | None = None, **details: Any) -> None:
    history.record(verb, about=action, within=action.mentorship.programme, by=by, **details)
    ring(f"mentorship:{action.mentorship_id}")
