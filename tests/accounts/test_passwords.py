import time

import pytest
from argon2 import extract_parameters
from django.contrib.auth.hashers import check_password, make_password
from django.core import mail
from django.test import Client

from commonhall.config import settings as product
from tests.accounts.test_sign_in import by_password, signed_in_as
from tests.factories.accounts import PASSWORD, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
GOOD = "amber kettle drawbridge"


def change(client, password, again=None):
    fields = {"oldpassword": PASSWORD, "password1": password, "password2": password if again is None else again}
    return client.post("/accounts/password/change/", fields)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("nine-char", "too short"),
        ("password1234", "too common"),
        ("qwertyuiop", "too common"),
        ("riverbank-ada", "too similar"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(client, password, reason):
    user = MemberFactory(name="Ada Riverbank", email="riverbank-ada@somewhere.example")
    client.force_login(user)
    assert reason in change(client, password).content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    "password", [GOOD, "ten-letter", "x9 " * 66 + "yz", "pässwörter-ünd-mehr", "🦦🦦🦦 otters 🦦🦦"]
)
def test_long_and_strange_passwords_are_welcome(client, password):
    user = MemberFactory()
    client.force_login(user)
    assert change(client, password).status_code == 302
    user.refresh_from_db()
    assert user.check_password(password)
    assert not user.check_password(password[:-1])


def test_the_present_password_is_needed_for_a_new_one(client):
    user = MemberFactory()
    client.force_login(user)
    page = client.post(
        "/accounts/password/change/", {"oldpassword": "something else", "password1": GOOD, "password2": GOOD}
    )
    assert "Enter your present password." in page.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_two_different_new_passwords_are_refused(client):
    client.force_login(MemberFactory())
    assert "same password" in change(client, GOOD, GOOD + "s").content.decode()


def test_a_new_password_is_told_by_e_mail_and_leaves_this_device_signed_in(client, run_jobs):
    user = MemberFactory()
    client.force_login(user)
    change(client, GOOD)
    assert signed_in_as(client) == user.pk
    run_jobs()
    assert mail.outbox[0].subject == "Your password is changed"


def test_a_new_password_signs_every_other_device_out(client):
    user = MemberFactory()
    elsewhere = Client()
    elsewhere.force_login(user)
    client.force_login(user)
    change(client, GOOD)
    assert elsewhere.get("/people/me/").url.startswith("/accounts/login/")
    assert client.get("/people/me/").status_code == 200


def test_an_imported_person_sets_a_first_password(client):
    user = UserFactory()
    client.force_login(user)
    client.post("/accounts/password/set/", {"password1": GOOD, "password2": GOOD})
    user.refresh_from_db()
    assert user.check_password(GOOD)


def reset_link(client, email, run_jobs):
    client.post("/accounts/password/reset/", {"email": email})
    run_jobs()
    return next(line for line in mail.outbox[-1].body.splitlines() if "/password/reset/key/" in line)


def test_a_forgotten_password_is_replaced_by_the_link_once(client, run_jobs):
    user = MemberFactory()
    link = reset_link(client, user.email, run_jobs)
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": GOOD, "password2": GOOD})
    user.refresh_from_db()
    assert user.check_password(GOOD)
    assert "no longer works" in client.get(link, follow=True).content.decode()
    assert signed_in_as(client) is None, "the link replaces the password and signs nobody in"


def test_the_link_dies_when_the_address_is_no_longer_the_persons(client, run_jobs):
    user = MemberFactory()
    link = reset_link(client, user.email, run_jobs)
    user.emailaddress_set.update(email="elsewhere@somewhere.example")
    user.email = "elsewhere@somewhere.example"
    user.save()
    assert "no longer works" in client.get(link, follow=True).content.decode()


class TestCost:
    """Argon2id at 19 MiB: what OWASP asks for, and what a small server can bear at nine o'clock."""

    @pytest.fixture(autouse=True)
    def the_products_hasher(self, settings):
        settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS

    def test_the_parameters(self):
        found = extract_parameters(make_password(GOOD).removeprefix("argon2"))
        assert (found.type.name, found.memory_cost, found.time_cost, found.parallelism) == ("ID", 19456, 2, 1)

    def test_every_character_counts(self):
        kept = make_password("o" * 199 + "x")
        assert check_password("o" * 199 + "x", kept)
        assert not check_password("o" * 199 + "y", kept)

    def test_checking_costs_less_than_the_limit(self):
        """The median of five stays under the 60 ms of CPU that a sign-in may cost."""
        kept = make_password(GOOD)
        times = []
        for _run in range(5):
            began = time.process_time()
            check_password(GOOD, kept)
            times.append(time.process_time() - began)
        assert sorted(times)[2] < 0.06, times


def test_signing_in_reads_the_old_hash_and_writes_todays(client, settings):
    user = MemberFactory()
    settings.PASSWORD_HASHERS = [*product.PASSWORD_HASHERS, "django.contrib.auth.hashers.MD5PasswordHasher"]
    by_password(client, user.email)
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$")
