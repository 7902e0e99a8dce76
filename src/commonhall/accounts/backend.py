from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from commonhall.accounts import queries
from commonhall.accounts.models import User


class Backend(AuthenticationBackend):
    """django-allauth's own; each request's user comes with what every page asks of them, in the same query."""

    def get_user(self, user_id: Any) -> User | None:
        user = queries.signed_in_user(user_id)
        return user if user and self.user_can_authenticate(user) else None
