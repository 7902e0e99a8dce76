"""Run a function in a fresh Python process with limits on memory and time.

For what may hang, explode or crash: reading a stranger's spreadsheet, solving, typesetting. The child imports only
the function's own module. Standard input and output carry the pickled call and its answer.

>>> run_limited("math:factorial", 5)
120
"""

import contextlib
import importlib
import logging
import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from commonhall.core import limits
from commonhall.core.errors import Refused

log = logging.getLogger("commonhall.child")
CRASHES = {-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL, -signal.SIGBUS}


class ChildFailed(Refused):
    """The work could not be finished; nothing of it was kept."""

    status = 422


class TookTooLong(ChildFailed):
    def __init__(self) -> None:
        super().__init__(_("This took too long, so it was stopped."))


class NeededTooMuchMemory(ChildFailed):
    def __init__(self) -> None:
        super().__init__(_("This needed too much memory, so it was stopped."))


class Crashed(ChildFailed):
    """Something unforeseen; `detail`, the child's own account of it, goes to the log."""

    def __init__(self, detail: str) -> None:
        super().__init__(_("This could not be worked out."))
        log.error("a child process crashed: %s", detail)


def run_limited(
    function: str | Callable[..., Any], *args: Any, seconds: float = 60, megabytes: int = 512, **options: Any
) -> Any:
    """Call `function` ("package.module:name", or a function of a module) in a child and return its answer.

    Raises `TookTooLong`, `NeededTooMuchMemory` or `Crashed`; an exception that the function raises itself and that
    can be pickled is raised here as it was. Arguments and answer must be picklable.
    """
    name = function if isinstance(function, str) else f"{function.__module__}:{function.__qualname__}"
    command = [sys.executable, "-m", "commonhall.core.child", str(megabytes), str(int(seconds) + 1)]
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=limits.environment(),
        start_new_session=True,
    ) as child:
        try:
            output, complaint = child.communicate(pickle.dumps((name, args, options), protocol=5), timeout=seconds)
        except subprocess.TimeoutExpired:
            _kill(child)
            raise TookTooLong from None
        except BaseException:
            _kill(child)
            raise
    return _answer(output, complaint.decode("utf-8", "replace"), child.returncode)


def _kill(child: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _answer(output: bytes, complaint: str, code: int) -> Any:
    if not output:
        if code == -signal.SIGXCPU:
            raise TookTooLong
        if code in CRASHES or "memory allocation" in complaint or "MemoryError" in complaint:
            raise NeededTooMuchMemory
        raise Crashed(complaint[-4000:] or f"exit code {code}")
    kind, value = pickle.loads(output)  # noqa: S301
    if kind == "memory":
        raise NeededTooMuchMemory
    if kind == "raised":
        raise value
    if kind == "crashed":
        raise Crashed(value)
    return value


def _call(name: str, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[str, Any]:
    module, _colon, attribute = name.partition(":")
    try:
        function = importlib.import_module(module)
        for part in attribute.split("."):
            function = getattr(function, part)
        return "returned", function(*args, **options)  # type: ignore[operator]
    except MemoryError:
        return "memory", None
    except Exception as error:
        account = traceback.format_exc()
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301
        except Exception:
            return "crashed", account
        return "raised", error


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limits.limit(int(sys.argv[1]), int(sys.argv[2]))
    name, args, options = pickle.load(sys.stdin.buffer)  # noqa: S301
    answer = _call(name, args, options)
    try:
        message = pickle.dumps(answer, protocol=5)
    except MemoryError:
        message = pickle.dumps(("memory", None))
    answers.write(message)
    answers.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
