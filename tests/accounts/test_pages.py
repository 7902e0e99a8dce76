"""Every reachable page about the account: our look, no write on GET, sign-in where it is needed."""

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.accounts.test_sign_in import by_password, signed_in_as
from tests.factories.accounts import MemberFactory, sign_in, with_app

pytestmark = pytest.mark.django_db
PUBLIC = ["account_login", "account_request_login_code", "account_signup", "account_reset_password"]
PUBLIC += ["account_reset_password_done", "account_reset_password_from_key_done", "account_inactive"]
OWN = ["account_email", "account_change_password", "mfa_index", "mfa_activate_totp", "mfa_list_webauthn"]
OWN += ["mfa_add_webauthn", "accounts:settings", "accounts:sessions", "account_logout", "account_reauthenticate"]
WITH_APP = ["mfa_deactivate_totp", "mfa_reauthenticate", "mfa_generate_recovery_codes"]
CORPUS = Path(__file__).parents[2] / "../shared/corpora/payloads/open_redirect.txt"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example/%2f..",
    "http:evil.example",
    "https:///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%09/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//testserver@evil.example/",
    "https://testserver.evil.example/",
    "\thttps://evil.example",
    "/\t/evil.example",
    " //evil.example",
]


def payloads():
    corpus = CORPUS.read_text("utf-8", "replace").splitlines() if CORPUS.is_file() else []
    return ELSEWHERE + [line for line in corpus if line.strip()]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_stranger_reaches_the_page_and_it_has_our_look(client, name):
    page = client.get(reverse(name)).content.decode()
    assert 'class="skip-link"' in page
    assert page.count("<h1") == 1
    assert "style=" not in page


@pytest.mark.parametrize("name", OWN)
def test_ones_own_page_has_our_look(client, name):
    user = MemberFactory()
    by_password(client, user.email)
    page = client.get(reverse(name))
    assert page.status_code == 200, page
    assert page.content.decode().count("<h1") == 1
    assert 'class="skip-link"' in page.content.decode()


@pytest.mark.parametrize("name", WITH_APP)
def test_the_pages_of_a_second_factor(client, name):
    sign_in(client, with_app(MemberFactory()))
    page = client.get(reverse(name)).content.decode()
    assert page.count("<h1") == 1
    assert "Deactivate" not in page


@pytest.mark.parametrize("name", OWN + WITH_APP)
def test_a_stranger_is_sent_to_sign_in(client, name):
    if name in ("account_logout", "account_reauthenticate"):
        pytest.skip("shown to anybody: there is nothing to see")
    assert client.get(reverse(name)).url.startswith("/accounts/login/?next=")


@pytest.mark.parametrize("after", ELSEWHERE)
def test_the_way_on_after_signing_in_stays_here(client, after):
    user = MemberFactory()
    response = by_password(client, user.email, after=after)
    assert stays_here(response["Location"]), response["Location"]
    assert signed_in_as(client) == user.pk


def stays_here(location):
    """Where a browser goes that is at our page and is sent there (tabs and breaks dropped, \\ read as /)."""
    read = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    return urlsplit(urljoin("http://testserver/accounts/login/", read))[:2] == ("http", "testserver")


def test_the_known_ways_of_leading_people_astray_lead_nowhere(client):
    user = MemberFactory()
    client.force_login(user)
    for after in payloads():
        for address in ("/accounts/login/", "/accounts/signup/", "/accounts/login/code/"):
            location = client.get(address, {"next": after})["Location"]
            assert stays_here(location), (address, after, location)


def test_the_wanted_page_comes_after_signing_in(client):
    user = MemberFactory()
    assert client.get("/people/me/").url == "/accounts/login/?next=/people/me/"
    assert by_password(client, user.email, after="/people/me/").url == "/people/me/"


def test_too_many_codes_for_one_address_are_refused_with_a_reason():
    email = MemberFactory().email
    for _attempt in range(4):
        page = Client().post("/accounts/login/code/", {"email": email})
    assert "Too many attempts." in page.content.decode()


def test_too_many_links_for_one_address_are_refused_with_a_page_of_ours(client):
    email = MemberFactory().email
    for _attempt in range(4):
        page = client.post("/accounts/password/reset/", {"email": email})
    assert page.status_code == 429
    assert "Wait a little" in page.content.decode()


def test_trying_many_addresses_does_not_push_out_the_count_of_one():
    email = MemberFactory().email
    for _attempt in range(3):
        Client().post("/accounts/login/code/", {"email": email})
    for number in range(1000):
        cache.set(f"another-count-{number}", [number], 60)
    assert "Too many attempts." in Client().post("/accounts/login/code/", {"email": email}).content.decode()


def test_guessing_a_password_is_stopped_for_that_account_alone(client):
    user, other = MemberFactory(), MemberFactory()
    for _guess in range(6):
        page = by_password(client, user.email, "wrong-wrong-wrong")
    assert "Too many attempts" in page.content.decode()
    by_password(client, user.email)
    assert signed_in_as(client) is None, "even the right password waits"
    by_password(client, other.email)
    assert signed_in_as(client) == other.pk


def test_a_whole_council_behind_one_address_signs_in_at_nine(client):
    """Sixty people with the same address on the internet within a minute."""
    for user in MemberFactory.create_batch(60):
        browser = Client()
        by_password(browser, user.email)
        assert signed_in_as(browser) == user.pk


def test_no_page_shows_the_technical_name_of_a_time_zone(client, db):
    client.force_login(MemberFactory(time_zone="America/Argentina/Buenos_Aires"))
    content = client.get("/accounts/").content.decode()
    assert re.findall(r"<option[^>]*selected[^>]*>([^<]+)", content)[0] == "Buenos Aires, Argentina"
    assert not re.findall(r">[^<]*\w+/\w+[^<]*</option>", content)
