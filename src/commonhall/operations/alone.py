"""Who serves pages from this database: one process, or with Redis as many as one likes.

Without Redis, attempts to sign in are counted and doorbells rung inside one process: docs/decisions/0007-attempts.md.
The lock is the kernel's or PostgreSQL's, not a row: it goes with its process, so nothing waits after a kill.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from commonhall.core.errors import Unavailable

NUMBER = 718_220_147
PATIENCE = 2.0
PAUSE = 0.1


def joined() -> bool:
    """Whether Redis joins several processes."""
    return "redis" in settings.CACHES["default"]["BACKEND"].lower()


@contextmanager
def serving(*, exclusive: bool, otherwise: str) -> Iterator[None]:
    """Hold the place of whoever serves; `Unavailable` with the words given when another process has it."""
    with _directory() as folder:
        _insist(lambda: _lock(folder, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH), otherwise)
        if connection.vendor != "postgresql":
            yield
            return
        backend: Any = connection
        own = backend.Database.connect(**backend.get_connection_params(), autocommit=True)
        try:
            name = "pg_try_advisory_lock" if exclusive else "pg_try_advisory_lock_shared"
            _insist(lambda: own.execute(f"SELECT {name}(%s)", [NUMBER]).fetchone()[0], otherwise)
            yield
        finally:
            own.close()


def somebody_serves() -> bool:
    """Whether `commonhall up` runs on this data directory now."""
    with _directory() as folder:
        return not _lock(folder, fcntl.LOCK_EX)


@contextmanager
def _directory() -> Iterator[int]:
    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    folder = os.open(settings.DATA, os.O_RDONLY)
    try:
        yield folder
    finally:
        os.close(folder)


def _lock(folder: int, kind: int) -> bool:
    try:
        fcntl.flock(folder, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _insist(attempt: Any, otherwise: str) -> None:
    """Whoever was killed a moment ago may still be going."""
    end = time.monotonic() + PATIENCE
    while not attempt():
        if time.monotonic() > end:
            raise Unavailable(otherwise)
        time.sleep(PAUSE)
