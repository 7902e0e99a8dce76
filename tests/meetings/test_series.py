from datetime import date, time, timedelta

import pytest
from django.core import mail

from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.meetings import checks, privacy
from commonhall.meetings.actions import booking
from commonhall.meetings.actions import series as acts
from commonhall.meetings.models import Meeting, Series
from commonhall.mentorships import actions as mentorships
from commonhall.mentorships.models import Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.mentorships import MentorshipFactory
from tests.factories.programmes import coordinator_of
from tests.factories.series import agreed, next_weekday, person, plan, proposed, rhythm

pytestmark = pytest.mark.django_db
State = Series.State


@pytest.fixture
def pair():
    return MentorshipFactory(mentee=UserFactory(name="Priya Shah"), mentor=UserFactory(name="Bryn Evans"))


def accept(series, by="mentor", **fields):
    return acts.accept(series, by=person(series, by), **{"version": series.sequence, **fields})


def days(series):
    rows = series.meetings.filter(state="agreed").order_by("occurrence_on")
    return [one.occurrence_on for one in rows]


def test_a_proposed_series_waits_for_the_other_side_and_makes_no_meeting_yet(pair):
    series = proposed(pair, title=" Our  hour ")

    assert (series.state, series.title, series.meetings.count()) == (State.PROPOSED, "Our hour", 0)
    with pytest.raises(Refused, match="the other person’s"):
        accept(series, by="mentee")


def test_accepting_makes_a_meeting_of_each_date_at_the_same_local_time(pair):
    series = accept(proposed(pair, every="month", times=12, local_time=time(9, 30)))

    meetings = list(series.meetings.order_by("occurrence_on"))
    assert len(meetings) == 12
    local = [one.starts_at.astimezone(clock.zone("Europe/London")) for one in meetings]
    assert {one.time() for one in local} == {time(9, 30)}
    assert len({one.utcoffset() for one in local}) == 2
    assert {(one.state, one.channel, one.ends_at - one.starts_at) for one in meetings} == {
        ("agreed", "video", timedelta(hours=1))
    }
    assert Event.objects.filter(verb="series.agreed").count() == 1
    assert not Event.objects.filter(verb="meeting.agreed").exists()


def test_what_one_side_leaves_out_falls_out_and_so_does_what_has_passed(pair, time_machine):
    first = next_weekday(1, 8)
    series = proposed(pair, left_out=frozenset({first + timedelta(weeks=1)}))
    time_machine.move_to(clock.now() + timedelta(days=10))

    accept(series, leave_out=[first + timedelta(weeks=3)])

    assert days(series) == [first + timedelta(weeks=number) for number in (2, 4, 5)]
    series.refresh_from_db()
    assert series.left_out == [str(first + timedelta(weeks=number)) for number in (0, 1, 3)]


def test_nothing_is_agreed_when_every_date_has_passed_or_was_left_out(pair, time_machine):
    series = proposed(pair, times=2)
    with pytest.raises(Conflict, match="None of the dates is left"):
        accept(series, leave_out=series.rhythm.days)
    time_machine.move_to(clock.now() + timedelta(days=60))
    with pytest.raises(Conflict, match="None of the dates is left"):
        accept(series)
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"times": 1}, "two to twenty-six"),
        ({"times": 27}, "two to twenty-six"),
        ({"zone": "Europe/Atlantis"}, "no time zone called “Europe/Atlantis”"),
        ({"zone": "../etc/passwd"}, "no time zone called"),
        ({"starts_on": date(2020, 1, 7)}, "lies ahead"),
        ({"starts_on": date(2029, 1, 9)}, "within the next six months"),
        ({"times": 2, "left_out": frozenset({next_weekday(1, 8)})}, "at least two"),
    ],
)
def test_what_cannot_come_again_is_refused_in_words(pair, fields, reason):
    if fields.get("times") == 2:
        fields = {"times": 2, "left_out": frozenset({next_weekday(1, 8)})}
    with pytest.raises(Refused, match=reason):
        proposed(pair, **fields)
    assert not Series.objects.exists()


def test_no_date_lies_after_the_end_of_the_programme(pair):
    pair.programme.ends_on = next_weekday(1, 8) + timedelta(weeks=3)
    pair.programme.save()

    with pytest.raises(Refused, match="4 dates fit"):
        proposed(pair, times=6)
    assert proposed(pair, times=4)


def test_the_very_same_series_is_not_proposed_twice(pair):
    proposed(pair)
    with pytest.raises(Conflict, match="very same series"):
        proposed(pair, by="mentor")


def test_a_date_on_which_somebody_is_booked_has_to_fall_out(pair):
    taken = next_weekday(1, 8) + timedelta(weeks=2)
    other = MentorshipFactory(mentor=person(pair, "mentor"))
    MeetingFactory(mentorship=other, starts_at=rhythm().moment(taken) + timedelta(minutes=30))

    with pytest.raises(Conflict, match=f"on {taken.day} "):
        proposed(pair)
    series = accept(proposed(pair, left_out=frozenset({taken})))
    assert len(days(series)) == 5


