"""A door for the mail server of the house: LMTP or SMTP on a local port, for our own addresses and nothing else.

A letter is acknowledged only after what it says is done, so that a killed process loses none: the sending server tries
again. What we did not give out is refused at the door, so nobody is sent a bounce that they did not ask for.
"""

import argparse
import asyncio
import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from commonhall.core.errors import Unavailable
from commonhall.integrations.inbox import receiving
from commonhall.integrations.inbox.letters import MOST_BYTES, Unreadable, read
from commonhall.jobs.processes import stay

log = logging.getLogger("commonhall.inbox")
KINDS = {"lmtp": LMTP, "smtp": SMTP}
IDLE_SECONDS = 60
GRACE_SECONDS = 10.0
TAKEN, LATER, NO = "250 2.0.0 Taken", "451 4.3.0 Not now, try again later", "554 5.6.0 This cannot be read"
UNKNOWN = "550 5.1.1 There is nobody by this address"
ONE_ONLY = "452 4.5.3 One recipient at a time"


class Door:
    """Takes its port when it is made, and letters between `start` and `stop`."""

    def __init__(self, url: str) -> None:
        found = urlsplit(url)
        self.kind, self.listener = KINDS[found.scheme], _bound(found.hostname or "", found.port or 0)
        self.stopping = threading.Event()
        self.desk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inbox")
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(name="inbox-door", target=self._run, daemon=True)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def start(self) -> None:
        self.loop.run_until_complete(self.loop.create_server(self._conversation, sock=self.listener))
        self.thread.start()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(GRACE_SECONDS)
        self.desk.submit(connections.close_all)
        self.desk.shutdown()
        self.listener.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def _conversation(self) -> SMTP:
        return self.kind(
            self,
            hostname="commonhall",
            ident="Commonhall",
            data_size_limit=MOST_BYTES,
            enable_SMTPUTF8=True,
            timeout=IDLE_SECONDS,
            loop=self.loop,
        )

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if envelope.rcpt_tos:
            return ONE_ONLY
        if not receiving.is_deliverable(address):
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Known"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        letter = (envelope.content, envelope.rcpt_tos[0], envelope.mail_from or "")
        return await self.loop.run_in_executor(self.desk, receive, *letter)


def receive(content: bytes, recipient: str, returns_to: str) -> str:
    """What the sending server is told."""
    close_old_connections()
    try:
        receiving.take(read(content, returns_to=returns_to), recipient)
    except Unreadable as refusal:
        log.warning("a letter was refused: %s", refusal.reason)
        return NO
    except (DatabaseError, InterfaceError) as error:
        log.warning("the database does not answer (%s); a letter waits at its own server", error)
        return LATER
    except Exception:
        log.exception("a letter could not be taken; its server tries again")
        return LATER
    return TAKEN


def listen(options: argparse.Namespace) -> None:
    """`commonhall inbox`."""
    found = door()
    if found is None:
        raise Unavailable("set INBOX_ADDRESS and INBOX_LISTEN first, for instance to lmtp://127.0.0.1:2424")
    stay(found, "Taking answers from calendars.")


def door() -> Door | None:
    """Where `INBOX_LISTEN` says; none when it is not set."""
    return Door(settings.INBOX_LISTEN) if settings.INBOX_LISTEN else None


def _bound(host: str, port: int) -> socket.socket:
    listener = None
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        if listener is not None:
            listener.close()
        reason = f"cannot listen for mail on {host} port {port} ({error.strerror})"
        raise Unavailable(f"{reason}; choose another with INBOX_LISTEN") from error
    return listener
