"""Configuration by environment: see docs/reference/configuration.md."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from commonhall.core.errors import Unavailable

env = environ.Env()
if Path(".env").is_file():
    env.read_env(".env")


def data_directory() -> Path:
    """Where database, files and keys live (`COMMONHALL_DATA`)."""
    return Path(env("COMMONHALL_DATA", default="commonhall-data")).expanduser().resolve()


def secret_key(directory: Path) -> str:
    """`SECRET_KEY`, else the one made and kept at the first start."""
    given = env("SECRET_KEY", default="")
    if given:
        return str(given)
    kept = directory / "secret_key"
    if directory.exists() and not directory.is_dir():
        raise ImproperlyConfigured(f"{directory} is no directory; choose another with --data or COMMONHALL_DATA")
    directory.mkdir(parents=True, exist_ok=True)
    if not kept.exists():
        draft = directory / f"secret_key.{os.getpid()}"
        try:
            draft.touch(mode=0o600)
            draft.write_text(get_random_secret_key())
            os.link(draft, kept)
        except FileExistsError:
            pass
        finally:
            draft.unlink(missing_ok=True)
    key = kept.read_text().strip()
    if not key:
        raise ImproperlyConfigured(f"{kept} is empty: put the key back, or take the file away for a new one")
    return key


def database(directory: Path) -> dict[str, object]:
    """`DATABASE_URL` (PostgreSQL), else one SQLite file tuned for many writers."""
    url = env("DATABASE_URL", default="")
    return postgresql(url) if url else sqlite(directory)


def refuse_absent(directory: Path) -> None:
    """For verbs that work on what is there: a mistyped directory must not become a new installation."""
    if not env("DATABASE_URL", default="") and not (directory / "commonhall.sqlite3").exists():
        raise Unavailable(f"there is no Commonhall in {directory} yet; `commonhall up` makes one")


def postgresql(url: str) -> dict[str, object]:
    if urlsplit(url).scheme not in ("postgres", "postgresql"):
        form = "postgres://user:password@host:5432/name"
        raise ImproperlyConfigured(f"DATABASE_URL must look like {form}; without it SQLite is used")
    settings = env.db_url_config(url)
    pool = {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=6), "timeout": 20}
    options = {**settings.get("OPTIONS", {}), "pool": pool}
    if "host" in options:
        settings["HOST"] = options.pop("host")
    return {**settings, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def sqlite(directory: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": directory / "commonhall.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL;"
                f"PRAGMA synchronous={env('SQLITE_SYNCHRONOUS', default='FULL')};"
                "PRAGMA foreign_keys=ON;PRAGMA temp_store=MEMORY;PRAGMA cache_size=-16000"
            ),
        },
        "TEST": {"NAME": directory / "test.sqlite3"},
    }


def mail() -> dict[str, object]:
    """`MAIL_URL`, for instance smtp://127.0.0.1:2525 or smtp+tls://name:secret@host:587."""
    url = env("MAIL_URL", default="")
    return (
        dict(env.email_url_config(url)) if url else {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    )


def inbox() -> tuple[str, str, str]:
    """`INBOX_ADDRESS`, and how answers to it come in: `INBOX_LISTEN` or `INBOX_URL`."""
    address = str(env("INBOX_ADDRESS", default="")).strip()
    listen, url = str(env("INBOX_LISTEN", default="")), str(env("INBOX_URL", default=""))
    local, _at, domain = address.rpartition("@")
    if address and (not local or not domain or "+" in local):
        raise ImproperlyConfigured("INBOX_ADDRESS must look like meet@council.example, without a plus")
    _refuse_odd("INBOX_LISTEN", listen, ("lmtp", "smtp"), "lmtp://127.0.0.1:2424")
    _refuse_odd("INBOX_URL", url, ("imaps", "imap"), "imaps://user:password@host/folder")
    if (listen or url) and not address:
        raise ImproperlyConfigured("INBOX_LISTEN and INBOX_URL need INBOX_ADDRESS, to which people's calendars answer")
    return address, listen, url


def _refuse_odd(name: str, value: str, schemes: tuple[str, ...], form: str) -> None:
    try:
        parts = urlsplit(value)
        sound = parts.scheme in schemes and parts.hostname and (parts.port or "lmtp" not in schemes)
    except ValueError:
        sound = False
    if value and not sound:
        raise ImproperlyConfigured(f"{name} must look like {form}")


def base_url() -> str:
    return str(env("BASE_URL", default=f"http://localhost:{env('PORT', default='8000')}")).rstrip("/")


def hosts(base: str) -> list[str]:
    return [
        urlsplit(base).hostname or "localhost",
        "localhost",
        "127.0.0.1",
        "[::1]",
        *env.list("ALLOWED_HOSTS", default=[]),
    ]
