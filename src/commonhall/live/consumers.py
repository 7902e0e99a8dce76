import asyncio
from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from commonhall.live import actions, topics

MOST_TOPICS = 30
NOT_SIGNED_IN = 4401
NOT_YOURS = 4403


class Doorbell(AsyncJsonWebsocketConsumer):
    """A page sends {"listen": [signed topics]} and receives {"changed": topic}."""

    groups: list[str]

    async def connect(self) -> None:
        self.groups = []
        user = self.scope.get("user")
        if user is None or not user.is_authenticated:
            await self.close(NOT_SIGNED_IN)
            return
        actions.listen(asyncio.get_running_loop())
        await self.accept()

    async def receive_json(self, content: Any, **options: Any) -> None:
        tokens = content.get("listen") if isinstance(content, dict) else None
        if not isinstance(tokens, list):
            await self.close(NOT_YOURS)
            return
        for token in tokens[:MOST_TOPICS]:
            topic = topics.opened(str(token), self.scope["user"].pk)
            if topic is None or len(self.groups) >= MOST_TOPICS:
                await self.close(NOT_YOURS)
                return
            await self._join(topics.group(topic))

    async def _join(self, group: str) -> None:
        if group not in self.groups:
            self.groups.append(group)
            await self.channel_layer.group_add(group, self.channel_name)

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        try:
            return await super().decode_json(text_data)
        except ValueError:
            return None

    async def rung(self, event: dict[str, str]) -> None:
        await self.send_json({"changed": event["topic"]})


class Nobody(AsyncJsonWebsocketConsumer):
    """Any other address of a websocket."""

    async def connect(self) -> None:
        await self.close()
