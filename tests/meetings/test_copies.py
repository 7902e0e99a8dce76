"""Meetings in a calendar that their owner connected, at a real server: written, changed, taken out, looked at again."""

from datetime import timedelta

import httpx
import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job
from icalendar import Calendar as File

from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.integrations import actions as integrations
from commonhall.integrations.models import Calendar, Copy
from commonhall.integrations.sealing import seal
from commonhall.meetings import tasks
from commonhall.meetings.actions import booking, copies
from commonhall.meetings.actions import series as series_acts
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.copies import differences
from tests.factories.accounts import UserFactory
from tests.factories.integrations import CalendarFactory
from tests.factories.meetings import MeetingFactory, soon
from tests.factories.mentorships import MentorshipFactory
from tests.factories.series import proposed
from tests.integrations.conftest import radicale, radicale_server
from tests.integrations.test_caldav import made

__all__ = ["radicale", "radicale_server"]
pytestmark = pytest.mark.django_db
LOGIN = ("priya", "app-word")
State = Meeting.State


@pytest.fixture
def pair():
    return MentorshipFactory(mentee=UserFactory(name="Priya Shah"), mentor=UserFactory(name="Bryn Evans"))


@pytest.fixture
def priya(pair):
    return pair.participants.get(role="mentee").user


@pytest.fixture
def bryn(pair):
    return pair.participants.get(role="mentor").user


@pytest.fixture
def calendar(radicale, priya):
    address = made(radicale, "work", "Work")
    login = {"username": "priya", "secret": seal("app-word")}
    return CalendarFactory(user=priya, kind="caldav", address=seal(address), takes_meetings=True, **login)


def entries(calendar):
    """What lies there, by identity."""
    answer = httpx.request("PROPFIND", calendar.plain_address, headers={"Depth": "1"}, auth=LOGIN)
    hrefs = [part.partition("<")[0] for part in answer.text.split("href>") if ".ics<" in part]
    base = httpx.URL(calendar.plain_address)
    files = [httpx.get(base.join(href), auth=LOGIN) for href in hrefs]
    return {
        str(event["UID"]): (file.request.url, event) for file in files for event in File.from_ical(file.text).events
    }


def agreed(pair, by, other, hours=48):
    meeting = booking.propose(pair, by=by, times=[soon(hours)])
    return booking.accept(meeting, by=other, starts_at=soon(hours))


def look(calendar, time_machine):
    """The next reading, ten minutes on."""
    time_machine.move_to(clock.now() + timedelta(minutes=10))
    integrations.read(calendar.pk)


def drag(calendar, meeting, starts_at):
    """As somebody does with the mouse."""
    url, event = entries(calendar)[meeting.uid]
    event["DTSTART"].dt, event["DTEND"].dt = starts_at, starts_at + timedelta(hours=1)
    file = File()
    file.add("version", "2.0")
    file.add("prodid", "-//Somebody//Calendar//EN")
    event.DTSTART, event.DTEND = starts_at, starts_at + timedelta(hours=1)
    file.add_component(event)
    answer = httpx.put(url, content=file.to_ical(), headers={"Content-Type": "text/calendar"}, auth=LOGIN)
    assert answer.status_code in (201, 204), answer.text


def test_a_meeting_is_written_moved_and_taken_out_of_the_one_calendar(calendar, pair, priya, bryn, run_jobs):
    meeting = agreed(pair, priya, bryn)
    run_jobs()
    _url, event = entries(calendar)[meeting.uid]
    assert (event["DTSTART"].dt, event["SUMMARY"]) == (soon(48), "Meeting with Bryn Evans")

    booking.offer_other_times(meeting, by=bryn, times=[soon(72)])
    booking.accept(meeting, by=priya, starts_at=soon(72))
    run_jobs()
    assert entries(calendar)[meeting.uid][1]["DTSTART"].dt == soon(72)
    assert len(entries(calendar)) == 1

    booking.cancel(meeting, by=bryn, reason="work")
    run_jobs()
    assert entries(calendar) == {}
    assert not Copy.objects.exists()


def test_a_server_that_is_away_keeps_nobody_from_booking_and_is_tried_again(calendar, pair, priya, bryn, run_jobs):
    address = calendar.address
    Calendar.objects.filter(pk=calendar.pk).update(address=seal("http://127.0.0.1:9/cal/"))
    meeting = agreed(pair, priya, bryn)
    run_jobs()

    calendar.refresh_from_db()
    assert meeting.state == State.AGREED
    assert calendar.write_problem
    waiting = Job.objects.get(task_path__endswith="write_copy", status="READY")
    assert timedelta(seconds=5) < waiting.run_after - timezone.now() < timedelta(seconds=15)

    Calendar.objects.filter(pk=calendar.pk).update(address=address)
    tasks.write_copy.call(*waiting.args_kwargs["args"])
    calendar.refresh_from_db()
    assert calendar.write_problem == ""
    assert meeting.uid in entries(calendar)


def test_the_owner_sees_what_kept_it_from_being_written(client, calendar, pair, priya, bryn, run_jobs):
    Calendar.objects.filter(pk=calendar.pk).update(secret=seal("wrong"))
    agreed(pair, priya, bryn)
    run_jobs()
    client.force_login(priya)
    page = client.get(reverse("integrations:calendars")).content.decode()
    assert "could not be written into it; we try again" in page
    client.force_login(bryn)
    assert "could not be written" not in client.get(reverse("integrations:calendars")).content.decode()


