"""What the verbs `sar` and `erase` do and say."""

import argparse
import os
from typing import Any

from django.contrib.auth import get_user_model

from commonhall.core.errors import Refused
from commonhall.privacy import actions, queries


def sar(options: argparse.Namespace) -> None:
    held = queries.held_about(_person(options.email))
    try:
        with open(options.out, "x", encoding="utf-8", opener=_for_the_owner_alone) as file:
            file.write(queries.as_text(held))
    except FileExistsError:
        raise Refused(f"The file {options.out} exists already; nothing was written.") from None
    number = sum(count for _kind, count in queries.counts(held))
    print(f"{number} records about {options.email} are in {options.out}.")


def erase(options: argparse.Namespace) -> None:
    user = _person(options.email)
    number = sum(count for _kind, count in queries.counts(queries.held_about(user)))
    actions.erase(user, by=None)
    print(f"{options.email} is erased: {number} records were removed or no longer say who it was.")


def _for_the_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _person(email: str) -> Any:
    user = get_user_model().objects.filter(email__iexact=email).first()
    if user is None:
        raise Refused(f"Nobody signs in with the address {email}.")
    return user
