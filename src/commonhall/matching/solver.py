"""Asking the process that solves (`commonhall.matching.child`): one per web or worker process, kept warm.

It is started by the first question and ends after ten quiet minutes. When it dies, the question goes to a fresh one;
when it takes too long or needs too much memory, the person who asked is told so.
"""

import atexit
import contextlib
import os
import pickle
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from commonhall.core.child import Crashed, NeededTooMuchMemory, TookTooLong
from commonhall.core.errors import Refused, Unavailable
from commonhall.core.limits import environment
from commonhall.matching.child import LENGTH, UNKNOWN

SECONDS = 30.0
MEGABYTES = 700
IDLE_SECONDS = 600
PAUSE = 1.0


class NotPossible(Refused):
    """The engine refuses what was asked, in a sentence that names people by their numbers."""

    status = 422


class Stopped(Refused):
    """Nobody wants the answer any more; the child has been ended."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("This was stopped. The pairs are as they were."))


class _Gone(Exception):
    """The child died, or was never there."""


class Solver:
    """One child and the lock before it."""

    def __init__(
        self,
        *,
        seconds: float = SECONDS,
        megabytes: int = MEGABYTES,
        idle: float = IDLE_SECONDS,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """`wanted` is asked every second while the child works; the first no ends it."""
        self.seconds, self.megabytes, self.idle, self.wanted = seconds, megabytes, idle, wanted
        self._child: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def ask(self, question: str, **arguments: Any) -> Any:
        """The answer of `Desk.<question>(**arguments)`."""
        if not self._turn.acquire(timeout=self.seconds):
            raise Unavailable(_("Another matching is being worked out. Try again in a minute."))
        try:
            return self._answer(*self._exchange((question, arguments)))
        finally:
            self._turn.release()

    def ask_about(self, key: str, inputs: Callable[[], bytes], question: str, **arguments: Any) -> Any:
        """The same about a problem that the child may know already; `inputs` is called only if it does not."""
        answer = self.ask(question, key=key, **arguments)
        if answer == UNKNOWN:
            answer = self.ask(question, key=key, packed=inputs(), **arguments)
        return answer

    def warm(self) -> None:
        """Start the child if it is not there, without waiting for it."""
        if self._turn.acquire(blocking=False):
            try:
                self._ensure()
            finally:
                self._turn.release()

    def stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for stream in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def _exchange(self, question: tuple[str, Mapping[str, Any]]) -> tuple[str, Any]:
        message = pickle.dumps(question, protocol=5)
        was_there = self.pid is not None
        try:
            return self._once(message)
        except _Gone:
            if not was_there:
                raise Crashed("the solving process died at once") from None
        try:
            return self._once(message)
        except _Gone:
            raise Crashed("the solving process died twice") from None

    def _once(self, message: bytes) -> tuple[str, Any]:
        child = self._ensure()
        until = time.monotonic() + self.seconds
        try:
            child.stdin.write(LENGTH.pack(len(message)) + message)  # type: ignore[union-attr]
            child.stdin.flush()  # type: ignore[union-attr]
            (size,) = LENGTH.unpack(self._read(child, LENGTH.size, until))
            kind, value = pickle.loads(self._read(child, size, until))  # noqa: S301
        except (OSError, EOFError):
            self.stop()
            raise _Gone from None
        except BaseException:
            self.stop()
            raise
        return kind, value

    def _read(self, child: "subprocess.Popen[bytes]", size: int, until: float) -> bytes:
        parts: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
            while size:
                self._wait(selector, until)
                part = os.read(child.stdout.fileno(), min(size, 1 << 20))  # type: ignore[union-attr]
                if not part:
                    raise EOFError
                parts.append(part)
                size -= len(part)
        return b"".join(parts)

    def _wait(self, selector: selectors.BaseSelector, until: float) -> None:
        while not selector.select(max(0.0, min(until - time.monotonic(), PAUSE))):
            if time.monotonic() >= until:
                raise TookTooLong
            if not self.wanted():
                raise Stopped

    def _ensure(self) -> "subprocess.Popen[bytes]":
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.stop()
        command = [sys.executable, "-m", "commonhall.matching.child", str(self.megabytes), str(self.idle)]
        self._child = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), start_new_session=True
        )
        return self._child

    def _answer(self, kind: str, value: Any) -> Any:
        if kind == "memory":
            self.stop()
            raise NeededTooMuchMemory
        if kind == "refused":
            raise NotPossible(value)
        if kind == "crashed":
            raise Crashed(value)
        return value


shared = Solver()
atexit.register(shared.stop)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who solves in this thread, and what has to be so in the transaction that keeps the answer."""

    solver: Solver
    confirm: Callable[[], None]


_seat: ContextVar[Seat] = ContextVar("seat")


def at_hand() -> Seat:
    """The process that all share, unless a background job has brought its own."""
    return _seat.get(Seat(shared, lambda: None))


@contextlib.contextmanager
def seated(seat: Seat) -> Iterator[None]:
    """Whatever is asked inside is asked there; its process ends with it."""
    token = _seat.set(seat)
    try:
        yield
    finally:
        _seat.reset(token)
        seat.solver.stop()
