"""Shared notes over websockets, as the editor speaks."""

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from commonhall.core import clock
from commonhall.mentorships.actions import end
from commonhall.workspace import consumers, merging, protocol
from commonhall.workspace.actions import notes
from commonhall.workspace.document import lines
from commonhall.workspace.protocol import Presence
from tests.factories.accounts import UserFactory
from tests.live.page import Page

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 5


def cookie_of(user):
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}".encode()


class Editor(Page):
    """A person's editor: a document of its own, kept the same as the server's."""

    def __init__(self, cookie, note, client=0):
        super().__init__(cookie, path=f"/ws/notes/{note.pk}/")
        self.document, self.client = Doc(), client
        self.page = self.document.get("default", type=XmlFragment)
        self.saved = 0
        self.seen = []

    async def open(self):
        assert await self.connect()
        await self.hear_until(lambda: self.seen[-1:] == ["asked"])
        await self.send(protocol.sync(protocol.STEP1, self.document.get_state()))
        await self.hear_until(lambda: self.seen[-1:] == ["caught up"])
        return self

    async def send(self, message):
        await self.send_input({"type": "websocket.receive", "bytes": message})

    async def type(self, words):
        known = self.document.get_state()
        paragraph = XmlElement("paragraph")
        self.page.children.append(paragraph)
        paragraph.children.append(XmlText(words))
        await self.send(protocol.sync(protocol.UPDATE, self.document.get_update(known)))

    async def hear_until(self, so):
        while not so():
            output = await self.receive_output(SOON)
            if output["type"] == "websocket.close":
                self.seen.append(output["code"])
                return
            await self._take(protocol_of(output["bytes"]))

    async def _take(self, message):
        if message == "saved":
            self.saved += 1
        elif message.kind == protocol.AWARENESS:
            self.seen += [one.state and one.state["user"]["name"] for one in message.presences]
        elif message.step == protocol.STEP1:
            self.seen.append("asked")
        else:
            self.document.apply_update(message.data)
            self.seen.append("caught up" if message.step == protocol.STEP2 else "updated")

    @property
    def says(self):
        return list(lines(merging.read(self.document.get_update())))


def protocol_of(message):
    return "saved" if message[0] == protocol.SAVED else protocol.read(message)


@pytest.fixture
def editors(note, people):
    cookies = [cookie_of(one) for one in people]
    return lambda place, client=0: Editor(cookies[place], note, client)


def test_what_one_types_the_other_reads_and_the_database_holds(note, editors):
    async def story():
        ada, bo = await editors(0).open(), await editors(1).open()
        await ada.type("Hello")
        await ada.hear_until(lambda: ada.saved == 1)
        await bo.hear_until(lambda: bo.says == ["Hello"])
        await bo.type("Hello yourself")
        await ada.hear_until(lambda: ada.says == ["Hello", "Hello yourself"])
        assert ada.document.get_update() == bo.document.get_update()
        await ada.leave()
        await bo.leave()

    asyncio.run(story())
    assert list(lines(merging.read(notes.contents(note)))) == ["Hello", "Hello yourself"]


def test_nothing_is_called_saved_before_it_is_in_the_database(note, editors):
    async def story():
        ada = await editors(0).open()
        for number in range(20):
            await ada.type(f"Line {number}")
        await ada.hear_until(lambda: ada.saved == 1)
        held = await sync_to_async(notes.contents)(note)
        assert "Line 0" in list(lines(merging.read(held)))
        await ada.hear_until(lambda: ada.saved == 20)
        await ada.leave()

    asyncio.run(story())


def test_words_typed_without_a_connection_arrive_when_it_is_back(note, editors):
    async def story():
        ada, bo = await editors(0).open(), await editors(1).open()
        await ada.type("Before")
        await bo.hear_until(lambda: bo.says == ["Before"])
        await bo.leave()
        await ada.type("While you were away")
        await ada.hear_until(lambda: ada.saved == 2)

        back = editors(1)
        back.document, back.page = bo.document, bo.page
        offline = XmlElement("paragraph")
        back.page.children.append(offline)
        offline.children.append(XmlText("Typed in a tunnel"))
        await back.open()
        await back.send(protocol.sync(protocol.STEP2, back.document.get_update()))
        await ada.hear_until(lambda: len(ada.says) == 3)
        assert ada.says == back.says
        await ada.leave()
        await back.leave()

    asyncio.run(story())


