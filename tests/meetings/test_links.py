"""Links in e-mails: whoever holds one sees one meeting and acts on it by POST, as the person to whom it was sent."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.meetings import links
from commonhall.meetings.actions import booking
from commonhall.meetings.models import Meeting
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory, soon
from tests.factories.mentorships import MentorshipFactory

pytestmark = pytest.mark.django_db
State = Meeting.State


@pytest.fixture
def pair():
    return MentorshipFactory(
        mentee=UserFactory(name="Priya Shah"), mentor=UserFactory(name="Bryn Evans", time_zone="Australia/Melbourne")
    )


@pytest.fixture
def meeting(pair):
    return booking.propose(pair, by=person(pair, "mentee"), times=[soon(48), soon(72)], title="My plans")


def person(thing, role):
    return getattr(thing, "mentorship", thing).participants.get(role=role).user


def ways(meeting, role="mentor"):
    return links.opened(links.path(meeting, person(meeting, role)).split("/")[-2]).ways


def test_the_page_shows_the_times_on_the_readers_clock_and_changes_nothing(client, meeting):
    before = list(Event.objects.values_list("pk"))

    page = client.get(ways(meeting).page).content.decode()

    local = soon(48).astimezone(clock.zone("Australia/Melbourne"))
    assert f"{local:%H:%M}</time>" in page
    assert "Your meeting with Priya Shah" in page
    theirs = soon(48).astimezone(clock.zone("Europe/London"))
    assert f"{theirs:%A %H:%M} for Priya" in page
    assert list(Event.objects.values_list("pk")) == before
    meeting.refresh_from_db()
    assert (meeting.state, meeting.options.count()) == (State.PROPOSED, 2)


@pytest.mark.parametrize("name", ["accept", "keep"])
def test_a_scanner_that_follows_every_link_cannot_act(client, meeting, name):
    assert client.get(getattr(ways(meeting), name)).status_code == 405
    for address in (ways(meeting).page, ways(meeting).times, ways(meeting).cancel):
        client.get(address)
        client.head(address)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.options.count()) == (State.PROPOSED, 2)


def test_accepting_without_signing_in_is_done_by_the_person_of_the_link(client, meeting):
    there = ways(meeting)
    answer = client.post(there.accept, {"starts_at": soon(72).isoformat()})

    assert answer.url == there.page
    meeting.refresh_from_db()
    assert (meeting.state, meeting.starts_at) == (State.AGREED, soon(72))
    event = Event.objects.get(verb="meeting.agreed")
    assert (event.by, event.via) == (person(meeting, "mentor"), "link")


def test_a_link_speaks_for_its_person_whoever_is_signed_in(client, meeting):
    client.force_login(person(meeting, "mentee"))
    client.post(ways(meeting).accept, {"starts_at": soon(48).isoformat()})

    assert Event.objects.get(verb="meeting.agreed").by == person(meeting, "mentor")


def test_times_can_be_offered_by_link_on_the_clock_of_the_person(client, meeting):
    zone = clock.zone("Australia/Melbourne")
    wanted = (clock.now() + timedelta(days=5)).astimezone(zone).replace(hour=10, minute=30, second=0, microsecond=0)

    client.post(ways(meeting).times, {"own_1": f"{wanted:%Y-%m-%dT%H:%M}"})

    assert meeting.options.get().starts_at == wanted
    meeting.refresh_from_db()
    assert meeting.proposed_by == person(meeting, "mentor")


def test_cancelling_by_link_asks_what_comes_nearest(client, meeting):
    refused = client.post(ways(meeting).cancel, {"reason": ""})
    assert refused.status_code == 422
    assert "Choose what comes nearest." in refused.content.decode()

    assert client.post(ways(meeting).cancel, {"reason": "ill"}).status_code == 422
    client.post(ways(meeting).cancel, {"reason": "away", "words": "Back on Monday."})

    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancelled_by) == (State.CANCELLED, person(meeting, "mentor"))


def test_keeping_an_agreed_time_by_link(client, pair):
    meeting = MeetingFactory(mentorship=pair)
    booking.offer_other_times(meeting, by=person(pair, "mentee"), times=[soon(96)])

    client.post(ways(meeting).keep)

    assert not meeting.options.exists()


def test_what_is_no_longer_on_offer_is_said_in_words(client, meeting):
    booking.offer_other_times(meeting, by=person(meeting, "mentee"), times=[soon(96)])

    answer = client.post(ways(meeting).accept, {"starts_at": soon(48).isoformat()})

    assert answer.status_code == 409
    assert "no longer on offer" in answer.content.decode()


@pytest.mark.parametrize("given", ["", "tomorrow", "2026-13-45T99:00"])
def test_a_mangled_time_is_no_answer(client, meeting, given):
    answer = client.post(ways(meeting).accept, {"starts_at": given}, follow=True)

    assert "Choose one of the times." in answer.content.decode()
    assert not Event.objects.filter(verb="meeting.agreed").exists()


def tampered(token):
    return token[:-2] + ("aa" if token[-2:] != "aa" else "bb")


@pytest.mark.parametrize("spoil", [tampered, lambda token: "x", lambda token: token + "%00", lambda token: "🦆:a:b"])
def test_a_link_that_was_changed_opens_nothing(client, meeting, spoil):
    token = links.path(meeting, person(meeting, "mentor")).split("/")[-2]

    assert client.get(f"/meetings/link/{spoil(token)}/").status_code == 404


def test_a_link_grows_old_and_ends_with_its_person(client, meeting, time_machine):
    address = ways(meeting).page
    person(meeting, "mentor").__class__.objects.filter(pk=person(meeting, "mentor").pk).update(is_active=False)
    assert client.get(address).status_code == 404

    address = ways(meeting, "mentee").page
    assert client.get(address).status_code == 200
    time_machine.move_to(clock.now() + links.VALID + timedelta(hours=1))
    assert client.get(address).status_code == 404


def test_a_link_of_one_meeting_says_nothing_of_another(client, pair, meeting):
    MeetingFactory(mentorship=pair, title="Something else entirely", starts_at=soon(200))

    assert "Something else entirely" not in client.get(ways(meeting).page).content.decode()


def test_the_page_is_kept_out_of_caches_and_search_engines(client, meeting):
    answer = client.get(ways(meeting).page)

    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_the_button_of_the_e_mail_leads_there(client, pair, run_jobs):
    booking.propose(pair, by=person(pair, "mentee"), times=[soon(48)])
    run_jobs()

    (letter,) = mail.outbox
    assert letter.to == [person(pair, "mentor").email]
    local = soon(48).astimezone(clock.zone("Australia/Melbourne"))
    assert f"{local:%H:%M}" in letter.body
    address = re.search(r"http://[^/]+(/meetings/link/\S+)", letter.body)[1]
    assert client.get(address).status_code == 200
    assert reverse("meetings:detail", args=[pair.meetings.get().pk]) not in letter.body