def test_writing_twice_and_in_the_wrong_order_ends_with_how_things_are(calendar, pair, priya, bryn, run_jobs):
    meeting = agreed(pair, priya, bryn)
    run_jobs()
    copy = Copy.objects.get()
    late = Copy.objects.get()
    copies.put_back(meeting, by=priya)
    late.written = 0
    copies._note_written(late, is_there=True)
    copy.refresh_from_db()
    assert copy.written < copy.wanted
    run_jobs()
    copy.refresh_from_db()
    assert copy.written == copy.wanted
    assert len(entries(calendar)) == 1


def test_what_the_owner_moved_is_offered_and_changes_nothing_by_itself(
    client, calendar, pair, priya, bryn, run_jobs, time_machine
):
    meeting = agreed(pair, priya, bryn)
    before = meeting.starts_at
    run_jobs()
    look(calendar, time_machine)
    assert differences(priya) == []

    drag(calendar, meeting, soon(99))
    moved = soon(99)
    look(calendar, time_machine)

    (found,) = differences(priya)
    assert (found.meeting, found.starts_at) == (meeting, moved)
    assert differences(bryn) == []
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.options.count()) == (before, 0)
    client.force_login(priya)
    assert "In your calendar you moved it to" in client.get(reverse("meetings:list")).content.decode()

    client.post(reverse("meetings:propose_moved", args=[meeting.pk]))

    assert meeting.options.get().starts_at == moved
    event = Event.objects.filter(verb="meeting.proposed").first()
    assert (event.by, event.via) == (priya, "calendar")
    assert differences(priya) == []


def test_what_the_owner_took_out_is_told_and_can_be_put_back(
    client, calendar, pair, priya, bryn, run_jobs, time_machine
):
    meeting = agreed(pair, priya, bryn)
    run_jobs()
    httpx.delete(entries(calendar)[meeting.uid][0], auth=LOGIN)
    look(calendar, time_machine)
    client.force_login(priya)
    page = client.get(reverse("meetings:list")).content.decode()
    assert "You took it out of your calendar." in page
    assert reverse("meetings:cancel", args=[meeting.pk]) in page

    client.post(reverse("meetings:put_back", args=[meeting.pk]))
    assert differences(priya) == []
    run_jobs()
    assert meeting.uid in entries(calendar)
    look(calendar, time_machine)
    assert differences(priya) == []


def test_what_was_written_after_the_last_look_is_not_missed(calendar, pair, priya, bryn, run_jobs, time_machine):
    look(calendar, time_machine)
    agreed(pair, priya, bryn)
    run_jobs()
    assert differences(priya) == []


def test_nothing_to_propose_once_it_stands_as_agreed(client, calendar, pair, priya, bryn, run_jobs):
    meeting = agreed(pair, priya, bryn)
    run_jobs()
    client.force_login(priya)
    assert client.post(reverse("meetings:propose_moved", args=[meeting.pk])).status_code == 409
    client.force_login(UserFactory())
    for name in ("propose_moved", "put_back"):
        assert client.post(reverse(f"meetings:{name}", args=[meeting.pk])).status_code == 404


def test_another_calendar_takes_over_what_is_to_come(calendar, radicale, pair, priya, bryn, run_jobs):
    meeting = agreed(pair, priya, bryn)
    MeetingFactory(mentorship=pair, starts_at=soon(-48), state=State.HELD)
    run_jobs()
    login = {"username": "priya", "secret": seal("app-word")}
    other = CalendarFactory(user=priya, kind="caldav", address=seal(made(radicale, "other", "Other")), **login)

    integrations.change(other, by=priya, name="Other", takes_meetings=True)
    run_jobs()

    assert (set(entries(calendar)), set(entries(other))) == (set(), {meeting.uid})
    integrations.change(other, by=priya, name="Other", takes_meetings=False)
    run_jobs()
    assert entries(other) == {}
    assert not Copy.objects.exists()


def test_without_such_a_calendar_nothing_is_queued(pair, priya, bryn, run_jobs):
    agreed(pair, priya, bryn)
    assert "meetings.tasks.write_copy" not in run_jobs()


def test_a_series_stands_there_as_one_entry_and_a_date_that_was_moved_there_is_offered(
    calendar, pair, priya, bryn, run_jobs, time_machine
):
    series = series_acts.accept(made_series := proposed(pair), by=bryn, version=made_series.sequence)
    run_jobs()
    assert set(entries(calendar)) == {series.uid}
    look(calendar, time_machine)
    assert differences(priya) == []

    dates = list(series.meetings.order_by("occurrence_on"))
    booking.cancel(dates[1], by=bryn, reason="work")
    run_jobs()
    look(calendar, time_machine)
    assert differences(priya) == []

    url, event = entries(calendar)[series.uid]
    moved = dates[2].starts_at + timedelta(hours=3)
    file = File.from_ical(httpx.get(url, auth=LOGIN).text)
    other = event.copy()
    for name in ("RRULE", "EXDATE", "DTSTART", "DTEND"):
        other.pop(name, None)
    other.add("recurrence-id", dates[2].starts_at)
    other.add("dtstart", moved)
    other.add("dtend", moved + timedelta(hours=1))
    file.add_component(other)
    httpx.put(url, content=file.to_ical(), headers={"Content-Type": "text/calendar"}, auth=LOGIN)
    look(calendar, time_machine)
    assert [(one.meeting, one.starts_at) for one in differences(priya)] == [(dates[2], moved)]

    series_acts.end(series, by=bryn, reason="work")
    run_jobs()
    assert entries(calendar) == {}
