"""`commonhall restore IN`: all of it or nothing, into an empty place or, with --force, in place of what is there."""

import argparse
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from commonhall.core import clock
from commonhall.jobs import queries
from commonhall.jobs.models import Lease
from commonhall.operations import alone, archive, serving, standing
from commonhall.operations.archive import Unusable
from commonhall.operations.backup import run_tool

COMPANIONS = ("-wal", "-shm")
RUNS = "Commonhall runs on this database; stop it first (or wait half a minute if it was killed)"


class Refused(Exception):
    """The restore would harm what is there."""


def restore(options: argparse.Namespace) -> None:
    if connection.vendor == "postgresql" and (reason := standing.fault()):
        raise Refused(reason)
    with alone.serving(exclusive=True, otherwise=RUNS):
        bring_back(Path(options.source).expanduser().absolute(), Path(settings.DATA), force=options.force)


def bring_back(source: Path, data: Path, *, force: bool) -> None:
    empty = refuse_to_overwrite(force=force)
    with tempfile.TemporaryDirectory(dir=data, prefix=".restore-") as folder:
        print("Reading the archive …", flush=True)
        manifest = archive.unpack(source, Path(folder))
        refuse_to_misread(manifest)
        print("Putting everything in its place …", flush=True)
        kept = put_in_place(Path(folder), data)
        if empty and kept:
            shutil.rmtree(kept)
            kept = None
    serving.migrate()
    Lease.objects.all().delete()
    print(f"Restored what was saved on {manifest['made_at'][:16].replace('T', ' at ')}.")
    if kept and connection.vendor == "postgresql":
        print(f"The files and the key that were here before are in {kept}; the tables that were here are gone.")
    elif kept:
        print(f"What was here before is in {kept}.")


def refuse_to_overwrite(*, force: bool) -> bool:
    """Whether there is nothing here, but perhaps a key with which nothing was signed."""
    try:
        tables = set(connection.introspection.table_names())
        alive = "jobs_lease" in tables and Lease.objects.filter(renewed_at__gte=clock.now() - queries.LEASE).exists()
    except DatabaseError as error:
        if not force or connection.vendor != "sqlite":
            raise Refused(f"the database to restore into does not answer ({error})") from error
        tables, alive = {"what is damaged"}, False
    finally:
        connection.close()
    if not tables and connection.vendor == "sqlite":
        _remove_sqlite(Path(connection.settings_dict["NAME"]))
    if alive:
        raise Refused(RUNS)
    files = Path(settings.MEDIA_ROOT)
    empty = not tables and not (files.is_dir() and any(files.iterdir()))
    if not force and not empty:
        raise Refused(f"there is something in {settings.DATA} or its database; --force replaces it")
    return empty


def refuse_to_misread(manifest: dict[str, Any]) -> None:
    if manifest["engine"] != connection.vendor:
        raise Unusable(f"this backup is of {manifest['engine']}, and the database here is {connection.vendor}")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest["migrations"]) - known):
        version = manifest["version"]
        raise Unusable(f"this backup was made by a newer Commonhall ({version}, {unknown[0]}); update this one first")


def put_in_place(folder: Path, data: Path) -> Path | None:
    """What may fail comes first, and SQLite's file last: until then the old one is whole. What stood here is kept."""
    kept = data / f"before-restore-{clock.now():%Y%m%d-%H%M%S}"
    if connection.vendor == "postgresql":
        _replace_postgresql(folder / "database.dump", folder / "database.sql")
    _swap(folder / "files", data / "files", kept)
    if (folder / "secret_key").exists() and "SECRET_KEY" not in os.environ:
        os.chmod(folder / "secret_key", 0o600)
        _swap(folder / "secret_key", data / "secret_key", kept)
    if connection.vendor == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        for companion in COMPANIONS:
            _swap(folder / "nothing", place.with_name(place.name + companion), kept)
        _swap(folder / "database.sqlite3", place, kept)
    return kept if kept.exists() else None


def _replace_postgresql(dump: Path, script: Path) -> None:
    """In one transaction: what was there goes only when all of the new is in."""
    run_tool(["pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump)])
    empty = "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public"
    options = ["--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    run_tool(["psql", *options, f"--command={empty}", f"--file={script}"])


def _remove_sqlite(place: Path) -> None:
    """The empty file that looking at a database leaves behind."""
    for companion in ("", *COMPANIONS):
        place.with_name(place.name + companion).unlink(missing_ok=True)


def _swap(new: Path, place: Path, kept: Path) -> None:
    if place.exists():
        kept.mkdir(exist_ok=True)
        place.rename(kept / place.name)
    if new.exists():
        shutil.move(new, place)
