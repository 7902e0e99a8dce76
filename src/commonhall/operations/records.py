"""What operations remember outside the database: when the last backup was made."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from commonhall.core import clock


def _file() -> Path:
    return Path(settings.DATA) / "last_backup"


def last_backup() -> datetime | None:
    try:
        return datetime.fromisoformat(_file().read_text().strip())
    except (OSError, ValueError):
        return None


def note_backup() -> None:
    _file().write_text(clock.now().isoformat())
