"""The command `commonhall`: every verb lives in the `cli.py` of its room."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

ROOMS_WITH_VERBS: tuple[str, ...] = ()


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="commonhall", description="Remote mentoring for local government.")
    verbs = top.add_subparsers(title="verbs", metavar="VERB", required=True)
    for room in ROOMS_WITH_VERBS:
        import_module(f"commonhall.{room}.cli").add_verbs(verbs)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonhall.config.settings")
    options = parser().parse_args(arguments)
    return int(options.run(options) or 0)


if __name__ == "__main__":
    sys.exit(main())
