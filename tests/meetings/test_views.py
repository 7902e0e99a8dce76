from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from icalendar import Calendar

from commonhall.core import clock
from commonhall.meetings import checks, privacy
from commonhall.meetings.actions import attendance, booking
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.pairs import activity
from commonhall.meetings.queries.times import moments
from commonhall.mentorships import actions as mentorships
from commonhall.people.models import WorkingHours
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory, ProposedMeetingFactory, TimeOptionFactory, soon
from tests.factories.mentorships import AgreementFactory, MentorshipFactory
from tests.factories.people import ProfileFactory
from tests.factories.programmes import coordinator_of

pytestmark = pytest.mark.django_db
State = Meeting.State


def working(user, zone="Europe/London", starts=9 * 60, ends=17 * 60):
    profile = ProfileFactory(user=user, biography=f"{user.name} grew up by the sea.")
    WorkingHours.objects.bulk_create(
        WorkingHours(profile=profile, weekday=day, starts=starts, ends=ends) for day in range(5)
    )
    return user


@pytest.fixture
def pair():
    return MentorshipFactory(
        mentee=working(UserFactory(name="Priya Shah")), mentor=working(UserFactory(name="Bryn Evans"))
    )


def person(thing, role):
    return getattr(thing, "mentorship", thing).participants.get(role=role).user


def text(answer):
    return answer.content.decode()


def at(name, thing):
    return reverse(f"meetings:{name}", args=[thing.pk])


def pair_page(pair):
    return reverse("mentorships:detail", args=[pair.pk])


@pytest.mark.parametrize("name", ["detail", "times", "place", "cancel", "invitation", "accept", "keep", "log"])
@pytest.mark.parametrize("who", [lambda pair: UserFactory(), lambda pair: coordinator_of(pair.programme)])
def test_strangers_and_coordinators_find_no_meeting(client, pair, name, who):
    meeting = MeetingFactory(mentorship=pair)
    client.force_login(who(pair))
    send = client.post if name in ("accept", "keep", "log") else client.get

    assert send(at(name, meeting)).status_code == 404


def test_a_stranger_cannot_propose(client, pair):
    client.force_login(UserFactory())

    assert client.get(at("propose", pair)).status_code == 404


def test_the_page_of_the_pair_shows_everything_to_the_two(client, pair):
    AgreementFactory(mentorship=pair, goals=["Lead a review"])
    MeetingFactory(mentorship=pair, title="Budget nerves", place="https://meet.example/x")
    client.force_login(person(pair, "mentee"))

    page = text(client.get(pair_page(pair)))

    for words in (
        "You and Bryn Evans",
        "Budget nerves",
        "Lead a review",
        "Bryn Evans grew up",
        "https://meet.example/x",
    ):
        assert words in page


def test_the_coordinator_sees_dates_and_counts_and_no_content(client, pair):
    AgreementFactory(mentorship=pair, goals=["Lead a review"], text="## Purpose\nSecret ambition.")
    MeetingFactory(mentorship=pair, title="Budget nerves", place="https://meet.example/x")
    for _one in range(3):
        MeetingFactory(mentorship=pair, state=State.HELD, starts_at=soon(-100), title="Budget nerves")
    client.force_login(coordinator_of(pair.programme))

    page = text(client.get(pair_page(pair)))

    assert "Priya Shah and Bryn Evans" in page.replace("Bryn Evans and Priya Shah", "Priya Shah and Bryn Evans")
    assert "Meetings held" in page
    assert activity(pair).held == 3
    for secret in ("Budget nerves", "Lead a review", "Secret ambition", "meet.example", "grew up by the sea"):
        assert secret not in page


def step_of(client, pair, role="mentee"):
    client.force_login(person(pair, role))
    return client.get(pair_page(pair)).context["pair"].step


