"""Letters from outside are read, or refused in words; no letter makes the reader fall over."""

import time
import xml.etree.ElementTree as ET
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhall.integrations.inbox.letters import MOST_BYTES, MOST_PARTS, Letter, Unreadable, read
from tests.integrations.inbox.conftest import letter

CORPUS = Path(__file__).resolve().parents[4] / "shared/corpora/email/isemail_tests.xml"
BYTES = st.one_of(
    st.binary(max_size=400),
    st.lists(
        st.sampled_from(
            [
                b"From: a@b.example",
                b"From: =?utf-8?b?////?=",
                b"Content-Type: multipart/mixed; boundary=x",
                b"--x",
                b"",
                b'Content-Type: text/calendar; charset="nonsense"',
                b"Content-Transfer-Encoding: base64",
                b"\xff\xfe",
                b"--x--",
                b"Content-Type: message/rfc822",
                b"From: (((((",
                b"Content-Type: ;;;=",
                b"Content-Type: text/calendar; x*0*=''%",
            ]
        ),
        max_size=12,
    ).map(b"\r\n".join),
)


@settings(max_examples=300, deadline=None)
@given(BYTES)
def test_any_bytes_are_read_or_refused(content):
    try:
        found = read(content)
    except Unreadable:
        return
    assert isinstance(found, Letter)
    assert found.is_for_nobody in (True, False)
    assert found.may_be_answered in (True, False)


def test_strange_addresses_in_from_never_fall_over():
    strange = [
        "(" * 900,
        "<" * 900,
        '"' * 900,
        ",".join(["a@b"] * 300),
        "@",
        "a@",
        "=?utf-8?q?" + "=00" * 300 + "?=",
        "a@b, c@d",
    ]
    if CORPUS.exists():
        strange += [one.findtext("address") or "" for one in ET.parse(CORPUS).iter("test")]
    for one in strange:
        content = b"From: " + one.encode("utf-8", "replace").replace(b"\r", b"").replace(b"\n", b"") + b"\r\n\r\nHello"
        try:
            assert read(content).sender == read(content).sender.lower()
        except Unreadable:
            continue


def test_a_hostile_header_costs_little_time():
    content = b"From: " + b"(" * 90_000 + b"\r\nContent-Type: " + b";a=b" * 20_000 + b"\r\n\r\n"
    before = time.thread_time()
    with pytest.raises(Unreadable):
        read(content)
    assert time.thread_time() - before < 1


@pytest.mark.parametrize(
    "content",
    [
        b"x" * (MOST_BYTES + 1),
        b"A: " + b"x" * 100_001 + b"\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\nhello\r\n" * (MOST_PARTS + 1) + b"--x--",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)),
    ],
)
def test_what_is_too_large_or_too_deep_is_refused(content):
    with pytest.raises(Unreadable):
        read(content)


def test_calendars_are_found_wherever_they_stand_but_not_in_a_letter_inside():
    made = letter("meet@council.example")
    made.add_alternative("BEGIN:VCALENDAR", subtype="calendar", params={"method": "REPLY"})
    made.make_mixed()
    made.add_attachment(b"BEGIN:VCALENDAR 2", maintype="application", subtype="ics", filename="a.ics")
    inner = letter("x@y.example")
    inner.add_alternative("BEGIN:VCALENDAR 3", subtype="calendar")
    made.add_attachment(inner)
    made.add_attachment(b"x" * 300_000, maintype="text", subtype="calendar")

    assert [one.strip() for one in read(made.as_bytes()).calendars] == ["BEGIN:VCALENDAR", "BEGIN:VCALENDAR 2"]


def test_two_senders_are_no_sender():
    made = EmailMessage()
    made["From"] = "a@b.example, c@d.example"
    assert read(made.as_bytes()).sender == ""
    assert not read(made.as_bytes()).may_be_answered


def test_the_identity_is_the_message_id_or_the_whole_letter():
    first, second = letter("x@y.example", subject="One", identity="<a@b>"), letter("x@y.example", identity="<a@b>")
    assert read(first.as_bytes()).identity == read(second.as_bytes()).identity
    del first["Message-ID"]
    del second["Message-ID"]
    assert read(first.as_bytes()).identity != read(second.as_bytes()).identity


@pytest.mark.parametrize("returns_to", ["", "<>"])
def test_what_comes_from_nobody_is_for_nobody(returns_to):
    assert read(letter("x@y.example").as_bytes(), returns_to=returns_to).is_for_nobody
