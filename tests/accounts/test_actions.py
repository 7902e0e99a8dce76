import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.test import Client

from commonhall.accounts import actions, privacy, queries
from commonhall.accounts.models import User
from commonhall.jobs.queries import put_aside
from tests.factories.accounts import MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Version/19.1 Mobile Safari/604.1"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
TABLET = "Mozilla/5.0 (Linux; Android 16; Tab) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"


def test_two_accounts_with_the_same_address_cannot_be():
    UserFactory(email="ada@riverbank.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="ADA@riverbank.example", name="Ada")


def test_the_account_page_saves_name_zone_and_nothing_of_others(client):
    user, other = MemberFactory(), MemberFactory(name="Other")
    client.force_login(user)
    client.post("/accounts/", {"name": " Ada \u202eRiver ", "time_zone": "Europe/Dublin", "language": "en-gb"})
    user.refresh_from_db()
    other.refresh_from_db()
    assert (user.name, user.time_zone, other.name) == ("Ada River", "Europe/Dublin", "Other")


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 151}, {"time_zone": "Mars/Olympus"}, {"language": "tlh"}, {"name": "\u200b"}]
)
def test_the_account_page_refuses_what_cannot_be(client, wrong):
    user = MemberFactory(name="Ada")
    client.force_login(user)
    fields = {"name": "Ada", "time_zone": "Europe/London", "language": "en-gb"} | wrong
    page = client.post("/accounts/", fields)
    assert page.status_code == 422
    assert "error-summary" in page.content.decode()
    user.refresh_from_db()
    assert user.name == "Ada"


@pytest.mark.parametrize(
    ("says", "name"),
    [
        (PHONE, "Safari on iPhone"),
        (LAPTOP, "Edge on Windows"),
        (FIREFOX, "Firefox on Linux"),
        (TABLET, "Chrome on Android"),
        ("curl/8.4", "curl/8.4"),
        ("", "A device that does not say what it is"),
        ("x" * 500, "x" * 60),
    ],
)
def test_a_device_is_called_what_its_owner_calls_it(says, name):
    assert queries.device_name(says) == name


def refuse(*_: object) -> None:
    raise ConnectionRefusedError


@pytest.fixture
def devices():
    """Ada's phone and laptop, and somebody else's computer."""
    ada, other = MemberFactory(), MemberFactory()
    phone, laptop, theirs = Client(HTTP_USER_AGENT=PHONE), Client(HTTP_USER_AGENT=LAPTOP), Client()
    for browser, user in ((phone, ada), (laptop, ada), (theirs, other)):
        browser.post("/accounts/login/", {"login": user.email, "password": "seven-quiet-otters"})
    return phone, laptop, theirs


def session_of(browser):
    return UserSession.objects.get(session_key=browser.session.session_key)


def works(browser):
    return browser.get("/accounts/").status_code == 200


def test_the_list_of_devices_shows_ones_own_and_marks_this_one(devices):
    phone, _laptop, _theirs = devices
    page = phone.get("/accounts/devices/").content.decode()
    assert page.index("This device") > page.index("Safari on iPhone")
    assert "Edge on Windows" in page
    assert page.count("<tr>") == 3, "a head and two devices"


def test_a_device_is_signed_out_from_another(devices):
    phone, laptop, _theirs = devices
    phone.post(f"/accounts/devices/{session_of(laptop).pk}/end/")
    assert [works(browser) for browser in devices] == [True, False, True]


def test_somebody_elses_device_cannot_be_signed_out(devices):
    phone, _laptop, theirs = devices
    assert phone.post(f"/accounts/devices/{session_of(theirs).pk}/end/").status_code == 404
    assert works(theirs)


def test_all_other_devices_are_signed_out_at_once(devices):
    phone, *_others = devices
    page = phone.post("/accounts/devices/others/end/", follow=True)
    assert "Signed out on 1 other device." in page.content.decode()
    assert [works(browser) for browser in devices] == [True, False, True]


def test_devices_are_not_signed_out_by_following_a_link(devices):
    phone, laptop, _theirs = devices
    assert phone.get(f"/accounts/devices/{session_of(laptop).pk}/end/").status_code == 405
    assert works(laptop)


def test_a_letter_is_tried_again_under_the_same_identity_when_the_server_is_down(run_jobs, monkeypatch, time_machine):
    time_machine.move_to("2027-03-01T09:00:00Z", tick=False)
    sent = EmailBackend.send_messages
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    actions.send_letter(to="ada@riverbank.example", subject="A code", body="ABC-DEF")
    run_jobs(forgiving=True)
    assert mail.outbox == []
    monkeypatch.setattr(EmailBackend, "send_messages", sent)
    time_machine.move_to("2027-03-01T09:00:15Z", tick=False)
    run_jobs()
    (letter,) = mail.outbox
    assert letter.extra_headers["Message-ID"].endswith("@localhost>")


def test_a_letter_with_a_code_is_given_up_before_the_code_is_stale(run_jobs, monkeypatch, time_machine):
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    actions.send_letter(to="ada@riverbank.example", subject="A code", body="ABC-DEF")
    for minute in range(4):
        time_machine.move_to(f"2027-03-01T09:0{minute * 2}:00Z", tick=False)
        run_jobs(forgiving=True)
    assert put_aside().count() == 1


@pytest.mark.parametrize("subject", ["A\r\nBcc: all@evil.example", "A\nX: y", "A\x00b", "A\u2028Bcc: x"])
def test_a_subject_is_one_line_whatever_it_held(run_jobs, subject):
    actions.send_letter(to="ada@riverbank.example", subject=subject, body="Hello")
    run_jobs()
    (letter,) = mail.outbox
    assert letter.message()["Bcc"] is None
    assert "\n" not in letter.subject


def test_what_is_held_is_handed_over_and_then_forgotten(devices):
    ada = session_of(devices[0]).user
    held = privacy.holds(ada)
    assert held["account"][0]["email"] == ada.email
    assert {device["user_agent"] for device in held["devices"]} == {PHONE, LAPTOP}
    assert held["addresses"][0]["email"] == ada.email
    privacy.erase(ada)
    assert [works(browser) for browser in devices] == [False, False, True]
    ada.refresh_from_db()
    assert (ada.name, ada.is_active) == ("Somebody who has left", False)
    assert not EmailAddress.objects.filter(user=ada).exists()


def test_the_erased_address_can_be_used_for_a_new_account():
    ada = MemberFactory(email="ada@riverbank.example")
    privacy.erase(ada)
    assert UserFactory(email="ada@riverbank.example").pk != ada.pk
