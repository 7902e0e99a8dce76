"""The room: when it is open, who sits in it, what is kept of it, and which meetings took place."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.history.words import sentence
from commonhall.meetings import privacy
from commonhall.meetings.actions import room
from commonhall.meetings.models import Guest, Line, Meeting, Visit
from commonhall.meetings.queries.room import fingerprint, inside, lines_of, open_hours, overlap
from commonhall.meetings.rules import can_use_room
from commonhall.meetings.tasks import after_the_room
from commonhall.meetings.visitors import Visitor
from tests.factories.accounts import UserFactory
from tests.factories.meetings import GuestFactory, MeetingFactory, ProposedMeetingFactory, soon
from tests.factories.mentorships import MentorshipFactory
from tests.factories.programmes import coordinator_of

pytestmark = pytest.mark.django_db
State = Meeting.State


@pytest.fixture
def meeting():
    return MeetingFactory(starts_at=soon(0))


def member(meeting, role="mentee"):
    return Visitor(meeting, user=meeting.mentorship.participants.get(role=role).user)


def guest_of(meeting, state=Guest.State.ADMITTED):
    return Visitor(meeting, guest=GuestFactory(meeting=meeting, state=state, answered_at=clock.now()))


def at(hour, minute=0, day=25):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (at(23, 59, day=24), "opens on Wednesday 25 November, 00:00"),
        (at(0), ""),
        (at(9), ""),
        (at(23, 59), ""),
        (at(0, 1, day=26), "has closed"),
    ],
)
def test_the_room_is_open_all_day_on_the_day_of_the_meeting(time_machine, now, words):
    meeting = MeetingFactory(starts_at=at(14))
    time_machine.move_to(now)

    verdict = can_use_room(meeting)

    assert bool(verdict) == (not words)
    assert words in str(verdict.reason)


@pytest.mark.parametrize(
    ("starts_at", "opens", "closes"), [(at(0, 10), at(23, 40, 24), at(0, 0, 26)), (at(23, 30), at(0), at(2, 30, 26))]
)
def test_around_midnight_it_opens_half_an_hour_before_and_closes_two_hours_after(starts_at, opens, closes):
    hours = open_hours(MeetingFactory(starts_at=starts_at))

    assert (hours.opens, hours.closes) == (opens, closes)


def test_with_clocks_far_apart_it_is_open_on_the_day_of_either():
    pair = MentorshipFactory(
        mentor=UserFactory(time_zone="Pacific/Auckland"), mentee=UserFactory(time_zone="Europe/London")
    )
    hours = open_hours(MeetingFactory(mentorship=pair, starts_at=at(8)))

    assert (hours.opens, hours.closes) == (at(11, day=24), at(0, day=26))


def test_a_cancelled_meeting_and_one_without_a_time_have_no_open_room():
    cancelled = MeetingFactory(starts_at=soon(0), state=State.CANCELLED)

    assert "was cancelled" in str(can_use_room(cancelled).reason)
    assert "No time is agreed" in str(can_use_room(ProposedMeetingFactory()).reason)


def test_a_newer_page_takes_the_place_of_the_older_one(meeting):
    first = room.enter(member(meeting), page="first")
    second = room.enter(member(meeting), page="second")

    first.refresh_from_db()
    assert first.left_at is not None
    assert [one.pk for one in inside(meeting)] == [second.pk]


def test_the_database_keeps_one_open_visit_for_each_person(meeting):
    room.enter(member(meeting), page="one")

    with pytest.raises(IntegrityError):
        Visit.objects.create(meeting=meeting, user=member(meeting).user)


def test_a_third_guest_beside_a_pair_is_told_that_the_room_is_full(meeting):
    for visitor in (member(meeting), member(meeting, "mentor"), guest_of(meeting), guest_of(meeting)):
        room.enter(visitor, page="page")

    with pytest.raises(Conflict, match="room is full"):
        room.enter(guest_of(meeting), page="page")
    assert inside(meeting).count() == 4


def test_guests_do_not_sit_where_the_pair_should(meeting):
    for visitor in (guest_of(meeting), guest_of(meeting)):
        room.enter(visitor, page="page")
    with pytest.raises(Conflict, match="room is full"):
        room.enter(guest_of(meeting), page="page")

    room.enter(member(meeting), page="page")
    room.enter(member(meeting, "mentor"), page="page")

    assert inside(meeting).count() == 4


def test_whoever_fell_silent_holds_no_seat(meeting, time_machine):
    for visitor in (guest_of(meeting), guest_of(meeting)):
        room.enter(visitor, page="page")
    time_machine.shift(timedelta(minutes=3))

    room.enter(guest_of(meeting), page="page")

    assert inside(meeting).count() == 1


@pytest.mark.parametrize("state", [Guest.State.WAITING, Guest.State.REFUSED])
def test_a_guest_whom_nobody_let_in_does_not_enter(meeting, state):
    with pytest.raises(Refused, match="Nobody has let you in"):
        room.enter(guest_of(meeting, state), page="page")


def test_nobody_enters_the_room_of_other_people(meeting):
    with pytest.raises(Refused, match="not one of the people"):
        room.enter(Visitor(meeting, user=UserFactory()), page="page")


def test_who_left_the_mentorship_may_not_stay(meeting):
    visitor = member(meeting)
    visit = room.enter(visitor, page="page")
    assert room.stay(visitor, visit)

    meeting.mentorship.participants.filter(role="mentee").delete()

    assert "not one of the people" in str(room.stay(visitor, visit).reason)


def test_a_guest_is_let_in_and_shown_out_by_one_of_the_people(meeting):
    guest = GuestFactory(meeting=meeting)
    mentor = member(meeting, "mentor").user

    room.answer_guest(guest, by=mentor, admit=True)
    visitor = Visitor(meeting, guest=guest)
    visit = room.enter(visitor, page="page")
    room.answer_guest(guest, by=mentor, admit=False)

    assert not room.stay(visitor, visit)
    guest.refresh_from_db()
    assert (guest.state, guest.answered_by) == (Guest.State.REFUSED, mentor)
    verbs = ["meeting.guest_admitted", "meeting.guest_refused"]
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == verbs


@pytest.mark.parametrize(
    "who", [lambda meeting: UserFactory(), lambda meeting: coordinator_of(meeting.mentorship.programme)]
)
def test_nobody_else_answers_a_guest(meeting, who):
    guest = GuestFactory(meeting=meeting)

    with pytest.raises(Refused, match="Only the people of this meeting"):
        room.answer_guest(guest, by=who(meeting), admit=True)
    guest.refresh_from_db()
    assert guest.state == Guest.State.WAITING


def test_at_most_ten_guests_wait(meeting):
    for number in range(10):
        room.ask_to_come_in(meeting, name=f"Guest {number}")

    with pytest.raises(Conflict, match="Many people are waiting"):
        room.ask_to_come_in(meeting, name="One more")


def test_chat_and_captions_are_kept_with_who_wrote_them(meeting):
    room.say(member(meeting), kind="chat", words="  Good\n morning ")
    room.say(guest_of(meeting), kind="caption", words="We begin.")
    assert room.say(member(meeting), kind="chat", words=" \u202e ") is None

    kept = [(line.name, line.kind, line.text) for line in lines_of(meeting)]
    guest = meeting.guests.get()
    assert kept == [(member(meeting).name, "chat", "Good morning"), (guest.name, "caption", "We begin.")]


def test_a_guest_hears_what_is_written_from_then_on(meeting, time_machine):
    room.say(member(meeting), kind="chat", words="Between the two of us")
    time_machine.shift(timedelta(seconds=5))
    visitor = guest_of(meeting)
    room.say(member(meeting), kind="chat", words="Welcome")

    assert [line.text for line in lines_of(meeting, since=visitor.guest.answered_at)] == ["Welcome"]


def test_of_two_who_write_the_agenda_at_once_the_second_is_told(meeting):
    mentee, mentor = member(meeting).user, member(meeting, "mentor").user
    before = fingerprint("")
    room.write_agenda(meeting, by=mentee, words="The budget", was=before)

    with pytest.raises(Conflict, match="changed while you were writing"):
        room.write_agenda(meeting, by=mentor, words="My appraisal", was=before)
    room.write_agenda(meeting, by=mentor, words="The budget\nMy appraisal", was=fingerprint("The budget"))

    meeting.refresh_from_db()
    assert meeting.agenda == "The budget\nMy appraisal"


def test_a_coordinator_writes_no_agenda(meeting):
    with pytest.raises(Refused, match="Only the people of this meeting"):
        room.write_agenda(meeting, by=coordinator_of(meeting.mentorship.programme), words="x", was=fingerprint(""))


def was_inside(meeting, role, begins, ends, *, open_still=False):
    """Minutes after the agreed time."""
    first, last = (meeting.starts_at + timedelta(minutes=minutes) for minutes in (begins, ends))
    Visit.objects.create(
        meeting=meeting,
        user=member(meeting, role).user,
        joined_at=first,
        seen_at=last,
        left_at=None if open_still else last,
    )


@pytest.mark.parametrize(
    ("minutes", "mentee", "mentor", "held"),
    [
        (60, [(0, 10)], [(0, 60)], True),
        (60, [(0, 9)], [(0, 60)], False),
        (60, [(0, 6), (20, 25)], [(2, 22), (21, 40)], False),
        (60, [(0, 6), (20, 26)], [(2, 30)], True),
        (60, [(0, 30)], [(31, 60)], False),
        (60, [(0, 30), (5, 8)], [], False),
        (15, [(0, 15)], [(9, 14)], True),
        (15, [(0, 15)], [(9, 13)], False),
    ],
)
def test_a_meeting_took_place_when_both_sides_were_there_long_enough(time_machine, minutes, mentee, mentor, held):
    meeting = MeetingFactory(starts_at=soon(0), minutes=minutes)
    for role, spans in (("mentee", mentee), ("mentor", mentor)):
        for begins, ends in spans:
            was_inside(meeting, role, begins, ends)
    time_machine.shift(timedelta(minutes=minutes + 1))

    assert room.note_held(meeting) is held
    assert room.note_held(meeting) is False

    meeting.refresh_from_db()
    assert meeting.state == (State.HELD if held else State.AGREED)
    events = Event.objects.filter(verb="meeting.held")
    assert [one.via for one in events] == ["room"] * held
    assert [sentence(one) for one in events] == ["The meeting’s room noted that a meeting was held"] * held


def test_nothing_is_noted_before_the_end_nor_against_what_somebody_said(meeting, time_machine):
    for role in ("mentee", "mentor"):
        was_inside(meeting, role, 0, 30)
    assert room.note_held(meeting) is False

    time_machine.shift(timedelta(hours=2))
    Meeting.objects.update(state=State.MISSED)
    assert room.note_held(meeting) is False


def test_the_clock_closes_visits_of_a_killed_process_and_notes_the_meeting(meeting, time_machine, run_jobs):
    for role in ("mentee", "mentor"):
        was_inside(meeting, role, 0, 20, open_still=True)
    time_machine.shift(timedelta(hours=2))

    after_the_room.enqueue()
    run_jobs()

    meeting.refresh_from_db()
    assert meeting.state == State.HELD
    assert set(meeting.visits.values_list("left_at", flat=True)) == {meeting.starts_at + timedelta(minutes=20)}


def test_two_guests_alone_are_no_meeting():
    assert overlap([], [(at(9), at(10))]) == timedelta(0)
    assert overlap([(at(9), at(11)), (at(10), at(12))], [(at(10), at(10, 30)), (at(10, 15), at(13))]) == timedelta(
        hours=2
    )


def test_what_somebody_did_in_the_room_is_handed_over_and_forgotten(meeting):
    visitor = member(meeting)
    room.enter(visitor, page="page")
    room.say(visitor, kind="chat", words="Between us")
    guest_of(meeting)

    held = privacy.holds(visitor.user)
    assert [row["text"] for row in held["room_lines"]] == ["Between us"]
    assert len(held["room_visits"]) == 1

    privacy.erase(visitor.user)
    assert not Line.objects.exists()
    assert not Guest.objects.exists()
    assert not Visit.objects.filter(user=visitor.user).exists()
