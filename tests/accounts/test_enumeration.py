"""A stranger cannot learn from Commonhall who has an account."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonhall.accounts.models import User
from tests.factories.accounts import MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
KNOWN, IMPORTED, UNKNOWN = "known@riverbank.example", "imported@riverbank.example", "nobody@riverbank.example"
ASKING = [
    ("/accounts/login/", {"login": "{}", "password": "not-the-password"}),
    ("/accounts/login/code/", {"email": "{}"}),
    ("/accounts/signup/", {"email": "{}", "name": "Somebody"}),
    ("/accounts/password/reset/", {"email": "{}"}),
]


@pytest.fixture(autouse=True)
def people():
    MemberFactory(email=KNOWN)
    UserFactory(email=IMPORTED)


def answer(url, fields, email):
    """What a stranger gets to see: status, where they are sent, and the page there without what varies by itself."""
    client = Client()
    response = client.post(url, {name: value.format(email) for name, value in fields.items()}, follow=True)
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"', "", response.content.decode())
    return response.redirect_chain, response.status_code, page.replace(email, "ADDRESS")


@pytest.mark.parametrize(("url", "fields"), ASKING)
def test_the_answer_is_the_same_for_every_address(url, fields):
    assert answer(url, fields, KNOWN) == answer(url, fields, UNKNOWN) == answer(url, fields, IMPORTED)


@pytest.mark.parametrize(("url", "fields"), ASKING)
def test_every_address_gets_one_e_mail_at_most(run_jobs, url, fields):
    for email in (KNOWN, IMPORTED, UNKNOWN):
        answer(url, fields, email)
    run_jobs()
    counted = [sum(letter.to == [email] for letter in mail.outbox) for email in (KNOWN, IMPORTED, UNKNOWN)]
    assert counted in ([0, 0, 0], [1, 1, 1])


def test_a_password_is_hashed_once_whether_or_not_the_address_is_known(monkeypatch):
    hashed = []
    original = MD5PasswordHasher.encode

    def counted(self, password, salt):
        hashed.append(password)
        return original(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    costs = []
    for email in (KNOWN, UNKNOWN):
        hashed.clear()
        answer(*ASKING[0], email)
        costs.append(len(hashed))
    assert costs == [1, 1]


@pytest.mark.parametrize(("url", "fields"), ASKING[1:2])
def test_no_mail_server_is_waited_for(url, fields):
    for email in (KNOWN, UNKNOWN):
        answer(url, fields, email)
    assert mail.outbox == [], "letters are queued, so that the time says nothing"


def test_the_work_for_a_code_is_about_the_same():
    counts = []
    for email in (KNOWN, UNKNOWN):
        with CaptureQueriesContext(connection) as queries:
            Client().post("/accounts/login/code/", {"email": email})
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 3, counts


def test_joining_with_a_known_address_makes_nobody_and_tells_the_owner(run_jobs):
    before = User.objects.count()
    Client().post("/accounts/signup/", {"email": IMPORTED, "name": "Not Me"})
    run_jobs()
    assert User.objects.count() == before
    assert User.objects.get(email=IMPORTED).name != "Not Me"
    assert mail.outbox[0].subject == "You have an account already"
