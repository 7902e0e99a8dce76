"""The room's signalling: who is there, what they say to each other's browsers, and the chat.

The database says who may be here and who sits where; this only passes on. Each page is a consumer; those of one room
hear each other through a group, so that any number of processes serve one room together.
"""

import asyncio
import json
import time
from contextlib import suppress
from typing import Any

from channels.db import database_sync_to_async
from channels.exceptions import ChannelFull
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError

from commonhall.core.errors import Refused
from commonhall.core.verdicts import YES
from commonhall.live import topics
from commonhall.live.actions import listen
from commonhall.meetings import ice, visitors
from commonhall.meetings.actions import room
from commonhall.meetings.models import Guest, Line, Visit
from commonhall.meetings.queries.room import lines_of
from commonhall.meetings.signalling import Allowance, Rubbish, read
from commonhall.meetings.visitors import Visitor

RUBBISH, NOT_YOURS, SILENT, ELSEWHERE, CLOSED, TOO_MUCH = 4400, 4403, 4408, 4409, 4410, 4429
INSIDE = ("state", "describe", "candidate", "say", "leave")
EVERY, PATIENCE = 30, 75  # seconds


def shown(line: Line) -> dict[str, Any]:
    return {"id": line.pk, "kind": line.kind, "name": line.name, "text": line.text, "at": line.at.isoformat()}


