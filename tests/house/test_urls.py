"""Every address is public by name, or sends a stranger to the sign-in page."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = {
    "home:start",
    "operations:healthz",
    "operations:readyz",
    "brand",
}
ALLAUTH_PUBLIC = ("account_", "mfa_", "socialaccount_", "usersessions_")
VALUES = {"int": "1", "slug": "a", "str": "a", "path": "a", "uuid": "00000000-0000-0000-0000-000000000000"}


def addresses(patterns, prefix="/", space=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, prefix + str(pattern.pattern), inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", prefix + str(pattern.pattern), pattern


def all_addresses():
    return list(addresses(get_resolver().url_patterns))


def filled(route):
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: VALUES[found[1] or "str"], route)


def is_public(pattern):
    return not getattr(pattern.callback, "login_required", True)


def test_what_is_public_is_public_by_name():
    public = {name for name, _route, pattern in all_addresses() if is_public(pattern)}
    assert {name for name in public if not name.startswith(ALLAUTH_PUBLIC)} == PUBLIC


@pytest.mark.django_db
def test_every_other_address_sends_a_stranger_to_sign_in(client):
    for name, route, pattern in all_addresses():
        if is_public(pattern) or "(?P" in route:
            continue
        answer = client.get(filled(route))
        assert answer.status_code == 302, f"{name} answers a stranger with {answer.status_code}"
        assert answer["Location"].startswith("/accounts/login/"), name


def test_every_address_has_a_name():
    assert not [route for name, route, pattern in all_addresses() if name.endswith("None")]
