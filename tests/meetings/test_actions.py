from datetime import timedelta

import pytest

from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.meetings import tasks
from commonhall.meetings.actions import attendance, booking
from commonhall.meetings.models import Meeting, Reminder, TimeOption
from commonhall.mentorships import actions as mentorships
from commonhall.mentorships.models import Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory, ProposedMeetingFactory, TimeOptionFactory, soon
from tests.factories.mentorships import MentorshipFactory
from tests.factories.programmes import coordinator_of

pytestmark = pytest.mark.django_db
State = Meeting.State


@pytest.fixture
def pair():
    return MentorshipFactory()


def person(thing, role):
    mentorship = getattr(thing, "mentorship", thing)
    return mentorship.participants.get(role=role).user


def propose(pair, *hours, by="mentee", **fields):
    return booking.propose(pair, by=person(pair, by), times=[soon(hour) for hour in hours or (48,)], **fields)


def agree(meeting, by="mentor"):
    return booking.accept(meeting, by=person(meeting, by), starts_at=meeting.options.first().starts_at)


def verbs():
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_proposed_times_wait_for_the_other_side(pair):
    meeting = propose(pair, 48, 72, 96, title="  First   talk ")

    assert (meeting.state, meeting.title, meeting.options.count()) == (State.PROPOSED, "First talk", 3)
    assert meeting.starts_at is None
    with pytest.raises(Refused, match="the other person’s"):
        agree(meeting, by="mentee")


@pytest.mark.parametrize(
    ("hours", "reason"),
    [
        ((48, 48), None),
        ((24, 48, 72, 96), "one, two or three"),
        ((-2,), "lie ahead"),
        ((24 * 190,), "six months"),
    ],
)
def test_one_to_three_different_times_within_six_months(pair, hours, reason):
    if reason:
        with pytest.raises(Refused, match=reason):
            propose(pair, *hours)
        assert not Meeting.objects.exists()
    else:
        assert propose(pair, *hours).options.count() == 1


def test_accepting_one_time_agrees_the_meeting_and_drops_the_rest(pair):
    meeting = propose(pair, 48, 72, minutes=45)
    second = meeting.options.last().starts_at

    booking.accept(meeting, by=person(pair, "mentor"), starts_at=second, via="link")

    meeting.refresh_from_db()
    assert (meeting.state, meeting.starts_at, meeting.ends_at) == (State.AGREED, second, second + timedelta(minutes=45))
    assert (meeting.sequence, meeting.options.count()) == (0, 0)
    event = Event.objects.get(verb="meeting.agreed")
    assert (event.by, event.via) == (person(pair, "mentor"), "link")


def test_accepting_the_same_time_twice_is_accepting_it_once(pair):
    meeting = propose(pair)
    agree(meeting)
    meeting.refresh_from_db()

    booking.accept(meeting, by=person(pair, "mentor"), starts_at=meeting.starts_at)

    assert verbs().count("meeting.agreed") == 1


def test_a_time_that_was_taken_back_cannot_be_accepted(pair):
    meeting = propose(pair, 48)
    old = meeting.options.get().starts_at
    booking.offer_other_times(meeting, by=person(pair, "mentee"), times=[soon(72)])

    with pytest.raises(Conflict, match="no longer on offer"):
        booking.accept(meeting, by=person(pair, "mentor"), starts_at=old)


def test_a_time_that_has_passed_cannot_be_accepted(pair, time_machine):
    meeting = propose(pair, 48)
    time_machine.move_to(clock.now() + timedelta(hours=49))

    with pytest.raises(Conflict, match="has passed"):
        agree(meeting)


def test_a_counter_proposal_turns_the_question_round(pair):
    meeting = propose(pair, 48)
    booking.offer_other_times(meeting, by=person(pair, "mentor"), times=[soon(72)], via="link")

    with pytest.raises(Refused, match="the other person’s"):
        agree(meeting, by="mentor")
    assert agree(meeting, by="mentee").starts_at == soon(72)


