"""How a room declares what it tells people; `notifications` delivers it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Attachment:
    filename: str
    content: bytes
    mimetype: str


def no_attachments(event: Any, user: Any) -> list[Attachment]:
    return []


def nobody(event: Any, user: Any) -> str:
    return ""


def nothing(event: Any, user: Any) -> str:
    return ""


@dataclass(frozen=True)
class Notice:
    """One thing told after one fact of the history.

    `to(event)` yields the users; `context(event, user)` fills `subject` (by %-format) and the template, a plain text
    of paragraphs; `url(event, user)` is the page where the reader can act, named by `act`. An essential notice cannot
    be switched off. `attachments(event, user)` go with the e-mail, and answers to it go to `reply_to(event, user)`.
    `words(event, user)` stand in the e-mail alone, and are kept nowhere.
    """

    verb: str
    kind: str
    to: Callable[[Any], Iterable[Any]]
    subject: str | Promise
    template: str
    context: Callable[[Any, Any], dict[str, Any]]
    url: Callable[[Any, Any], str]
    act: str | Promise
    essential: bool = False
    attachments: Callable[[Any, Any], list[Attachment]] = no_attachments
    reply_to: Callable[[Any, Any], str] = nobody
    words: Callable[[Any, Any], str] = nothing


def of_room(kind: str, context: Callable[[Any, Any], dict[str, Any]], **usual: Any) -> Callable[..., Notice]:
    """How a room declares its notices in a line each; `usual` holds what most of them share."""

    def notice(verb: str, template: str, subject: str | Promise, act: str | Promise, **more: Any) -> Notice:
        path = f"{kind}/mail/{template}.txt"
        fields = {"verb": verb, "kind": kind, "subject": subject, "template": path, "context": context, "act": act}
        return Notice(**fields | usual | more)

    return notice
