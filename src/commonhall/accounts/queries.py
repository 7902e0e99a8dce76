from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet

from commonhall.accounts.models import User
from commonhall.core import clock

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


Widening = Callable[[QuerySet[Any]], QuerySet[Any]]
_widenings: list[Widening] = []


def know_of_signed_in_users(*widenings: Widening) -> None:
    """What every page shows of its reader comes with the reader, in one query; `config` says what that is."""
    _widenings[:] = widenings


def signed_in_users() -> QuerySet[User]:
    """People as a request knows them: with a word on whether they have a second factor, and what pages show of them."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    users: QuerySet[Any] = User.objects.annotate(has_second_factor=Exists(factors))
    for widen in _widenings:
        users = widen(users)
    return users


def has_second_factor(user: User) -> bool:
    known = getattr(user, "has_second_factor", None)
    if known is not None:
        return bool(known)
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def has_app(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def has_another_factor(user: User, besides: Authenticator) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exclude(pk=besides.pk).exists())


def open_sessions(user: User) -> "QuerySet[UserSession]":
    """Where somebody is signed in now, the newest first."""
    alive = Session.objects.filter(expire_date__gt=clock.now()).values("session_key")
    return UserSession.objects.filter(user=user, session_key__in=alive).order_by("-created_at")


def addresses_of(user: User) -> set[str]:
    """The account's own address and every other that the person has confirmed, in small letters."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {user.email.lower(), *(str(email).lower() for email in confirmed)}
