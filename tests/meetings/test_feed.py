"""One's meetings at a secret address: who reads it, what stands in it, and what a poll costs."""

from datetime import timedelta

import pytest
import vobject
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from commonhall.accounts import actions as accounts
from commonhall.config.timeline import MEETINGS
from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.meetings.actions import booking
from commonhall.meetings.actions import feed as acts
from commonhall.meetings.models import Feed, Meeting
from commonhall.privacy.actions import erase
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory, ProposedMeetingFactory, soon
from tests.factories.mentorships import MentorshipFactory

pytestmark = pytest.mark.django_db
State = Meeting.State


@pytest.fixture
def pair():
    return MentorshipFactory(
        mentee=UserFactory(name="Priya Shah"), mentor=UserFactory(name="Bryn Evans", time_zone="Australia/Melbourne")
    )


@pytest.fixture
def mentee(pair):
    return pair.participants.get(role="mentee").user


@pytest.fixture
def mentor(pair):
    return pair.participants.get(role="mentor").user


def address_for(user):
    return reverse("meetings:feed", args=[acts.open_feed(by=user)])


def version(user):
    return Feed.objects.get(user=user).version


def events(answer):
    return Calendar.from_ical(answer.content).events


def test_it_holds_what_was_agreed_or_held_within_its_time_and_never_the_subject(client, pair, mentee):
    now = soon(0)
    moments = {"old": -95, "held": -80, "coming": 3, "far": 365, "too far": 370}
    made = {
        name: MeetingFactory(
            mentorship=pair,
            title="A secret ambition",
            starts_at=now + timedelta(days=days),
            state=State.HELD if days < 0 else State.AGREED,
            place="https://meet.example/room" if name == "coming" else "",
        )
        for name, days in moments.items()
    }
    MeetingFactory(mentorship=pair, state=State.CANCELLED)
    MeetingFactory(mentorship=pair, state=State.MISSED, starts_at=now - timedelta(days=2))
    ProposedMeetingFactory(mentorship=pair)
    MeetingFactory()

    answer = client.get(address_for(mentee))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert [str(one["UID"]) for one in events(answer)] == [made[name].uid for name in ("held", "coming", "far")]
    coming = events(answer)[1]
    assert (coming["SUMMARY"], coming["LOCATION"]) == ("Meeting with Bryn Evans", "https://meet.example/room")
    assert coming["DTSTART"].dt == made["coming"].starts_at
    assert coming["DTEND"].dt == made["coming"].ends_at
    assert f"/meetings/{made['coming'].pk}/" in coming["DESCRIPTION"]
    assert b"secret ambition" not in answer.content
    assert b"ATTENDEE" not in answer.content


def test_a_second_parser_reads_the_same(client, pair, mentor):
    meeting = MeetingFactory(mentorship=pair)
    read = vobject.readOne(client.get(address_for(mentor)).content.decode())

    assert read.vevent.dtstart.value == meeting.starts_at
    assert read.vevent.summary.value == "Meeting with Priya Shah"
    assert read.refresh_interval.value == "PT1H"


def test_who_has_the_newest_is_told_so_after_one_look_at_one_row(client, pair, mentee):
    MeetingFactory(mentorship=pair)
    address = address_for(mentee)
    first = client.get(address)
    client.force_login(mentee)  # even a cookie that comes along is not looked at

    with CaptureQueriesContext(
        connection,
    ) as asked:
        second = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
    assert second["Cache-Control"] == "private, max-age=300"
    assert len(asked) == 1
    assert "JOIN" not in asked[0]["sql"]
    assert asked[0]["sql"].count('meetings_feed"."digest') >= 1


@pytest.mark.parametrize("size", [1, 9])
def test_the_whole_calendar_costs_four_questions_however_long_it_is(client, pair, mentee, size):
    for number in range(size):
        MeetingFactory(mentorship=pair, starts_at=soon(48 + number * 24))
    address = address_for(mentee)
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert len(events(client.get(address))) == size
    assert len(asked) == 4


def test_each_act_that_changes_the_calendar_counts_up_for_both_and_for_nobody_else(client, pair, mentee, mentor):
    stranger = MeetingFactory().mentorship.participants.first().user
    for user in (mentee, mentor, stranger):
        acts.open_feed(by=user)
    seen = []

    def note():
        assert version(mentee) == version(mentor)
        seen.append(version(mentee))

    meeting = booking.propose(pair, by=mentee, times=[soon(48)])
    note()
    meeting = booking.accept(meeting, by=mentor, starts_at=soon(48))
    note()
    meeting = booking.say_where(meeting, by=mentor, channel="video", place="https://meet.example/a")
    note()
    booking.offer_other_times(meeting, by=mentor, times=[soon(72)])
    note()
    booking.keep(meeting, by=mentee)
    note()
    booking.offer_other_times(meeting, by=mentor, times=[soon(72)])
    meeting = booking.accept(meeting, by=mentee, starts_at=soon(72))
    note()
    booking.cancel(meeting, by=mentor, reason="work")
    note()

    assert seen == [1, 2, 3, 3, 3, 4, 5]
    assert version(stranger) == 1


