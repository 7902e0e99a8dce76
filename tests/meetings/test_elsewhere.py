"""Addresses with gaps: what is filled in, and what is refused."""

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from commonhall.meetings import elsewhere

ROOM = "https://meet.example.org/{pair}"


def problem(template, *, shared=True):
    with pytest.raises(ValidationError) as raised:
        elsewhere.check(template, shared=shared)
    return " ".join(raised.value.messages)


@pytest.mark.parametrize(
    "template",
    [
        ROOM,
        "https://meet.example.org:8443/commonhall-{meeting}",
        "https://bbb.example.org/rooms/{pair}/join",
        "https://g.co/meet/{pair}",
        "https://example.org/call?room={meeting}#config.prejoinPageEnabled=true",
        "https://xn--bcher-kva.example/{pair}",
    ],
)
def test_rooms_of_all_kinds_pass(template):
    elsewhere.check(template, shared=True)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("http://meet.example.org/{pair}", "begin with https://"),
        ("javascript:alert({pair})", "begin with https://"),
        ("meet.example.org/{pair}", "begin with https://"),
        ("https://meet.example.org/{room}", "We do not know {room}"),
        ("https://meet.example.org/{}", "We do not know {}"),
        ("https://meet.example.org/{pair", "bracket is missing"),
        ("https://meet.example.org/pair}", "bracket is missing"),
        ("https://{pair}.example.org/", "name of the server"),
        ("https://ann:otter@meet.example.org/{pair}", "user name and password"),
        ("https://meet.example.org/{pair}?pwd=abc", "“pwd” looks like a secret"),
        ("https://meet.example.org/{pair}?jwt=abc", "“jwt” looks like a secret"),
        ("https://meet.example.org/{pair}#config.token=abc", "looks like a secret"),
        ("https://meet.example.org/everybody", "in the same room"),
        ("https:///{pair}", "not a whole address"),
        ("https://[::1/{pair}", "not a whole address"),
        ("https://meet.example.org/a b/{pair}", "not a whole address"),
        ("https://meet.example.org/" + "x" * 270 + "{pair}", "longer than 300"),
    ],
)
def test_what_is_wrong_is_said(template, words):
    assert words in problem(template)


def test_a_pair_may_have_a_room_without_a_gap_and_the_word_that_opens_it():
    elsewhere.check("https://zoom.example/j/912?pwd=abc", shared=False)
    assert "“token”" in problem("https://zoom.example/j/912?token=abc", shared=False)


def test_names_are_stable_and_tell_nothing_of_the_number():
    link = elsewhere.filled("https://m.example/{pair}/{meeting}", meeting=12, pair=12)

    assert link == elsewhere.filled("https://m.example/{pair}/{meeting}", meeting=12, pair=12)
    pair, meeting = link.removeprefix("https://m.example/").split("/")
    assert pair != meeting
    assert len(pair) == len(meeting) == 24
    assert len({elsewhere.name("pair", key) for key in range(2000)}) == 2000


def test_another_installation_gives_other_names():
    here = elsewhere.name("pair", 1)
    with override_settings(SECRET_KEY="a-key-of-another-place"):
        assert elsewhere.name("pair", 1) != here


@pytest.mark.parametrize(
    ("link", "server"),
    [
        ("https://Meet.Example.org/abc", "meet.example.org"),
        ("https://meet.example.org:8443/abc", "meet.example.org:8443"),
        ("http://meet.example.org/abc", ""),
        ("https://a@meet.example.org/abc", ""),
        ("https://[::1/", ""),
        ("0117 496 0000", ""),
        ("", ""),
    ],
)
def test_the_server_of_a_link(link, server):
    assert elsewhere.host(link) == server