def test_the_next_step_follows_the_pair_through_its_life(client, pair):
    mentee, mentor = person(pair, "mentee"), person(pair, "mentor")
    assert step_of(client, pair) == "propose"
    meeting = booking.propose(pair, by=mentee, times=[soon(48)])
    assert (step_of(client, pair), step_of(client, pair, "mentor")) == ("write", "answer")
    mentorships.write_agreement(pair, by=mentee, text="## Purpose\nx")
    assert step_of(client, pair) == "sign"
    mentorships.sign(pair, by=mentee, version=1)
    assert step_of(client, pair) == "wait"
    booking.accept(meeting, by=mentor, starts_at=soon(48))
    assert (step_of(client, pair), step_of(client, pair, "mentor")) == ("ready", "sign")
    Meeting.objects.update(starts_at=soon(-3), ends_at=soon(-2))
    assert step_of(client, pair) == "log"
    attendance.log(meeting, by=mentee, held=True)
    assert step_of(client, pair) == "propose"
    mentorships.pause(pair, by=mentor)
    assert step_of(client, pair) == "paused"
    mentorships.end(pair, by=mentor, reason="complete")
    assert step_of(client, pair) == "ended"


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_the_same_number_of_questions_for_any_length(client, django_assert_max_num_queries, pair, number):
    AgreementFactory(mentorship=pair)
    for place in range(number):
        MeetingFactory(mentorship=pair, starts_at=soon(48 + 24 * place))
        MeetingFactory(mentorship=pair, starts_at=soon(-48 - 24 * place), state=State.HELD)
        TimeOptionFactory(meeting=ProposedMeetingFactory(mentorship=pair), starts_at=soon(200 + place))
    client.force_login(person(pair, "mentee"))
    client.get(pair_page(pair))

    with django_assert_max_num_queries(15):
        client.get(pair_page(pair))
    with django_assert_max_num_queries(15):
        client.get(reverse("meetings:list"))


def test_suggested_times_stand_on_both_clocks_and_one_tick_sends_them(client):
    pair = MentorshipFactory(
        mentee=working(UserFactory(name="Priya Shah")),
        mentor=working(UserFactory(name="Bryn Evans", time_zone="Australia/Melbourne"), starts=7 * 60, ends=22 * 60),
    )
    client.force_login(person(pair, "mentee"))
    answer = client.get(at("propose", pair) + "?minutes=30")
    values = [value for value, _label in answer.context["form"].fields["chosen"].choices]
    assert len(values) == 6
    assert "for Bryn" in text(answer)

    client.post(
        at("propose", pair) + "?minutes=30", {"chosen": values[:2], "channel": "phone", "place": "020 7946 0000"}
    )

    meeting = Meeting.objects.get()
    assert [one.starts_at.isoformat() for one in meeting.options.all()] == sorted(values[:2])
    assert (meeting.minutes, meeting.channel, meeting.place) == (30, "phone", "020 7946 0000")


def typed(hours, zone="Europe/London"):
    return f"{soon(hours).astimezone(clock.zone(zone)):%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose a time, or give one of your own."),
        ({"own_1": "2020-01-01T10:00"}, "lies ahead"),
        ({"own_1": "2090-01-01T10:00"}, "six months"),
        ({"own_1": "next week"}, "date"),
        ({"own_1": "2027-03-28T01:30"}, "skip this time"),
        ({"own_1": "2027-10-31T01:30"}, "show this time twice"),
        ({"own_1": "2026-12-01T10:00", "own_2": "2026-12-01T10:00"}, "the same time twice"),
        ({"chosen": ["x"]}, "Choose"),
        ({"own_1": "soon", "channel": ""}, "Choose how you meet."),
        ({"place": "javascript:alert(1)", "channel": "video"}, "whole address of the call"),
    ],
)
def test_what_cannot_be_proposed_is_said_where_it_stands(client, pair, given, words):
    client.force_login(person(pair, "mentee"))
    answer = client.post(at("propose", pair), {"channel": "video", **given})

    assert answer.status_code == 422
    assert words in text(answer)
    assert not Meeting.objects.exists()


def test_four_times_are_too_many_and_what_was_typed_stays(client, pair):
    client.force_login(person(pair, "mentee"))
    given = {"chosen": [soon(50).isoformat()], "channel": "phone", "title": "Nerves"}
    answer = client.post(at("propose", pair), {**given, **{f"own_{n}": typed(60 + n) for n in (1, 2, 3)}})

    assert answer.status_code == 422
    assert "three times at most" in text(answer)
    assert 'value="Nerves"' in text(answer)
    assert f'value="{soon(50).isoformat()}"' in text(answer)


