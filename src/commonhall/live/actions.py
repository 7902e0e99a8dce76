"""The doorbell: says that something changed, and nothing more. The page then asks again with its own permission."""

import asyncio
import logging
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import transaction

from commonhall.live import topics

log = logging.getLogger("commonhall.live")
_listening: set[asyncio.AbstractEventLoop] = set()


def ring(topic: str) -> None:
    """After commit, tell every open page that shows `topic` ("mentorship:5"). Never fails, never waits long."""
    tell(topics.group(topic), {"type": "rung", "topic": topic})


def tell(group: str, message: dict[str, Any]) -> None:
    """After commit, hand a message to every websocket in a group. Never fails, never waits long."""
    transaction.on_commit(partial(_tell, group, message), robust=True)


def listen(loop: asyncio.AbstractEventLoop) -> None:
    """Remember the loop on which this process serves websockets."""
    _listening.clear()
    _listening.add(loop)


def _tell(group: str, message: dict[str, Any]) -> None:
    """On the loop of the websockets where there is one: queues of the embedded layer live there."""
    layer = get_channel_layer()
    if layer is None:
        return
    sending = layer.group_send(group, message)
    loop = next((loop for loop in _listening if loop.is_running()), None)
    if loop is not None:
        asyncio.run_coroutine_threadsafe(_forgiving(sending), loop)
    elif isinstance(layer, InMemoryChannelLayer):
        sending.close()
    else:
        async_to_sync(_forgiving)(sending)


async def _forgiving(sending: "asyncio.Future[None]") -> None:
    """Without its message broker a page is refreshed later, and nothing else is lost."""
    try:
        await asyncio.wait_for(sending, 5)
    except Exception as error:
        log.warning("a page could not be told of a change: %s", error)
