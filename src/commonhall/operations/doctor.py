"""`commonhall doctor`: how this installation is, in words."""

import argparse
import os
import platform
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.core.cache import cache
from django.core.mail import get_connection
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor

from commonhall.core.version import VERSION
from commonhall.jobs import queries
from commonhall.operations import readiness

CONSOLE_MAIL = "django.core.mail.backends.console.EmailBackend"
PROVEN_WITH = (15, 18)
Finding = tuple[bool | None, str]
SIGNS = {True: "   ", None: " · ", False: " ! "}


class Ill(Exception):
    """Something needs a person."""


def doctor(options: argparse.Namespace) -> None:
    troubles = 0
    for well, words in [*software(), *address(), *data(), *database(), *background(), *mail(), *broker()]:
        troubles += well is False
        print(f"{SIGNS[well]}{words}", flush=True)
    if troubles:
        raise Ill(f"{troubles} things want attention: they are marked with ! above")


def software() -> Iterator[Finding]:
    yield True, f"Commonhall {VERSION}, Django {django.get_version()}, Python {platform.python_version()}"


def address() -> Iterator[Finding]:
    yield True, f"Address: {settings.BASE_URL}"
    local = any(name in settings.BASE_URL for name in ("//localhost", "//127.0.0.1"))
    if not settings.SECURE and not local:
        yield False, "BASE_URL begins with http://: behind a public name it must be https://, else no passkeys."
    if settings.DEBUG:
        yield False, "DEBUG is on: pages of errors show the inside of the program. Take it out."


def data() -> Iterator[Finding]:
    folder = Path(settings.DATA)
    yield os.access(folder, os.W_OK), f"Data directory: {folder}"
    disk = readiness.disk()
    yield disk["ok"], disk.get("words") or f"Disk: {disk['free_bytes'] // 2**20:,} MB free"
    age = readiness.backup()["age_seconds"]
    if age is None:
        yield None, "No backup was made here yet: `commonhall backup FILE`."
    else:
        yield age < 2 * 86_400, f"Last backup: {age / 3600:.0f} hours ago"


def database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
        yield _engine()
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        yield not missing, f"Tables: {f'{missing} changes wait for `commonhall up`' if missing else 'up to date'}"
    except (DatabaseError, InterfaceError) as error:
        yield False, f"The database does not answer: {str(error).strip().splitlines()[0]}"


def _engine() -> Finding:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            (level,) = cursor.execute("PRAGMA synchronous").fetchone()
        name = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}[level]
        return level >= 2, f"Database: SQLite {sqlite3.sqlite_version}, synchronous={name}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        number = int(cursor.fetchone()[0]) // 10_000
    return PROVEN_WITH[0] <= number <= PROVEN_WITH[1], f"Database: PostgreSQL {number}"


def background() -> Iterator[Finding]:
    try:
        checks = readiness.state()["checks"]
        for name in ("worker", "clock", "queue", "skew"):
            if name in checks:
                yield checks[name]["ok"], checks[name].get("words") or f"{name.capitalize()}: well"
        for job in queries.put_aside()[:20]:
            last = (job.traceback.strip().splitlines() or [""])[-1]
            yield False, f"Put aside: {job.task_path} {job.args_kwargs['args']}: {last[:200]}"
    except (DatabaseError, InterfaceError):
        return


def mail() -> Iterator[Finding]:
    if settings.MAIL_BACKEND == CONSOLE_MAIL:
        yield None, "Mail: MAIL_URL is not set, so e-mail is printed instead of sent."
        return
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        sender = get_connection(settings.MAIL_BACKEND, timeout=5)
        sender.open()
        sender.close()
        yield True, f"Mail: {where} answers"
    except (OSError, socket.gaierror) as error:
        yield False, f"Mail: {where} does not answer ({error})"


def broker() -> Iterator[Finding]:
    if "locmem" in settings.CACHES["default"]["BACKEND"]:
        yield True, "Redis: not used; run one `commonhall up` and no second process that serves pages"
        return
    try:
        cache.set("doctor", VERSION, 5)
        yield cache.get("doctor") == VERSION, "Redis: answers"
    except Exception as error:
        yield False, f"Redis does not answer ({error}): pages refresh later, nothing is lost"
