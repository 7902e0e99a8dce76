"""Two at the same moment, on connections of their own."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client

from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.live import topics
from commonhall.mentorships.actions import end
from commonhall.mentorships.models import Mentorship
from commonhall.workspace.actions import messages, telling
from commonhall.workspace.models import Block, Message, Reading, Report
from tests.factories.accounts import UserFactory
from tests.live.page import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_form_sent_twice_at_the_same_moment_says_it_once(together, pair, people):
    def send():
        return messages.send(pair, by=people[0], text="Hello", token="form").pk

    assert len(set(together(send, send, send))) == 1
    assert Message.objects.count() == Event.objects.filter(verb="message.sent").count() == 1


def test_messages_of_two_at_once_are_both_kept(together, pair, people):
    made = together(*(lambda one=one: messages.send(pair, by=people[one % 2], text=f"No {one}").pk for one in range(6)))
    assert sorted(made) == sorted(Message.objects.values_list("pk", flat=True))


def test_of_two_corrections_at_once_one_is_kept_and_the_other_told(together, pair, people):
    said = messages.send(pair, by=people[0], text="Hello")
    outcomes = together(
        *(lambda text=text: messages.edit(said, by=people[0], text=text, version=1) for text in ("Left", "Right"))
    )
    assert sum(isinstance(one, Conflict) for one in outcomes) == 1
    assert Message.objects.get().version == 2


def test_corrected_and_deleted_at_once_it_is_deleted(together, pair, people):
    said = messages.send(pair, by=people[0], text="Hello")
    together(
        lambda: messages.delete(said, by=people[0]),
        lambda: messages.edit(said, by=people[0], text="Changed", version=1),
    )
    said.refresh_from_db()
    assert (said.text, bool(said.deleted_at)) == ("", True)


def test_written_and_ended_at_once_nothing_is_written_after_the_end(together, pair, people):
    together(
        lambda: end(pair, by=people[1], reason="complete"),
        lambda: messages.send(pair, by=people[0], text="Just in time"),
    )
    pair.refresh_from_db()
    assert pair.state == Mentorship.State.ENDED
    verbs = list(Event.objects.filter(verb__in=("message.sent", "mentorship.ended")).order_by("pk"))
    assert verbs[-1].verb == "mentorship.ended"
    with pytest.raises(Refused):
        messages.send(pair, by=people[0], text="Too late")


def test_reported_twice_and_blocked_twice_at_once_is_once(together, pair, people):
    said = messages.send(pair, by=people[0], text="Hello")
    together(*(lambda: messages.report(said, by=people[1], words="") for _one in range(2)))
    together(*(lambda: messages.block(pair, by=people[1], user=people[0]) for _one in range(2)))
    assert (Report.objects.count(), Block.objects.count()) == (1, 1)
    verbs = Event.objects.filter(verb__in=("message.reported", "person.blocked", "mentorship.paused"))
    assert verbs.count() == 3


def test_a_message_that_comes_while_somebody_is_told_is_told_too(together, pair, people):
    """Either with the others, or later: there is always a time set for it."""
    telling.plan(messages.send(pair, by=people[0], text="One"))
    reading = Reading.objects.get(user=people[1])
    Reading.objects.filter(pk=reading.pk).update(tell_at=reading.mentorship.began_at)
    together(
        lambda: telling.tell(reading),
        lambda: telling.plan(messages.send(pair, by=people[0], text="Two")),
    )
    reading.refresh_from_db()
    last = Message.objects.order_by("-pk").first().pk
    assert reading.tell_at is not None or reading.told_to >= last


def cookie_of(user):
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}".encode()


def test_the_doorbell_rings_for_the_people_of_the_thread_and_carries_no_words(pair, people, coordinator):
    topic = f"thread:{pair.pk}"
    outsider = UserFactory()
    cookies = {user.pk: cookie_of(user) for user in (people[1], coordinator, outsider)}

    async def story():
        mine = Page(cookies[people[1].pk])
        assert await mine.connect()
        await mine.say({"listen": [topics.signed(topic, people[1].pk)]})
        assert await mine.receive_nothing(0.1)
        stolen = topics.signed(topic, people[1].pk)
        for other in (coordinator, outsider):
            page = Page(cookies[other.pk])
            assert await page.connect()
            await page.say({"listen": [stolen]})
            assert (await page.receive_output(2))["type"] == "websocket.close"
        await sync_to_async(messages.send)(pair, by=people[0], text="Between us")
        assert await mine.hears() == {"changed": topic}
        await mine.leave()

    asyncio.run(story())
