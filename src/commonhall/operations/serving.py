"""`commonhall up`: pages, background jobs and clock in one process."""

import argparse
import asyncio
import ctypes
import logging
import os
import signal
import socket
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from commonhall.core.errors import Unavailable
from commonhall.integrations.inbox import listener as inbox
from commonhall.jobs.threads import Crew
from commonhall.operations import alone, records
from commonhall.ui.templatetags.ui import built_files

MIGRATION_LOCK = 718_220_146
MOST_PORT = 65_535
LARGEST_MESSAGE = 4 * 2**20  # bytes over a websocket: a little more than the most that is pasted into a note
TAKEN = (
    "Commonhall is being served from this database already; stop that first, "
    "or set REDIS_URL so that several processes can count attempts and ring doorbells together"
)


# glibc keeps a heap for each thread that has ever needed memory; a dozen of them cost a third of the whole.
M_ARENA_MAX, HEAPS = -8, 2


def up(options: argparse.Namespace) -> None:
    share_heaps()
    listener = listen(options.host, os.environ.get("PORT", "8000"))
    with alone.serving(exclusive=not alone.joined(), otherwise=TAKEN):
        serve(listener)


def serve(listener: socket.socket) -> None:
    built_files()
    migrate()
    records.note_address()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    crew, door = Crew(workers=2, clock=True), inbox.door()
    crew.start()
    try:
        if door:
            door.start()
        Server(_configuration()).run(sockets=[listener])
    finally:
        print("Stopping …", flush=True)
        if door:
            door.stop()
        crew.stop()


def share_heaps() -> None:
    """Threads take turns at Python anyway. Where the C library is another one, nothing happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS)


def listen(host: str, port: str) -> socket.socket:
    """Take the port before anything else is done, and say so in words when it is taken."""
    if not port.isdecimal() or int(port) > MOST_PORT:
        raise Unavailable(f"there is no port {port}; choose one up to {MOST_PORT} with --port")
    listener = None
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        if listener is not None:
            listener.close()
        reason = f"cannot listen on {host} port {port} ({error.strerror})"
        raise Unavailable(f"{reason}; choose another with --port") from error
    return listener


def migrate() -> None:
    """Bring the database up to date. Two processes that start together take turns."""
    with _turn():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            print("Preparing the database …", flush=True)
            call_command("migrate", interactive=False, verbosity=0)
    connection.close()


@contextmanager
def _turn() -> Any:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def _configuration() -> uvicorn.Config:
    return uvicorn.Config(
        "commonhall.config.asgi:application",
        lifespan="off",
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


class Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print("\n".join(await asyncio.to_thread(import_string(settings.WELCOME))), flush=True)


logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
