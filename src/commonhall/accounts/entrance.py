"""A session opened by us rather than by django-allauth: the demo's one click, and the first administrator."""

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest

from commonhall.accounts.models import User


def enter(request: HttpRequest, user: User, *, shown: str) -> None:
    """Sign in; `shown` is what the person has shown: "password", or "mfa" for a second factor."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, method=shown)
    UserSession.objects.create_from_request(request)
