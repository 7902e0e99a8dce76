from django.http import HttpRequest

from commonhall.accounts.models import User


class Request(HttpRequest):
    """Of somebody who is signed in: the middleware lets nobody else through."""

    user: User