def test_cursors_carry_the_name_of_who_is_signed_in_whatever_the_editor_says(note, people, editors):
    people[0].name = "Ada Byron"
    people[0].save()

    async def story():
        ada, bo = await editors(0).open(), await editors(1).open()
        forged = {"user": {"name": "The Chief Executive"}, "cursor": {"anchor": 1}}
        await ada.send(protocol.awareness([Presence(7, 1, forged)]))
        await bo.hear_until(lambda: "Ada" in bo.seen)
        await ada.send(protocol.awareness([Presence(8, 1, forged)]))
        await ada.send(protocol.awareness([Presence(7, 2, forged)]))
        await bo.hear_until(lambda: bo.seen.count("Ada") == 2)

        late = await editors(1).open()
        await late.hear_until(lambda: "Ada" in late.seen)
        await ada.leave()
        await bo.hear_until(lambda: bo.seen[-1] is None)
        await bo.leave()
        await late.leave()

    asyncio.run(story())


def test_strangers_coordinators_and_the_signed_out_are_refused(note, coordinator):
    doors = [Editor(cookie, note) for cookie in (b"", cookie_of(UserFactory()), cookie_of(coordinator))]

    async def story():
        for door in doors:
            assert not await door.connect()

    asyncio.run(story())


RUBBISH = [
    b"",
    b"\x00",
    b"\xff" * 30,
    b"\x09\x09",
    protocol.sync(protocol.UPDATE, b"no update"),
    protocol.sync(protocol.STEP1, b"\xff\xff"),
    b"\x01\x05\x01\x07\x01\x02[]",
    b"\x01\x03\x01\x07",
]


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_ends_its_own_connection_and_disturbs_nobody(note, editors, rubbish):
    async def story():
        ada, bo = await editors(0).open(), await editors(1).open()
        await ada.send(rubbish)
        await ada.hear_until(lambda: consumers.RUBBISH in ada.seen)
        await bo.type("Not disturbed")
        await bo.hear_until(lambda: bo.saved == 1)
        await bo.leave()

    asyncio.run(story())
    assert list(lines(merging.read(notes.contents(note)))) == ["Not disturbed"]


def test_too_large_and_too_fast_end_the_connection(editors, monkeypatch):
    monkeypatch.setattr(consumers, "LARGEST_MESSAGE", 500)

    async def story():
        ada = await editors(0).open()
        await ada.send(b"\x00\x02" + b"x" * 600)
        await ada.hear_until(lambda: consumers.TOO_MUCH in ada.seen)
        bo = await editors(1).open()
        for _time in range(consumers.MOST_A_SECOND + 1):
            await bo.send(bytes([protocol.ASK_AWARENESS]))
        await bo.hear_until(lambda: consumers.TOO_MUCH in bo.seen)

    asyncio.run(story())


def test_when_the_mentorship_ends_an_open_editor_is_told(pair, note, people, editors):
    async def story():
        ada = await editors(0).open()
        await sync_to_async(end)(pair, by=people[1], reason="complete")
        await ada.type("One more thing")
        await ada.hear_until(lambda: consumers.CLOSED in ada.seen)
        reading = await editors(1).open()
        await reading.type("After the end")
        await reading.hear_until(lambda: consumers.CLOSED in reading.seen)

    asyncio.run(story())
    assert list(lines(merging.read(notes.contents(note)))) == []


def after_a_pause():
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        assert notes.keep_versions() == 1


def test_an_open_editor_follows_when_an_earlier_version_is_put_back(note, people, editors):
    async def story():
        ada = await editors(0).open()
        await ada.type("The good words")
        await ada.hear_until(lambda: ada.saved == 1)
        await sync_to_async(after_a_pause)()
        kept = await note.versions.aget()
        await ada.type("A slip")
        await ada.hear_until(lambda: ada.saved == 2)
        await sync_to_async(notes.restore)(kept, by=people[1])
        await ada.hear_until(lambda: ada.says == ["The good words"])
        await ada.leave()

    asyncio.run(story())
