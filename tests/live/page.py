"""A page's end of a websocket, in the same process (Channels' own helper wants daphne)."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

from commonhall.config.asgi import application


class Page(ApplicationCommunicator):
    def __init__(self, cookie: bytes = b"", origin: bytes = b"http://localhost", path: str = "/ws/live/") -> None:
        headers = [(b"host", b"localhost"), (b"origin", origin), (b"cookie", cookie)]
        scope = {"type": "websocket", "path": path, "headers": headers, "query_string": b"", "subprotocols": []}
        super().__init__(application, scope)

    async def connect(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        return bool((await self.receive_output(2))["type"] == "websocket.accept")

    async def say(self, words: Any) -> None:
        text = words if isinstance(words, str) else json.dumps(words)
        await self.send_input({"type": "websocket.receive", "text": text})

    async def hears(self) -> Any:
        return json.loads((await self.receive_output(2))["text"])

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(2)
