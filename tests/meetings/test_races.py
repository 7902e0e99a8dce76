"""Two at the same moment, each on a connection of their own; the makefile runs these on both engines."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.meetings.actions import booking, holding
from commonhall.meetings.checks import overlapping
from commonhall.meetings.models import Meeting
from commonhall.mentorships import actions as mentorships
from commonhall.mentorships.models import Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.meetings import ProposedMeetingFactory, TimeOptionFactory, soon
from tests.factories.mentorships import MentorshipFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def question(mentorship, role, starts_at):
    """Proposed by one side, waiting for the other."""
    by = mentorship.participants.get(role=role).user
    meeting = ProposedMeetingFactory(mentorship=mentorship, proposed_by=by)
    TimeOptionFactory(meeting=meeting, starts_at=starts_at)
    return meeting


def outcomes(results):
    lost = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, Refused) for one in lost), lost
    return len(results) - len(lost), lost


def book_one_mentor_twice(together, hours):
    """Two mentees accept overlapping times of the same mentor at once."""
    mentor = UserFactory()
    starts_at = soon(hours)
    meetings = [
        question(MentorshipFactory(mentor=mentor), "mentor", starts_at + timedelta(minutes=30 * number))
        for number in range(2)
    ]
    mentees = [one.mentorship.participants.get(role="mentee").user for one in meetings]
    return together(
        *(
            lambda meeting=meeting, by=by: booking.accept(meeting, by=by, starts_at=meeting.options.get().starts_at)
            for meeting, by in zip(meetings, mentees, strict=True)
        )
    )


def test_of_two_mentees_who_book_one_mentor_at_once_exactly_one_wins(together):
    for number in range(ROUNDS):
        won, lost = outcomes(book_one_mentor_twice(together, 48 + 24 * number))
        assert won == 1
        assert isinstance(lost[0], Conflict)
        assert "is not free at that time" in str(lost[0])
    assert list(overlapping()) == []


def test_without_its_lock_the_race_is_lost(together, monkeypatch):
    """The proof that the locks keep the promise: on PostgreSQL the rows of the people, on SQLite BEGIN IMMEDIATE."""
    monkeypatch.setattr(holding, "_hold_people", lambda keys: None)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    booked_twice, told_nothing = 0, 0
    for number in range(30):
        results = book_one_mentor_twice(together, 48 + 24 * number)
        told_nothing += any(isinstance(one, OperationalError) for one in results)
        booked_twice += all(isinstance(one, Meeting) for one in results)
        if booked_twice or told_nothing:
            break

    assert booked_twice if connection.vendor == "postgresql" else booked_twice or told_nothing
    assert bool(list(overlapping())) == bool(booked_twice)


def test_one_meeting_accepted_and_countered_at_once_ends_in_one_state(together):
    for number in range(ROUNDS):
        mentorship = MentorshipFactory()
        meeting = question(mentorship, "mentor", soon(48 + 24 * number))
        mentee, mentor = (mentorship.participants.get(role=role).user for role in ("mentee", "mentor"))
        starts_at = meeting.options.get().starts_at
        won, lost = outcomes(
            together(
                lambda m=meeting, by=mentee, at=starts_at: booking.accept(m, by=by, starts_at=at),
                lambda m=meeting, by=mentor, at=starts_at: booking.offer_other_times(
                    m, by=by, times=[at + timedelta(hours=3)]
                ),
            )
        )
        meeting.refresh_from_db()
        if meeting.state == Meeting.State.AGREED:
            assert (won, meeting.starts_at) == (2, starts_at)
        else:
            assert (won, meeting.options.get().starts_at) == (1, starts_at + timedelta(hours=3))
            assert "no longer on offer" in str(lost[0])


def test_two_taps_on_accept_agree_once(together):
    meeting = question(MentorshipFactory(), "mentor", soon(48))
    mentee = meeting.mentorship.participants.get(role="mentee").user
    starts_at = meeting.options.get().starts_at

    results = together(*[lambda: booking.accept(meeting, by=mentee, starts_at=starts_at)] * 2)

    assert outcomes(results)[0] == 2
    assert Event.objects.filter(verb="meeting.agreed").count() == 1


def test_both_sides_accept_times_of_two_meetings_that_overlap(together):
    """Each has proposed to the other; both say yes at the same moment."""
    mentorship = MentorshipFactory()
    people = {role: mentorship.participants.get(role=role).user for role in ("mentee", "mentor")}
    first, second = question(mentorship, "mentor", soon(48)), question(mentorship, "mentee", soon(48))

    results = together(
        lambda: booking.accept(first, by=people["mentee"], starts_at=soon(48)),
        lambda: booking.accept(second, by=people["mentor"], starts_at=soon(48)),
    )

    won, lost = outcomes(results)
    assert won == 1
    assert isinstance(lost[0], Conflict)


def test_a_meeting_cannot_be_agreed_while_the_mentorship_ends(together, run_jobs):
    for _round in range(ROUNDS):
        mentorship = MentorshipFactory()
        meeting = question(mentorship, "mentor", soon(48))
        mentee = mentorship.participants.get(role="mentee").user
        together(
            lambda m=meeting, by=mentee: booking.accept(m, by=by, starts_at=m.options.get().starts_at),
            lambda m=mentorship, by=mentee: mentorships.end(m, by=by, reason=Mentorship.EndReason.FIT),
        )
        run_jobs()
        meeting.refresh_from_db()
        assert meeting.state == Meeting.State.CANCELLED


def test_two_clocks_remind_once(together):
    mentorship = MentorshipFactory()
    meeting = question(mentorship, "mentor", soon(48))
    Meeting.objects.update(state="agreed", starts_at=soon(12), ends_at=soon(13), agreed_at=soon(-48))

    results = together(*[lambda: booking.remind(meeting)] * 3)

    assert sorted(results) == [0, 0, 2]
