"""A declared notice to try things with, and a real mail server."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from commonhall.config import notices
from commonhall.core.notices import Attachment, Notice
from commonhall.notifications import declared

TEXT = "Dear {{ person.name }},\n\n{{ words }}\n\nWith <best> wishes & thanks"
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def invitation(event: Any, user: Any) -> list[Attachment]:
    return [Attachment("invitation.ics", CALENDAR, "text/calendar; method=REQUEST")]


@pytest.fixture
def telling(settings: Any, tmp_path: Any) -> Iterator[Any]:
    """`telling(to, …)` declares one notice that follows `user.changed`, and no other."""
    folder = tmp_path / "tests" / "mail"
    folder.mkdir(parents=True)
    (folder / "notice.txt").write_text(TEXT)
    engine = settings.TEMPLATES[0]
    loaders = [("django.template.loaders.filesystem.Loader", [str(tmp_path)]), *engine["OPTIONS"]["loaders"]]
    settings.TEMPLATES = [{**engine, "OPTIONS": {**engine["OPTIONS"], "loaders": loaders}}]

    def declare(*people: Any, words: str = "Hello", **more: Any) -> None:
        fields = {
            "verb": "user.changed",
            "kind": "meetings",
            "to": lambda event: people,
            "subject": "%(words)s to you",
            "template": "tests/mail/notice.txt",
            "context": lambda event, user: {"words": words},
            "url": lambda event, user: "/meetings/1/",
            "act": "Choose a time",
        }
        declared.install({"user.changed": [Notice(**{**fields, **more})]})

    yield declare
    declared.install(notices.by_verb())


@dataclass
class Server:
    """What arrived, and what the server answers to whom."""

    received: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(0)
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 Taken"


@pytest.fixture
def mail_server(settings: Any, unused_tcp_port: int) -> Iterator[Server]:
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=unused_tcp_port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_tcp_port
    yield server
    controller.stop()


@pytest.fixture
def unused_tcp_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
