"""Where django-allauth asks us."""

import base64
import hashlib
import time
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonhall.accounts import actions, queries

FACTOR_SET_UP = ("mfa/email/totp_activated", "mfa/email/webauthn_added")

WAYS = {
    "reauthenticate": gettext_lazy("Use your password"),
    "mfa_reauthenticate": gettext_lazy("Use your app or a recovery code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("Use your passkey"),
}


class Adapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("This account is closed."),
        "cannot_remove_primary_email": gettext_lazy("Choose another main address before you remove this one."),
        "duplicate_email": gettext_lazy("This address is on your account already."),
        "email_password_mismatch": gettext_lazy("The address or the password is not right."),
        "email_taken": gettext_lazy("Somebody has an account with this address already."),
        "enter_current_password": gettext_lazy("Enter your present password."),
        "incorrect_code": gettext_lazy("This is not the code. Copy it from the newest e-mail."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "invalid_login": gettext_lazy("The address or the password is not right."),
        "rate_limited": gettext_lazy("That was often. Wait a little and try again."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait a few minutes and try again."),
        "unverified_primary_email": gettext_lazy("Confirm the address first, then make it your main one."),
    }

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        for step in get_authentication_records(request, user)[-1:]:
            if step["method"] == "code" and step.get("email"):
                actions.confirm_address(user, step["email"])
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        actions.note_sign_in(user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whoever signed in a moment ago is not asked the same again."""
        steps = get_authentication_records(context.request, context.request.user)
        recent = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not any(step["at"] > recent for step in steps)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        ways = super().get_reauthentication_methods(user)
        return [way | {"description": WAYS.get(way["id"], way["description"])} for way in ways]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queued, so that no page waits for a mail server, and a known and an unknown address take as long."""
        rendered = {"email": email, "site_name": settings.SITE_NAME, "base_url": settings.BASE_URL} | context
        letter = self.render_mail(template_prefix, email, rendered)
        actions.send_letter(to=email, subject=letter.subject, body=cast(str, letter.body))

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Also the one place that hears of a new second factor: whoever sets it up has just shown it."""
        if template_prefix in FACTOR_SET_UP:
            record_authentication(context.request, user, "mfa", set_up=True)
        super().send_notification_mail(template_prefix, user, *args, **kwargs)


def _cipher() -> MultiFernet:
    """Keys from SECRET_KEY, then from its predecessors in SECRET_KEY_FALLBACKS."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    keys = (hashlib.sha256(b"accounts.second_factor:" + force_bytes(secret)).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy(
            "Your staff role needs a second step. Set up another one before you remove this one."
        ),
        "incorrect_code": gettext_lazy("This is not the code that your app shows now."),
        "unverified_email": gettext_lazy("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return str(_cipher().encrypt(text.encode()), "ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return str(_cipher().decrypt(encrypted_text.encode()), "utf-8")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever holds a staff role keeps at least one second factor."""
        user = authenticator.user
        return not user.needs_second_factor or queries.has_another_factor(user, authenticator)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("My passkey") if number == 1 else _("My passkey %(number)d") % {"number": number}
