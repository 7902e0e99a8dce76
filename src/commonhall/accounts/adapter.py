"""Where django-allauth asks us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from commonhall.accounts import actions


class Adapter(DefaultAccountAdapter):
    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        actions.note_sign_in(user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response
