"""`commonhall backup OUT`: database, files and key, consistent while people work."""

import argparse
import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from commonhall.core import clock
from commonhall.operations import archive, records


class Failed(Exception):
    """The backup was not made."""


def backup(options: argparse.Namespace) -> None:
    out = Path(options.out).expanduser().absolute()
    if out.exists():
        raise Failed(f"{out} exists; choose another name")
    if not out.parent.is_dir():
        raise Failed(f"there is no directory {out.parent}")
    make(out)
    records.note_backup()
    print(f"Saved to {out} ({out.stat().st_size:,} bytes).")


def make(out: Path) -> None:
    """Files before and after the database: so each file that a saved row names is there."""
    with archive.writing(out) as writer, tempfile.TemporaryDirectory(dir=out.parent, prefix=".backup-") as folder:
        _add_files(writer)
        print("Saving the database …", flush=True)
        name = "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"
        copy = Path(folder) / name
        (copy_sqlite if connection.vendor == "sqlite" else dump_postgresql)(copy)
        writer.add(name, copy)
        _add_files(writer)
        if (key := Path(settings.DATA) / "secret_key").is_file():
            writer.add("secret_key", key)
        writer.close(engine=connection.vendor, made_at=clock.now().isoformat(), migrations=migrations())


def migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def copy_sqlite(target: Path) -> None:
    """SQLite's own online copy, in one step, so that writers wait a moment instead of making it begin again."""
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        try:
            (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            verdict = str(error)
    if verdict != "ok":
        raise Failed(f"no backup was made, because the database is damaged ({' '.join(verdict.split())})")


def dump_postgresql(target: Path) -> None:
    run_tool(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])


def run_tool(command: list[str]) -> None:
    """One of PostgreSQL's own programs, on the database of the settings; the password goes by the environment."""
    program = shutil.which(command[0])
    if program is None:
        raise Failed(f"{command[0]} is missing; install PostgreSQL's client programs (postgresql-client)")
    finished = subprocess.run(  # noqa: S603
        [program, *command[1:]], env=os.environ | _where(), capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise Failed(f"{command[0]} failed: {' '.join(finished.stderr.split())[:500]}")


def _where() -> dict[str, str]:
    facts: dict[str, Any] = connection.settings_dict
    named = {"PGDATABASE": "NAME", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGHOST": "HOST", "PGPORT": "PORT"}
    return {variable: str(facts[key]) for variable, key in named.items() if facts.get(key)}


def _add_files(writer: archive.Writer) -> None:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        name = f"files/{path.relative_to(root).as_posix()}"
        if path.is_file() and name not in writer.members:
            writer.add(name, path)
