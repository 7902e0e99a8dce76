"""The command `commonhall`: every verb lives in the `cli.py` of its room.

A room's `add_verbs(verbs)` says `parser.set_defaults(run="commonhall.room.module:function")`; the function takes the
parsed options and returns the exit code, or None for 0. It is imported only after Django is set up, or without
Django when the defaults say `plain=True`. With `needs="data"` a verb works on an installation that is there, with
`needs="tables"` on one whose tables are up to date; with "place" or "nothing" it looks at the database itself.
"""

import argparse
import errno
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

import django

from commonhall.config import environment
from commonhall.core.version import VERSION

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FULL_DATABASE = "database or disk is full"
DATABASE_ERRORS = ("OperationalError", "DatabaseError", "InterfaceError", "InternalError")
ROOMS_WITH_VERBS = (
    "operations",
    "jobs",
    "integrations",
    "demo",
    "organisations",
    "programmes",
    "matching",
    "workspace",
    "privacy",
)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="commonhall", description="Remote mentoring for local government.")
    top.add_argument("--version", action="version", version=f"Commonhall {VERSION}")
    verbs = top.add_subparsers(title="verbs", metavar="VERB", required=True)
    for room in ROOMS_WITH_VERBS:
        import_module(f"commonhall.{room}.cli").add_verbs(verbs)
    for told in verbs._choices_actions:
        verb = verbs.choices[told.dest]
        verb.description = verb.description or f"{str(told.help)[0].upper()}{str(told.help)[1:]}."
    for verb in verbs.choices.values():
        if verb.get_default("plain") or "--data" in verb.format_usage():
            continue
        verb.add_argument("--data", metavar="DIR", help="where database, files and keys live (else COMMONHALL_DATA)")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        return int(_function(options)(options) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("LOG_LEVEL", "").upper() == "DEBUG":
            raise
        print(f"commonhall: {_sentence(error)}", file=sys.stderr)
        return 1


def _function(options: argparse.Namespace) -> Callable[[argparse.Namespace], int | None]:
    for option, variable in (("data", "COMMONHALL_DATA"), ("port", "PORT")):
        if (value := getattr(options, option, None)) is not None:
            os.environ[variable] = str(value)
    if not getattr(options, "plain", False):
        _set_up(getattr(options, "needs", ""))
    module, _colon, name = options.run.partition(":")
    function: Callable[[argparse.Namespace], int | None] = getattr(import_module(module), name)
    return function


def _set_up(needs: str) -> None:
    if needs in ("place", "data", "tables"):
        environment.refuse_absent(environment.data_directory())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonhall.config.settings")
    django.setup()
    if needs not in ("place", "nothing"):
        import_module("commonhall.operations.standing").refuse_unusable(current=needs == "tables")


def _sentence(error: Exception) -> str:
    """What went wrong, in one line; a class name only where the message alone says nothing."""
    if isinstance(error, OSError) and error.strerror:
        return _of_system(error)
    words = " ".join(str(error).split())
    name = type(error).__name__
    if words and (isinstance(error, OSError) or type(error).__module__.startswith(("commonhall", "pairing"))):
        return words
    if words == FULL_DATABASE:
        return "there is no room left on the disk; nothing of this was kept"
    if words and (name in DATABASE_ERRORS or "Configured" in name):
        return words
    return f"something unforeseen happened ({name}: {words}). LOG_LEVEL=DEBUG shows all of it."


def _of_system(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    if error.errno in FULL:
        return f"{where}there is no room left on the disk"
    reason = str(error.strerror)
    return f"{where}{reason[0].lower()}{reason[1:]}"


if __name__ == "__main__":
    sys.exit(main())
