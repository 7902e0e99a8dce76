"""The command ``python -m pairing``. A verb is a module with ``add_verb`` and one name in VERBS."""

import argparse
import sys
from collections.abc import Sequence

from pairing import repeating
from pairing.folder import command

VERBS = (command, repeating)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m pairing", description="Who should be paired with whom, and why.")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for verb in VERBS:
        verb.add_verb(verbs)
    options = parser.parse_args(arguments)
    code: int = options.run(options)
    return code


if __name__ == "__main__":
    sys.exit(main())
