"""A spreadsheet of participants: in, looked at, saved, and taken back."""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock, errors
from commonhall.core.sheets import reading
from commonhall.core.sheets.problems import Problem
from commonhall.core.sheets.sheet import Sheet
from commonhall.core.verdicts import require
from commonhall.history.actions import record
from commonhall.jobs.actions import enqueue
from commonhall.programmes import rules
from commonhall.programmes.importing.context import context_for
from commonhall.programmes.importing.room import Room
from commonhall.programmes.importing.undoing import Undoing
from commonhall.programmes.importing.writing import Writer
from commonhall.programmes.imports.checking import check
from commonhall.programmes.imports.mapping import suggest_mapping
from commonhall.programmes.imports.rows import Checked, PersonRow
from commonhall.programmes.imports.words import PersonProblem
from commonhall.programmes.models import Import, Programme, SavedMapping
from commonhall.programmes.queries import shelf

State = Import.State
BATCH = 250
AT_ONCE = 200_000


def packed(value: Any) -> bytes:
    return zlib.compress(json.dumps(value).encode("ascii"), 6)


def unpacked(content: Any) -> Any:
    return json.loads(zlib.decompress(bytes(content))) if content else None


def sheet_of(source: Import) -> Sheet:
    """The cells; none where somebody's data has been erased since."""
    kept = unpacked(source.sheet)
    return Sheet.from_json(kept) if kept else Sheet(source.filename, 0, (), ())


def problems_of(source: Import) -> list[Problem]:
    return [PersonProblem.from_json(kept) for kept in unpacked(source.problems) or ()]


def upload(
    programme: Programme, *, filename: str, content: bytes, role: str = "", approves: bool = True, by: Any
) -> Import:
    """Take a file in. A small one is read and checked at once, a large one by a job. Twice the same is the same.

    Reading takes a second or more and happens before anything is written, so that nobody else waits for it.
    """
    require(rules.can_import(by, programme))
    digest = hashlib.sha256(content + role.encode()).hexdigest()
    waiting = programme.imports.filter(digest=digest, by=by, state__in=[State.UPLOADED, State.CHECKED]).first()
    if waiting is not None:
        return waiting
    source = Import(programme=programme, by=by, filename=filename[:200], digest=digest, role=role, approves=approves)
    if len(content) <= AT_ONCE:
        _look_at(source, reading.read(content, filename))
        source.save()
        return source
    source.upload.save(f"{digest[:32]}.upload", ContentFile(content), save=False)
    with transaction.atomic():
        source.save()
        enqueue("programmes.tasks.check_import", source.pk)
    return source


def read_and_check(source: Import) -> None:
    """What a job does with a large file; safe to do twice."""
    if source.state != State.UPLOADED or not source.upload:
        return
    with source.upload.open("rb") as file:
        content = file.read()
    _look_at(source, reading.read(content, source.filename))
    source.upload.delete(save=False)
    source.save()


def _look_at(source: Import, sheet: Sheet) -> None:
    source.sheet = packed(sheet.as_json())
    remembered = SavedMapping.objects.filter(pool=source.programme.pool_id, signature=sheet.signature).first()
    source.mapping = suggest_mapping(sheet, remembered.mapping if remembered else None) if sheet.usable else {}
    _check(source, sheet)


def _check(source: Import, sheet: Sheet) -> None:
    checked = check(sheet, source.mapping, context_for(source.programme, source.role))
    source.problems = packed([problem.as_json() for problem in checked.problems])
    source.counts = _counts(source.programme, checked)
    source.total = len(checked.rows)
    source.state = State.CHECKED if sheet.usable else State.FAILED


def _counts(programme: Programme, checked: Checked) -> dict[str, int]:
    severities = Counter(problem.severity for problem in checked.problems)
    known = set(programme.enrolments.values_list("user__email", flat=True))
    organisations = {int(row.organisation) for row in checked.rows}
    inside = programme.pool.members.filter(left_on=None, organisation__in=organisations).count()
    return {
        "lines": checked.total,
        "sound": len(checked.rows),
        "wrong": len(checked.wrong_lines),
        "superseded": len(checked.superseded),
        "errors": len(checked.errors),
        "warnings": severities["warning"],
        "notes": severities["note"],
        "new": sum(row.email not in known for row in checked.rows),
        "known": sum(row.email in known for row in checked.rows),
        "mentors": sum("mentor" in row.roles for row in checked.rows),
        "mentees": sum("mentee" in row.roles for row in checked.rows),
        "organisations": len(organisations),
        "outside": len(organisations) - inside,
    }


