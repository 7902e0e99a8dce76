"""Answers that people give in their own calendars, as the calendars of three makers send them."""

from datetime import timedelta

import pytest
from django.core import mail
from icalendar import Calendar

from commonhall.history.models import Event
from commonhall.integrations.inbox import receiving
from commonhall.integrations.inbox.letters import read
from commonhall.integrations.models import Handled
from commonhall.meetings.actions import booking
from commonhall.meetings.invitation import invitation
from commonhall.meetings.models import Meeting
from commonhall.meetings.replies import reply_address
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory, soon
from tests.factories.mentorships import MentorshipFactory
from tests.meetings.answers import APPLE, MAKERS, apple, envelope, facts, outlook, written

pytestmark = pytest.mark.django_db
State = Meeting.State


@pytest.fixture(autouse=True)
def inbox(settings):
    settings.INBOX_ADDRESS = "meet@council.example"


@pytest.fixture
def meeting():
    pair = MentorshipFactory(
        mentee=UserFactory(name="Priya Shah", email="priya@lakeside.example"),
        mentor=UserFactory(name="Bryn Evans", email="bryn@valley.example", time_zone="Australia/Melbourne"),
    )
    return MeetingFactory(mentorship=pair, sequence=2)


@pytest.fixture
def mentee(meeting):
    return meeting.mentorship.participants.get(role="mentee").user


@pytest.fixture
def mentor(meeting):
    return meeting.mentorship.participants.get(role="mentor").user


def arrives(letter, to=None, returns_to="somebody@mail.example"):
    receiving.take(read(letter.as_bytes(), returns_to=returns_to), to or letter["To"])


def told():
    return [(one.to[0], one.body) for one in mail.outbox if one.subject == "About your answer"]


def verbs():
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


@pytest.mark.parametrize("maker", MAKERS)
def test_a_decline_cancels_in_the_name_of_whoever_declined(meeting, mentee, mentor, run_jobs, maker):
    arrives(MAKERS[maker](meeting, mentee, "DECLINED", comment="Off sick, sorry"))
    run_jobs()

    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancelled_by) == (State.CANCELLED, mentee)
    assert meeting.cancel_message == "Declined in the calendar. Off sick, sorry"
    event = Event.objects.get(verb="meeting.cancelled")
    assert (event.by, event.via) == (mentee, "mail")
    letters = {one.to[0]: one.body for one in mail.outbox}
    assert "Declined in the calendar. Off sick, sorry" in letters[mentor.email]
    assert set(letters) == {mentee.email, mentor.email}


@pytest.mark.parametrize("maker", MAKERS)
def test_an_acceptance_changes_nothing(meeting, mentee, run_jobs, maker):
    arrives(MAKERS[maker](meeting, mentee, "ACCEPTED"))
    run_jobs()
    meeting.refresh_from_db()
    assert (meeting.state, meeting.sequence, verbs(), mail.outbox) == (State.AGREED, 2, [], [])


@pytest.mark.parametrize("maker", MAKERS)
def test_a_maybe_leaves_it_as_it_is_and_tells_the_other_once(meeting, mentee, mentor, run_jobs, maker):
    for _time in range(2):
        arrives(MAKERS[maker](meeting, mentee, "TENTATIVE"))
    run_jobs()
    meeting.refresh_from_db()
    assert (meeting.state, verbs()) == (State.AGREED, ["meeting.doubted"])
    (letter,) = mail.outbox
    assert letter.to == [mentor.email]
    assert "answered “maybe”" in letter.body


@pytest.mark.parametrize("maker", MAKERS)
def test_another_time_from_the_calendar_is_proposed_to_the_other(meeting, mentee, mentor, run_jobs, maker):
    wanted = soon(99)
    arrives(MAKERS[maker](meeting, mentee, "TENTATIVE", starts_at=wanted))
    run_jobs()

    meeting.refresh_from_db()
    assert (meeting.state, meeting.starts_at, meeting.proposed_by) == (State.AGREED, soon(48), mentee)
    assert [one.starts_at for one in meeting.options.all()] == [wanted]
    event = Event.objects.get(verb="meeting.proposed")
    assert (event.by, event.via) == (mentee, "mail")
    assert [one.to for one in mail.outbox] == [[mentor.email]]