def test_an_agreed_time_stands_until_a_new_one_is_accepted(pair):
    meeting = agree(propose(pair, 48))
    booking.offer_other_times(meeting, by=person(pair, "mentor"), times=[soon(96)])
    meeting.refresh_from_db()
    assert (meeting.state, meeting.starts_at, meeting.sequence) == (State.AGREED, soon(48), 0)

    agree(meeting, by="mentee")

    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence) == (soon(96), 1)
    assert verbs()[-1] == "meeting.moved"


def test_keeping_the_agreed_time_puts_the_new_ones_aside(pair):
    meeting = agree(propose(pair, 48))
    booking.offer_other_times(meeting, by=person(pair, "mentor"), times=[soon(96)])

    booking.keep(meeting, by=person(pair, "mentee"))

    assert not meeting.options.exists()
    assert verbs()[-1] == "meeting.kept"
    with pytest.raises(Conflict, match="no agreed time"):
        booking.keep(propose(pair, 120), by=person(pair, "mentor"))


def test_cancelling_says_why_and_counts_once(pair):
    meeting = agree(propose(pair, 48))
    for role in ("mentor", "mentee"):
        booking.cancel(meeting, by=person(pair, role), reason=Meeting.CancelReason.AWAY, words="Back on Monday.")

    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancelled_by, meeting.sequence) == (State.CANCELLED, person(pair, "mentor"), 1)
    assert meeting.cancel_message == "I am on leave. Back on Monday."
    event = Event.objects.get(verb="meeting.cancelled")
    assert event.details == {"sequence": 1, "was_agreed": True}


def test_a_cancelled_meeting_takes_no_times(pair):
    meeting = propose(pair)
    booking.cancel(meeting, by=person(pair, "mentee"), reason=Meeting.CancelReason.WORK)

    with pytest.raises(Refused, match="cancelled"):
        booking.offer_other_times(meeting, by=person(pair, "mentor"), times=[soon(72)])


def test_what_has_begun_cannot_be_moved_or_cancelled():
    meeting = MeetingFactory(starts_at=soon(-1))

    for act in (
        lambda: booking.cancel(meeting, by=person(meeting, "mentee"), reason="work"),
        lambda: booking.offer_other_times(meeting, by=person(meeting, "mentee"), times=[soon(5)]),
    ):
        with pytest.raises(Refused, match="has begun"):
            act()


@pytest.mark.parametrize("held", [True, False])
def test_either_side_notes_whether_they_met_and_can_put_it_right(held):
    meeting = MeetingFactory(starts_at=soon(-2))
    attendance.log(meeting, by=person(meeting, "mentor"), held=not held)
    attendance.log(meeting, by=person(meeting, "mentee"), held=held)

    meeting.refresh_from_db()
    assert meeting.state == (State.HELD if held else State.MISSED)


def test_a_meeting_to_come_cannot_be_noted_as_held():
    meeting = MeetingFactory()
    with pytest.raises(Refused, match="not begun"):
        attendance.log(meeting, by=person(meeting, "mentor"), held=True)


@pytest.mark.parametrize("stranger", [UserFactory, lambda: coordinator_of(Mentorship.objects.get().programme)])
def test_nobody_else_can_act_on_a_meeting_not_even_the_coordinator(pair, stranger):
    meeting = agree(propose(pair, 48))
    by = stranger()

    for act in (
        lambda: booking.propose(pair, by=by, times=[soon(72)]),
        lambda: booking.accept(meeting, by=by, starts_at=soon(72)),
        lambda: booking.offer_other_times(meeting, by=by, times=[soon(72)]),
        lambda: booking.keep(meeting, by=by),
        lambda: booking.cancel(meeting, by=by, reason="work"),
        lambda: attendance.log(meeting, by=by, held=True),
    ):
        with pytest.raises(Refused, match="Only the people"):
            act()


