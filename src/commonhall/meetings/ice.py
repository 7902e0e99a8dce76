"""How browsers find a way to each other: STUN and TURN servers, with credentials made for one session.

coturn's REST scheme: the name is the second at which it ends and whose it is, the password is signed with the shared
secret. Nothing is asked of the TURN server, and nothing is kept.
"""

import base64
import hmac
from hashlib import sha1
from typing import Any

from django.conf import settings

from commonhall.core import clock


def servers(who: str) -> list[dict[str, Any]]:
    """For `RTCPeerConnection`. `who` stands in the TURN server's log: never a name."""
    found: list[dict[str, Any]] = []
    if settings.STUN_URLS:
        found.append({"urls": list(settings.STUN_URLS)})
    if settings.TURN_URLS and settings.TURN_SECRET:
        name = f"{int(clock.now().timestamp()) + settings.TURN_SECONDS}:{who}"
        signed = hmac.new(settings.TURN_SECRET.encode(), name.encode(), sha1).digest()
        password = base64.b64encode(signed).decode()
        found.append({"urls": list(settings.TURN_URLS), "username": name, "credential": password})
    return found
