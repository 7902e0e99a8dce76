"""Addresses to which programs answer: one mailbox, with a signed word behind a plus for each thing and person.

`meet+m2s-1f-…@council.example`: a letter for the kind of thing, the numbers of its rows, and a seal. Small letters and
digits only, because not every mail server keeps capitals; short, because the part before the @ has 64 characters.
"""

import base64
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

SALT = "integrations.inbox"
SEAL_BYTES = 12
LONGEST_LOCAL = 64


def is_open() -> bool:
    """Whether answers can come back at all."""
    return bool(settings.INBOX_ADDRESS)


def address(kind: str, *numbers: int) -> str:
    """The address for one kind of thing and its numbers; empty without an inbox."""
    if not is_open():
        return ""
    local, _at, domain = settings.INBOX_ADDRESS.rpartition("@")
    word = kind + "-".join(int_to_base36(number) for number in numbers)
    return f"{local}+{word}-{_seal(word, settings.SECRET_KEY)}@{domain}"


def opened(given: str) -> tuple[str, tuple[int, ...]] | None:
    """The kind and the numbers of an address that we have given out; None for any other."""
    local, _at, domain = parseaddr(given)[1].lower().rpartition("@")
    name, _plus, token = local.partition("+")
    word, _dash, seal = token.rpartition("-")
    if not (is_open() and f"{name}@{domain}" == settings.INBOX_ADDRESS.lower() and word):
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(constant_time_compare(seal, _seal(word, key)) for key in keys):
        return None
    return word[0], tuple(base36_to_int(number) for number in word[1:].split("-"))


def _seal(word: str, key: str) -> str:
    made = salted_hmac(SALT, word, secret=key, algorithm="sha256").digest()[:SEAL_BYTES]
    return base64.b32encode(made).decode().rstrip("=").lower()
