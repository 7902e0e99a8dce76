"""The verb ``repeat``: solve a record again and say whether the same pairs come out."""

import argparse
import sys
from pathlib import Path

from pairing import record
from pairing.errors import PairingError

MOST_BYTES = 512 * 1024 * 1024


def add_verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser(
        "repeat",
        help="solve a record again and compare",
        description="Read the record of a run, solve it anew and say whether the same pairs come out. "
        "Ends with 0 if they do, 1 if they do not, 2 if the record cannot be read.",
    )
    verb.add_argument("record", metavar="RECORD", type=Path, help="a file that pairing.record or the product wrote")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    try:
        if options.record.stat().st_size > MOST_BYTES:
            return _refused(f"{options.record} is larger than any record of a run.")
        again = record.repeat(record.loads(options.record.read_bytes()))
    except OSError as error:
        return _refused(f"{options.record} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        return _refused(record.NOT_READ.format(why="it is not text."))
    except PairingError as error:
        return _refused(str(error))
    pairs, seconds = again.solution.placed, again.solution.seconds
    print(f"The same again: {pairs} pairs, in {seconds:.2f} s." if again.same else "Not the same.")
    for sentence in again.differences:
        print(sentence)
    return 0 if again.same else 1


def _refused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2
