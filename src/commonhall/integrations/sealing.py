"""Addresses and passwords of other systems, unreadable without the installation's key."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _

from commonhall.core.errors import Refused


class SealBroken(Refused):
    """Sealed with a key that is not here any more, or by somebody else, or too long ago."""

    status = 422


def _keys() -> list[Fernet]:
    """From SECRET_KEY, then from its predecessors in SECRET_KEY_FALLBACKS."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    keys = (hashlib.sha256(b"integrations.sealing:" + force_bytes(secret)).digest() for secret in secrets)
    return [Fernet(base64.urlsafe_b64encode(key)) for key in keys]


def seal(text: str) -> str:
    return _keys()[0].encrypt(text.encode()).decode("ascii") if text else ""


def unseal(sealed: str, *, seconds: int | None = None) -> str:
    """Back again; with `seconds`, only what was sealed so short a time ago."""
    if not sealed:
        return ""
    try:
        return MultiFernet(_keys()).decrypt(sealed.encode(), ttl=seconds).decode()
    except (InvalidToken, UnicodeError):
        raise SealBroken(
            _("The key under which this was kept is gone. Remove the calendar and add it again.")
        ) from None


def resealed(sealed: str) -> str:
    """The same under the present key, where it was sealed under a former one."""
    if not sealed:
        return ""
    try:
        _keys()[0].decrypt(sealed.encode())
    except InvalidToken:
        return seal(unseal(sealed))
    return sealed
