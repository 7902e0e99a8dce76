"""Messages between the editor and the server: the protocol of y-websocket, with one message of our own.

A message is its kind and what belongs to it; numbers and lengths are variable-length integers, as in lib0.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pycrdt import Decoder, Encoder

SYNC, AWARENESS, SAVED, ASK_AWARENESS = 0, 1, 4, 3
STEP1, STEP2, UPDATE = 0, 1, 2
LONGEST_STATE = 4000


class Rubbish(ValueError):
    """Bytes that are no message."""


@dataclass(frozen=True)
class Presence:
    """Where somebody's cursor is. `state` is None when they have gone."""

    client: int
    clock: int
    state: dict[str, Any] | None


@dataclass(frozen=True)
class Message:
    kind: int
    step: int = 0
    data: bytes = b""
    presences: tuple[Presence, ...] = ()


def read(message: bytes) -> Message:
    """Raises `Rubbish`."""
    try:
        decoder = Decoder(message)
        kind = decoder.read_var_uint()
        if kind == SYNC:
            return Message(kind, decoder.read_var_uint(), decoder.read_message() or b"")
        if kind == AWARENESS:
            return Message(kind, presences=_presences(decoder.read_message() or b""))
        if kind == ASK_AWARENESS:
            return Message(kind)
    except Exception as error:
        raise Rubbish from error
    raise Rubbish


def _presences(data: bytes) -> tuple[Presence, ...]:
    decoder = Decoder(data)
    found = []
    for _place in range(min(decoder.read_var_uint(), 50)):
        client, clock, state = decoder.read_var_uint(), decoder.read_var_uint(), decoder.read_var_string()
        if len(state) > LONGEST_STATE:
            raise Rubbish
        loaded = json.loads(state)
        if loaded is not None and not isinstance(loaded, dict):
            raise Rubbish
        found.append(Presence(client, clock, loaded))
    return tuple(found)


def sync(step: int, data: bytes) -> bytes:
    encoder = Encoder()
    encoder.write_var_uint(SYNC)
    encoder.write_var_uint(step)
    return encoder.to_bytes() + _with_length(data)


def awareness(presences: Sequence[Presence]) -> bytes:
    inner, outer = Encoder(), Encoder()
    inner.write_var_uint(len(presences))
    for one in presences:
        inner.write_var_uint(one.client)
        inner.write_var_uint(one.clock)
        inner.write_var_string(json.dumps(one.state))
    outer.write_var_uint(AWARENESS)
    return outer.to_bytes() + _with_length(inner.to_bytes())


def saved(number: int) -> bytes:
    """That so many updates of this connection are in the database."""
    encoder = Encoder()
    encoder.write_var_uint(SAVED)
    encoder.write_var_uint(number)
    return encoder.to_bytes()


def _with_length(data: bytes) -> bytes:
    encoder = Encoder()
    encoder.write_var_uint(len(data))
    return encoder.to_bytes() + data
