"""The door for answers from calendars, as part of `commonhall up` and as a process of its own."""

import smtplib
import socket

import pytest

from commonhall.integrations.inbox import addresses
from commonhall.operations import doctor
from tests.operations.living import free_port, until

MAKE = "from commonhall.integrations.inbox import addresses; print(addresses.address('m', 4, 5))"


def asked(port, address):
    """What the door says to a letter for one address."""
    with smtplib.LMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.mail("priya@lakeside.example")
        return client.rcpt(address)[0]


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("part", ["up", "inbox"])
def test_it_opens_with_the_process_knows_its_addresses_and_closes_with_it(installation, part):
    site, port = installation(), free_port()
    site.env |= {"INBOX_ADDRESS": "meet@council.example", "INBOX_LISTEN": f"lmtp://127.0.0.1:{port}"}
    address = site.python_says(MAKE)
    child = site.up() if part == "up" else site.start("inbox")
    until(lambda: listens(port), "nobody listens")

    assert asked(port, address) == 250
    assert asked(port, "meet+m4-5-aaaa@council.example") == 550
    code, said = site.end(child)
    assert (code, "Traceback" in said) == (0, False)
    assert not listens(port)


@pytest.mark.slow
def test_a_port_that_is_taken_is_said_in_a_sentence(installation):
    site = installation()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        listen = {"INBOX_ADDRESS": "meet@council.example", "INBOX_LISTEN": f"smtp://127.0.0.1:{port}"}
        done = site.run("inbox", **listen)
    assert done.returncode == 1
    assert done.stderr.startswith(f"commonhall: cannot listen for mail on 127.0.0.1 port {port}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"INBOX_ADDRESS": "me+et@council.example"}, "must look like meet@council.example"),
        ({"INBOX_ADDRESS": "a@b.example", "INBOX_LISTEN": "127.0.0.1:2424"}, "lmtp://127.0.0.1:2424"),
        ({"INBOX_ADDRESS": "a@b.example", "INBOX_LISTEN": "lmtp://127.0.0.1"}, "lmtp://127.0.0.1:2424"),
        ({"INBOX_ADDRESS": "a@b.example", "INBOX_URL": "pop3://a:b@c"}, "imaps://user:password@host/folder"),
        ({"INBOX_URL": "imaps://a:b@c"}, "need INBOX_ADDRESS"),
        ({}, "set INBOX_ADDRESS and INBOX_LISTEN first"),
    ],
)
def test_a_setting_that_makes_no_sense_is_said_in_a_sentence(installation, env, words):
    done = installation().run("inbox", **env)
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def found(settings, **given):
    for name in ("INBOX_ADDRESS", "INBOX_LISTEN", "INBOX_URL"):
        setattr(settings, name, given.get(name, ""))
    return list(doctor.inbox())


def test_the_doctor_says_whether_answers_come_back(settings):
    assert found(settings)[0][0] is None
    assert found(settings, INBOX_ADDRESS="meet@council.example")[0][0] is None
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        where = f"lmtp://127.0.0.1:{door.getsockname()[1]}"
        assert found(settings, INBOX_ADDRESS="meet@council.example", INBOX_LISTEN=where)[0][0] is None
        door.listen()
        assert found(settings, INBOX_ADDRESS="meet@council.example", INBOX_LISTEN=where)[0][0] is True
    ((well, words),) = found(settings, INBOX_ADDRESS="meet@council.example", INBOX_URL="imap://me:hush@127.0.0.1:1")
    assert well is False
    assert "does not answer" in words
    assert "hush" not in words
    assert addresses.is_open()