def test_a_date_that_was_free_when_proposed_is_checked_again(pair):
    series = proposed(pair)
    other = MentorshipFactory(mentee=person(pair, "mentee"))
    MeetingFactory(mentorship=other, starts_at=rhythm().moment(series.starts_on))

    with pytest.raises(Conflict, match="Leave that out"):
        accept(series)
    assert len(days(accept(series, leave_out=[series.starts_on]))) == 5


def test_accepting_twice_is_accepting_once(pair):
    series = proposed(pair)
    for _twice in range(2):
        accept(series)

    assert series.meetings.count() == 6
    assert Event.objects.filter(verb="series.agreed").count() == 1


def test_an_answer_to_dates_that_were_changed_meanwhile_is_no_answer(pair):
    series = proposed(pair)
    acts.change(series, by=person(pair, "mentee"), plan=plan(local_time=time(15)))

    with pytest.raises(Conflict, match="has changed meanwhile"):
        accept(series)
    assert not Meeting.objects.exists()


def test_a_counter_proposal_turns_the_question_round(pair):
    series = proposed(pair)
    changed = acts.change(series, by=person(pair, "mentor"), plan=plan(every="fortnight", times=4), via="link")

    with pytest.raises(Refused, match="the other person’s"):
        accept(changed, by="mentor")
    assert len(days(accept(changed, by="mentee"))) == 4
    assert Series.objects.count() == 1


def test_saying_no_and_taking_back_leave_nothing_behind(pair):
    for role in ("mentor", "mentee"):
        series = acts.end(proposed(pair), by=person(pair, role), reason="later", words="In spring?")
        assert (series.state, series.was_agreed, series.ended_by) == (State.ENDED, False, person(pair, role))
        with pytest.raises(Refused):
            accept(series)
    assert not Meeting.objects.exists()


def test_one_meeting_moves_or_falls_out_alone(pair):
    series = agreed(pair)
    first, second, *_rest = series.meetings.order_by("occurrence_on")
    later = first.starts_at + timedelta(days=1)
    booking.offer_other_times(first, by=person(pair, "mentor"), times=[later])
    booking.accept(first, by=person(pair, "mentee"), starts_at=later)
    booking.cancel(second, by=person(pair, "mentee"), reason="away")

    first.refresh_from_db()
    series.refresh_from_db()
    assert (first.starts_at, first.occurrence_on, first.is_moved) == (later, series.starts_on, True)
    assert len(days(series)) == 5
    assert series.sequence == 3


def test_the_rest_moves_from_a_date_on_once_the_other_side_accepts(pair):
    series = agreed(pair)
    meetings = list(series.meetings.order_by("occurrence_on"))
    Meeting.objects.filter(pk=meetings[3].pk).update(agenda="Keep me")
    starting, new_day = meetings[2].occurrence_on, next_weekday(3, 24)
    successor = acts.change(
        series, by=person(pair, "mentor"), plan=plan(starts_on=new_day, times=4, local_time=time(15)), starting=starting
    )
    assert days(series) == [one.occurrence_on for one in meetings]

    accept(successor, by="mentee")

    series.refresh_from_db()
    assert (days(series), series.cut_on) == ([one.occurrence_on for one in meetings[:2]], starting)
    assert days(successor) == [new_day + timedelta(weeks=number) for number in range(4)]
    assert {one.pk for one in successor.meetings.all()} == {one.pk for one in meetings[2:]}
    assert successor.meetings.get(agenda="Keep me").occurrence_on == new_day + timedelta(weeks=1)
    assert Event.objects.filter(verb__in=["series.moved", "series.shortened"]).count() == 2
    assert not list(checks.overlapping())


@pytest.mark.parametrize(("times", "left"), [(2, 4), (6, 8)])
def test_the_rest_may_become_fewer_or_more_meetings(pair, times, left):
    series = agreed(pair)
    starting = days(series)[2]
    moved = plan(starts_on=next_weekday(3, 24), times=times)
    successor = acts.change(series, by=person(pair, "mentor"), plan=moved, starting=starting)
    accept(successor, by="mentee")

    assert len(days(series)) + len(days(successor)) == left
    assert Meeting.objects.filter(state="cancelled").count() == max(0, 4 - times)


def test_moving_all_of_it_by_an_hour_is_no_clash_with_itself(pair):
    series = agreed(pair)
    moved = plan(local_time=time(10, 30))
    successor = acts.change(series, by=person(pair, "mentee"), plan=moved, starting=series.starts_on)
    accept(successor)

    series.refresh_from_db()
    assert (series.state, days(series), len(days(successor))) == (State.ENDED, [], 6)


def test_only_one_new_time_for_the_rest_waits_for_an_answer(pair):
    series = agreed(pair)
    for _again in range(2):
        moved = {"plan": plan(local_time=time(16)), "starting": series.starts_on}
        if _again:
            with pytest.raises(Conflict, match="waits for an answer already"):
                acts.change(series, by=person(pair, "mentor"), **moved)
        else:
            acts.change(series, by=person(pair, "mentee"), **moved)