@pytest.mark.parametrize(
    ("line", "hour"),
    [
        ("DTSTART;TZID=Australia/Melbourne:20261130T190000", 8),
        ("DTSTART:20261130T190000", 8),
        ("DTSTART;TZID=AUS Eastern Standard Time:20261130T190000", 8),
        ("DTSTART:20261130T190000Z", 19),
    ],
)
def test_the_time_is_read_on_the_clock_that_it_names_or_on_ones_own(meeting, mentor, line, hour):
    letter = apple(meeting, mentor, "TENTATIVE", starts_at=soon(99))
    content = written(APPLE, facts(meeting, mentor, "TENTATIVE", starts_at=soon(99)))
    content = "\r\n".join(line if one.startswith("DTSTART") else one for one in content.split("\r\n"))
    letter.set_payload(content.replace("=", "=3D"))
    arrives(letter)
    assert meeting.options.get().starts_at.hour == hour


@pytest.mark.parametrize(
    ("starts_at", "reason"),
    [("DTSTART:20251130T190000Z", "lie ahead"), ("DTSTART;VALUE=DATE:20261130", "a whole day")],
)
def test_a_time_that_cannot_be_is_answered_in_words(meeting, mentor, run_jobs, starts_at, reason):
    letter = apple(meeting, mentor, "TENTATIVE", starts_at=soon(99))
    content = written(APPLE, facts(meeting, mentor, "TENTATIVE", starts_at=soon(99)))
    content = "\r\n".join(starts_at if one.startswith("DTSTART") else one for one in content.split("\r\n"))
    letter.set_payload(content.replace("=", "=3D"))
    arrives(letter)
    run_jobs()
    ((to, body),) = told()
    assert to == mentor.email
    assert reason in body
    assert f"/meetings/{meeting.pk}/" in body
    assert not meeting.options.exists()


def test_the_same_letter_twice_acts_once_and_a_second_counter_of_the_same_time_is_no_news(meeting, mentee):
    letter = outlook(meeting, mentee, "TENTATIVE", starts_at=soon(99))
    arrives(letter)
    arrives(letter)
    arrives(outlook(meeting, mentee, "TENTATIVE", starts_at=soon(99)))
    assert verbs() == ["meeting.proposed"]
    assert Handled.objects.count() == 2


def test_an_answer_to_an_older_invitation_is_left_aside(meeting, mentee, run_jobs):
    arrives(outlook(meeting, mentee, "DECLINED", sequence=1))
    run_jobs()
    meeting.refresh_from_db()
    assert (meeting.state, verbs(), told()) == (State.AGREED, [], [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"uid": "another@commonhall"}, "another meeting"),
        ({"answer": "DELEGATED"}, "do not understand"),
        ({"method": "REFRESH"}, "no answer from a calendar"),
        ({"sequence": "many"}, "could not read"),
    ],
)
def test_what_makes_no_sense_is_answered_in_words_and_changes_nothing(meeting, mentee, run_jobs, change, reason):
    arrives(outlook(meeting, mentee, **{"answer": "DECLINED"} | change))
    run_jobs()
    meeting.refresh_from_db()
    assert (meeting.state, verbs()) == (State.AGREED, [])
    ((to, body),) = told()
    assert to == mentee.email
    assert reason in body


def test_only_the_person_whose_address_it_is_can_answer(meeting, mentee, mentor, run_jobs):
    stolen = outlook(meeting, mentee, "DECLINED")
    del stolen["From"]
    stolen["From"] = mentor.email
    arrives(stolen)
    run_jobs()
    meeting.refresh_from_db()
    assert (meeting.state, verbs()) == (State.AGREED, [])
    ((to, body),) = told()
    assert (to, "Only the person who was invited" in body) == (mentor.email, True)
    assert "Priya" not in body


def test_somebody_who_left_the_pair_or_commonhall_can_answer_no_more(meeting, mentee, mentor, run_jobs):
    letters = [outlook(meeting, one, "DECLINED") for one in (mentee, mentor)]
    meeting.mentorship.participants.get(user=mentee).delete()
    mentor.is_active = False
    mentor.save(update_fields=["is_active"])
    for letter in letters:
        arrives(letter)
    run_jobs()
    meeting.refresh_from_db()
    assert meeting.state == State.AGREED
    assert all("not there any more" in body for _to, body in told())


