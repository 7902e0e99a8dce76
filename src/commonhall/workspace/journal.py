"""Writes the updates of every open note of this process, many in one transaction, one transaction at a time.

What is in the database is told to the others, and to the writer as saved; never before.
"""

import asyncio
import logging
from asyncio import AbstractEventLoop, Future
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async

from commonhall.workspace.actions.notes import Change, save

log = logging.getLogger("commonhall.workspace")
MOST_AT_ONCE = 500


class Closed(Exception):
    """The note takes no more words."""


class Journal:
    """One of each event loop: `await journal().write(change)` returns when the change is in the database."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Change, Future[None]]] = []
        self._running: asyncio.Task[None] | None = None

    async def write(self, change: Change) -> None:
        """Raises `Closed`, or what the database raised; then nothing of the change was kept."""
        future: Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((change, future))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._write_all())
        await future

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            try:
                changes = [change for change, _future in batch]
                closed = await database_sync_to_async(save, thread_sensitive=False)(changes)
            except Exception as error:
                log.exception("notes could not be saved")
                _finish(batch, error)
                continue
            for change, future in batch:
                _settle(future, Closed() if change.note in closed else None)


def _finish(batch: list[tuple[Change, "Future[None]"]], error: Exception) -> None:
    for _change, future in batch:
        _settle(future, error)


def _settle(future: "Future[None]", error: Exception | None) -> None:
    if future.done():
        return
    if error:
        future.set_exception(error)
    else:
        future.set_result(None)


_journals: "WeakKeyDictionary[AbstractEventLoop, Journal]" = WeakKeyDictionary()


def journal() -> Journal:
    return _journals.setdefault(asyncio.get_running_loop(), Journal())
