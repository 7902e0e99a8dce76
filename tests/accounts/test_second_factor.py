"""Whoever holds a staff role signs in with a second factor, and nothing opens a way around it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.test import Client

from commonhall.organisations import actions as organisations
from commonhall.organisations.models import Grant
from tests.accounts.test_sign_in import app_code, by_password, signed_in_as
from tests.factories.accounts import PASSWORD, TOTP_SECRET, MemberFactory, UserFactory, sign_in, with_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    user = MemberFactory()
    organisations.grant(user=user, role=Grant.Role.SITE_ADMINISTRATOR, by=UserFactory())
    return user


def passkey_of(user):
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop"})


def test_a_role_without_a_second_factor_opens_nothing_but_the_set_up(client, administrator):
    client.force_login(administrator)
    for address in ("/", "/organisations/", "/programmes/", "/people/me/", "/my-data/"):
        assert client.get(address).url == "/accounts/2fa/", address
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.post("/my-data/download/").url == "/accounts/2fa/"


def test_a_page_says_why_the_second_factor_is_needed(client, administrator):
    client.force_login(administrator)
    assert "Your role needs a second step" in client.get("/", follow=True).content.decode()


def test_a_session_that_began_without_the_second_factor_is_asked_for_it(client, administrator):
    with_app(administrator)
    client.force_login(administrator)
    assert client.get("/organisations/").url == "/accounts/2fa/reauthenticate/?next=/organisations/"
    assert client.post("/accounts/2fa/reauthenticate/?next=/organisations/", {"code": app_code()}).url == (
        "/organisations/"
    )
    assert client.get("/organisations/").status_code == 200


def test_with_a_passkey_alone_the_passkey_is_asked_for(client, administrator):
    passkey_of(administrator)
    client.force_login(administrator)
    assert client.get("/").url == "/accounts/2fa/webauthn/reauthenticate/?next=/"


def test_signing_in_with_password_and_app_opens_everything(client, administrator):
    with_app(administrator)
    by_password(client, administrator.email)
    client.post("/accounts/2fa/authenticate/", {"code": app_code()})
    assert client.get("/organisations/").status_code == 200


def test_a_recovery_code_stands_in_once(client, administrator):
    with_app(administrator)
    code = RecoveryCodes.activate(administrator).get_unused_codes()[0]
    for browser, outcome in ((client, administrator.pk), (Client(), None)):
        by_password(browser, administrator.email)
        browser.post("/accounts/2fa/authenticate/", {"code": code})
        assert signed_in_as(browser) == outcome


@pytest.mark.django_db(transaction=True)
def test_setting_up_the_app_is_enough_for_this_session(client, administrator):
    by_password(client, administrator.email)
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200, "who has just given the password is not asked for it again"
    session = client.session
    session["mfa.totp.secret"] = TOTP_SECRET
    session.save()
    client.post("/accounts/2fa/totp/activate/", {"code": app_code()})
    assert client.get("/organisations/").status_code == 200
    assert Authenticator.objects.filter(user=administrator).count() == 2, "the app and recovery codes"


def test_a_wrong_code_sets_up_nothing(client, administrator):
    by_password(client, administrator.email)
    client.get("/accounts/2fa/totp/activate/")
    page = client.post("/accounts/2fa/totp/activate/", {"code": "123456"})
    assert "This is not the code that your app shows now." in page.content.decode()
    assert not Authenticator.objects.exists()


def test_the_last_second_factor_stays_while_a_role_is_held(client, administrator):
    with_app(administrator)
    RecoveryCodes.activate(administrator)
    by_password(client, administrator.email)
    client.post("/accounts/2fa/authenticate/", {"code": app_code()})
    page = client.post("/accounts/2fa/totp/deactivate/")
    assert "Your staff role needs a second step." in page.content.decode()
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_the_last_passkey_stays_while_a_role_is_held(client, administrator):
    passkey = passkey_of(administrator)
    by_sudo(client, administrator)
    page = client.post(f"/accounts/2fa/webauthn/keys/{passkey.pk}/remove/", follow=True)
    assert "Your staff role needs a second step." in page.content.decode()
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def by_sudo(client, user):
    """Signed in, second factor shown, and asked again a moment ago."""
    sign_in(client, user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_one_of_two_factors_may_go(client, administrator):
    with_app(administrator)
    passkey = passkey_of(administrator)
    by_sudo(client, administrator)
    client.post(f"/accounts/2fa/webauthn/keys/{passkey.pk}/remove/")
    assert not Authenticator.objects.filter(pk=passkey.pk).exists()


def test_a_factor_that_vanished_closes_open_sessions_too(client, administrator):
    with_app(administrator)
    sign_in(client, administrator)
    assert client.get("/organisations/").status_code == 200
    Authenticator.objects.filter(user=administrator).delete()
    assert client.get("/organisations/").url == "/accounts/2fa/"


def test_a_role_that_comes_back_asks_again(client, administrator):
    with_app(administrator)
    sign_in(client, administrator)
    client.get("/organisations/")
    organisations.take_back(administrator.grants.get(), by=UserFactory())
    Authenticator.objects.filter(user=administrator).delete()
    organisations.grant(user=administrator, role=Grant.Role.SITE_ADMINISTRATOR, by=UserFactory())
    assert client.get("/organisations/").url == "/accounts/2fa/"


def test_somebody_elses_passkey_cannot_be_removed(client):
    passkey = passkey_of(MemberFactory())
    by_sudo(client, MemberFactory())
    assert client.post(f"/accounts/2fa/webauthn/keys/{passkey.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_people_without_a_role_need_no_second_factor(client):
    client.force_login(MemberFactory())
    assert client.get("/").status_code == 200


def test_the_secret_of_the_app_is_not_readable_in_the_database():
    user = with_app(MemberFactory())
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data["secret"]
    assert TOTP_SECRET not in kept
    assert len(kept) > 100


def test_secrets_survive_a_new_secret_key(client, settings):
    user = with_app(MemberFactory())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-0123456789-0123456789-0123456789-01"
    by_password(client, user.email)
    client.post("/accounts/2fa/authenticate/", {"code": app_code()})
    assert signed_in_as(client) == user.pk


def test_guessing_the_app_code_is_stopped(client):
    user = with_app(MemberFactory())
    by_password(client, user.email)
    pages = [client.post("/accounts/2fa/authenticate/", {"code": "000000"}) for _guess in range(6)]
    assert "Too many attempts" in pages[-1].content.decode()
    client.post("/accounts/2fa/authenticate/", {"code": app_code()})
    assert signed_in_as(client) is None


@pytest.mark.django_db(transaction=True)
def test_a_new_factor_is_told_by_e_mail(client, run_jobs):
    user = MemberFactory()
    by_password(client, user.email)
    client.get("/accounts/2fa/totp/activate/")
    session = client.session
    session["mfa.totp.secret"] = TOTP_SECRET
    session.save()
    client.post("/accounts/2fa/totp/activate/", {"code": app_code()})
    run_jobs()
    assert [letter.subject for letter in mail.outbox] == ["An authenticator app is set up"]
    assert "/accounts/devices/" in mail.outbox[0].body


def test_what_one_person_has_shown_does_not_count_for_the_next(client, administrator):
    with_app(administrator)
    sign_in(client, administrator)
    session = client.session
    session["account_authentication_methods_user"] = str(UserFactory().pk)
    session.save()
    assert client.get("/organisations/").url.startswith("/accounts/2fa/reauthenticate/")
