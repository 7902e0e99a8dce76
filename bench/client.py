"""A small browser crowd: many people on kept connections to 127.0.0.1, bounded in number and in time."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"
LONGEST = 20.0


@dataclass
class Tally:
    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ranked = sorted(self.milliseconds) or [0.0]
        return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


class Visitor:
    """One person's browser: one connection, opened again when the server has closed it."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.session = port, session
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def get(self, path: str, tag: str = "") -> int:
        if self.writer is None or self.writer.is_closing() or (self.reader and self.reader.at_eof()):
            self.reader, self.writer = await asyncio.open_connection(HOST, self.port)
        cookie = f"Cookie: sessionid={self.session}\r\n" if self.session else ""
        known = f"If-None-Match: {tag}\r\n" if tag else ""
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n{cookie}{known}\r\n"
        self.writer.write(request.encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split()[1])
        if status != 304:
            await self._body(head)
        return status

    async def _body(self, head: str) -> None:
        length = next((line.split(":")[1] for line in head.split("\r\n") if line.startswith("content-length:")), None)
        if length is not None:
            await self.reader.readexactly(int(length))
            return
        while size := int(await self.reader.readuntil(b"\r\n"), 16):
            await self.reader.readexactly(size + 2)
        await self.reader.readexactly(2)

    def close(self) -> None:
        if self.writer:
            self.writer.close()


async def _timed(visitor: Visitor, path: str, tally: Tally) -> None:
    before = time.perf_counter()
    try:
        status = await asyncio.wait_for(visitor.get(path), LONGEST)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
        visitor.close()
        tally.errors.append(f"{path}: {type(error).__name__}")
        return
    tally.milliseconds.append((time.perf_counter() - before) * 1000)
    if status != 200:
        tally.errors.append(f"{path}: {status}")


def flat_out(port: int, sessions: Sequence[str], path: str, count: int) -> Tally:
    """One page as fast as it comes, each session on a connection of its own."""

    async def run() -> Tally:
        tally, left = Tally(), iter(range(count))
        visitors = [Visitor(port, session) for session in sessions]

        async def one(visitor: Visitor) -> None:
            for _number in left:
                await _timed(visitor, path, tally)

        await asyncio.gather(*(one(visitor) for visitor in visitors))
        for visitor in visitors:
            visitor.close()
        return tally

    return asyncio.run(run())


def steadily(port: int, sessions: Sequence[str], paths: Sequence[str], every: float, seconds: float) -> Tally:
    """People who click, each about every so many seconds, until the time is over."""

    async def run() -> Tally:
        tally, until = Tally(), time.monotonic() + seconds

        async def one(session: str, chance: random.Random) -> None:
            visitor = Visitor(port, session)
            wait = chance.random() * every
            while time.monotonic() + wait < until:
                await asyncio.sleep(wait)
                await _timed(visitor, chance.choice(paths), tally)
                wait = every * (0.5 + chance.random())
            visitor.close()

        await asyncio.gather(*(one(session, chance) for session, chance in _with_dice(sessions)))
        return tally

    return asyncio.run(run())


def _with_dice(sessions: Sequence[str]) -> Iterator[tuple[str, random.Random]]:
    return ((session, random.Random(place)) for place, session in enumerate(sessions))
