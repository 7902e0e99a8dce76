"""What the child that reads calendars hands back."""

from dataclasses import dataclass
from datetime import datetime

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Reading:
    """When somebody is busy, in UTC; `unread` entries made no sense.

    `fault` is why nothing came out at all: "page" (of the web), "no calendar" or "answer" (of a calendar server).
    """

    spans: tuple[Span, ...] = ()
    unread: int = 0
    fault: str = ""
