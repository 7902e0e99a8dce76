"""The command `commonhall`: every verb lives in the `cli.py` of its room.

A room's `add_verbs(verbs)` says `parser.set_defaults(run="commonhall.room.module:function")`; the function takes the
parsed options and returns the exit code, or None for 0. It is imported only after Django is set up, or without
Django when the defaults say `plain=True`.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

import django

from commonhall.core.version import VERSION

ROOMS_WITH_VERBS = ("operations", "jobs", "demo", "organisations", "programmes", "matching")


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="commonhall", description="Remote mentoring for local government.")
    top.add_argument("--version", action="version", version=f"Commonhall {VERSION}")
    verbs = top.add_subparsers(title="verbs", metavar="VERB", required=True)
    for room in ROOMS_WITH_VERBS:
        import_module(f"commonhall.{room}.cli").add_verbs(verbs)
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
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonhall.config.settings")
        django.setup()
    module, _colon, name = options.run.partition(":")
    function: Callable[[argparse.Namespace], int | None] = getattr(import_module(module), name)
    return function


def _sentence(error: Exception) -> str:
    """What went wrong, in one line; a class name only where the message alone says nothing."""
    words = " ".join(str(error).split())
    expected = isinstance(error, OSError) or type(error).__module__.startswith(("commonhall", "pairing"))
    if words and (expected or "Operational" in type(error).__name__ or "Configured" in type(error).__name__):
        return words
    return f"something unforeseen happened ({type(error).__name__}: {words}). LOG_LEVEL=DEBUG shows all of it."


if __name__ == "__main__":
    sys.exit(main())
