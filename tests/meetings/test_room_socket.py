"""Signalling between pages of the same room; whoever has no business there hears nothing and disturbs nobody."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client

from commonhall.meetings import consumers
from commonhall.meetings.actions import room
from commonhall.meetings.models import Guest, Line, Meeting
from commonhall.meetings.visitors import guest_path
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.meetings import MeetingFactory, soon
from tests.factories.mentorships import MentorshipFactory
from tests.factories.programmes import coordinator_of
from tests.live.page import Page

pytestmark = pytest.mark.django_db(transaction=True)
QUIET = {"microphone": True, "camera": True, "screen": False, "hand": False}
OFFER = {"type": "offer", "sdp": "v=0"}
COOKIE = settings.SESSION_COOKIE_NAME


@pytest.fixture
def meeting():
    pair = MentorshipFactory(mentee=UserFactory(name="Priya Shah"), mentor=UserFactory(name="Bryn Evans"))
    return MeetingFactory(mentorship=pair, starts_at=soon(0))


def person(meeting, role="mentee"):
    return meeting.mentorship.participants.get(role=role).user


def cookie_of(client):
    return f"{COOKIE}={client.cookies[COOKIE].value}".encode()


def cookie(user):
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return cookie_of(client)


def guest_cookie(meeting, name="Ann Olsen"):
    client = Client()
    client.post(guest_path(meeting), {"name": name})
    return cookie_of(client)


def door(meeting, crumb):
    return Page(crumb, path=f"/ws/meetings/{meeting.pk}/room/")


def join(page="page", after=0):
    return {"type": "join", "page": page, "after": after, "state": QUIET}


async def closes(page):
    """The code with which the line ends, whatever was said before."""
    while (said := await page.receive_output(2))["type"] != "websocket.close":
        pass
    return said["code"]


async def inside(meeting, crumb, **how):
    page = door(meeting, crumb)
    assert await page.connect()
    await page.say(join(**how))
    welcome = await page.hears()
    assert welcome["type"] == "welcome", welcome
    return page


async def both_inside(meeting, mentee, mentor):
    """Two pages that know of each other."""
    first, second = await inside(meeting, mentee, page="first"), await inside(meeting, mentor, page="second")
    assert (await first.hears())["type"] == "joined"
    assert (await second.hears())["type"] == "here"
    return first, second


@pytest.fixture
def crumbs(meeting):
    return cookie(person(meeting)), cookie(person(meeting, "mentor"))


@pytest.mark.parametrize(
    "who",
    [
        lambda meeting: b"",
        lambda meeting: cookie(UserFactory()),
        lambda meeting: cookie(coordinator_of(meeting.mentorship.programme)),
    ],
)
def test_whoever_is_not_of_the_meeting_is_refused_at_the_websocket(meeting, who):
    crumb = who(meeting)
    assert not asyncio.run(door(meeting, crumb).connect())


def test_a_room_that_does_not_exist_is_refused(meeting, crumbs):
    assert not asyncio.run(Page(crumbs[0], path="/ws/meetings/999999/room/").connect())


def test_staff_who_have_not_shown_their_second_step_are_refused(meeting):
    staff = person(meeting)
    staff.needs_second_factor = True
    staff.save()
    with_step = Client()
    sign_in(with_step, staff)

    assert not asyncio.run(door(meeting, cookie(staff)).connect())
    assert asyncio.run(door(meeting, cookie_of(with_step)).connect())


def test_two_hear_of_each_other_and_pass_descriptions_under_their_own_names(meeting, crumbs):
    mine, theirs = f"m{person(meeting).pk}", f"m{person(meeting, 'mentor').pk}"

    async def story():
        first = await inside(meeting, crumbs[0], page="first")
        second = await inside(meeting, crumbs[1], page="second")
        assert await first.hears() == {
            "type": "joined",
            "key": theirs,
            "name": "Bryn Evans",
            "guest": False,
            "page": "second",
            "state": QUIET,
        }
        assert await second.hears() == {
            "type": "here",
            "key": mine,
            "name": "Priya Shah",
            "guest": False,
            "page": "first",
            "state": QUIET,
        }
        await first.say({"type": "describe", "to": theirs, "page": "second", "description": OFFER})
        assert await second.hears() == {
            "type": "description",
            "from": mine,
            "page": "first",
            "to_page": "second",
            "description": OFFER,
        }
        await second.say({"type": "state", "state": {**QUIET, "hand": True}})
        assert await first.hears() == {"type": "state", "key": theirs, "state": {**QUIET, "hand": True}}
        assert await second.receive_nothing(0.1)
        await second.say({"type": "leave"})
        assert await first.hears() == {"type": "left", "key": theirs, "said": True}
        await first.leave()

    asyncio.run(story())
    assert not meeting.visits.inside().exists()


def test_a_page_that_vanishes_has_left_without_saying_so(meeting, crumbs):
    async def story():
        first, second = await both_inside(meeting, *crumbs)
        await second.leave()
        assert (await first.hears())["said"] is False
        await first.leave()

    asyncio.run(story())
    assert meeting.visits.filter(left_at=None).count() == 0


def test_chat_is_kept_and_a_page_that_comes_back_hears_what_it_missed(meeting, crumbs):
    async def story():
        first, second = await both_inside(meeting, *crumbs)
        await first.say({"type": "say", "kind": "chat", "text": "Good morning"})
        heard = [(await page.hears())["line"] for page in (first, second)]
        assert heard[0] == heard[1]
        assert (heard[0]["name"], heard[0]["text"]) == ("Priya Shah", "Good morning")
        await second.leave()
        await first.say({"type": "say", "kind": "caption", "text": "Nobody heard this"})
        again = door(meeting, crumbs[1])
        await again.connect()
        await again.say(join(page="second", after=heard[0]["id"]))
        welcome = await again.hears()
        assert [line["text"] for line in welcome["lines"]] == ["Nobody heard this"]
        await first.leave()
        await again.leave()

    asyncio.run(story())
    assert list(Line.objects.values_list("kind", "text")) == [
        ("chat", "Good morning"),
        ("caption", "Nobody heard this"),
    ]


def test_a_second_window_of_the_same_person_takes_over(meeting, crumbs):
    async def story():
        first, other = await both_inside(meeting, *crumbs)
        newer = await inside(meeting, crumbs[0], page="newer")
        assert await closes(first) == consumers.ELSEWHERE
        joined = await other.hears()
        assert (joined["type"], joined["page"]) == ("joined", "newer")
        await first.leave()
        assert await other.receive_nothing(0.1)
        await newer.leave()
        await other.leave()

    asyncio.run(story())


RUBBISH = [
    "{not json",
    json.dumps({"type": "shout"}),
    json.dumps({"type": "say", "kind": "chat", "text": "x", "from": "m1"}),
    json.dumps({"type": "say", "kind": "chat", "text": "x" * 3000}),
    json.dumps(join()),
]


@pytest.mark.parametrize("text", RUBBISH, ids=lambda text: text[:40])
def test_rubbish_ends_the_conversation_and_disturbs_nobody(meeting, crumbs, text):
    async def story():
        first, second = await both_inside(meeting, *crumbs)
        await first.say(text)
        assert await closes(first) == consumers.RUBBISH
        await first.leave()
        assert (await second.hears())["type"] == "left"
        await second.say({"type": "say", "kind": "chat", "text": "Still here"})
        assert (await second.hears())["line"]["text"] == "Still here"
        await second.leave()

    asyncio.run(story())


def test_bytes_are_rubbish(meeting, crumbs):
    async def story():
        page = await inside(meeting, crumbs[0])
        await page.send_input({"type": "websocket.receive", "bytes": b"\x00\x01"})
        assert await closes(page) == consumers.RUBBISH
        await page.leave()

    asyncio.run(story())


def test_nobody_speaks_before_they_have_joined(meeting, crumbs):
    async def story():
        page = door(meeting, crumbs[0])
        await page.connect()
        await page.say({"type": "say", "kind": "chat", "text": "Hello"})
        assert await closes(page) == consumers.RUBBISH
        await page.leave()

    asyncio.run(story())
    assert not Line.objects.exists()


@pytest.mark.parametrize(
    ("message", "times"),
    [({"type": "say", "kind": "chat", "text": "again"}, 30), ({"type": "ping"}, 500)],
    ids=["chat", "anything"],
)
def test_too_much_ends_the_conversation(meeting, crumbs, message, times):
    async def story():
        page = await inside(meeting, crumbs[0])
        for _one in range(times):
            await page.say(message)
        assert await closes(page) == consumers.TOO_MUCH
        await page.leave()

    asyncio.run(story())
    assert Line.objects.count() <= 22


def test_a_description_reaches_nobody_outside_the_room(meeting, crumbs):
    other = MeetingFactory(starts_at=soon(0))
    theirs = cookie(other.mentorship.participants.get(role="mentee").user)

    async def story():
        here, there = await inside(meeting, crumbs[0]), await inside(other, theirs)
        key = f"m{await sync_to_async(lambda: other.mentorship.participants.get(role='mentee').user_id)()}"
        await here.say({"type": "describe", "to": key, "page": "page", "description": OFFER})
        await here.say({"type": "say", "kind": "chat", "text": "For us"})
        assert await there.receive_nothing(0.1)
        await here.leave()
        await there.leave()

    asyncio.run(story())


def test_a_guest_waits_is_let_in_and_is_shown_out(meeting, crumbs):
    crumb = guest_cookie(meeting)
    guest = meeting.guests.get()
    answer = sync_to_async(room.answer_guest)

    async def story():
        by = await sync_to_async(person)(meeting)
        waiting = door(meeting, crumb)
        assert await waiting.connect()
        host = await inside(meeting, crumbs[0])
        await host.say({"type": "say", "kind": "chat", "text": "Between the two of us"})
        await host.hears()
        await answer(guest, by=by, admit=True)
        assert await waiting.hears() == {"type": "answered", "state": "admitted"}
        await waiting.say(join(page="guest"))
        assert (await waiting.hears())["lines"] == []
        joined = await host.hears()
        assert (joined["name"], joined["guest"]) == ("Ann Olsen", True)
        assert (await waiting.hears())["type"] == "here"
        await answer(guest, by=by, admit=False)
        assert await waiting.hears() == {"type": "answered", "state": "refused"}
        assert (await host.hears())["type"] == "left"
        await waiting.leave()
        await host.leave()

    asyncio.run(story())
    assert not asyncio.run(door(meeting, crumb).connect())


def test_a_guest_who_waits_is_not_inside(meeting, crumbs):
    crumb = guest_cookie(meeting)

    async def story():
        host, waiting = await inside(meeting, crumbs[0]), door(meeting, crumb)
        await waiting.connect()
        await host.say({"type": "say", "kind": "chat", "text": "For us"})
        await host.hears()
        assert await waiting.receive_nothing(0.1)
        await waiting.say(join())
        assert "Nobody has let you in" in (await waiting.hears())["words"]
        assert await closes(waiting) == consumers.CLOSED
        await waiting.leave()
        await host.leave()

    asyncio.run(story())


def test_the_fifth_is_told_in_words(meeting, crumbs):
    guests = [guest_cookie(meeting, f"Guest {number}") for number in range(3)]
    meeting.guests.update(state=Guest.State.ADMITTED)

    async def story():
        pages = [await inside(meeting, crumb) for crumb in (*crumbs, *guests[:2])]
        fifth = door(meeting, guests[2])
        await fifth.connect()
        await fifth.say(join())
        assert "The room is full" in (await fifth.hears())["words"]
        assert await closes(fifth) == consumers.CLOSED
        for page in (*pages, fifth):
            await page.leave()

    asyncio.run(story())


def test_a_closed_room_says_why(meeting, crumbs):
    Meeting.objects.update(state=Meeting.State.CANCELLED)

    async def story():
        page = door(meeting, crumbs[0])
        await page.connect()
        await page.say(join())
        assert "was cancelled" in (await page.hears())["words"]
        await page.leave()

    asyncio.run(story())


def test_who_may_not_be_there_any_more_is_shown_out_within_half_a_minute(meeting, crumbs, monkeypatch):
    monkeypatch.setattr(consumers, "EVERY", 0.05)

    async def story():
        page = await inside(meeting, crumbs[0])
        await sync_to_async(Meeting.objects.update)(state=Meeting.State.CANCELLED)
        assert "was cancelled" in (await page.hears())["words"]
        assert await closes(page) == consumers.CLOSED
        await page.leave()

    asyncio.run(story())


def test_a_page_that_falls_silent_is_closed(meeting, crumbs, monkeypatch):
    monkeypatch.setattr(consumers, "EVERY", 0.05)

    async def story():
        page = await inside(meeting, crumbs[0])
        monkeypatch.setattr(consumers, "PATIENCE", 0)
        assert await closes(page) == consumers.SILENT
        await page.leave()

    asyncio.run(story())
    assert not meeting.visits.inside().exists()
