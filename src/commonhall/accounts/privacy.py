"""What we hold here about a person."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock

MODELS = (User, EmailAddress, Authenticator, UserSession)


def kinds(user: User) -> dict[str, QuerySet[Any, Any]]:
    return {
        "account": User.objects.filter(pk=user.pk).values(
            "email", "name", "time_zone", "language", "joined_at", "first_seen_at"
        ),
        "addresses": EmailAddress.objects.filter(user=user).values("email", "verified", "primary"),
        "devices": UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at", "last_seen_at"),
        "second_factors": Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at"),
    }


def holds(user: User) -> dict[str, list[dict[str, Any]]]:
    return {kind: list(rows) for kind, rows in kinds(user).items()}


def erase(user: User) -> None:
    """Keep the row, so that history stays whole, and nothing that says who it was."""
    UserSession.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    user.email, user.name = f"erased-{user.pk}@erased.invalid", str(_("Somebody who has left"))
    user.is_active, user.needs_second_factor, user.left_at = False, False, clock.now()
    user.set_unusable_password()
    user.save()