class Room(AsyncWebsocketConsumer):
    """A page joins, hears `welcome` and who is here, and then talks; see `signalling` for what it may say."""

    visitor: Visitor
    visit: Visit | None = None
    watch: "asyncio.Task[None] | None" = None

    async def connect(self) -> None:
        self.peers: dict[str, str] = {}
        self.messages, self.lines = Allowance(most=400, a_second=30), Allowance(most=20, a_second=1)
        self.groups_of_mine: list[str] = []
        visitor = await database_sync_to_async(visitors.at_the_socket)(
            self.scope["user"], self.scope["session"], self.scope["url_route"]["kwargs"]["pk"]
        )
        if visitor is None:
            await self.close(NOT_YOURS)
            return
        self.visitor, self.heard = visitor, time.monotonic()
        listen(asyncio.get_running_loop())
        if visitor.guest:
            await self._listen_to(topics.group(f"guest:{visitor.guest.pk}"))
        await self.accept()
        self.watch = asyncio.create_task(self._watch())

    async def disconnect(self, code: int) -> None:
        if self.watch:
            self.watch.cancel()
        await self._leave(said=False)
        for group in getattr(self, "groups_of_mine", ()):
            await self.channel_layer.group_discard(group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.heard = time.monotonic()
        if not self.messages.spend():
            await self.close(TOO_MUCH)
            return
        try:
            message = read(text_data)
            if message["type"] not in ("ping", *(("join",) if self.visit is None else INSIDE)):
                raise Rubbish
        except Rubbish:
            await self.close(RUBBISH)
            return
        await getattr(self, f"on_{message['type']}")(message)

    # What a page says.

    async def on_join(self, message: dict[str, Any]) -> None:
        try:
            self.visit = await self._acted(room.enter, page=message["page"])
        except Refused as refused:
            await self._close_with(str(refused.reason))
            return
        self.state = message["state"]
        guest = await database_sync_to_async(self._guest_now)() if self.visitor.guest else None
        since = guest.answered_at if guest else None
        lines = await database_sync_to_async(lines_of)(self.visitor.meeting, after=message["after"], since=since)
        await self._listen_to(self.group)
        servers = ice.servers(f"room-{self.visitor.meeting.pk}-{self.visitor.key}")
        await self._tell(type="welcome", you=self.visitor.key, ice=servers, lines=[shown(line) for line in lines])
        await self._tell_all(type="room.joined", **self._me())

    async def on_state(self, message: dict[str, Any]) -> None:
        self.state = message["state"]
        await self._tell_all(type="room.state", key=self.visitor.key, state=self.state)

    async def on_describe(self, message: dict[str, Any]) -> None:
        await self._pass_on(message, "description")

    async def on_candidate(self, message: dict[str, Any]) -> None:
        await self._pass_on(message, "candidate")

    async def on_say(self, message: dict[str, Any]) -> None:
        if not self.lines.spend():
            await self.close(TOO_MUCH)
            return
        try:
            line = await self._acted(room.say, kind=message["kind"], words=message["text"])
        except Refused as refused:
            await self._tell(type="not_said", words=str(refused.reason))
            return
        if line:
            await self._tell_all(type="room.line", line=shown(line))

    async def on_ping(self, message: dict[str, Any]) -> None:
        await self._tell(type="pong")

    async def on_leave(self, message: dict[str, Any]) -> None:
        await self._leave(said=True)
        await self.close()

    # What the others' consumers say.

    async def room_joined(self, event: dict[str, Any]) -> None:
        if event["channel"] == self.channel_name:
            return
        if event["key"] == self.visitor.key:
            if self.visit and event["visit"] > self.visit.pk:
                self.visit = None  # the newer page has closed it
                await self.close(ELSEWHERE)
            return
        await self._meet(event, "joined")
        if self.visit:
            await self._send_to(event["channel"], type="room.here", **self._me())

    async def room_here(self, event: dict[str, Any]) -> None:
        await self._meet(event, "here")

    async def room_left(self, event: dict[str, Any]) -> None:
        if self.peers.get(event["key"]) == event["channel"]:
            del self.peers[event["key"]]
            await self._tell(type="left", key=event["key"], said=event["said"])

    async def room_state(self, event: dict[str, Any]) -> None:
        if event["key"] in self.peers:
            await self._tell(type="state", key=event["key"], state=event["state"])

    async def room_line(self, event: dict[str, Any]) -> None:
        await self._tell(type="line", line=event["line"])

    async def room_passed(self, event: dict[str, Any]) -> None:
        await self._tell(**event["message"])

    async def rung(self, event: dict[str, str]) -> None:
        """A guest at the door is let in or not; one inside is shown out."""
        guest = await database_sync_to_async(self._guest_now)()
        if guest is None or guest.state == Guest.State.REFUSED:
            await self._leave(said=True)
        await self._tell(type="answered", state=guest.state if guest else Guest.State.REFUSED)

    # How.

    @property
    def group(self) -> str:
        return f"meetings.room.{self.visitor.meeting.pk}"

    def _me(self) -> dict[str, Any]:
        assert self.visit is not None
        who = {"key": self.visitor.key, "name": self.visitor.name, "guest": self.visitor.guest is not None}
        here = {"page": self.visit.page, "visit": self.visit.pk, "channel": self.channel_name}
        return {**who, **here, "state": self.state}

    def _guest_now(self) -> Guest | None:
        assert self.visitor.guest is not None
        return Guest.objects.filter(pk=self.visitor.guest.pk).first()

    async def _meet(self, event: dict[str, Any], how: str) -> None:
        self.peers[event["key"]] = event["channel"]
        await self._tell(type=how, **{name: event[name] for name in ("key", "name", "guest", "page", "state")})

    async def _pass_on(self, message: dict[str, Any], what: str) -> None:
        """To one person of this room, under one's own name."""
        channel = self.peers.get(message["to"])
        if channel and self.visit:
            passed = {"type": what, "from": self.visitor.key, "page": self.visit.page, "to_page": message["page"]}
            await self._send_to(channel, type="room.passed", message={**passed, what: message[what]})

    async def _leave(self, *, said: bool) -> None:
        visit, self.visit = self.visit, None
        if visit is None:
            return
        await database_sync_to_async(room.leave)(visit)
        await self._tell_all(type="room.left", key=self.visitor.key, channel=self.channel_name, said=said)
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def _watch(self) -> None:
        """Every half minute: has the page fallen silent, and may its person still be here?"""
        while True:
            await asyncio.sleep(EVERY)
            if time.monotonic() - self.heard > PATIENCE:
                await self.close(SILENT)
                return
            verdict = YES
            with suppress(DatabaseError):  # it is asked again in half a minute
                verdict = await self._acted(room.stay, self.visit) if self.visit else YES
            if not verdict:
                await self._close_with(str(verdict.reason))
                return

    async def _acted(self, act: Any, *things: Any, **words: Any) -> Any:
        def acting() -> Any:
            with self.visitor.listening():
                return act(self.visitor, *things, **words)

        return await database_sync_to_async(acting)()

    async def _listen_to(self, group: str) -> None:
        self.groups_of_mine.append(group)
        await self.channel_layer.group_add(group, self.channel_name)

    async def _tell(self, **message: Any) -> None:
        await self.send(json.dumps(message))

    async def _tell_all(self, **event: Any) -> None:
        await self.channel_layer.group_send(self.group, event)

    async def _send_to(self, to: str, **event: Any) -> None:
        """To a page that does not keep up, something is lost; it asks again when its connection does not come."""
        with suppress(ChannelFull):
            await self.channel_layer.send(to, event)

    async def _close_with(self, words: str) -> None:
        await self._tell(type="closed", words=words)
        await self.close(CLOSED)
