"""`commonhall doctor`: how this installation is, in words."""

import argparse
import os
import platform
import socket
import sqlite3
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import django
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from imap_tools import ImapToolsError

from commonhall.core.errors import Unavailable
from commonhall.core.version import VERSION
from commonhall.integrations.inbox import imap
from commonhall.jobs import queries
from commonhall.operations import alone, certificates, readiness, records, standing

CONSOLE_MAIL = "django.core.mail.backends.console.EmailBackend"
PROVEN_WITH = (15, 18)
Finding = tuple[bool | None, str]
SIGNS = {True: "   ", None: " · ", False: " ! "}
NAMES = {"database": "Database", "worker": "Worker", "clock": "Clock", "queue": "Jobs", "skew": "Time"}
VARIABLES = (
    "COMMONHALL_DATA",
    "BASE_URL",
    "ALLOWED_HOSTS",
    "PORT",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "DATABASE_URL",
    "DATABASE_POOL",
    "SQLITE_SYNCHRONOUS",
    "REDIS_URL",
    "MAIL_URL",
    "MAIL_FROM",
    "EMBEDDED_ROOM_HOSTS",
    "INBOX_ADDRESS",
    "INBOX_LISTEN",
    "INBOX_URL",
    "CONNECT_CALENDARS",
    "ALLOWED_INTERNAL_HOSTS",
    "PRIVATE_NOTES_KEYS",
    "STUN_URLS",
    "TURN_URLS",
    "TURN_SECRET",
    "TURN_SECONDS",
    "LOG_LEVEL",
    "DEBUG",
    "DESIGN_PAGE",
    "READ_ONLY_GET",
)


class Ill(Exception):
    """Something needs a person."""


def doctor(options: argparse.Namespace) -> None:
    troubles = 0
    parts = (software, environment, address, certificate, data, files, database, mail, inbox, broker)
    for well, words in chain.from_iterable(part() for part in parts):
        troubles += well is False
        print(f"{SIGNS[well]}{words}", flush=True)
    if troubles:
        raise Ill(f"{troubles} {'thing wants' if troubles == 1 else 'things want'} attention: see ! above")


def software() -> Iterator[Finding]:
    yield True, f"Commonhall {VERSION}, Django {django.get_version()}, Python {platform.python_version()}"


def environment() -> Iterator[Finding]:
    """Which of our settings are set, without what they say: there may be passwords in it."""
    given = [name for name in VARIABLES if os.environ.get(name)]
    yield True, f"Set in the environment or .env: {', '.join(given) or 'nothing; all of it is as it comes'}"
    if settings.DEBUG:
        yield False, "DEBUG is on: pages of errors show the inside of the program. Take it out."
    key = Path(settings.DATA) / "secret_key"
    if "SECRET_KEY" not in os.environ and key.exists() and key.stat().st_mode & 0o077:
        yield False, f"Others on this machine can read {key}: chmod 600 it."


def address() -> Iterator[Finding]:
    served = records.last_address() if alone.somebody_serves() else ""
    chosen = bool(os.environ.get("BASE_URL"))
    if served and chosen and served != settings.BASE_URL:
        yield False, f"Address: served as {served}, but BASE_URL is {settings.BASE_URL}: restart `commonhall up`."
    elif served:
        yield True, f"Address: {served}, served now"
    elif chosen:
        yield True, f"Address: {settings.BASE_URL}; `commonhall up` does not run on this data directory now"
    else:
        yield None, f"Address: {settings.BASE_URL} unless `commonhall up --port` or BASE_URL says otherwise"
    local = any(name in settings.BASE_URL for name in ("//localhost", "//127.0.0.1"))
    if not settings.SECURE and not local:
        yield False, "BASE_URL begins with http://: behind a public name it must be https://, else no passkeys."


def certificate() -> Iterator[Finding]:
    if settings.SECURE:
        yield certificates.finding(settings.BASE_URL)
    else:
        yield None, "Certificate: none looked for, because the address does not begin with https://"


def data() -> Iterator[Finding]:
    folder = Path(settings.DATA)
    writable = os.access(folder, os.W_OK)
    yield writable, f"Data directory: {folder}{'' if writable else ' cannot be written'}"
    disk = readiness.disk()
    yield disk["ok"], f"Disk: {disk['words']}"
    backup = readiness.backup()
    yield (None if backup["age_seconds"] is None else backup["ok"]), f"Backup: {backup['words']}"


def files() -> Iterator[Finding]:
    """Where people's photographs and spreadsheets are put: written, read and taken away again."""
    name = default_storage.generate_filename("doctor.txt")
    try:
        name = default_storage.save(name, ContentFile(b"well"))
        default_storage.delete(name)
        yield True, f"Files: {settings.MEDIA_ROOT} can be written"
    except OSError as error:
        yield False, f"Files: {settings.MEDIA_ROOT} cannot be written ({error.strerror})"


def database() -> Iterator[Finding]:
    if reason := standing.fault():
        yield False, f"Database: {reason}"
        return
    yield _engine()
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        yield False, f"Tables: {missing} changes wait for `commonhall up`"
        return
    yield True, "Tables: up to date"
    yield from background()


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
    checks = readiness.state()["checks"]
    for name in NAMES:
        if name in checks:
            yield checks[name]["ok"], f"{NAMES[name]}: {checks[name]['words']}"
    for job in queries.put_aside()[:20]:
        last = (job.traceback.strip().splitlines() or [""])[-1]
        yield False, f"Put aside: {job.task_path} {job.args_kwargs['args']}: {last[:200]}"


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


def inbox() -> Iterator[Finding]:
    """Whether answers that people give in their calendars come back."""
    if not settings.INBOX_ADDRESS:
        yield None, "Inbox: INBOX_ADDRESS is not set, so answers given in calendars do not come back."
        return
    if not (settings.INBOX_LISTEN or settings.INBOX_URL):
        yield None, f"Inbox: {settings.INBOX_ADDRESS} is taken by another process, or by none: see `commonhall inbox`"
    if settings.INBOX_LISTEN:
        yield _listens(urlsplit(settings.INBOX_LISTEN))
    if settings.INBOX_URL:
        try:
            imap.opened(settings.INBOX_URL).logout()
            yield True, f"Inbox: the mailbox of {settings.INBOX_ADDRESS} lets us in"
        except (Unavailable, ImapToolsError) as error:
            yield False, f"Inbox: {error}"


def _listens(where: SplitResult) -> Finding:
    try:
        socket.create_connection((where.hostname or "", where.port or 0), timeout=5).close()
    except OSError as error:
        return None, f"Inbox: nobody listens on {where.netloc} now ({error}); `commonhall up` does"
    return True, f"Inbox: letters are taken on {where.netloc}"


def broker() -> Iterator[Finding]:
    if not alone.joined():
        yield True, "Redis: not used, so one `commonhall up` serves all pages"
        return
    try:
        cache.set("doctor", VERSION, 5)
        yield cache.get("doctor") == VERSION, "Redis: answers"
    except Exception as error:
        yield False, f"Redis does not answer ({error}): pages refresh later, nothing is lost"
