"""What follows from who is signed in."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from commonhall.accounts import queries
from commonhall.accounts.models import User

WITHOUT_SECOND_FACTOR = (
    "/accounts/",
    "/static/",
    "/brand/",
    "/accessibility/",
    "/privacy-notice/",
    "/about/",
    "/healthz",
)
FOR_MACHINES = ("/meetings/feed/",)


class ForMachines:
    """Addresses that programs ask by themselves know nobody: a cookie that comes along is not even read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(FOR_MACHINES):
            request.COOKIES = {}
        return self.get_response(request)


class PersonalSettings:
    """Each person's own time zone and language, from the account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(ZoneInfo(request.user.time_zone)), translation.override(request.user.language):
            return self.get_response(request)


class SecondFactor:
    """Whoever holds a staff role has a second factor, and has shown it in this session, before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        free = not user.is_authenticated or not user.needs_second_factor
        if free or request.path.startswith(WITHOUT_SECOND_FACTOR):
            return self.get_response(request)
        if not queries.has_second_factor(user):
            messages.info(
                request, _("Your role needs a second step when you sign in. Set it up here; it takes two minutes.")
            )
            return redirect("mfa_index")
        if not was_shown(request):
            return redirect_to_login(request.get_full_path(), reverse(page_that_asks(user)))
        return self.get_response(request)


def was_shown(request: Any) -> bool:
    """Whether a second factor (or a passkey, which is two in one) opened this session or was set up in it."""
    return any(step.get("method") == "mfa" for step in get_authentication_records(request, request.user))


def lets_in(user: User, session: Mapping[str, Any]) -> bool:
    """The same at the door of a websocket, which has a session and no page to send people to."""
    return not user.needs_second_factor or was_shown(SimpleNamespace(user=user, session=session))


def page_that_asks(user: User) -> str:
    return "mfa_reauthenticate" if queries.has_app(user) else "mfa_reauthenticate_webauthn"
