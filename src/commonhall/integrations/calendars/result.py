"""What the child that reads calendars hands back."""

from dataclasses import dataclass
from datetime import datetime

Span = tuple[datetime, datetime]
# The identity of an entry of ours, where it stands, and where its rule puts it, if it repeats.
Own = tuple[str, datetime, datetime | None]


@dataclass(frozen=True)
class Reading:
    """When somebody is busy, in UTC; `unread` entries made no sense.

    `fault` is why nothing came out at all: "page" (of the web), "no calendar" or "answer" (of a calendar server).
    """

    spans: tuple[Span, ...] = ()
    unread: int = 0
    fault: str = ""
    own: tuple[Own, ...] = ()
