"""Reading kept e-mails."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from commonhall.demo.models import KeptMail


@dataclass(frozen=True)
class Part:
    number: int
    filename: str
    content_type: str


def parsed(kept: KeptMail) -> EmailMessage:
    message = message_from_bytes(bytes(kept.source), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body else ""


def html_of(message: EmailMessage) -> str:
    body = message.get_body(("html",))
    return str(body.get_content()) if body else ""


def parts_of(message: EmailMessage) -> list[Part]:
    """Attachments and calendar parts, by their number in the message."""
    return [
        Part(number, part.get_filename() or "invite.ics", part.get_content_type())
        for number, part in enumerate(message.walk())
        if part.get_content_disposition() == "attachment" or part.get_content_type() == "text/calendar"
    ]


def content_of(message: EmailMessage, number: int) -> tuple[str, bytes] | None:
    """File name and bytes of one such part, or None."""
    wanted = {part.number: part for part in parts_of(message)}.get(number)
    if wanted is None:
        return None
    part = list(message.walk())[number]
    return wanted.filename, bytes(part.get_payload(decode=True))
