"""Whether a meeting took place: asked once, answered in one tap, put right, and then the next one is offered."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.meetings import links, tasks
from commonhall.meetings.actions import attendance, booking
from commonhall.meetings.models import Attendance, Meeting, Reminder
from commonhall.mentorships import actions as mentorships
from commonhall.people.models import WorkingHours
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory, soon
from tests.factories.mentorships import MentorshipFactory
from tests.factories.people import ProfileFactory
from tests.factories.programmes import coordinator_of
from tests.factories.series import person, proposed

pytestmark = pytest.mark.django_db
State = Meeting.State


def working(name, **fields):
    profile = ProfileFactory(user=UserFactory(name=name, **fields))
    WorkingHours.objects.bulk_create(
        WorkingHours(profile=profile, weekday=day, starts=9 * 60, ends=17 * 60) for day in range(5)
    )
    return profile.user


@pytest.fixture
def pair():
    made = MentorshipFactory(mentee=working("Priya Shah"), mentor=working("Bryn Evans"))
    made.began_at = clock.now() - timedelta(days=60)
    made.save()
    return made


@pytest.fixture
def over(pair):
    """It ended an hour ago."""
    return MeetingFactory(mentorship=pair, starts_at=soon(-2))


def by_link(meeting, role="mentor"):
    return links.opened(links.path(meeting, person(meeting, role)).split("/")[-2]).ways


def text(answer):
    return answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_each_side_is_asked_once_soon_after_the_end(over, run_jobs):
    for _again in range(3):
        tasks.ask_whether_held.func()
        run_jobs()

    assert sorted((one.subject, one.to[0]) for one in mail.outbox) == sorted(
        [
            ("Did you meet Bryn Evans?", person(over, "mentee").email),
            ("Did you meet Priya Shah?", person(over, "mentor").email),
        ]
    )
    assert Reminder.objects.filter(kind="after").count() == 2
    assert Event.objects.filter(verb="meeting.over").count() == 1


@pytest.mark.parametrize(
    ("hours", "state"),
    [(-0.5, State.AGREED), (48, State.AGREED), (-24 * 4, State.AGREED), (-2, State.HELD), (-2, State.CANCELLED)],
)
def test_nobody_is_asked_too_early_too_late_or_for_nothing(pair, hours, state):
    MeetingFactory(mentorship=pair, starts_at=soon(hours), state=state)
    tasks.ask_whether_held.func()

    assert not Reminder.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_answers_first_answers_for_both(over, run_jobs):
    tasks.ask_whether_held.func()
    attendance.log(over, by=person(over, "mentor"), held=True)
    run_jobs()

    assert not [one for one in mail.outbox if one.subject.startswith("Did you meet")]


@pytest.mark.django_db(transaction=True)
def test_one_tap_from_the_e_mail_answers_and_a_scanner_answers_nothing(client, over, run_jobs):
    tasks.ask_whether_held.func()
    run_jobs()
    letter = next(one for one in mail.outbox if one.to == [person(over, "mentor").email])
    address = re.search(r"http://[^/]+(/meetings/link/\S+)", letter.body)[1]
    page = text(client.get(address))
    for words in ("Yes, we met", "No: I could not be there", "No: Priya was not there", "No, it did not take place"):
        assert words in page
    assert client.get(f"{address}log/").status_code == 405
    assert not Attendance.objects.exists()

    client.post(f"{address}log/", {"held": f"no-{person(over, 'mentee').pk}"})

    over.refresh_from_db()
    assert (over.state, over.missed_by) == (State.MISSED, person(over, "mentee"))
    event = Event.objects.get(verb="meeting.missed")
    assert (event.by, event.via) == (person(over, "mentor"), "link")
    assert "Missed by Priya" in text(client.get(address))


@pytest.mark.parametrize("said", ["", "maybe", "no-999999", "no-x"])
def test_what_was_not_offered_is_no_answer(client, over, said):
    answer = client.post(by_link(over).log, {"held": said}, follow=True)

    assert "Say whether you met." in text(answer)
    assert not Attendance.objects.exists()


def test_a_slip_is_put_right_in_one_tap(client, over):
    client.post(by_link(over).log, {"held": "no"})
    client.post(by_link(over).log, {"held": "yes"})

    over.refresh_from_db()
    assert (over.state, over.missed_by, Attendance.objects.count()) == (State.HELD, None, 1)


def test_the_same_answer_twice_is_recorded_once(over):
    for _twice in range(2):
        attendance.log(over, by=person(over, "mentee"), held=True)

    assert Event.objects.filter(verb="meeting.held").count() == 1


@pytest.mark.django_db(transaction=True)
def test_answers_that_contradict_each_other_are_shown_to_both_and_the_last_counts(client, over, run_jobs):
    mentee, mentor = person(over, "mentee"), person(over, "mentor")
    attendance.log(over, by=mentee, held=True)
    attendance.log(over, by=mentor, held=False, absent=mentee)
    run_jobs()

    over.refresh_from_db()
    assert (over.state, over.missed_by) == (State.MISSED, mentee)
    for reader, sentences in (
        (mentee, ("You said that you met.", "Bryn said that you were not there.")),
        (mentor, ("Priya said that you met.", "You said that Priya was not there.")),
    ):
        client.force_login(reader)
        page = text(client.get(reverse("meetings:detail", args=[over.pk])))
        assert "You remember it differently" in page
        for sentence in sentences:
            assert sentence in page
    assert [(one.subject, one.to) for one in mail.outbox if "differently" in one.subject] == [
        ("You and Bryn Evans remember it differently", [mentee.email])
    ]


def test_each_blaming_the_other_is_a_meeting_missed_by_nobody_in_particular(over):
    mentee, mentor = person(over, "mentee"), person(over, "mentor")
    attendance.log(over, by=mentee, held=False, absent=mentor)
    attendance.log(over, by=mentor, held=False, absent=mentee)

    over.refresh_from_db()
    assert (over.state, over.missed_by) == (State.MISSED, None)


def test_nobody_else_can_be_called_absent(over):
    with pytest.raises(Refused, match="one of the people"):
        attendance.log(over, by=person(over, "mentee"), held=False, absent=UserFactory())
    with pytest.raises(Refused):
        attendance.log(over, by=person(over, "mentee"), held=True, absent=person(over, "mentor"))


def test_once_they_met_the_next_times_stand_in_the_programmes_rhythm_and_one_tap_sends_them(client, over):
    attendance.log(over, by=person(over, "mentor"), held=True)
    page = client.get(by_link(over).page)
    offered = [one.starts_at for one in page.context["next_times"]]

    due = over.starts_at + timedelta(weeks=over.mentorship.programme.rhythm_weeks)
    assert len(offered) == 3
    assert all(abs(one - due) < timedelta(days=8) for one in offered)
    given = {"times": [one.isoformat() for one in offered]}
    for _twice in range(2):
        client.post(by_link(over).next, given)

    meeting = Meeting.objects.get(state=State.PROPOSED)
    assert [one.starts_at for one in meeting.options.all()] == offered
    assert (meeting.proposed_by, meeting.minutes) == (person(over, "mentor"), over.minutes)
    assert "next_times" in client.get(by_link(over).page).context
    assert client.get(by_link(over).page).context["next_times"] == []


@pytest.mark.parametrize("times", [[], ["soon"], ["2026-12-21T10:00"], ["2020-01-01T10:00:00+00:00"]])
def test_times_that_cannot_be_are_not_sent(client, over, times):
    attendance.log(over, by=person(over, "mentor"), held=True)
    client.post(by_link(over).next, {"times": times})

    assert not Meeting.objects.filter(state=State.PROPOSED).exists()


@pytest.mark.parametrize(
    "arrange",
    [
        lambda pair: MeetingFactory(mentorship=pair, starts_at=soon(72)),
        lambda pair: booking.propose(pair, by=person(pair, "mentee"), times=[soon(72)]),
        lambda pair: proposed(pair),
        lambda pair: mentorships.pause(pair, by=person(pair, "mentee")),
    ],
)
def test_nothing_is_offered_once_something_is_arranged_or_the_pair_pauses(client, pair, over, arrange):
    attendance.log(over, by=person(over, "mentor"), held=True)
    arrange(pair)

    assert client.get(by_link(over).page).context["next_times"] == []


@pytest.mark.django_db(transaction=True)
def test_the_other_side_hears_that_it_is_noted_with_the_next_times(over, run_jobs):
    attendance.log(over, by=person(over, "mentor"), held=True)
    run_jobs()

    (letter,) = mail.outbox
    assert letter.to == [person(over, "mentee").email]
    assert "Bryn Evans noted that you met" in letter.body
    due = over.starts_at + timedelta(weeks=over.mentorship.programme.rhythm_weeks)
    assert f"{due:%B}" in letter.body
    assert "One tap sends them as a proposal." in letter.body


def past_page(pair):
    return reverse("meetings:past", args=[pair.pk])


def test_a_meeting_of_today_is_noted_in_two_taps(client, pair):
    client.force_login(person(pair, "mentee"))
    assert "Note a meeting that you had" in text(client.get(reverse("mentorships:detail", args=[pair.pk])))
    form = client.get(past_page(pair)).context["form"]
    given = {name: form[name].value() for name in ("when", "minutes", "channel")}

    client.post(past_page(pair), given)

    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.minutes, meeting.ends_at) == (State.HELD, 60, soon(0))
    event = Event.objects.get(verb="meeting.held")
    assert (event.by, event.details["past"]) == (person(pair, "mentee"), True)


@pytest.mark.parametrize(("when", "days"), [("yesterday", 1), ("other", 9)])
def test_a_meeting_of_another_day_stands_at_its_noon(client, pair, when, days):
    client.force_login(person(pair, "mentee"))
    day = clock.today() - timedelta(days=days)
    client.post(past_page(pair), {"when": when, "on": str(day), "minutes": "45", "channel": "phone"})

    meeting = Meeting.objects.get()
    assert meeting.starts_at.astimezone(clock.zone("Europe/London")).strftime("%F %H:%M") == f"{day} 12:00"
    assert (meeting.minutes, meeting.channel) == (45, "phone")


@pytest.mark.parametrize(
    ("when", "days", "words"),
    [
        ("other", -1, "still to come"),
        ("other", 61, "had not begun"),
        ("other", None, "Give the day"),
        ("", 0, "When did you meet?"),
        ("other", 3, "noted already"),
        ("other", 0, "open it and say whether you met"),
    ],
)
def test_what_cannot_be_noted_is_said_where_it_stands(client, pair, when, days, words):
    MeetingFactory(mentorship=pair, starts_at=soon(-72), state=State.HELD)
    MeetingFactory(mentorship=pair, starts_at=soon(-1))
    client.force_login(person(pair, "mentee"))
    on = "" if days is None else str(clock.today() - timedelta(days=days))
    answer = client.post(past_page(pair), {"when": when, "on": on, "minutes": "60", "channel": "video"})

    assert answer.status_code == 422
    assert words in text(answer)
    assert Meeting.objects.count() == 2


def test_noting_the_same_meeting_twice_is_refused(pair):
    for role in ("mentee", "mentor"):
        given = {"by": person(pair, role), "on": clock.today(), "minutes": 60, "channel": "video"}
        if role == "mentor":
            with pytest.raises(Conflict, match="noted already"):
                attendance.log_past(pair, **given)
        else:
            attendance.log_past(pair, **given)
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize("stranger", [UserFactory, lambda: coordinator_of(Meeting.objects.get().mentorship.programme)])
def test_strangers_and_coordinators_note_nothing(client, over, stranger):
    by = stranger()
    client.force_login(by)
    assert client.get(past_page(over.mentorship)).status_code == 404
    for name in ("log", "next"):
        assert client.post(reverse(f"meetings:{name}", args=[over.pk]), {"held": "yes"}).status_code == 404
    with pytest.raises(Refused, match="Only the people"):
        attendance.log_past(over.mentorship, by=by, on=clock.today(), minutes=60, channel="video")


def test_an_ended_mentorship_takes_no_more_meetings(pair):
    mentorships.end(pair, by=person(pair, "mentee"), reason="complete")
    with pytest.raises(Refused, match="has ended"):
        attendance.log_past(pair, by=person(pair, "mentee"), on=clock.today(), minutes=60, channel="video")
