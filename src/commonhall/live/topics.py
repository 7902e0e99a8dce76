"""Names of things that pages watch, such as "mentorship:5", signed for the person to whom the page was shown."""

import re

from django.core.signing import BadSignature, Signer

SHAPE = re.compile(r"[a-z_]+:[A-Za-z0-9_-]{1,40}")


def signed(topic: str, user_id: int) -> str:
    return _signer(user_id).sign(_checked(topic))


def opened(token: str, user_id: int) -> str | None:
    """The topic, or None when the token was not made for this person."""
    try:
        return _checked(_signer(user_id).unsign(token))
    except (BadSignature, ValueError):
        return None


def group(topic: str) -> str:
    """The name of a topic's group in the channel layer."""
    return "live." + _checked(topic).replace(":", ".")


def _signer(user_id: int) -> Signer:
    return Signer(salt=f"live.{user_id}")


def _checked(topic: str) -> str:
    if not SHAPE.fullmatch(topic):
        raise ValueError(f"not a topic: {topic[:80]}")
    return topic
