"""Every address is public by name, or sends a stranger to the sign-in page."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

PAGES = {"home:start", "ui:about", "ui:accessibility", "ui:privacy", "ui:design", "brand", "logo"}
FOR_MACHINES = {"operations:healthz", "operations:readyz", "meetings:feed"}
ONLY_WHILE_EMPTY = {"operations:first_run"}
ONLY_IN_THE_DEMO = {"demo:cast", "demo:sign_in", "demo:outbox", "demo:letter", "demo:letter_html", "demo:part"}
PROGRAMMES = {"programmes:public", "programmes:join", "programmes:poster", "programmes:qr"}
BY_SIGNED_LINK = {
    "meetings:by_link",
    "meetings:guest",
    "meetings:link_accept",
    "meetings:link_cancel",
    "meetings:link_keep",
    "meetings:link_log",
    "meetings:link_next",
    "meetings:link_times",
    "meetings:series_by_link",
    "meetings:series_link_accept",
    "meetings:series_link_change",
    "meetings:series_link_end",
    "notifications:unsubscribe",
    "programmes:sponsor",
}
SIGNING_IN = {
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
PUBLIC = PAGES | FOR_MACHINES | ONLY_WHILE_EMPTY | ONLY_IN_THE_DEMO | PROGRAMMES | BY_SIGNED_LINK | SIGNING_IN
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
    assert sorted(public) == sorted(PUBLIC)


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
