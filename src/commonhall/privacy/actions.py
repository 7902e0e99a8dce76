"""Erasing one person: every room lets go of what it holds, from the top floor down."""

from typing import Any

from django.db import transaction

from commonhall.history.actions import record
from commonhall.privacy import queries


@transaction.atomic
def erase(user: Any, *, by: Any) -> None:
    """All or nothing. What others did with the person stays, without saying who it was."""
    for _room, module in reversed(queries.rooms()):
        module.erase(user)
    record("user.erased", about=user, by=by)
