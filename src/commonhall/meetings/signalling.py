"""What a page may say in the room: known messages of known shape and size, and not more of them than people need."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LONGEST = 64 * 1024
LONGEST_LINE = 2000
NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")
STATE = ("microphone", "camera", "screen", "hand")


class Rubbish(ValueError):
    """Something that no page of ours sends."""


Check = Callable[[Any], bool]


def _text(longest: int) -> Check:
    return lambda value: isinstance(value, str) and len(value) <= longest


def _name(value: Any) -> bool:
    return isinstance(value, str) and bool(NAME.fullmatch(value))


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _state(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == set(STATE) and all(isinstance(one, bool) for one in value.values())


def _description(value: Any) -> bool:
    shape: dict[str, Check] = {"type": lambda kind: kind in ("offer", "answer"), "sdp": _text(LONGEST)}
    return _fits(value, shape)


def _candidate(value: Any) -> bool:
    shape: dict[str, Check] = {
        "candidate": _text(1000),
        "sdpMid": lambda mid: mid is None or _text(32)(mid),
        "sdpMLineIndex": lambda index: index is None or _count(index),
        "usernameFragment": lambda fragment: fragment is None or _text(256)(fragment),
    }
    return _fits(value, shape)


def _fits(value: Any, shape: dict[str, Check]) -> bool:
    """Exactly these keys: whoever adds `from` or `name` wants to speak for somebody else."""
    return isinstance(value, dict) and set(value) == set(shape) and all(shape[key](value[key]) for key in shape)


SHAPES: dict[str, dict[str, Check]] = {
    "join": {"page": _name, "after": _count, "state": _state},
    "state": {"state": _state},
    "describe": {"to": _name, "page": _name, "description": _description},
    "candidate": {"to": _name, "page": _name, "candidate": _candidate},
    "say": {"kind": lambda kind: kind in ("chat", "caption"), "text": _text(LONGEST_LINE)},
    "ping": {},
    "leave": {},
}


def read(text: str | None) -> dict[str, Any]:
    """One message of a page, or `Rubbish`."""
    if text is None or len(text) > LONGEST:
        raise Rubbish
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Rubbish from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise Rubbish
    shape = SHAPES.get(message["type"])
    if shape is None or not _fits({key: value for key, value in message.items() if key != "type"}, shape):
        raise Rubbish
    return message


@dataclass
class Allowance:
    """So many at once, then so many a second."""

    most: float
    a_second: float
    left: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.left, self.at = self.most, time.monotonic()

    def spend(self) -> bool:
        """False when there is nothing left to spend."""
        now = time.monotonic()
        self.left = min(self.most, self.left + (now - self.at) * self.a_second)
        self.at = now
        self.left -= 1
        return self.left >= 0
