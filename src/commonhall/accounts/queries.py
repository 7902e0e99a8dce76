from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.prepared import Prepared

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


Widening = Callable[[QuerySet[Any]], QuerySet[Any]]
_widenings: list[Widening] = []


def know_of_signed_in_users(*widenings: Widening) -> None:
    """What every page shows of its reader comes with the reader, in one query; `config` says what that is."""
    _widenings[:] = widenings


def signed_in_user(pk: int) -> User | None:
    found: User | None = _signed_in.first(pk=pk)
    return found


def signed_in_users() -> QuerySet[User]:
    """People as a request knows them: with a word on whether they have a second factor, and what pages show of them."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    users: QuerySet[Any] = User.objects.annotate(has_second_factor=Exists(factors))
    for widen in _widenings:
        users = widen(users)
    return users


_signed_in = Prepared(lambda pk: signed_in_users().filter(pk=pk), pk=int)


def has_second_factor(user: User) -> bool:
    known = getattr(user, "has_second_factor", None)
    if known is not None:
        return bool(known)
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def has_app(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def has_another_factor(user: User, besides: Authenticator) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exclude(pk=besides.pk).exists())


@dataclass(frozen=True)
class Device:
    """One place where somebody is signed in."""

    pk: int
    name: str
    address: str
    since: datetime
    is_this: bool


# The first that fits; each browser also names those that it imitates.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android")),
    *(("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux")),
)


def device_name(user_agent: str) -> str:
    """ "Firefox on Windows", from what a browser says of itself; its own words where they are strange."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or user_agent[:60] or _("A device that does not say what it is")


def open_sessions(user: User) -> "QuerySet[UserSession]":
    """Where somebody is signed in now, the newest first."""
    alive = Session.objects.filter(expire_date__gt=clock.now()).values("session_key")
    sessions: QuerySet[UserSession] = UserSession.objects.filter(user=user, session_key__in=alive)
    return sessions.order_by("-created_at")


def devices(user: User, this_session: str | None) -> list[Device]:
    return [
        Device(row.pk, device_name(row.user_agent), row.ip, row.created_at, row.session_key == this_session)
        for row in open_sessions(user)
    ]


def addresses_of(user: User) -> set[str]:
    """Every address that the person has shown to be theirs, in small letters."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {str(email).lower() for email in confirmed}