def test_a_time_at_which_somebody_is_busy_is_refused_at_its_field(client, pair):
    MeetingFactory(mentorship=MentorshipFactory(mentor=person(pair, "mentor")), starts_at=soon(48), title="Private")
    client.force_login(person(pair, "mentee"))
    answer = client.post(at("propose", pair), {"own_1": typed(48), "channel": "phone"})

    assert "Bryn Evans is not free at that time." in text(answer)
    assert "Private" not in text(answer)


def test_without_hours_in_common_the_page_says_why_and_takes_a_time_of_ones_own(client):
    pair = MentorshipFactory(
        mentee=working(UserFactory()),
        mentor=working(UserFactory(name="Bryn Evans", time_zone="Australia/Melbourne")),
    )
    client.force_login(person(pair, "mentee"))
    assert "do not overlap" in text(client.get(at("propose", pair)))

    client.post(at("propose", pair), {"own_1": typed(48), "channel": "phone"})

    meeting = Meeting.objects.get()
    page = text(client.get(at("detail", meeting)))
    outside = moments([person(pair, "mentor")], [soon(48)], 60)[0].mine.is_outside_hours
    assert ("outside Bryn’s hours" in page) == outside


def test_the_link_of_the_pair_is_there_again_the_next_time(client, pair):
    MeetingFactory(mentorship=pair, place="https://meet.example/ours")
    client.force_login(person(pair, "mentor"))

    assert 'value="https://meet.example/ours"' in text(client.get(at("propose", pair)))


def test_accepting_moving_keeping_and_cancelling_by_page(client, pair):
    meeting = booking.propose(pair, by=person(pair, "mentee"), times=[soon(48)])
    client.force_login(person(pair, "mentor"))
    page = text(client.post(at("accept", meeting), {"starts_at": soon(48).isoformat()}, follow=True))
    assert "Add it to your calendar" in page

    client.post(at("times", meeting), {"own_1": typed(72)})
    client.force_login(person(pair, "mentee"))
    assert "Can it move to one of these?" in text(client.get(at("detail", meeting)))
    client.post(at("keep", meeting))
    client.post(at("cancel", meeting), {"reason": "work", "words": "Next week?"})

    meeting.refresh_from_db()
    assert (meeting.state, meeting.starts_at, meeting.cancel_words) == (State.CANCELLED, soon(48), "Next week?")
    client.force_login(person(pair, "mentor"))
    assert "Something came up at work. Next week?" in text(client.get(at("detail", meeting)))


def test_one_tap_says_whether_they_met(client, pair):
    meetings = [MeetingFactory(mentorship=pair, starts_at=soon(-24 * number)) for number in (1, 2)]
    client.force_login(person(pair, "mentee"))
    for meeting, held in zip(meetings, ("yes", "no"), strict=True):
        client.post(at("log", meeting), {"held": held})

    assert [Meeting.objects.get(pk=one.pk).state for one in meetings] == [State.HELD, State.MISSED]


@pytest.mark.parametrize("said", [{}, {"held": ""}, {"held": "maybe"}])
def test_who_says_neither_has_not_missed_the_meeting(client, pair, said):
    meeting = MeetingFactory(mentorship=pair, starts_at=soon(-24))
    client.force_login(person(pair, "mentee"))
    page = client.post(at("log", meeting), said, follow=True).content.decode()
    assert "Say whether you met." in page
    meeting.refresh_from_db()
    assert meeting.state == State.AGREED


def test_the_calendar_file_has_no_method_and_only_when_there_is_a_time(client, pair):
    meeting = MeetingFactory(mentorship=pair)
    client.force_login(person(pair, "mentee"))
    answer = client.get(at("invitation", meeting))

    assert answer["Content-Type"].startswith("text/calendar")
    assert "METHOD" not in Calendar.from_ical(answer.content)
    assert client.get(at("invitation", ProposedMeetingFactory(mentorship=pair))).status_code == 404


def test_an_empty_list_says_what_to_do(client):
    client.force_login(UserFactory())

    assert "Propose a time from the page of your mentorship" in text(client.get(reverse("meetings:list")))


