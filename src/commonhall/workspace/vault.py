"""Private notes: each person has a key of their own, which is kept sealed with a key from the settings.

A copy of the database opens nothing. Whoever runs the installation could, with its key and by intent; the page says so.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core.errors import Refused
from commonhall.workspace.models import PersonKey


class KeyLost(Refused):
    """The key that would open this is not here any more."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("The key to these notes is lost, so nobody can open them any more, not even you."))


def _wrapping() -> MultiFernet:
    """From PRIVATE_NOTES_KEYS, the newest first; without it from SECRET_KEY and its predecessors."""
    secrets = settings.PRIVATE_NOTES_KEYS or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = (hashlib.sha256(b"workspace.vault:" + force_bytes(secret)).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def seal(user: User, words: str) -> str:
    """With the person's own key, which is made the first time."""
    return _own(_key_of(user)).encrypt(words.encode()).decode("ascii")


def unseal(key: PersonKey | None, sealed: str) -> str:
    """Raises `KeyLost`."""
    if key is None:
        raise KeyLost
    try:
        return _own(key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise KeyLost from None


def key_of(user: User) -> PersonKey | None:
    return PersonKey.objects.filter(user=user).first()


def rewrap() -> tuple[int, int]:
    """Seal every person's key with the newest key of the settings: how many were, and how many could not be opened."""
    wrapping, done, lost = _wrapping(), 0, 0
    for pk in PersonKey.objects.order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            key = PersonKey.objects.select_for_update().get(pk=pk)
            try:
                key.wrapped = wrapping.rotate(key.wrapped.encode()).decode("ascii")
            except InvalidToken:
                lost += 1
                continue
            key.save(update_fields=["wrapped"])
            done += 1
    return done, lost


def _key_of(user: User) -> PersonKey:
    if key := key_of(user):
        return key
    wrapped = _wrapping().encrypt(Fernet.generate_key()).decode("ascii")
    try:
        with transaction.atomic():
            return PersonKey.objects.create(user=user, wrapped=wrapped)
    except IntegrityError:
        return PersonKey.objects.get(user=user)


def _own(key: PersonKey) -> Fernet:
    try:
        return Fernet(_wrapping().decrypt(key.wrapped.encode()))
    except InvalidToken:
        raise KeyLost from None
