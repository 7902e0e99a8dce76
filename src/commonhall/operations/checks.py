"""`commonhall check`: what must never be so. The functions of each room's `checks.py` yield a sentence per fault."""

import argparse
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, models

from commonhall.core import clock

SESSIONS_KEPT = timedelta(days=2)
Check = Callable[[], Iterable[str]]


def check(options: argparse.Namespace) -> int:
    faults = 0
    for name, question in questions():
        found = answers(question)
        faults += len(found)
        print(f"{name}: {'well' if not found else f'{len(found)} wrong'}", flush=True)
        for sentence in found:
            print(f"  {sentence}")
    if faults:
        raise Broken(f"{faults} things are not as they must be")
    return 0


def answers(question: Check) -> list[str]:
    """Of a damaged database the other questions are still asked."""
    try:
        return list(question())
    except DatabaseError as error:
        return [f"This could not be looked at: {error}."]


class Broken(Exception):
    """An invariant does not hold."""


def questions() -> Iterator[tuple[str, Check]]:
    yield "database: foreign keys", broken_references
    yield "files: all there, none left over", files
    yield "sessions: forgotten when they have run out", sessions
    for app in apps.get_app_configs():
        if app.name.startswith("commonhall.") and find_spec(f"{app.name}.checks") and app.label != "operations":
            for question in import_module(f"{app.name}.checks").CHECKS:
                words = (question.__doc__ or question.__name__).strip().splitlines()[0].rstrip(".").lower()
                yield f"{app.label}: {words}", question


def broken_references() -> Iterator[str]:
    """No row points at a row that is gone."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table, row, target, _number in cursor.execute("PRAGMA foreign_key_check").fetchall():
                yield f"Row {row} of {table} points at a row of {target} that is gone."
            (verdict,) = cursor.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                yield f"The database file is damaged: {verdict}."


def sessions() -> Iterator[str]:
    """A session that ran out is forgotten within two days: it says who was here."""
    number = Session.objects.filter(expire_date__lt=clock.now() - SESSIONS_KEPT).count()
    if number:
        yield f"{number} sessions that ran out more than two days ago are still kept: does the clock run?"


def files() -> Iterator[str]:
    """Every file of a row exists, and every file belongs to a row."""
    known = set()
    for field, name in stored_names():
        known.add(name)
        if not default_storage.exists(name):
            yield f"{field.model._meta.label}: the file {name} is missing."
    for name in _on_disk(""):
        if name not in known:
            yield f"The file {name} belongs to nothing."


def stored_names() -> Iterator[tuple["models.Field[Any, Any]", str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                rows = model._base_manager.exclude(**{field.attname: ""}).values_list(field.attname, flat=True)
                yield from ((field, name) for name in rows.iterator(chunk_size=2000))


def _on_disk(folder: str) -> Iterator[str]:
    if folder and not default_storage.exists(folder):
        return
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in names)
    for inner in folders:
        yield from _on_disk(f"{folder}{inner}/")
