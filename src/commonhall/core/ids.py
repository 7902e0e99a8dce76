"""Identifiers that cannot be guessed."""

import secrets


def token(length: int = 24) -> str:
    """A URL-safe random name; 24 characters carry 144 bits."""
    return secrets.token_urlsafe(length)[:length]
