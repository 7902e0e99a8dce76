"""One-click sign-in and the outbox: in the demo, and nowhere else."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client, override_settings
from django.urls import reverse
from tests.factories.accounts import UserFactory

from commonhall.demo.cast import CAST
from commonhall.demo.models import KeptMail, Mark

pytestmark = pytest.mark.django_db
MAILBOX = "commonhall.demo.mailbox.Backend"


@pytest.fixture
def marked(db: None) -> None:
    Mark.objects.create(seed=1)


@pytest.fixture
def letter(marked: None) -> KeptMail:
    message = EmailMultiAlternatives("A match for you", "Read it here.", to=["ana@council.example"])
    message.attach_alternative("<p>Read it <b>here</b>.</p><script>alert(1)</script>", "text/html")
    message.attach("invite.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar")
    get_connection(MAILBOX).send_messages([message])
    return KeptMail.objects.get()


PAGES = [reverse("demo:cast"), reverse("demo:outbox")]


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_the_demo_are_not_found_elsewhere(client: Client, page: str) -> None:
    assert client.get(page).status_code == 404


def test_one_click_signs_in_as_a_member_of_the_cast(client: Client, marked: None) -> None:
    user = UserFactory(email=CAST[5].email)
    client.post(reverse("demo:sign_in", args=[CAST[5].key]))
    assert client.session["_auth_user_id"] == str(user.pk)


def test_one_click_is_impossible_outside_the_demo(client: Client) -> None:
    UserFactory(email=CAST[0].email)
    response = client.post(reverse("demo:sign_in", args=[CAST[0].key]))
    assert response.status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("key", ["nobody", "left"])
def test_who_is_not_of_the_cast_or_has_left_cannot_be_signed_in(client: Client, marked: None, key: str) -> None:
    left = next(persona for persona in CAST if persona.key == "left")
    UserFactory(email=left.email, is_active=False)
    assert client.post(reverse("demo:sign_in", args=[key])).status_code == 404
    assert "_auth_user_id" not in client.session


def test_mail_of_the_demo_is_kept_and_readable(client: Client, letter: KeptMail) -> None:
    page = client.get(reverse("demo:letter", args=[letter.pk])).content.decode()
    assert "Read it here." in page
    assert "invite.ics" in page
    part = next(n for n in range(9) if client.get(reverse("demo:part", args=[letter.pk, n])).status_code == 200)
    assert client.get(reverse("demo:part", args=[letter.pk, part])).content.startswith(b"BEGIN:VCALENDAR")


def test_a_letter_is_shown_where_nothing_can_run(client: Client, letter: KeptMail) -> None:
    response = client.get(reverse("demo:letter_html", args=[letter.pk]))
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "sandbox" in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]


def test_the_outbox_finds_letters_by_recipient(client: Client, letter: KeptMail) -> None:
    assert "A match for you" in client.get(reverse("demo:outbox"), {"to": "ana@"}).content.decode()
    assert "A match for you" not in client.get(reverse("demo:outbox"), {"to": "bob@"}).content.decode()


@override_settings(MAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_elsewhere_mail_is_sent(db: None, mailoutbox: list[object]) -> None:
    get_connection(MAILBOX).send_messages([EmailMultiAlternatives("Hello", "Text", to=["ana@council.example"])])
    assert len(mailoutbox) == 1
    assert not KeptMail.objects.exists()