def test_a_change_and_its_count_are_one(pair, mentee, mentor):
    acts.open_feed(by=mentee)
    meeting = booking.propose(pair, by=mentee, times=[soon(48)])
    with transaction.atomic():
        booking.accept(meeting, by=mentor, starts_at=soon(48))
        assert version(mentee) == 2
        transaction.set_rollback(True)
    meeting.refresh_from_db()
    assert (meeting.state, version(mentee)) == (State.PROPOSED, 1)


def test_what_counts_for_nothing_is_named_and_known():
    assert set(MEETINGS) > acts.CHANGES_NOTHING


def test_a_new_name_reaches_the_calendars_of_whoever_meets_that_person(client, pair, mentee, mentor, run_jobs):
    MeetingFactory(mentorship=pair)
    address = address_for(mentee)
    before = client.get(address)
    accounts.change_account(mentor, name="Bryn Ap Evan", language=mentor.language, time_zone=mentor.time_zone)
    run_jobs()

    after = client.get(address, headers={"If-None-Match": before["ETag"]})

    assert events(after)[0]["SUMMARY"] == "Meeting with Bryn Ap Evan"


def test_next_week_the_window_has_moved_on(client, pair, mentee, time_machine):
    MeetingFactory(mentorship=pair, starts_at=clock.now() + timedelta(days=370))
    address = address_for(mentee)
    before = client.get(address)
    assert events(before) == []
    time_machine.move_to(clock.now() + timedelta(days=7))

    after = client.get(address, headers={"If-None-Match": before["ETag"]})

    assert len(events(after)) == 1


def test_a_new_address_ends_the_old_one_and_closing_ends_both(client, mentee):
    old, new = address_for(mentee), address_for(mentee)
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    acts.close_feed(by=mentee)
    acts.close_feed(by=mentee)
    assert client.get(new).status_code == 404
    assert list(Event.objects.order_by("pk").values_list("verb", "by")) == [
        (verb, mentee.pk) for verb in ("feed.made", "feed.renewed", "feed.closed")
    ]


@pytest.mark.parametrize("secret", ["a", "x" * 43, "é", "a" * 2000, "%00", "..", "' OR 1=1"])
def test_a_wrong_secret_costs_the_same_one_look_and_says_the_same(client, mentee, secret):
    gone = address_for(mentee)
    acts.close_feed(by=mentee)
    answers, costs = [], []
    for address in (gone, reverse("meetings:feed", args=[secret])):
        with CaptureQueriesContext(connection) as asked:
            answers.append(client.get(address))
        costs.append(len(asked))
    assert [(one.status_code, one.content) for one in answers] == [(404, answers[0].content)] * 2
    assert costs == [1, 1]


def test_whoever_has_left_gets_no_calendar(client, pair, mentee, run_jobs):
    MeetingFactory(mentorship=pair)
    address = address_for(mentee)
    mentee.is_active = False
    mentee.save(update_fields=["is_active"])
    assert client.get(address).status_code == 404
    erase(mentee, by=None)
    run_jobs()
    assert not Feed.objects.exists()


def test_the_secret_itself_is_nowhere_in_the_database(mentee):
    secret = acts.open_feed(by=mentee)
    assert len(secret) == 43
    assert secret not in str([list(Feed.objects.values_list()), list(Event.objects.values_list())])


def test_the_page_shows_the_address_once_and_it_works(client, pair, mentee):
    MeetingFactory(mentorship=pair)
    client.force_login(mentee)
    page = reverse("meetings:calendar")
    assert "Make my address" in client.get(page).content.decode()

    answer = client.post(page)

    shown = answer.context["address"]
    assert shown in answer.content.decode()
    assert f"webcal://{shown.partition('://')[2]}" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert len(events(client.get(shown.removeprefix("http://localhost:8000")))) == 1
    assert shown not in client.get(page).content.decode()


def test_switching_it_off_from_the_page(client, mentee):
    address = address_for(mentee)
    client.force_login(mentee)
    assert client.get(reverse("meetings:close_calendar")).status_code == 405
    answer = client.post(reverse("meetings:close_calendar"), follow=True)
    assert "You have none yet" in answer.content.decode()
    assert client.get(address).status_code == 404


def test_opening_twice_at_the_same_moment_leaves_one_that_works(together, client):
    user = UserFactory()
    made = together(lambda: acts.open_feed(by=user), lambda: acts.open_feed(by=user))
    working = [client.get(reverse("meetings:feed", args=[secret])).status_code for secret in made]
    assert sorted(working) == [200, 404]
    assert Feed.objects.count() == 1
