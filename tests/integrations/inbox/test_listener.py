"""Real conversations with the door, as the mail server of a council has them."""

import smtplib
import socket

import pytest
from django.core import mail
from django.db import OperationalError

from commonhall.accounts.models import User
from commonhall.core.errors import Unavailable
from commonhall.integrations.inbox import addresses, handlers
from commonhall.integrations.inbox.letters import MOST_BYTES
from commonhall.integrations.inbox.listener import Door, door
from commonhall.integrations.models import Handled
from tests.integrations.inbox.conftest import letter

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = {"lmtp": smtplib.LMTP, "smtp": smtplib.SMTP}


@pytest.fixture(params=CLIENTS)
def server(request, pile):
    opened = Door(f"{request.param}://127.0.0.1:0")
    opened.start()
    with CLIENTS[request.param]("127.0.0.1", opened.port) as client:
        yield client
    opened.stop()


def answer_to(send, *args):
    """The reply of the server to one letter that it does not take."""
    with pytest.raises(smtplib.SMTPException) as refused:
        send(*args)
    return refused.value


def test_a_letter_is_taken_once_and_acknowledged_when_it_is_done(server, pile, inbox):
    for _time in range(2):
        server.send_message(letter(inbox), "priya@lakeside.example", [inbox])
        assert pile == [("Yes", (7, 1295))]
        assert User.objects.count() == 1
    assert Handled.objects.count() == 1


def test_what_we_did_not_give_out_is_refused_at_the_door(server, pile, inbox):
    strangers = ["meet@council.example", "meet+t7-zz-aaaa@council.example", "root@localhost", addresses.address("q", 1)]
    for one in strangers:
        error = answer_to(server.send_message, letter(one), "priya@lakeside.example", [one])
        assert error.recipients[one][0] == 550
    assert (pile, Handled.objects.count()) == ([], 0)


def test_one_recipient_at_a_time_so_that_each_has_an_answer_of_its_own(server, pile, inbox):
    other = addresses.address("t", 8, 1)
    refused = server.send_message(letter(inbox), "priya@lakeside.example", [inbox, other])
    assert refused[other][0] == 452
    server.send_message(letter(other, subject="Again"), "priya@lakeside.example", [other])
    assert pile == [("Yes", (7, 1295)), ("Again", (8, 1))]


def test_a_refusal_undoes_what_was_begun_and_tells_the_sender_in_words(server, pile, inbox, run_jobs):
    server.send_message(letter(inbox, subject="No"), "priya@lakeside.example", [inbox])
    server.send_message(letter(inbox, subject="No", identity="<2@mail.example>"), "priya@lakeside.example", [inbox])
    run_jobs()
    assert len(pile) == 2
    assert not User.objects.exists()
    (told,) = mail.outbox
    assert told.to == ["priya@lakeside.example"]
    assert "This cannot be done." in told.body
    assert told.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_stumble_of_ours_leaves_the_letter_with_its_server_and_nothing_here(server, pile, inbox, caplog):
    caplog.set_level("CRITICAL", "commonhall.inbox")
    error = answer_to(server.send_message, letter(inbox, subject="Stumble"), "priya@lakeside.example", [inbox])
    assert 451 in (getattr(error, "smtp_code", 0), *(code for code, _ in getattr(error, "recipients", {}).values()))
    assert not User.objects.exists()
    assert not Handled.objects.exists()


def test_a_database_that_is_away_leaves_the_letter_with_its_server(server, inbox, caplog):
    def away(_letter, _numbers):
        raise OperationalError("gone")

    handlers.install({"t": away})
    error = answer_to(server.send_message, letter(inbox), "priya@lakeside.example", [inbox])
    assert 451 in (getattr(error, "smtp_code", 0), *(code for code, _ in getattr(error, "recipients", {}).values()))
    assert "waits at its own server" in caplog.text


def test_what_is_too_large_is_refused_before_it_is_read(server, pile, inbox):
    made = letter(inbox)
    made.add_attachment(b"x" * MOST_BYTES, maintype="application", subtype="pdf", filename="a.pdf")
    answer_to(server.send_message, made, "priya@lakeside.example", [inbox])
    assert pile == []


def test_the_answer_of_somebody_who_is_away_is_taken_and_dropped(server, pile, inbox, run_jobs):
    away = letter(inbox, **{"Auto-Submitted": "auto-replied"})
    server.send_message(away, "priya@lakeside.example", [inbox])
    server.send_message(letter(inbox), "", [inbox])
    run_jobs()
    assert (pile, mail.outbox) == ([], [])


def test_it_closes_with_the_process_and_says_when_its_port_is_taken(pile):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Unavailable, match="cannot listen for mail on"):
            Door(f"lmtp://127.0.0.1:{taken.getsockname()[1]}")
    opened = Door("lmtp://127.0.0.1:0")
    opened.start()
    port = opened.port
    opened.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2)


def test_no_door_without_the_setting(settings):
    settings.INBOX_LISTEN = ""
    assert door() is None
