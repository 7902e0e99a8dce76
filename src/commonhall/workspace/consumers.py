"""Shared notes, live: several people edit one note over websockets."""

import asyncio
import time
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from commonhall.live.actions import listen
from commonhall.workspace import merging, protocol
from commonhall.workspace.actions.notes import LARGEST, Change, contents
from commonhall.workspace.connections import Writing, writing
from commonhall.workspace.journal import Closed, journal
from commonhall.workspace.protocol import Message, Presence
from commonhall.workspace.queries.notes import group_of

NOT_YOURS, CLOSED, RUBBISH, TOO_MUCH, AGAIN = 4403, 4409, 4400, 4413, 4503
LARGEST_MESSAGE = 3 * 2**20
MOST_A_SECOND = 300


class NoteConsumer(AsyncWebsocketConsumer):
    """One person at one note. The server has no copy of the note in memory: the database is the note."""

    writing: Writing | None = None
    presence: Presence | None = None
    number = 0
    second = 0.0
    heard = 0
    over = False

    async def connect(self) -> None:
        user = self.scope.get("user")
        pk = int(self.scope["url_route"]["kwargs"]["pk"])
        self.writing = await database_sync_to_async(writing)(pk, user) if user and user.is_authenticated else None
        if self.writing is None:
            await self.close(NOT_YOURS)
            return
        self.group = group_of(pk)
        listen(asyncio.get_running_loop())
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        known = merging.state(await self._contents())
        await self.send(bytes_data=protocol.sync(protocol.STEP1, known))
        await self._tell({"type": "hail"})

    async def disconnect(self, code: int) -> None:
        if self.writing is None:
            return
        await self.channel_layer.group_discard(self.group, self.channel_name)
        if self.presence:
            gone = Presence(self.presence.client, self.presence.clock + 1, None)
            await self._tell({"type": "passed", "data": protocol.awareness([gone])})

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.over:
            return
        if self._is_too_much(bytes_data):
            await self._end(TOO_MUCH)
            return
        try:
            message = protocol.read(bytes_data or b"")
            await self._heard(message)
        except (protocol.Rubbish, merging.BadUpdate):
            await self._end(RUBBISH)
        except Closed:
            await self._end(CLOSED)
        except Exception:
            await self._end(AGAIN)
            raise

    async def _end(self, code: int) -> None:
        self.over = True
        await self.close(code)

    async def _heard(self, message: Message) -> None:
        if message.kind == protocol.AWARENESS:
            await self._be_present(message.presences)
        elif message.kind == protocol.SYNC and message.step == protocol.STEP1:
            lacking = merging.missing(await self._contents(), message.data)
            await self.send(bytes_data=protocol.sync(protocol.STEP2, lacking))
        elif message.kind == protocol.SYNC:
            await self._write(message.data)

    async def _write(self, data: bytes) -> None:
        """Into the database first, then to the others, then the word that it is saved."""
        assert self.writing
        update = merging.checked(data)
        if not merging.is_empty(update):
            if not self.writing.may_write:
                raise Closed
            await journal().write(Change(self.writing.note, self.writing.user, update))
            await self._tell({"type": "passed", "data": protocol.sync(protocol.UPDATE, update)})
        self.number += 1
        await self.send(bytes_data=protocol.saved(self.number))

    async def _be_present(self, presences: tuple[Presence, ...]) -> None:
        """One connection speaks for one cursor, under the name of the person who is signed in."""
        assert self.writing
        for one in presences:
            if self.presence and one.client != self.presence.client:
                continue
            state = None if one.state is None else {**one.state, "user": self.writing.shown}
            self.presence = Presence(one.client, one.clock, state)
            await self._tell({"type": "passed", "data": protocol.awareness([self.presence])})

    async def passed(self, event: dict[str, Any]) -> None:
        if event["sender"] != self.channel_name:
            await self.send(bytes_data=event["data"])

    async def hail(self, event: dict[str, Any]) -> None:
        """Somebody has come: show them where this person is."""
        if event["sender"] != self.channel_name and self.presence and self.presence.state:
            message = {"type": "passed", "data": protocol.awareness([self.presence]), "sender": self.channel_name}
            await self.channel_layer.send(event["sender"], message)

    async def told(self, event: dict[str, Any]) -> None:
        """An update that the server made itself: an earlier version put back, words added without a script."""
        await self.send(bytes_data=protocol.sync(protocol.UPDATE, event["data"]))

    async def _tell(self, message: dict[str, Any]) -> None:
        await self.channel_layer.group_send(self.group, {**message, "sender": self.channel_name})

    async def _contents(self) -> bytes:
        assert self.writing
        data: bytes = await database_sync_to_async(contents)(self.writing.note)
        return data

    def _is_too_much(self, data: bytes | None) -> bool:
        """Larger or faster than anybody types and pastes."""
        now = time.monotonic()
        if now - self.second >= 1:
            self.second, self.heard = now, 0
        self.heard += 1
        return self.heard > MOST_A_SECOND or len(data or b"") > min(LARGEST_MESSAGE, LARGEST)
