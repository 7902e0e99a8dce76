"""The calendar files: what stands in them, and that other people's software takes them as they are sent."""

import contextlib
import io
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import httpx
import pytest
import vobject
from dateutil.tz import tzical
from django.core import mail
from icalendar import Calendar

from commonhall.core import clock
from commonhall.meetings.actions import booking
from commonhall.meetings.invitation import attachment, download, invitation
from commonhall.meetings.models import Meeting
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory, soon
from tests.factories.mentorships import MentorshipFactory

pytestmark = pytest.mark.django_db
ZONES = ["Europe/London", "America/Toronto", "Australia/Melbourne", "Europe/Dublin", "Pacific/Auckland"]


@pytest.fixture
def pair():
    return MentorshipFactory(
        mentee=UserFactory(name="Priya “P.” Shah; Ünal, née O’Neill", email="priya@lakeside.example"),
        mentor=UserFactory(name="Bryn Evans", email="bryn@valley.example", time_zone="Australia/Melbourne"),
    )


@pytest.fixture
def meeting(pair):
    return MeetingFactory(mentorship=pair, place="https://meet.example/room?a=1&b=2", title="A secret ambition")


def person(meeting, role):
    return meeting.mentorship.participants.get(role=role).user


def event_of(content):
    calendar = Calendar.from_ical(content)
    return calendar, calendar.events[0]


def test_a_request_names_everybody_and_keeps_the_subject_private(meeting):
    calendar, event = event_of(invitation(meeting, person(meeting, "mentee")))

    assert calendar["METHOD"] == "REQUEST"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"], event["CLASS"]) == (
        meeting.uid,
        0,
        "CONFIRMED",
        "PRIVATE",
    )
    assert event["SUMMARY"] == "Meeting with Bryn Evans"
    assert {str(one) for one in event["ATTENDEE"]} == {"mailto:priya@lakeside.example", "mailto:bryn@valley.example"}
    assert {one.params["PARTSTAT"] for one in event["ATTENDEE"]} == {"ACCEPTED"}
    assert str(event["ORGANIZER"]).startswith("mailto:")
    assert event["LOCATION"] == "https://meet.example/room?a=1&b=2"
    assert b"secret ambition" not in invitation(meeting, person(meeting, "mentee"))


@pytest.mark.parametrize("zone", ZONES)
def test_each_reader_gets_the_same_moment_in_their_own_zone(meeting, zone):
    reader = person(meeting, "mentor")
    reader.time_zone = zone
    calendar, event = event_of(invitation(meeting, reader))

    assert event["DTSTART"].params["TZID"] == zone
    assert event["DTSTART"].dt.astimezone(UTC) == meeting.starts_at
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=meeting.minutes)
    assert [one.tz_name for one in calendar.timezones] == [zone]
    assert calendar.get_missing_tzids() == set()


def test_a_move_counts_up_and_a_cancellation_says_so_under_one_identity(pair):
    mentee, mentor = (pair.participants.get(role=role).user for role in ("mentee", "mentor"))
    meeting = booking.propose(pair, by=mentee, times=[soon(48)])
    sent = []
    meeting = booking.accept(meeting, by=mentor, starts_at=soon(48))
    sent.append(event_of(invitation(meeting, mentee)))
    booking.offer_other_times(meeting, by=mentor, times=[soon(72)])
    meeting = booking.accept(meeting, by=mentee, starts_at=soon(72))
    sent.append(event_of(invitation(meeting, mentee)))
    meeting = booking.cancel(meeting, by=mentor, reason="work")
    sent.append(event_of(invitation(meeting, mentee)))

    assert [str(calendar["METHOD"]) for calendar, _event in sent] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [event["SEQUENCE"] for _calendar, event in sent] == [0, 1, 2]
    assert len({str(event["UID"]) for _calendar, event in sent}) == 1
    assert sent[2][1]["STATUS"] == "CANCELLED"


def test_a_second_parser_reads_the_same(meeting):
    event = vobject.readOne(invitation(meeting, person(meeting, "mentee")).decode()).vevent

    assert event.dtstart.value.astimezone(UTC) == meeting.starts_at
    assert event.uid.value == meeting.uid
    assert len(event.attendee_list) == 2


