import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.template import Context, Template
from django.test import Client

from commonhall.live import topics
from commonhall.live.actions import ring
from tests.live.page import Page

pytestmark = pytest.mark.django_db(transaction=True)
HOME = b"http://localhost"


@pytest.fixture
def person():
    return get_user_model().objects.create_user("ada@hall.example", name="Ada")


@pytest.fixture
def cookie(person):
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}".encode()


def test_a_page_hears_that_its_thing_changed_and_nothing_else(person, cookie):
    async def story():
        page = Page(cookie)
        assert await page.connect()
        await page.say({"listen": [topics.signed("mentorship:5", person.pk)]})
        assert await page.receive_nothing(0.1)
        await sync_to_async(ring)("mentorship:5")
        assert await page.hears() == {"changed": "mentorship:5"}
        await sync_to_async(ring)("mentorship:6")
        assert await page.receive_nothing(0.1)
        await page.leave()

    asyncio.run(story())


def test_nothing_is_rung_for_a_transaction_that_failed(person, cookie):
    def half():
        with transaction.atomic():
            ring("mentorship:5")
            transaction.set_rollback(True)

    async def story():
        page = Page(cookie)
        await page.connect()
        await page.say({"listen": [topics.signed("mentorship:5", person.pk)]})
        await sync_to_async(half)()
        assert await page.receive_nothing(0.1)
        await page.leave()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("signed_in", "origin", "path"),
    [
        (False, HOME, "/ws/live/"),
        (True, b"https://elsewhere.example", "/ws/live/"),
        (True, HOME, "/ws/other/"),
    ],
)
def test_a_stranger_another_site_and_another_address_are_refused(cookie, signed_in, origin, path):
    async def story():
        assert not await Page(cookie if signed_in else b"", origin, path).connect()

    asyncio.run(story())


@pytest.mark.parametrize("words", [{"listen": ["mentorship:5:forged"]}, {"listen": "x"}, [], {"other": 1}, "nonsense"])
def test_a_forged_or_foreign_topic_ends_the_conversation(cookie, words):
    async def story():
        page = Page(cookie)
        await page.connect()
        await page.say(words)
        assert (await page.receive_output(2))["type"] == "websocket.close"

    asyncio.run(story())


def test_a_topic_signed_for_another_person_is_refused(person, cookie):
    async def story():
        page = Page(cookie)
        await page.connect()
        await page.say({"listen": [topics.signed("mentorship:5", person.pk + 1)]})
        assert (await page.receive_output(2))["code"] == 4403

    asyncio.run(story())


def test_text_that_is_not_json_ends_the_conversation(cookie):
    async def story():
        page = Page(cookie)
        await page.connect()
        await page.say("{not json")
        assert (await page.receive_output(2))["type"] == "websocket.close"

    asyncio.run(story())


def test_ringing_where_nobody_listens_does_nothing():
    ring("mentorship:5")


@pytest.mark.parametrize("topic", ["mentorship", "mentorship:5 6", "x:" + "9" * 41, "a.b:1"])
def test_a_topic_has_one_shape(topic):
    with pytest.raises(ValueError, match="not a topic"):
        ring(topic)


def test_the_tag_signs_for_the_reader(person, rf):
    request = rf.get("/")
    request.user = person
    tag = Template('{% load live %}{% live_topic "mentorship:" number %}')
    token = tag.render(Context({"request": request, "number": 5}))
    assert topics.opened(token, person.pk) == "mentorship:5"
    assert topics.opened(token, person.pk + 1) is None
    assert tag.render(Context({"number": 5})) == ""