def test_nobody_is_booked_twice(pair):
    other = MentorshipFactory(mentor=person(pair, "mentor"))
    MeetingFactory(mentorship=other, starts_at=soon(48) + timedelta(minutes=59))

    with pytest.raises(Conflict, match="is not free at that time"):
        propose(pair, 48, by="mentee")
    with pytest.raises(Conflict, match="You have another mentoring meeting"):
        propose(pair, 48, by="mentor")
    assert propose(pair, 47).options.exists()


def test_a_time_that_was_free_when_proposed_is_checked_again(pair):
    meeting = propose(pair, 48)
    MeetingFactory(mentorship=MentorshipFactory(mentee=person(pair, "mentee")), starts_at=soon(48))

    with pytest.raises(Conflict, match="is not free at that time"):
        agree(meeting)
    assert TimeOption.objects.filter(meeting=meeting).exists()


def test_a_paused_pair_proposes_nothing_but_may_cancel(pair):
    meeting = agree(propose(pair, 48))
    mentorships.pause(pair, by=person(pair, "mentee"))

    with pytest.raises(Refused, match="paused"):
        propose(pair, 72)
    booking.cancel(meeting, by=person(pair, "mentee"), reason="away")
    meeting.refresh_from_db()
    assert meeting.state == State.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_when_a_mentorship_ends_its_coming_meetings_leave_the_calendars(pair, run_jobs):
    ahead, open_question = agree(propose(pair, 48)), propose(pair, 72)
    over = MeetingFactory(mentorship=pair, starts_at=soon(-5), state=State.HELD)

    mentorships.end(pair, by=person(pair, "mentee"), reason=Mentorship.EndReason.FIT)
    run_jobs()

    states = dict(Meeting.objects.values_list("pk", "state"))
    assert states == {ahead.pk: State.CANCELLED, open_question.pk: State.CANCELLED, over.pk: State.HELD}
    assert Meeting.objects.get(pk=ahead.pk).cancelled_by is None


def reminded(kind=None):
    rows = Reminder.objects.filter(**({"kind": kind} if kind else {}))
    return rows.count()


def test_everybody_is_reminded_a_day_and_an_hour_before_and_never_twice(time_machine):
    meeting = MeetingFactory(starts_at=soon(30))
    start = meeting.starts_at
    counts = []
    for before in (timedelta(hours=25), timedelta(hours=24), timedelta(hours=23), timedelta(minutes=60), timedelta(0)):
        time_machine.move_to(start - before)
        for _twice in range(2):
            tasks.remind.func()
        counts.append(reminded())

    assert counts == [0, 2, 2, 4, 4]
    assert verbs() == ["meeting.due", "meeting.due"]


def test_a_moved_meeting_is_reminded_of_at_its_new_time(pair, time_machine):
    meeting = agree(propose(pair, 48))
    time_machine.move_to(soon(25))
    tasks.remind.func()
    assert reminded() == 2
    booking.offer_other_times(meeting, by=person(pair, "mentor"), times=[soon(96)])
    agree(meeting, by="mentee")
    meeting.refresh_from_db()

    time_machine.move_to(meeting.starts_at - timedelta(hours=2))
    tasks.remind.func()

    assert set(Reminder.objects.values_list("starts_at", flat=True)) >= {meeting.starts_at}
    assert reminded() == 4


@pytest.mark.parametrize("state", [State.PROPOSED, State.CANCELLED, State.HELD, State.MISSED])
def test_nobody_is_reminded_of_a_meeting_that_is_not_agreed(state):
    booking.remind(MeetingFactory(starts_at=soon(12), state=state))

    assert not reminded()


def test_nobody_is_reminded_of_what_they_agreed_a_moment_ago(pair):
    agree(propose(pair, 12))
    tasks.remind.func()

    assert not reminded()


def test_a_proposal_alone_reminds_nobody(pair):
    TimeOptionFactory(meeting=ProposedMeetingFactory(mentorship=pair), starts_at=soon(1))
    tasks.remind.func()

    assert not reminded()