@pytest.fixture(scope="module")
def radicale(tmp_path_factory):
    """A calendar server of its own, on a free port, with one calendar."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("radicale")
    options = ["--auth-type", "none", "--server-hosts", f"127.0.0.1:{port}", "--storage-filesystem-folder", str(folder)]
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "radicale", "--config", "", *options, "--logging-level", "warning"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{base}/.web/")
                break
            time.sleep(0.1)
        made = httpx.request("MKCALENDAR", f"{base}/priya/meetings/", auth=("priya", ""))
        assert made.status_code == 201, made.text
        yield f"{base}/priya/meetings"
    finally:
        server.terminate()
        server.wait(10)


def put(radicale, meeting, content):
    return httpx.put(
        f"{radicale}/{meeting.uid}.ics",
        content=content,
        headers={"Content-Type": "text/calendar; charset=utf-8"},
        auth=("priya", ""),
    )


@pytest.mark.parametrize("written", [invitation, download])
@pytest.mark.parametrize("zone", ZONES)
def test_radicale_takes_it_as_it_is_sent(radicale, meeting, written, zone):
    reader = person(meeting, "mentee")
    reader.time_zone = zone

    answer = put(radicale, meeting, written(meeting, reader))

    assert answer.status_code == 201, answer.text
    kept = httpx.get(f"{radicale}/{meeting.uid}.ics", auth=("priya", ""))
    _calendar, event = event_of(kept.content)
    assert event["DTSTART"].dt.astimezone(UTC) == meeting.starts_at


def test_radicale_moves_and_cancels_the_same_event(radicale, meeting):
    reader = person(meeting, "mentee")
    assert put(radicale, meeting, invitation(meeting, reader)).status_code == 201

    meeting.starts_at += timedelta(days=1)
    meeting.ends_at += timedelta(days=1)
    meeting.sequence = 1
    assert put(radicale, meeting, invitation(meeting, reader)).status_code in (201, 204)
    meeting.state, meeting.sequence, meeting.cancelled_at = Meeting.State.CANCELLED, 2, clock.now()
    assert put(radicale, meeting, invitation(meeting, reader)).status_code in (201, 204)

    _calendar, event = event_of(httpx.get(f"{radicale}/{meeting.uid}.ics", auth=("priya", "")).content)
    assert (event["SEQUENCE"], event["STATUS"]) == (2, "CANCELLED")
    assert event["DTSTART"].dt.astimezone(UTC) == meeting.starts_at


@pytest.mark.parametrize(
    ("day", "zone", "offset"),
    [
        (datetime(2027, 3, 26, 10, tzinfo=UTC), "Europe/London", 0),
        (datetime(2027, 3, 29, 10, tzinfo=UTC), "Europe/London", 1),
        (datetime(2027, 10, 29, 10, tzinfo=UTC), "Europe/Dublin", 1),
        (datetime(2027, 11, 1, 10, tzinfo=UTC), "Europe/Dublin", 0),
        (datetime(2027, 4, 2, 10, tzinfo=UTC), "Australia/Melbourne", 11),
        (datetime(2027, 4, 5, 10, tzinfo=UTC), "Australia/Melbourne", 10),
        (datetime(2027, 3, 12, 15, tzinfo=UTC), "America/Toronto", -5),
        (datetime(2027, 3, 15, 15, tzinfo=UTC), "America/Toronto", -4),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "Europe/London", 0),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "Europe/London", 1),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "Europe/Dublin", 1),
        (datetime(2027, 10, 2, 16, 30, tzinfo=UTC), "Australia/Melbourne", 11),
        (datetime(2027, 3, 14, 7, 30, tzinfo=UTC), "America/Toronto", -4),
        (datetime(2027, 11, 7, 7, 30, tzinfo=UTC), "America/Toronto", -5),
    ],
)
def test_the_zone_that_travels_with_it_is_right_around_a_clock_change(meeting, day, zone, offset):
    """Read by dateutil, which believes the VTIMEZONE in the file and asks no database of zones."""
    meeting.starts_at, meeting.ends_at = day, day + timedelta(hours=1)
    reader = person(meeting, "mentee")
    reader.time_zone = zone

    content = invitation(meeting, reader)
    local = event_of(content)[1]["DTSTART"].dt.replace(tzinfo=None)
    starts_at = local.replace(tzinfo=tzical(io.StringIO(content.decode())).get(zone))

    assert starts_at.utcoffset() == timedelta(hours=offset)
    assert starts_at.astimezone(UTC) == day


@pytest.mark.django_db(transaction=True)
def test_the_e_mail_carries_the_invitation_as_calendar_programs_expect(pair, run_jobs):
    mentee, mentor = (pair.participants.get(role=role).user for role in ("mentee", "mentor"))
    meeting = booking.propose(pair, by=mentee, times=[soon(48)])
    booking.accept(meeting, by=mentor, starts_at=soon(48))
    run_jobs()

    agreed = [one for one in mail.outbox if one.subject.startswith("Agreed")]
    assert {one.to[0] for one in agreed} == {mentee.email, mentor.email}
    for letter in agreed:
        parts = list(message_from_bytes(letter.message().as_bytes(), policy=policy.default).walk())
        (shown,) = [part for part in parts if part.get_content_type() == "text/calendar"]
        (file,) = [part for part in parts if part.get_filename() == "invitation.ics"]
        assert shown in next(p for p in parts if p.get_content_type() == "multipart/alternative").get_payload()
        assert (shown["Content-Type"].params["method"], shown["Content-Type"].count("charset")) == ("REQUEST", 1)
        for content in (shown.get_content(), file.get_content()):
            calendar, event = event_of(content)
            assert (calendar["METHOD"], event["UID"]) == ("REQUEST", meeting.uid)


def test_the_attachment_says_its_method(meeting):
    assert attachment(meeting, person(meeting, "mentee")).mimetype == "text/calendar; method=REQUEST"
    meeting.state = Meeting.State.CANCELLED
    file = attachment(meeting, person(meeting, "mentee"))
    assert (file.filename, file.mimetype) == ("cancelled.ics", "text/calendar; method=CANCEL")


@pytest.mark.parametrize("zone", ZONES)
def test_each_change_of_the_clock_is_given_at_its_very_second(meeting, zone):
    """RFC 5545, 3.6.5: an onset is local time on the clock before the change."""
    reader = person(meeting, "mentee")
    reader.time_zone = zone
    (written,) = event_of(invitation(meeting, reader))[0].timezones
    changes = [
        (moment, part.TZOFFSETFROM, part.TZOFFSETTO)
        for part in written.subcomponents
        for moment in [part.DTSTART, *(one.dt for one in (part["RDATE"].dts if "RDATE" in part else ()))]
        if part.TZOFFSETFROM != part.TZOFFSETTO
    ]

    assert len(changes) >= 4
    for moment, before, after in changes:
        onset = (moment - before).replace(tzinfo=UTC)
        assert onset.astimezone(clock.zone(zone)).utcoffset() == after
        assert (onset - timedelta(seconds=1)).astimezone(clock.zone(zone)).utcoffset() == before
