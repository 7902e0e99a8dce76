import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from icalendar import Calendar

from commonhall.core import clock
from commonhall.meetings.actions import room
from commonhall.meetings.invitation import invitation
from commonhall.meetings.models import Guest, Meeting
from commonhall.meetings.queries.room import fingerprint
from commonhall.meetings.tasks import remind
from commonhall.meetings.visitors import Visitor, guest_path
from commonhall.mentorships.models import Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.meetings import GuestFactory, MeetingFactory, soon
from tests.factories.mentorships import MentorshipFactory
from tests.factories.programmes import coordinator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    pair = MentorshipFactory(mentee=UserFactory(name="Priya Shah"), mentor=UserFactory(name="Bryn Evans"))
    return MeetingFactory(mentorship=pair, starts_at=soon(0), title="Budget nerves", agenda="The reserve fund")


def person(meeting, role="mentee"):
    return meeting.mentorship.participants.get(role=role).user


def at(name, *keys):
    return reverse(f"meetings:{name}", args=keys)


def text(answer):
    return answer.content.decode()


def ask(client, meeting, name="Ann Olsen"):
    return client.post(guest_path(meeting), {"name": name}, follow=True)


@pytest.mark.parametrize(
    "who", [lambda meeting: UserFactory(), lambda meeting: coordinator_of(meeting.mentorship.programme)]
)
@pytest.mark.parametrize("name", ["room", "agenda"])
def test_strangers_and_coordinators_find_no_room(client, meeting, who, name):
    client.force_login(who(meeting))

    assert client.get(at(name, meeting.pk)).status_code == 404
    answer = client.post(at("answer_guest", meeting.pk, GuestFactory(meeting=meeting).pk), {"admit": "yes"})
    assert answer.status_code == 404
    assert meeting.guests.get().state == Guest.State.WAITING


def test_the_room_shows_the_chat_the_agenda_and_who_waits(client, meeting):
    room.say(Visitor(meeting, user=person(meeting, "mentor")), kind="chat", words="Good morning")
    room.say(Visitor(meeting, user=person(meeting, "mentor")), kind="caption", words="We have begun")
    GuestFactory(meeting=meeting, name="Ann Olsen")
    GuestFactory(meeting=meeting, name="Somebody refused", state=Guest.State.REFUSED)
    client.force_login(person(meeting))

    page = text(client.get(at("room", meeting.pk)))

    for words in ("Good morning", "The reserve fund", "Ann Olsen", "waits at the door", guest_path(meeting)):
        assert words in page
    for words in ("We have begun", "Somebody refused"):
        assert words not in page


def test_chat_and_captions_stand_on_the_page_of_the_meeting_and_not_behind_a_link(client, meeting):
    visitor = Visitor(meeting, user=person(meeting, "mentor"))
    for kind, words in (("chat", "Good morning"), ("caption", "We have begun")):
        room.say(visitor, kind=kind, words=words)
    client.force_login(person(meeting))

    page = text(client.get(at("detail", meeting.pk)))

    for words in ("Good morning", "We have begun", "The reserve fund"):
        assert words in page


def test_a_closed_room_says_when_it_opens(client, meeting):
    Meeting.objects.update(starts_at=soon(72), ends_at=soon(73))
    client.force_login(person(meeting))

    page = text(client.get(at("room", meeting.pk)))

    assert "The room of this meeting opens on Thursday 26 November, 00:00" in page
    assert "data-room " not in page


@pytest.mark.parametrize(
    ("channel", "place", "shown"),
    [("video", "", True), ("video", "https://meet.example/x", False), ("phone", "", False)],
)
def test_the_meeting_leads_to_its_room_where_no_other_place_was_agreed(client, meeting, channel, place, shown):
    Meeting.objects.update(channel=channel, place=place)
    client.force_login(person(meeting))

    for page in (at("detail", meeting.pk), reverse("mentorships:detail", args=[meeting.mentorship_id])):
        assert (at("room", meeting.pk) in text(client.get(page))) is shown
    assert ("Join the room" in text(client.get(at("detail", meeting.pk)))) is shown


def test_before_its_day_the_meeting_shows_no_button_to_join(client, meeting):
    Meeting.objects.update(starts_at=soon(72), ends_at=soon(73))
    client.force_login(person(meeting))

    assert "Join the room" not in text(client.get(at("detail", meeting.pk)))


def test_calendars_and_reminders_lead_to_the_room(meeting, mailoutbox, run_jobs):
    Meeting.objects.update(starts_at=soon(0.5), ends_at=soon(1.5), agreed_at=clock.now() - timedelta(days=3))
    address = f"{settings.BASE_URL}{at('room', meeting.pk)}"

    event = Calendar.from_ical(invitation(Meeting.objects.get(), person(meeting))).walk("VEVENT")[0]
    remind.enqueue()
    run_jobs()

    assert event["LOCATION"] == address
    assert event["DESCRIPTION"].startswith(f"Join: {address}")
    assert [address in letter.body for letter in mailoutbox] == [True, True]


