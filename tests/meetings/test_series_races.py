"""Two at the same moment on series and meetings; and that each of these races is lost without the locks."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.meetings.actions import attendance, booking, holding
from commonhall.meetings.actions import series as acts
from commonhall.meetings.checks import overlapping
from commonhall.meetings.models import Meeting, Series
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory, ProposedMeetingFactory, TimeOptionFactory, soon
from tests.factories.mentorships import MentorshipFactory
from tests.factories.series import person, plan, proposed

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, TRIES = 4, 40


def question(mentorship, role, starts_at):
    meeting = ProposedMeetingFactory(mentorship=mentorship, proposed_by=person(mentorship, role))
    TimeOptionFactory(meeting=meeting, starts_at=starts_at)
    return meeting


def accept(meeting, role):
    by, at = person(meeting, role), meeting.options.get().starts_at
    return lambda: booking.accept(meeting, by=by, starts_at=at)


def accept_series(series, role):
    by = person(series, role)
    return lambda: acts.accept(series, by=by, version=series.sequence)


def both_sides_accept(together):
    """Each has proposed to the other for the same hour; both say yes at once."""
    pair = MentorshipFactory()
    first, second = question(pair, "mentor", soon(48)), question(pair, "mentee", soon(48))
    return together(accept(first, "mentee"), accept(second, "mentor"))


def one_mentee_of_two_mentors(together):
    """Two mentors accept times of one mentee that overlap."""
    mentee = UserFactory()
    meetings = [
        question(MentorshipFactory(mentee=mentee), "mentee", soon(48) + timedelta(minutes=30 * number))
        for number in range(2)
    ]
    return together(*(accept(one, "mentor") for one in meetings))


def two_series_that_overlap(together):
    """Two mentees accept series of one mentor that share their hours every other week."""
    mentor = UserFactory()
    pairs = [MentorshipFactory(mentor=mentor) for _number in range(2)]
    rows = [proposed(pair, "mentor", every=every) for pair, every in zip(pairs, ("week", "fortnight"), strict=True)]
    return together(*(accept_series(one, "mentee") for one in rows))


def accepted_while_cancelled(together):
    pair = MentorshipFactory()
    meeting = question(pair, "mentor", soon(48))
    mentor = person(pair, "mentor")
    return together(
        accept(meeting, "mentee"), lambda: booking.cancel(meeting, by=mentor, reason=Meeting.CancelReason.WORK)
    )


def series_accepted_while_taken_back(together):
    pair = MentorshipFactory()
    series = proposed(pair, "mentor")
    mentor = person(pair, "mentor")
    return together(accept_series(series, "mentee"), lambda: acts.end(series, by=mentor, reason="work"))


def booked_twice():
    return bool(list(overlapping()))


def agreed_and_called_off():
    """Told that it is agreed, and told that it is off: the agreement came last, or is gone without a word."""
    agreed = set(Event.objects.filter(verb="meeting.agreed").values_list("about_id", flat=True))
    off = Event.objects.filter(verb="meeting.cancelled", details__was_agreed=False)
    return bool(agreed & set(off.values_list("about_id", flat=True)))


def series_off_with_meetings():
    agreed = set(Event.objects.filter(verb="series.agreed").values_list("about_id", flat=True))
    off = Event.objects.filter(verb="series.ended", details__was_agreed=False)
    return bool(agreed & set(off.values_list("about_id", flat=True)))


RACES = [
    (both_sides_accept, booked_twice),
    (one_mentee_of_two_mentors, booked_twice),
    (two_series_that_overlap, booked_twice),
    (accepted_while_cancelled, agreed_and_called_off),
    (series_accepted_while_taken_back, series_off_with_meetings),
]


@pytest.mark.parametrize(("race", "is_lost"), RACES, ids=[race.__name__ for race, _lost in RACES])
def test_one_wins_and_the_other_is_told_what_to_do(together, race, is_lost):
    for _round in range(ROUNDS):
        results = race(together)
        lost = [one for one in results if isinstance(one, Exception)]
        assert all(isinstance(one, Refused) and one.reason for one in lost), results
        assert len(lost) <= 1
    assert not is_lost()


@pytest.mark.parametrize(("race", "is_lost"), RACES, ids=[race.__name__ for race, _lost in RACES])
def test_without_the_locks_it_is_lost(together, monkeypatch, race, is_lost):
    """On PostgreSQL the locks are rows held for change, on SQLite it is BEGIN IMMEDIATE."""
    monkeypatch.setattr(holding, "locked", lambda rows: rows)
    monkeypatch.setattr(acts, "locked", lambda rows: rows)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    told_nothing = False
    for _try in range(TRIES):
        results = race(together)
        told_nothing = any(isinstance(one, OperationalError) for one in results)
        if is_lost() or told_nothing:
            break

    assert is_lost() if connection.vendor == "postgresql" else is_lost() or told_nothing


def test_two_taps_on_accept_agree_a_series_once(together):
    series = proposed(MentorshipFactory(), "mentor")
    results = together(*[accept_series(series, "mentee")] * 2)

    assert not [one for one in results if isinstance(one, Exception)]
    assert Meeting.objects.count() == 6
    assert Event.objects.filter(verb="series.agreed").count() == 1


def test_both_propose_a_new_time_for_the_rest_and_one_is_told_to_answer(together):
    pair = MentorshipFactory()
    series = accept_series(proposed(pair, "mentor"), "mentee")()
    starting = series.starts_on
    people = [person(pair, role) for role in ("mentee", "mentor")]
    results = together(
        *(
            lambda by=by, hour=hour: acts.change(
                series, by=by, plan=plan(local_time=series.local_time.replace(hour=hour)), starting=starting
            )
            for by, hour in zip(people, (15, 16), strict=True)
        )
    )

    assert sum(isinstance(one, Conflict) for one in results) == 1
    assert Series.objects.filter(state="proposed").count() == 1


def test_two_answers_at_once_leave_one_state_and_both_are_kept(together):
    meeting = MeetingFactory(starts_at=soon(-2))
    mentee, mentor = person(meeting, "mentee"), person(meeting, "mentor")
    together(
        lambda: attendance.log(meeting, by=mentee, held=True),
        lambda: attendance.log(meeting, by=mentor, held=False, absent=mentee),
    )

    meeting.refresh_from_db()
    assert meeting.attendances.count() == 2
    assert meeting.state == ("held" if Event.objects.first().verb == "meeting.held" else "missed")


def test_two_clocks_ask_once(together):
    meeting = MeetingFactory(starts_at=soon(-2))

    assert sorted(together(*[lambda: attendance.ask(meeting)] * 3)) == [0, 0, 2]


def test_two_taps_on_the_next_times_propose_once(together):
    meeting = MeetingFactory(starts_at=soon(-2), state="held")
    by = person(meeting, "mentee")
    results = together(*[lambda: attendance.propose_next(meeting, by=by, times=[soon(48)])] * 3)

    assert sum(isinstance(one, Conflict) for one in results) == 2
    assert Meeting.objects.filter(state="proposed").count() == 1