def test_a_confirmed_second_address_answers_too(meeting, mentee):
    mentee.emailaddress_set.create(email="Priya.Shah@home.example", verified=True)
    arrives(outlook(meeting, mentee, "DECLINED", email="priya.shah@home.example"))
    meeting.refresh_from_db()
    assert meeting.state == State.CANCELLED


def test_a_meeting_that_is_over_cannot_be_declined_any_more(meeting, mentee, run_jobs, time_machine):
    letter = outlook(meeting, mentee, "DECLINED")
    time_machine.move_to(meeting.ends_at + timedelta(hours=1))
    arrives(letter)
    run_jobs()
    meeting.refresh_from_db()
    assert meeting.state == State.AGREED
    assert "has begun or is over" in told()[0][1]


def test_words_instead_of_an_answer_are_answered_once_a_day(meeting, mentee, run_jobs, time_machine):
    def write():
        letter = envelope(facts(meeting, mentee, "Re"))
        letter.set_content("Sorry, I cannot make it!")
        arrives(letter)
        run_jobs()

    write()
    write()
    assert len(told()) == 1
    assert "There was no answer from a calendar" in told()[0][1]
    time_machine.move_to(soon(24))
    write()
    assert len(told()) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<all.council.example>"},
        {"X_Auto_Response_Suppress": "All"},
    ],
)
def test_no_program_is_ever_answered(meeting, mentee, run_jobs, headers):
    letter = envelope(facts(meeting, mentee, "Away"), **headers)
    letter.set_content("I am on leave until Monday.")
    arrives(letter)
    run_jobs()
    assert mail.outbox == []


def test_a_bounce_is_dropped_though_it_holds_our_own_invitation(meeting, mentee, run_jobs):
    letter = envelope(facts(meeting, mentee, "Undeliverable"))
    letter.set_content("It could not be delivered.")
    letter.make_mixed()
    letter.replace_header("Content-Type", 'multipart/report; report-type="delivery-status"')
    letter.attach(outlook(meeting, mentee, "DECLINED"))
    arrives(letter, returns_to="")
    run_jobs()
    meeting.refresh_from_db()
    assert (meeting.state, mail.outbox, Handled.objects.count()) == (State.AGREED, [], 0)


def test_the_invitation_asks_for_answers_only_where_they_can_come_back(meeting, mentee, mentor, settings):
    def organiser(user):
        return str(Calendar.from_ical(invitation(meeting, user)).events[0]["ORGANIZER"])

    assert organiser(mentee) == f"mailto:{reply_address(meeting, mentee)}"
    assert organiser(mentee) != organiser(mentor)
    assert organiser(mentee).startswith("mailto:meet+m")
    settings.INBOX_ADDRESS = ""
    assert organiser(mentee) == "mailto:commonhall@localhost"


def test_the_e_mail_with_the_invitation_says_where_answers_go(meeting, mentee, mentor, run_jobs):
    booking.offer_other_times(meeting, by=mentee, times=[soon(72)])
    booking.accept(meeting, by=mentor, starts_at=soon(72))
    run_jobs()
    moved = {one.to[0]: one.reply_to for one in mail.outbox if one.subject.startswith("Moved")}
    assert moved == {one.email: [reply_address(meeting, one)] for one in (mentee, mentor)}


def test_one_letter_that_comes_twice_at_the_same_moment_acts_once(together, meeting, mentee):
    letter = outlook(meeting, mentee, "DECLINED")
    assert together(lambda: arrives(letter), lambda: arrives(letter)) == [None, None]
    assert verbs() == ["meeting.cancelled"]
    assert Handled.objects.count() == 1


def test_both_decline_at_the_same_moment_and_it_is_cancelled_once(together, meeting, mentee, mentor):
    letters = [outlook(meeting, one, "DECLINED") for one in (mentee, mentor)]
    assert together(*(lambda letter=letter: arrives(letter) for letter in letters)) == [None, None]
    assert verbs() == ["meeting.cancelled"]