def test_without_a_script_the_page_says_how_else_to_meet(client, meeting):
    Meeting.objects.update(channel="phone", place="+44 1632 960123")
    Mentorship.objects.update(meets_by=Mentorship.MeetsBy.LINK, room_link="https://meet.example/priya-and-bryn")
    client.force_login(person(meeting))

    unscripted = re.search(r'<div class="unless-js(.*?)data-room', text(client.get(at("room", meeting.pk))), re.DOTALL)

    assert unscripted
    for words in (
        "needs JavaScript",
        "+44 1632 960123",
        "https://meet.example/priya-and-bryn",
        person(meeting, "mentor").email,
    ):
        assert words in unscripted[1]


def test_an_agenda_that_was_changed_meanwhile_comes_back_with_both_versions(client, meeting):
    client.force_login(person(meeting))
    was = fingerprint(meeting.agenda)
    room.write_agenda(meeting, by=person(meeting, "mentor"), words="Something else", was=was)

    answer = client.post(at("agenda", meeting.pk), {"words": "My own point", "was": was})

    assert answer.status_code == 422
    for words in ("My own point", "Something else", "changed while you were writing"):
        assert words in text(answer)
    form = answer.context["agenda"]
    client.post(at("agenda", meeting.pk), {"words": "Both points", "was": form["was"].value()})
    meeting.refresh_from_db()
    assert meeting.agenda == "Both points"


def test_a_guest_gives_a_name_waits_and_sees_the_room_and_nothing_of_the_pair(client, meeting):
    room.say(Visitor(meeting, user=person(meeting)), kind="chat", words="Between the two of us")
    assert "You were invited as a guest" in text(client.get(guest_path(meeting)))

    waiting = text(ask(client, meeting))
    assert "They see that Ann Olsen is waiting" in waiting
    room.answer_guest(meeting.guests.get(), by=person(meeting), admit=True)
    inside = text(client.get(guest_path(meeting)))

    assert "You are in as Ann Olsen" in inside
    assert "data-room " in inside
    secrets = ("Budget nerves", "The reserve fund", "Between the two of us", person(meeting).email, "/mentorships/")
    for page in (waiting, inside):
        for words in secrets:
            assert words not in page
    for name in ("room", "detail", "agenda"):
        assert client.get(at(name, meeting.pk)).status_code == 302


def test_a_guest_who_was_shown_out_reads_so_and_may_ask_again(client, meeting):
    ask(client, meeting)
    first = meeting.guests.get()
    room.answer_guest(first, by=person(meeting), admit=False)

    assert "You were not let in, or were asked to leave" in text(client.get(guest_path(meeting)))
    assert "They see that Ann is waiting" in text(ask(client, meeting, "Ann"))
    assert meeting.guests.count() == 2


def test_asking_twice_is_asking_once(client, meeting):
    ask(client, meeting)
    ask(client, meeting)

    assert meeting.guests.count() == 1


def test_another_browser_with_the_same_link_is_another_guest(client, meeting):
    ask(client, meeting)
    room.answer_guest(meeting.guests.get(), by=person(meeting), admit=True)
    client.cookies.clear()

    assert "You were invited as a guest" in text(client.get(guest_path(meeting)))


@pytest.mark.parametrize("name", ["", " ", "\u202e"])
def test_a_guest_without_a_name_is_asked_for_it(client, meeting, name):
    answer = client.post(guest_path(meeting), {"name": name})

    assert answer.status_code == 422
    assert "Give your name" in text(answer)
    assert not meeting.guests.exists()


def test_a_guests_link_is_forged_by_nobody_and_ends(client, meeting, time_machine):
    link = guest_path(meeting)
    assert client.get(f"{link[:-4]}xyz/").status_code == 404

    time_machine.shift(timedelta(days=61))
    assert client.get(link).status_code == 404


def test_one_of_the_people_who_opens_the_guests_link_is_led_to_the_room(client, meeting):
    client.force_login(person(meeting))

    assert client.get(guest_path(meeting)).url == at("room", meeting.pk)


def test_a_guest_finds_a_closed_room_closed(client, meeting):
    Meeting.objects.update(state=Meeting.State.CANCELLED)

    assert "was cancelled" in text(client.get(guest_path(meeting)))
    assert client.post(guest_path(meeting), {"name": "Ann"}).status_code == 403
    assert not meeting.guests.exists()


def test_a_member_lets_a_guest_in_from_the_page(client, meeting):
    guest = GuestFactory(meeting=meeting, name="Ann Olsen")
    client.force_login(person(meeting, "mentor"))

    page = client.post(at("answer_guest", meeting.pk, guest.pk), {"admit": "yes"}, follow=True)

    assert "may come in" in text(page)
    guest.refresh_from_db()
    assert (guest.state, guest.answered_by) == (Guest.State.ADMITTED, person(meeting, "mentor"))


def test_a_guest_of_one_meeting_is_answered_at_no_other(client, meeting):
    other = GuestFactory(meeting=MeetingFactory(starts_at=soon(0)))
    client.force_login(person(meeting))

    assert client.post(at("answer_guest", meeting.pk, other.pk), {"admit": "yes"}).status_code == 404


@pytest.mark.parametrize("size", [1, 3])
def test_the_room_asks_the_same_number_of_questions_for_few_and_for_many(
    client, meeting, size, django_assert_num_queries
):
    for number in range(size):
        room.say(Visitor(meeting, user=person(meeting)), kind="chat", words=f"Line {number}")
        GuestFactory(meeting=meeting)
    client.force_login(person(meeting))
    client.get(at("room", meeting.pk))

    with django_assert_num_queries(10):
        client.get(at("room", meeting.pk))
