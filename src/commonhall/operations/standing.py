"""Whether the database can be worked with, asked before a verb begins, so that it can refuse in one sentence."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, Error, connection
from django.db.migrations.executor import MigrationExecutor

from commonhall.core.errors import Unavailable

SECONDS = 5


def refuse_unusable(*, current: bool) -> None:
    """`current`: the tables must be those of this very release, too."""
    if reason := fault():
        raise Unavailable(reason)
    if not current:
        return
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        raise Unavailable("there is no Commonhall in this database yet; `commonhall up` makes one")
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Unavailable("the tables are those of an older Commonhall; `commonhall up` brings them up to date")


def fault() -> str:
    """Why the database cannot be used; empty when it can. One try, rather than the pool's patience."""
    try:
        if connection.vendor == "postgresql":
            backend: Any = connection
            facts = backend.get_connection_params() | {"connect_timeout": SECONDS}
            backend.Database.connect(**facts).close()
        else:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA schema_version")
    except Error as error:
        return told(error)
    except Exception as error:
        if connection.vendor == "postgresql":
            return told(error)
        raise
    return ""


def told(error: Exception) -> str:
    words = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if connection.vendor == "postgresql":
        return f"the database of DATABASE_URL does not answer ({words})"
    if not isinstance(error, DatabaseError) or "unable to open" in words or "readonly" in words:
        return f"the database in {settings.DATA} cannot be opened ({words}); may this user write there?"
    return f"the database in {settings.DATA} is damaged ({words}); `commonhall restore BACKUP --force` replaces it"
