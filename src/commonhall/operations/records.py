"""What operations remember outside the database: when the last backup was made, and at which address `up` is."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from commonhall.core import clock


def last_backup() -> datetime | None:
    try:
        return datetime.fromisoformat(_read("last_backup"))
    except ValueError:
        return None


def note_backup() -> None:
    _file("last_backup").write_text(clock.now().isoformat())


def last_address() -> str:
    """Where `commonhall up` was last, or is; empty when it never was."""
    return _read("address")


def note_address() -> None:
    _file("address").write_text(settings.BASE_URL)


def _file(name: str) -> Path:
    return Path(settings.DATA) / name


def _read(name: str) -> str:
    try:
        return _file(name).read_text().strip()
    except OSError:
        return ""