def test_the_list_sorts_meetings_by_what_they_wait_for(client, pair):
    mentor = person(pair, "mentor")
    waiting = booking.propose(pair, by=mentor, times=[soon(72)], title="To answer")
    MeetingFactory(mentorship=pair, title="To come")
    MeetingFactory(mentorship=pair, starts_at=soon(-5), title="To note")
    client.force_login(person(pair, "mentee"))
    agenda = client.get(reverse("meetings:list")).context["agenda"]

    assert [one.title for one in agenda.coming] == ["To come"]
    assert [one.title for one in agenda.to_log] == ["To note"]
    assert agenda.waiting == (waiting,)
    client.force_login(mentor)
    agenda = client.get(reverse("meetings:list")).context["agenda"]
    assert (agenda.sent, agenda.waiting) == ((waiting,), ())


@pytest.mark.django_db(transaction=True)
def test_both_are_told_of_each_change_and_nobody_of_what_was_overtaken(pair, run_jobs):
    mentee, mentor = person(pair, "mentee"), person(pair, "mentor")
    meeting = booking.propose(pair, by=mentee, times=[soon(48)], title="My secret plan")
    run_jobs()
    booking.accept(meeting, by=mentor, starts_at=soon(48))
    booking.offer_other_times(meeting, by=mentor, times=[soon(72)])
    booking.accept(meeting, by=mentee, starts_at=soon(72))
    run_jobs()
    booking.cancel(meeting, by=mentor, reason="away")
    run_jobs()

    kinds = [(one.subject.split(":")[0].split(" proposes")[0], one.to[0]) for one in mail.outbox]
    assert sorted(kinds) == sorted(
        [
            ("Priya Shah", mentor.email),
            ("Moved", mentee.email),
            ("Moved", mentor.email),
            ("Cancelled", mentee.email),
            ("Cancelled", mentor.email),
        ]
    )
    assert "My secret plan" not in "\n".join(one.subject + one.body for one in mail.outbox)


@pytest.mark.django_db(transaction=True)
def test_a_reminder_that_comes_too_late_is_not_sent(pair, run_jobs):
    meeting = MeetingFactory(mentorship=pair, starts_at=soon(12))
    booking.remind(meeting)
    booking.cancel(meeting, by=person(pair, "mentee"), reason="work")
    run_jobs()

    assert {one.subject.split(":")[0] for one in mail.outbox} == {"Cancelled"}


@pytest.mark.django_db(transaction=True)
def test_a_reminder_names_the_hour_of_its_reader(run_jobs):
    mentor = UserFactory(time_zone="Australia/Melbourne")
    meeting = MeetingFactory(mentorship=MentorshipFactory(mentor=mentor), starts_at=soon(12))
    booking.remind(meeting)
    run_jobs()

    for letter in mail.outbox:
        zone = "Australia/Melbourne" if letter.to == [mentor.email] else "Europe/London"
        assert f"{soon(12).astimezone(clock.zone(zone)):%H:%M}" in letter.body
        assert clock.zone_in_words(zone) in letter.body
    assert len(mail.outbox) == 2


def test_what_is_held_is_handed_over_and_erased(pair):
    meeting = MeetingFactory(mentorship=pair, proposed_by=person(pair, "mentee"), place="My kitchen")
    booking.remind(MeetingFactory(mentorship=pair, starts_at=soon(12)))
    mentee = person(pair, "mentee")
    cancelled = MeetingFactory(mentorship=pair, starts_at=soon(96))
    booking.cancel(cancelled, by=mentee, reason="away", words="The twins are ill.")
    held = privacy.holds(mentee)
    assert "My kitchen" in {one["place"] for one in held["meetings"]}
    assert len(held["reminders"]) == 1

    privacy.erase(mentee)

    meeting.refresh_from_db()
    assert (meeting.title, meeting.place, meeting.proposed_by) == ("", "", None)
    cancelled.refresh_from_db()
    assert (cancelled.cancel_reason, cancelled.cancel_words, cancelled.cancelled_by) == ("", "", None)
    assert not any(privacy.holds(mentee)["reminders"])


def test_checks_name_what_must_never_be(pair):
    MeetingFactory(mentorship=pair, starts_at=soon(48))
    assert [sentence for check in checks.CHECKS for sentence in check()] == []
    MeetingFactory(mentorship=pair, starts_at=soon(48) + timedelta(minutes=30))
    pair.state, pair.ended_at = "ended", clock.now() - timedelta(days=1)
    pair.save()

    found = " ".join(sentence for check in checks.CHECKS for sentence in check())
    assert "overlap" in found
    assert "has ended" in found
