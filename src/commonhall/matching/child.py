"""The process that solves. It alone imports numpy and scipy, and `commonhall.matching.solver` talks to it.

Started with `python -m commonhall.matching.child MEGABYTES IDLE_SECONDS`, it reads pickled questions from standard
input, each after its length, and answers on standard output. It keeps the last few problems measured, so that a new
weight costs only a new solution. It ends by itself when nobody asks for a while, or when its parent is gone.
"""

import os
import pickle
import select
import struct
import sys
import traceback
from importlib import import_module
from typing import IO, Any

from commonhall.core.limits import limit

UNKNOWN = "unknown problem"
LENGTH = struct.Struct(">Q")


def send(stream: IO[bytes], value: Any) -> None:
    message = pickle.dumps(value, protocol=5)
    stream.write(LENGTH.pack(len(message)) + message)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next message, or EOFError when the other side is gone."""
    (size,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    return pickle.loads(_exactly(stream, size))  # noqa: S301


def _exactly(stream: IO[bytes], size: int) -> bytes:
    parts = []
    while size:
        part = stream.read(size)
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def answer(desk: Any, question: tuple[str, dict[str, Any]]) -> tuple[str, Any]:
    name, arguments = question
    try:
        return "answered", getattr(desk, name)(**arguments)
    except MemoryError:
        return "memory", None
    except Exception as error:
        account = traceback.format_exc()
        if type(error).__module__ == "pairing.errors":
            return "refused", str(error)
        return "crashed", account


def main() -> None:
    questions, answers = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit(int(sys.argv[1]))
    idle = float(sys.argv[2])
    desk = import_module("commonhall.matching.desk").Desk()  # after the limits, so that they hold for libraries too
    while select.select([questions], [], [], idle)[0]:
        try:
            question = receive(questions)
        except EOFError:
            break
        send(answers, answer(desk, question))
    os._exit(0)


if __name__ == "__main__":
    main()
