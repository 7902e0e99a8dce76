"""Signing in by code, by password and by second factor, through the pages that people use."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client

from commonhall.accounts.models import User
from commonhall.history.models import Event
from tests.factories.accounts import PASSWORD, TOTP_SECRET, MemberFactory, UserFactory, with_app

pytestmark = pytest.mark.django_db
Jobs = Callable[[], list[str]]
CODE = re.compile(r"^[A-Z0-9]{3,4}-[A-Z0-9]{3,4}$", re.M)


def app_code() -> str:
    return format_hotp_value(hotp_value(TOTP_SECRET, next(yield_hotp_counters_from_time())))


def ask_for_code(client: Client, email: str, run_jobs: Jobs) -> str:
    client.post("/accounts/login/code/", {"email": email})
    run_jobs()
    (letter,) = (one for one in mail.outbox if one.to == [email])
    found = CODE.search(letter.body)
    assert found, letter.body
    return found[0]


def by_password(client: Client, email: str, password: str = PASSWORD, after: str = ""):
    address = "/accounts/login/" + (f"?next={after}" if after else "")
    return client.post(address, {"login": email, "password": password, "next": after})


def signed_in_as(client: Client) -> int | None:
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


@pytest.mark.parametrize("factory", [MemberFactory, UserFactory], ids=["with an account", "only imported"])
def test_the_code_from_the_e_mail_signs_in(client, run_jobs, factory):
    user = factory(email="ada@riverbank.example")
    code = ask_for_code(client, "ada@riverbank.example", run_jobs)
    response = client.post("/accounts/login/code/confirm/", {"code": code})
    assert response.url == "/"
    assert signed_in_as(client) == user.pk
    assert EmailAddress.objects.get(user=user).verified
    assert len(mail.outbox) == 1, "one code is enough"


def test_an_imported_person_signs_in_whatever_the_case_of_the_address(client, run_jobs):
    user = UserFactory(email="ada@riverbank.example")
    client.post("/accounts/login/code/", {"email": "Ada@Riverbank.Example"})
    run_jobs()
    client.post("/accounts/login/code/confirm/", {"code": CODE.search(mail.outbox[0].body)[0]})
    assert signed_in_as(client) == user.pk


def test_the_first_sign_in_is_on_record_and_lists_the_person(client, run_jobs):
    user = UserFactory(email="ada@riverbank.example")
    client.post("/accounts/login/code/confirm/", {"code": ask_for_code(client, user.email, run_jobs)})
    assert "people.tasks.list_after_first_sign_in" in run_jobs()
    user.refresh_from_db()
    assert user.first_seen_at
    assert user.profile.listed_at
    assert Event.objects.about(user).filter(verb="user.first_signed_in").count() == 1


def test_a_wrong_code_is_refused_and_a_few_wrong_codes_end_the_attempt(client, run_jobs):
    user = MemberFactory()
    right = ask_for_code(client, user.email, run_jobs)
    for _attempt in range(5):
        page = client.post("/accounts/login/code/confirm/", {"code": "ZZZ-ZZZ"})
    assert page.status_code == 302
    client.post("/accounts/login/code/confirm/", {"code": right})
    assert signed_in_as(client) is None


def test_the_wrong_code_is_explained_at_its_field(client, run_jobs):
    ask_for_code(client, MemberFactory().email, run_jobs)
    page = client.post("/accounts/login/code/confirm/", {"code": "ZZZ-ZZZ"}).content.decode()
    assert page.count("This is not the code") == 2
    assert 'href="#id_code"' in page


def test_a_code_is_of_no_use_in_another_browser(client, run_jobs):
    code = ask_for_code(client, MemberFactory().email, run_jobs)
    stranger = Client()
    stranger.post("/accounts/login/code/confirm/", {"code": code})
    assert signed_in_as(stranger) is None


def test_a_code_stops_working_after_ten_minutes(client, run_jobs, time_machine):
    time_machine.move_to("2027-03-01T09:00:00Z")
    code = ask_for_code(client, MemberFactory().email, run_jobs)
    time_machine.move_to("2027-03-01T09:10:05Z")
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert signed_in_as(client) is None


def test_the_password_signs_in(client):
    user = MemberFactory()
    assert by_password(client, user.email).url == "/"
    assert signed_in_as(client) == user.pk


def test_a_wrong_password_does_not(client):
    user = MemberFactory()
    page = by_password(client, user.email, "seven-quiet-otter")
    assert "The address or the password is not right." in page.content.decode()
    assert signed_in_as(client) is None


def test_an_imported_person_has_no_password_to_guess(client):
    user = UserFactory()
    for guess in ("!", "", user.password):
        by_password(client, user.email, guess)
        assert signed_in_as(client) is None


def test_the_last_character_of_a_long_password_counts(client):
    long = "a-long-password-" * 12 + "ending-x"
    assert len(long) == 200
    user = MemberFactory()
    user.set_password(long)
    user.save()
    by_password(client, user.email, long[:-1] + "y")
    assert signed_in_as(client) is None
    by_password(client, user.email, long)
    assert signed_in_as(client) == user.pk


def test_somebody_who_has_left_cannot_sign_in(client, run_jobs):
    user = MemberFactory(is_active=False)
    by_password(client, user.email)
    assert signed_in_as(client) is None
    client.post("/accounts/login/code/", {"email": user.email})
    run_jobs()
    assert not CODE.search(mail.outbox[0].body)


def test_a_second_factor_is_asked_for_after_the_password(client):
    user = with_app(MemberFactory())
    assert by_password(client, user.email).url == "/accounts/2fa/authenticate/"
    assert signed_in_as(client) is None
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert signed_in_as(client) is None
    client.post("/accounts/2fa/authenticate/", {"code": app_code()})
    assert signed_in_as(client) == user.pk


def test_a_second_factor_is_asked_for_after_the_code_too(client, run_jobs):
    user = with_app(MemberFactory())
    code = ask_for_code(client, user.email, run_jobs)
    assert client.post("/accounts/login/code/confirm/", {"code": code}).url == "/accounts/2fa/authenticate/"
    assert signed_in_as(client) is None


def test_one_code_of_the_app_does_not_work_twice(client):
    user = with_app(MemberFactory())
    code = app_code()
    for browser in (client, Client()):
        by_password(browser, user.email)
        browser.post("/accounts/2fa/authenticate/", {"code": code})
    assert signed_in_as(client) == user.pk
    assert signed_in_as(browser) is None


def test_a_newcomer_joins_with_name_and_address_and_a_code(client, run_jobs):
    client.post("/accounts/signup/", {"email": "new@riverbank.example", "name": "Nia  New"})
    run_jobs()
    code = CODE.search(mail.outbox[0].body)[0]
    client.post("/accounts/confirm-email/", {"code": code})
    user = User.objects.get(email="new@riverbank.example")
    assert (user.name, user.has_usable_password(), signed_in_as(client)) == ("Nia New", False, user.pk)


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u200b"])
def test_a_newcomer_without_a_name_is_asked_for_it(client, name):
    page = client.post("/accounts/signup/", {"email": "new@riverbank.example", "name": name})
    assert "error-summary" in page.content.decode()
    assert not User.objects.exists()


def test_signing_out_ends_the_session_and_only_by_post(client):
    user = MemberFactory()
    client.force_login(user)
    client.get("/accounts/logout/")
    assert signed_in_as(client) == user.pk
    client.post("/accounts/logout/")
    assert signed_in_as(client) is None