def test_the_rest_has_to_begin_with_something_that_is_still_to_come(pair):
    series = agreed(pair)
    for starting in (None, date(2030, 1, 1)):
        with pytest.raises(Refused, match="first of the dates"):
            acts.change(series, by=person(pair, "mentee"), plan=plan(local_time=time(16)), starting=starting)


def test_ending_calls_off_what_is_to_come_and_keeps_what_was_held(pair, time_machine):
    series = agreed(pair)
    time_machine.move_to(rhythm().moment(series.starts_on + timedelta(weeks=1)) + timedelta(hours=2))
    acts.end(series, by=person(pair, "mentor"), reason="work", words="A new post")

    states = [one.state for one in series.meetings.order_by("occurrence_on")]
    assert states == ["agreed"] * 2 + ["cancelled"] * 4
    series.refresh_from_db()
    assert (series.state, series.cut_on) == (State.ENDED, series.starts_on + timedelta(weeks=2))
    assert series.end_message == "Something came up at work. A new post"
    assert Event.objects.filter(verb="series.ended").count() == 1
    with pytest.raises(Refused, match="has ended"):
        acts.change(series, by=person(pair, "mentee"), plan=plan(), starting=series.starts_on)


def test_ending_takes_back_the_new_time_that_waited(pair):
    series = agreed(pair)
    waiting = acts.change(series, by=person(pair, "mentee"), plan=plan(local_time=time(16)), starting=series.starts_on)
    acts.end(series, by=person(pair, "mentor"), reason="work")

    waiting.refresh_from_db()
    assert waiting.state == State.ENDED
    with pytest.raises(Refused):
        accept(waiting)


@pytest.mark.django_db(transaction=True)
def test_when_a_mentorship_ends_its_series_end_and_one_letter_says_so(pair, run_jobs):
    series, waiting = agreed(pair), proposed(pair, local_time=time(16))
    run_jobs()
    mail.outbox.clear()
    mentorships.end(pair, by=person(pair, "mentee"), reason=Mentorship.EndReason.FIT)
    run_jobs()

    assert set(Series.objects.values_list("pk", "state")) == {(series.pk, "ended"), (waiting.pk, "ended")}
    assert set(series.meetings.values_list("state", flat=True)) == {"cancelled"}
    told = [one for one in mail.outbox if one.subject.startswith("Called off") and one.attachments]
    assert sorted(one.to[0] for one in told) == sorted(person(pair, role).email for role in ("mentee", "mentor"))


@pytest.mark.parametrize("stranger", [UserFactory, lambda: coordinator_of(Mentorship.objects.get().programme)])
def test_nobody_else_can_act_on_a_series(pair, stranger):
    series, by = proposed(pair), stranger()
    for act in (
        lambda: acts.propose(pair, by=by, plan=plan(local_time=time(8))),
        lambda: acts.accept(series, by=by, version=series.sequence),
        lambda: acts.change(series, by=by, plan=plan()),
        lambda: acts.end(series, by=by, reason="work"),
    ):
        with pytest.raises(Refused, match="Only the people"):
            act()


def test_a_paused_pair_proposes_no_series_but_may_end_one(pair):
    series = agreed(pair)
    mentorships.pause(pair, by=person(pair, "mentee"))

    with pytest.raises(Refused, match="paused"):
        proposed(pair, local_time=time(16))
    assert acts.end(series, by=person(pair, "mentee"), reason="away").state == State.ENDED


@pytest.mark.django_db(transaction=True)
def test_each_step_is_told_to_those_whom_it_concerns_with_the_calendar(pair, run_jobs):
    mentee, mentor = person(pair, "mentee"), person(pair, "mentor")
    series = proposed(pair, title="Secret ambition")
    run_jobs()
    accept(series)
    run_jobs()
    moved = plan(starts_on=next_weekday(3, 24), times=4)
    successor = acts.change(series, by=mentee, plan=moved, starting=days(series)[2])
    run_jobs()
    accept(successor)
    run_jobs()

    told = sorted((one.subject.split(":")[0], one.to[0], len(one.attachments)) for one in mail.outbox)
    both = (mentee.email, mentor.email)
    assert told == sorted(
        [
            ("Priya Shah proposes meetings that come again", mentor.email, 0),
            ("Priya Shah proposes meetings that come again", mentor.email, 0),
            *(("Agreed", to, 1) for to in both),
            *(("Moved", to, 1) for to in both),
            *(
                (f"The earlier dates with {name} leave your calendar", to, 1)
                for name, to in zip(("Bryn Evans", "Priya Shah"), both, strict=True)
            ),
        ]
    )
    assert "Secret ambition" not in "\n".join(one.subject + one.body for one in mail.outbox)


def test_what_is_held_of_a_series_is_handed_over_and_erased(pair):
    series = agreed(pair, title="My plans", place="https://meet.example/x")
    mentee = person(pair, "mentee")
    assert privacy.holds(mentee)["series"][0]["title"] == "My plans"
    acts.end(series, by=mentee, reason="away", words="The twins are ill.")

    privacy.erase(mentee)

    series.refresh_from_db()
    assert (series.title, series.place, series.end_words, series.proposed_by, series.ended_by) == (
        "",
        "",
        "",
        None,
        None,
    )
