"""What follows from who is signed in."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _

WITHOUT_SECOND_FACTOR = (
    "/accounts/",
    "/static/",
    "/brand/",
    "/accessibility/",
    "/privacy-notice/",
    "/about/",
    "/healthz",
)


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
    """Whoever holds a staff role sets up a second factor before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.is_missing(request):
            return self.get_response(request)
        messages.info(
            request, _("Your role needs a second step when you sign in. Set it up here; it takes two minutes.")
        )
        return redirect("mfa_index")

    def is_missing(self, request: HttpRequest) -> bool:
        if not (request.user.is_authenticated and request.user.needs_second_factor):
            return False
        if request.path.startswith(WITHOUT_SECOND_FACTOR) or request.session.get("second_factor_set_up"):
            return False
        request.session["second_factor_set_up"] = is_mfa_enabled(request.user)
        return not request.session["second_factor_set_up"]
