"""A letter from outside, read with care. Whatever a stranger wrote, it is read, or refused in words."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.utils.translation import gettext_lazy as _

from commonhall.core.errors import Refused

MOST_BYTES = 5 * 2**20
MOST_HEADER_BYTES = 100_000
LONGEST_LINE_READ = 2000
MOST_PARTS = 100
MOST_CALENDAR_BYTES = 200_000
CALENDAR = ("text/calendar", "application/ics")
NOBODY = ("mailer-daemon", "postmaster", "noreply", "no-reply", "double-bounce")
SIGNS_OF_A_ROBOT = ("x-autoreply", "x-autorespond", "x-autoresponder")


class Unreadable(Refused):
    """Not a letter that can be read. Nothing of it was kept."""

    status = 422


@dataclass(frozen=True)
class Letter:
    message: EmailMessage
    identity: str
    sender: str
    recipients: tuple[str, ...]
    calendars: tuple[str, ...]
    returns_to_nobody: bool

    @property
    def is_for_nobody(self) -> bool:
        """A bounce, or what a program answers for somebody who is away: nothing follows from it."""
        if self.message.get_content_type() == "multipart/report" or self._local in NOBODY[:2]:
            return True
        if self._said("auto-submitted").startswith("auto-replied") or self._said("precedence") == "auto_reply":
            return True
        if any(name in self.message for name in SIGNS_OF_A_ROBOT):
            return True
        return not self.calendars and (self.returns_to_nobody or self._is_automatic)

    @property
    def may_be_answered(self) -> bool:
        """Only a person is written to, so that two programs never write to each other."""
        silent = "x-auto-response-suppress" in self.message or self._is_automatic or self._local in NOBODY
        return bool(self.sender) and not silent and not self.returns_to_nobody

    @property
    def _is_automatic(self) -> bool:
        automatic = self._said("auto-submitted") not in ("", "no")
        return automatic or self._said("precedence") in ("bulk", "list", "junk") or "list-id" in self.message

    @property
    def _local(self) -> str:
        return self.sender.partition("@")[0]

    def _said(self, name: str) -> str:
        return _header(self.message, name).strip().lower()


def read(content: bytes, *, returns_to: str | None = None) -> Letter:
    """`returns_to` is the sender on the envelope, where there is one. Raises `Unreadable`."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("This e-mail is too large."))
    if len(content.partition(b"\n\n" if b"\r\n\r\n" not in content else b"\r\n\r\n")[0]) > MOST_HEADER_BYTES:
        raise Unreadable(_("This e-mail cannot be read."))
    try:
        return _read(content, returns_to)
    except Unreadable:
        raise
    except (Exception, RecursionError) as error:  # the parser of the standard library raises nearly anything
        raise Unreadable(_("This e-mail cannot be read.")) from error


def _read(content: bytes, returns_to: str | None) -> Letter:
    message = message_from_bytes(content, policy=policy.default)
    if returns_to is None:
        returns_to = _header(message, "return-path") or "unknown"
    return Letter(
        message=message,
        identity=_identity(message, content),
        sender=_sender(message),
        recipients=tuple(one for name in ("to", "cc") for one in _addresses(message, name)),
        calendars=tuple(_calendars(message)),
        returns_to_nobody=returns_to.strip() in ("", "<>"),
    )


def _header(message: EmailMessage, name: str) -> str:
    """As it was sent, unfolded; what is longer than any sensible line counts as absent."""
    found = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    return " ".join(found.split()) if len(found) <= LONGEST_LINE_READ else ""


def _identity(message: EmailMessage, content: bytes) -> str:
    return hashlib.sha256(_header(message, "message-id").encode(errors="replace") or content).hexdigest()


def _sender(message: EmailMessage) -> str:
    """The one address in From; empty where there are several or none."""
    addresses = _addresses(message, "from")
    return addresses[0] if len(addresses) == 1 else ""


def _addresses(message: EmailMessage, name: str) -> list[str]:
    """In small letters."""
    if sum(len(str(value)) for key, value in message.raw_items() if key.lower() == name) > LONGEST_LINE_READ:
        return []
    found = [one.addr_spec.lower() for header in message.get_all(name, []) for one in header.addresses]
    return [one for one in found if "@" in one]


def _calendars(message: EmailMessage) -> Iterator[str]:
    for part in parts(message):
        if part.get_content_type() in CALENDAR:
            raw = part.get_payload(decode=True)
            if isinstance(raw, bytes) and len(raw) <= MOST_CALENDAR_BYTES:
                yield raw.decode(part.get_content_charset() or "utf-8", errors="replace")


def parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Every part, but not those of a letter inside the letter."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > MOST_PARTS:
            raise Unreadable(_("This e-mail has too many parts."))
        if part.get_content_maintype() == "multipart":
            waiting = [*(part.get_payload() if part.is_multipart() else ()), *waiting]
        elif part.get_content_maintype() != "message":
            yield part
