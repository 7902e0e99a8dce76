"""A calendar file without what is nobody's business: titles, places, guests and notes go before anything is parsed.

What is left is what says when: it is a fraction of the file, so that large calendars can be read with little memory.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

KEPT = {
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "UID",
    "SEQUENCE",
    "STATUS",
    "TRANSP",
    "X-MICROSOFT-CDO-BUSYSTATUS",
    "FREEBUSY",
}
ONCE = KEPT - {"RRULE", "RDATE", "EXDATE", "FREEBUSY"}
NAME = re.compile(r"[^;:]*")
LONGEST_LINE = 100_000
MOST_ZONE_LINES = 2_000
MOST_BLOCKS = 60_000


@dataclass
class Thinned:
    """The blocks of a file, each a list of unfolded lines from BEGIN to END."""

    is_calendar: bool = False
    events: list[list[str]] = field(default_factory=list)
    freebusy: list[list[str]] = field(default_factory=list)
    zones: list[list[str]] = field(default_factory=list)
    left_out: int = 0


def decoded(content: bytes) -> str:
    """Text, whatever the encoding: what is needed of it is plain ASCII anyway."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    return content.decode("utf-8-sig", "replace")


def unfolded(text: str) -> Iterator[str]:
    """Lines, with those that were folded put together again; of an endless one, the beginning."""
    parts: list[str] = []
    length = 0
    for line in re.split(r"[\r\n]+", text):
        if line[:1] in (" ", "\t"):
            if length < LONGEST_LINE:
                parts.append(line[1:])
                length += len(line)
            continue
        if parts:
            yield "".join(parts)
        parts, length = [line[:LONGEST_LINE]], len(line)
    if parts:
        yield "".join(parts)


def thinned(content: bytes) -> Thinned:
    sieve = _Sieve()
    for line in unfolded(decoded(content)):
        name = NAME.match(line)
        sieve.take(line, name[0].strip().upper() if name else "")
    return sieve.result


class _Sieve:
    """Reads line by line, and keeps blocks in which something says when."""

    def __init__(self) -> None:
        self.result = Thinned()
        self._inside: list[str] = []
        self._block: list[str] = []
        self._names: set[str] = set()
        self._shelves = {
            "VEVENT": self.result.events,
            "VFREEBUSY": self.result.freebusy,
            "VTIMEZONE": self.result.zones,
        }

    def take(self, line: str, name: str) -> None:
        if name == "BEGIN":
            self._begin(line)
        elif name == "END":
            self._end(line)
        elif self._inside and (self._inside[0] == "VTIMEZONE" or self._is_wanted(name)):
            self._block.append(line)
            self._names.add(name)

    def _is_wanted(self, name: str) -> bool:
        """Of what may stand there once, the first."""
        return len(self._inside) == 1 and name in KEPT and not (name in ONCE and name in self._names)

    def _begin(self, line: str) -> None:
        kind = _value(line)
        self.result.is_calendar |= kind == "VCALENDAR"
        if self._inside or kind in self._shelves:
            if not self._inside:
                self._block, self._names = [], set()
            if self._inside[:1] in ([], ["VTIMEZONE"]):
                self._block.append(line)
            self._inside = [*self._inside[:20], kind]

    def _end(self, line: str) -> None:
        if not self._inside:
            return
        if self._inside[0] == "VTIMEZONE" or len(self._inside) == 1:
            self._block.append(line)
        kind = self._inside.pop()
        if not self._inside:
            self._put(kind)

    def _put(self, kind: str) -> None:
        """What a file has too much of is counted, not kept; an entry that says no time is none."""
        if kind == "VEVENT" and "DTSTART" not in self._names:
            return
        if len(self._shelves[kind]) >= MOST_BLOCKS or (kind == "VTIMEZONE" and len(self._block) > MOST_ZONE_LINES):
            self.result.left_out += 1
        else:
            self._shelves[kind].append(self._block)


def _value(line: str) -> str:
    return line.partition(":")[2].strip().upper()
