from typing import Any

import factory
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client

from commonhall.accounts.models import User

PASSWORD = "seven-quiet-otters"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class UserFactory(factory.django.DjangoModelFactory):
    """Somebody who exists and cannot sign in by password; an imported person is one."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@somewhere.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = "!"


class MemberFactory(UserFactory):
    """Somebody with a confirmed address and the password PASSWORD."""

    class Meta:
        skip_postgeneration_save = True

    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def address(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


def with_app(user: User) -> User:
    """Set up an authenticator app, with the secret TOTP_SECRET."""
    TOTP.activate(user, TOTP_SECRET)
    return user


def sign_in(client: Client, user: User) -> None:
    """Signed in with the second factor shown, as staff are."""
    client.force_login(user)
    request = HttpRequest()
    request.session, request.user = client.session, AnonymousUser()
    record_authentication(request, user, "mfa")
    request.session.save()