def choose_columns(source: Import, mapping: Mapping[str, str], *, role: str, approves: bool, by: Any) -> Import:
    """Use these columns, remember them for the pool, and look at every cell again."""
    require(rules.can_save_import(by, source))
    sheet = sheet_of(source)
    source.mapping, source.role, source.approves = dict(mapping), role, approves
    _check(source, sheet)
    with transaction.atomic():
        require(rules.can_save_import(by, locked(source)))
        SavedMapping.objects.update_or_create(
            pool=source.programme.pool, signature=sheet.signature, defaults={"mapping": source.mapping}
        )
        source.save(update_fields=["mapping", "role", "approves", "problems", "counts", "total", "state"])
    return source


def locked(source: Import) -> Import:
    """The row as it is now, held until the transaction ends."""
    return Import.objects.select_for_update(of=("self",)).select_related("programme__pool").get(pk=source.pk)


@transaction.atomic
def begin_saving(source: Import, *, partial: bool, by: Any) -> None:
    """Start the job that saves: everything, or when asked only the sound lines. Of two clicks the second is refused."""
    require(rules.can_save_import(by, source))
    if source.counts.get("errors") and not partial:
        raise errors.Conflict(_("Some lines have problems. Mend them, or save only the sound lines."))
    if not source.counts.get("sound"):
        raise errors.Conflict(_("There is no sound line to save."))
    taken = Import.objects.filter(pk=source.pk, state=State.CHECKED)
    if not taken.update(state=State.RUNNING, partial=partial, done=0, by=by):
        raise errors.Conflict(_("This spreadsheet is being saved already."))
    enqueue("programmes.tasks.save_import", source.pk)


def go_on_saving(source: Import) -> None:
    """Write what is not written yet, batch by batch, so that a job that was killed goes on where it was.

    A database that is busy or away is tried again later; anything else takes back what was written.
    """
    if source.state != State.RUNNING:
        return
    checked = check(sheet_of(source), source.mapping, context_for(source.programme, source.role))
    try:
        _write(source, checked.rows)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        take_back(source, State.FAILED)
        raise
    finish_saving(source)


@transaction.atomic
def give_up(source: Import) -> None:
    """What a job could not finish however often it tried is taken back."""
    if locked(source).state == State.RUNNING:
        take_back(source, State.FAILED)


def save_at_once(source: Import, checked: Checked) -> None:
    """All lines in one transaction, for the command: everything stands, or nothing."""
    with transaction.atomic():
        _write(source, checked.rows)
        finish_saving(source)


def _write(source: Import, rows: Sequence[PersonRow]) -> None:
    for start in range(0, len(rows), BATCH):
        _write_batch(source, rows[start : start + BATCH])


@transaction.atomic
def _write_batch(source: Import, rows: Sequence[PersonRow]) -> None:
    """What of these lines is not written yet. The programme is held, so that nobody takes a place meanwhile."""
    programme = Programme.objects.select_for_update().get(pk=source.programme_id)
    written = set(source.rows.filter(line__in=[row.line for row in rows]).values_list("line", flat=True))
    left = [row for row in rows if row.line not in written]
    if left:
        Writer(source, Room(programme), left).write()
        Import.objects.filter(pk=source.pk).update(done=F("done") + len(left))


@transaction.atomic
def finish_saving(source: Import) -> None:
    if locked(source).state != State.RUNNING:
        return
    created = sum("user" in row for row in source.rows.values_list("created", flat=True))
    source.refresh_from_db(fields=["done", "counts"])
    source.counts |= {"people": source.done, "created": created}
    source.state, source.saved_at = State.SAVED, clock.now()
    source.save(update_fields=["state", "saved_at", "counts"])
    programme = source.programme
    record("import.saved", about=source, within=programme, by=source.by, people=source.done, created=created)
    transaction.on_commit(lambda: shelf.forget(programme.pk))


@transaction.atomic
def undo(source: Import, *, by: Any) -> int:
    """Take a saved import back; returns how many people stay in part, because they were touched since."""
    source = locked(source)
    require(rules.can_undo_import(by, source))
    kept = take_back(source, State.UNDONE)
    record("import.undone", about=source, within=source.programme, by=by, kept=kept)
    return kept


@transaction.atomic
def take_back(source: Import, state: str) -> int:
    kept = Undoing(source).undo()
    source.counts |= {"kept": kept}
    source.state = state
    source.save(update_fields=["state", "counts"])
    transaction.on_commit(lambda: shelf.forget(source.programme_id))
    return kept
