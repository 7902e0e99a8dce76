"""What a page may say, and how browsers are led to each other."""

import base64
import hmac
import json
from hashlib import sha1

import pytest

from commonhall.core import clock
from commonhall.meetings import ice
from commonhall.meetings.signalling import LONGEST, Allowance, Rubbish, read

QUIET = {"microphone": False, "camera": False, "screen": False, "hand": False}
CANDIDATE = {
    "candidate": "candidate:1 1 udp 1 192.0.2.1 5 typ host",
    "sdpMid": "0",
    "sdpMLineIndex": 0,
    "usernameFragment": None,
}
GOOD = [
    {"type": "join", "page": "abc", "after": 0, "state": QUIET},
    {"type": "state", "state": QUIET},
    {"type": "describe", "to": "m1", "page": "abc", "description": {"type": "offer", "sdp": "v=0"}},
    {"type": "candidate", "to": "m1", "page": "abc", "candidate": CANDIDATE},
    {"type": "say", "kind": "caption", "text": "Good morning"},
    {"type": "ping"},
    {"type": "leave"},
]


@pytest.mark.parametrize("message", GOOD, ids=lambda message: message["type"])
def test_what_our_pages_send_is_read(message):
    assert read(json.dumps(message)) == message


@pytest.mark.parametrize("message", GOOD, ids=lambda message: message["type"])
def test_who_adds_a_sender_wants_to_speak_for_somebody_else(message):
    for name in ("from", "by", "name", "key"):
        with pytest.raises(Rubbish):
            read(json.dumps({**message, name: "m2"}))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[]",
        "null",
        "7",
        '"ping"',
        "[" * 50_000,
        '{"type": ["ping"]}',
        '{"type": "shout"}',
        '{"type": "say", "kind": "chat"}',
        '{"type": "say", "kind": "shout", "text": "x"}',
        '{"type": "say", "kind": "chat", "text": 5}',
        json.dumps({"type": "say", "kind": "chat", "text": "x" * 2001}),
        json.dumps({"type": "join", "page": "a b", "after": 0, "state": QUIET}),
        json.dumps({"type": "join", "page": "abc", "after": -1, "state": QUIET}),
        json.dumps({"type": "join", "page": "abc", "after": True, "state": QUIET}),
        json.dumps({"type": "state", "state": {**QUIET, "hand": "yes"}}),
        json.dumps({"type": "state", "state": {"hand": True}}),
        json.dumps({"type": "describe", "to": "m1", "page": "a", "description": {"type": "rollback", "sdp": ""}}),
        json.dumps({"type": "candidate", "to": "m1", "page": "a", "candidate": {**CANDIDATE, "candidate": "x" * 1001}}),
        json.dumps(
            {"type": "describe", "to": "m1", "page": "a", "description": {"type": "offer", "sdp": "x" * LONGEST}}
        ),
    ],
    ids=lambda text: str(text)[:40],
)
def test_everything_else_is_rubbish(text):
    with pytest.raises(Rubbish):
        read(text)


def test_an_allowance_is_spent_and_grows_again(time_machine):
    allowance = Allowance(most=3, a_second=1)

    assert [allowance.spend() for _one in range(4)] == [True, True, True, False]
    allowance.at -= 2.5
    assert [allowance.spend() for _one in range(2)] == [True, False]


def test_on_one_network_no_server_is_needed(settings):
    settings.STUN_URLS, settings.TURN_URLS, settings.TURN_SECRET = [], [], ""

    assert ice.servers("room-1-m1") == []


def test_credentials_for_turn_are_made_for_one_session_as_coturn_wants_them(settings):
    settings.STUN_URLS = ["stun:turn.example.org:3478"]
    settings.TURN_URLS = ["turn:turn.example.org:3478", "turns:turn.example.org:443?transport=tcp"]
    settings.TURN_SECRET, settings.TURN_SECONDS = "north-wind", 3600

    stun, turn = ice.servers("room-1-m1")

    assert stun == {"urls": ["stun:turn.example.org:3478"]}
    ends, who = turn["username"].split(":")
    assert who == "room-1-m1"
    assert int(ends) - int(clock.now().timestamp()) in (3599, 3600)
    expected = base64.b64encode(hmac.new(b"north-wind", turn["username"].encode(), sha1).digest()).decode()
    assert turn == {"urls": settings.TURN_URLS, "username": turn["username"], "credential": expected}


def test_without_the_secret_no_turn_server_is_offered(settings):
    settings.STUN_URLS, settings.TURN_URLS, settings.TURN_SECRET = [], ["turn:turn.example.org"], ""

    assert ice.servers("room-1-m1") == []
