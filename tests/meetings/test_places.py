"""How and where two people meet can be said until they do."""

import pytest
from django.core import mail
from icalendar import Calendar

from commonhall.meetings.actions import booking
from tests.factories.meetings import MeetingFactory, soon
from tests.meetings.test_views import at, pair, person, text

pytestmark = pytest.mark.django_db
__all__ = ["pair"]


@pytest.mark.parametrize("role", ["mentee", "mentor"])
def test_either_side_adds_the_link_of_an_agreed_call_and_both_calendars_get_it(client, pair, role, run_jobs):
    meeting = MeetingFactory(mentorship=pair, starts_at=soon(48), place="")
    client.force_login(person(pair, role))
    assert "Meet elsewhere: add a link or a number" in text(client.get(at("detail", meeting)))

    answer = client.post(at("place", meeting), {"channel": "video", "place": "https://meet.example/ab"}, follow=True)
    assert "https://meet.example/ab" in text(answer)
    run_jobs()
    assert {letter.to[0] for letter in mail.outbox} == {person(pair, one).email for one in ("mentee", "mentor")}
    [event] = Calendar.from_ical(mail.outbox[0].attachments[0].content).walk("VEVENT")
    assert (int(event["sequence"]), str(event["location"])) == (meeting.sequence + 1, "https://meet.example/ab")


def test_a_call_takes_a_whole_address(client, pair):
    meeting = MeetingFactory(mentorship=pair, starts_at=soon(48), place="")
    client.force_login(person(pair, "mentee"))
    answer = client.post(at("place", meeting), {"channel": "video", "place": "meet.example"})
    assert answer.status_code == 422
    assert "it begins with https://" in text(answer)
    meeting.refresh_from_db()
    assert meeting.place == ""


def test_saying_the_same_place_twice_tells_nobody_again(pair, run_jobs):
    meeting = MeetingFactory(mentorship=pair, starts_at=soon(48), place="")
    for role in ("mentee", "mentor"):
        booking.say_where(meeting, by=person(pair, role), channel="phone", place="01632 960123")
    run_jobs()
    meeting.refresh_from_db()
    assert (meeting.channel, meeting.sequence) == ("phone", 1)
    assert len(mail.outbox) == 2


def test_where_they_met_cannot_be_changed_once_it_began(client, pair):
    meeting = MeetingFactory(mentorship=pair, starts_at=soon(-1), place="")
    client.force_login(person(pair, "mentee"))
    assert client.post(at("place", meeting), {"channel": "phone", "place": "x"}).status_code == 403
    meeting.refresh_from_db()
    assert meeting.place == ""
