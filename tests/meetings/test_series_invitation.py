"""A series in calendars: read by parsers of other people, and taken by a calendar server as it is sent."""

import io
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import httpx
import pytest
import recurring_ical_events
import vobject
from dateutil.rrule import rrulestr
from dateutil.tz import tzical
from django.core import mail
from icalendar import Calendar

from commonhall.meetings.actions import booking
from commonhall.meetings.actions import series as acts
from commonhall.meetings.invitation import download, invitation, series_attachment, series_invitation, uid_of
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.series import with_all
from commonhall.meetings.queries.times import with_people
from tests.factories.accounts import UserFactory
from tests.factories.mentorships import MentorshipFactory
from tests.factories.series import agreed, next_weekday, person, plan, proposed
from tests.meetings.test_invitation import radicale

__all__ = ["radicale"]
pytestmark = pytest.mark.django_db
SETTERS = ["Europe/London", "America/Toronto", "Australia/Melbourne", "Europe/Dublin", "Pacific/Chatham"]
EVERY = ["week", "fortnight", "four-weeks", "month"]


@pytest.fixture
def pair():
    return MentorshipFactory(
        mentee=UserFactory(name="Priya Shah", email="priya@lakeside.example"),
        mentor=UserFactory(name="Bryn Evans", email="bryn@valley.example", time_zone="Australia/Melbourne"),
    )


def fresh(series):
    return with_all(Series.objects.all()).get(pk=series.pk)


def whole(series, role="mentee"):
    return series_invitation(fresh(series), person(series, role))


def of_one(meeting, role="mentee"):
    return invitation(with_people(Meeting.objects.all()).get(pk=meeting.pk), person(meeting, role))


def in_the_database(series):
    rows = series.meetings.exclude(state="cancelled").order_by("starts_at")
    return [(one.starts_at, one.ends_at) for one in rows]


def by_recurring_ical_events(content):
    found = recurring_ical_events.of(Calendar.from_ical(content)).all()
    return sorted((one.DTSTART.astimezone(UTC), one.DTEND.astimezone(UTC)) for one in found)


def by_vobject(content):
    """Its rules and days as clocks show them, and each that stands by itself in place of the day that it names."""
    master, *others = vobject.readOne(content.decode()).vevent_list
    zone = ZoneInfo(master.dtstart.params["X-VOBJ-ORIGINAL-TZID"][0])
    length = master.dtend.value - master.dtstart.value
    shown = {day.replace(tzinfo=None) for day in master.getrruleset()}
    shown -= {one.recurrence_id.value.replace(tzinfo=None) for one in others}
    days = [day.replace(tzinfo=zone).astimezone(UTC) for day in shown]
    own = [(one.dtstart.value.astimezone(UTC), one.dtend.value.astimezone(UTC)) for one in others]
    return sorted([(day, day + length) for day in days] + own)


def by_dateutil(content):
    """Believes the rule and the VTIMEZONE in the file, and asks no database of zones."""
    master, *others = Calendar.from_ical(content).events
    zone = tzical(io.StringIO(content.decode())).get(master["DTSTART"].params["TZID"])
    first = master.DTSTART.replace(tzinfo=None)
    gone = master.get("EXDATE", [])
    gone = {one.dt.replace(tzinfo=None) for lot in (gone if isinstance(gone, list) else [gone]) for one in lot.dts}
    gone |= {one["RECURRENCE-ID"].dt.replace(tzinfo=None) for one in others}
    rule = rrulestr(master["RRULE"].to_ical().decode(), dtstart=first)
    days = [day.replace(tzinfo=zone).astimezone(UTC) for day in rule if day not in gone]
    length = master.DTEND - master.DTSTART
    own = [(one.DTSTART.astimezone(UTC), one.DTEND.astimezone(UTC)) for one in others]
    return sorted([(day, day + length) for day in days] + own)


PARSERS = [by_recurring_ical_events, by_vobject, by_dateutil]


@pytest.mark.parametrize("read", PARSERS)
@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("zone", SETTERS)
def test_every_parser_finds_the_meetings_that_we_have(pair, read, every, zone):
    series = agreed(pair, every=every, times=26 if every == "week" else 14, zone=zone, local_time=time(8, 45))

    assert read(whole(series)) == in_the_database(series)


def moved(meeting, to):
    booking.offer_other_times(meeting, by=person(meeting, "mentor"), times=[to])
    booking.accept(meeting, by=person(meeting, "mentee"), starts_at=to)


@pytest.mark.parametrize("read", PARSERS)
def test_what_moved_what_fell_out_and_what_was_left_out_is_read_so(pair, read):
    series = agreed(pair, times=8, left_out=frozenset({next_weekday(1, 8) + timedelta(weeks=3)}))
    first, second, third, *_rest = series.meetings.order_by("occurrence_on")
    moved(first, first.starts_at + timedelta(days=2, hours=3))
    booking.cancel(second, by=person(pair, "mentee"), reason="away")
    booking.say_where(third, by=person(pair, "mentee"), channel="phone", place="01632 960123")

    assert read(whole(series)) == in_the_database(series)
    assert len(in_the_database(series)) == 6


@pytest.mark.parametrize("read", PARSERS)
def test_an_hour_that_clocks_skip_begins_after_it_for_every_parser(pair, read, time_machine):
    time_machine.move_to(datetime(2027, 3, 1, 9, tzinfo=UTC))
    series = agreed(pair, starts_on=date(2027, 3, 21), times=3, local_time=time(1, 30))

    assert datetime(2027, 3, 28, 1, 0, tzinfo=UTC) in [starts_at for starts_at, _ends in in_the_database(series)]
    assert read(whole(series)) == in_the_database(series)


def test_one_identity_and_a_number_that_only_grows(pair):
    series = agreed(pair)
    first, second, *_rest = series.meetings.order_by("occurrence_on")
    sent = [Calendar.from_ical(whole(series))]
    moved(first, first.starts_at + timedelta(days=1))
    sent.append(Calendar.from_ical(of_one(first)))
    booking.cancel(second, by=person(pair, "mentor"), reason="work")
    sent.append(Calendar.from_ical(of_one(second)))
    acts.end(series, by=person(pair, "mentor"), reason="work")
    sent.append(Calendar.from_ical(whole(series)))

    assert [str(one["METHOD"]) for one in sent] == ["REQUEST", "REQUEST", "CANCEL", "CANCEL"]
    assert [one.events[0]["SEQUENCE"] for one in sent] == sorted({one.events[0]["SEQUENCE"] for one in sent})
    assert {str(event["UID"]) for one in sent for event in one.events} == {series.uid}
    assert ["RECURRENCE-ID" in one.events[0] for one in sent] == [False, True, True, False]
    assert sent[2].events[0]["STATUS"] == sent[3].events[0]["STATUS"] == "CANCELLED"
    assert sent[1].events[0]["RECURRENCE-ID"].dt == sent[0].events[0].DTSTART


@pytest.mark.parametrize("zone", SETTERS)
def test_it_stands_on_the_clock_of_whoever_set_it_whoever_reads(pair, zone):
    series = agreed(pair, zone=zone)
    for role in ("mentee", "mentor"):
        calendar = Calendar.from_ical(whole(series, role))
        assert calendar.events[0]["DTSTART"].params["TZID"] == zone
        assert [one.tz_name for one in calendar.timezones] == [zone]
        assert calendar.get_missing_tzids() == set()


def test_what_was_held_stays_in_the_calendar_when_the_rest_ends(pair, time_machine):
    series = agreed(pair)
    time_machine.move_to(series.meetings.order_by("starts_at")[1].ends_at + timedelta(hours=1))
    acts.end(series, by=person(pair, "mentee"), reason="later")

    calendar = Calendar.from_ical(whole(series))
    assert (str(calendar["METHOD"]), calendar.events[0]["RRULE"]["COUNT"]) == ("REQUEST", [2])
    for read in PARSERS:
        assert read(whole(series)) == in_the_database(series)


def test_the_rest_at_a_new_time_is_a_second_series_and_the_first_is_shortened(pair):
    series = agreed(pair)
    starting = series.meetings.order_by("occurrence_on")[2].occurrence_on
    later = plan(starts_on=next_weekday(3, 24), times=4, every="fortnight")
    successor = acts.change(series, by=person(pair, "mentee"), plan=later, starting=starting)
    acts.accept(successor, by=person(pair, "mentor"), version=successor.sequence)

    assert series.uid != successor.uid
    for read in PARSERS:
        assert read(whole(series)) == in_the_database(series)
        assert read(whole(successor)) == in_the_database(successor)
    old, new = (Calendar.from_ical(whole(one)) for one in (series, successor))
    assert (str(old["METHOD"]), str(new["METHOD"])) == ("REQUEST", "REQUEST")


def test_a_series_that_gives_way_wholly_is_cancelled(pair):
    series = agreed(pair)
    later = plan(local_time=time(15))
    successor = acts.change(series, by=person(pair, "mentee"), plan=later, starting=series.starts_on)
    acts.accept(successor, by=person(pair, "mentor"), version=successor.sequence)

    assert str(Calendar.from_ical(whole(series))["METHOD"]) == "CANCEL"
    assert series_attachment(fresh(series), person(pair, "mentee")).filename == "cancelled.ics"


def test_the_subject_stays_out_of_calendars(pair):
    series = agreed(pair, title="A secret ambition")
    meeting = series.meetings.first()

    for content in (whole(series), of_one(meeting), download(meeting, person(pair, "mentee"))):
        assert b"secret ambition" not in content
        assert b"CLASS:PRIVATE" in content


def put(radicale, uid, content):
    headers = {"Content-Type": "text/calendar; charset=utf-8"}
    return httpx.put(f"{radicale}/{uid}.ics", content=content, headers=headers, auth=("priya", ""))


def kept(radicale, uid):
    return httpx.get(f"{radicale}/{uid}.ics", auth=("priya", "")).content


@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("zone", SETTERS)
def test_radicale_takes_a_series_as_it_is_sent_and_as_it_is_stored(radicale, pair, every, zone):
    series = agreed(pair, every=every, zone=zone, left_out=frozenset())
    first, second, *_rest = series.meetings.order_by("occurrence_on")
    assert put(radicale, series.uid, whole(series)).status_code == 201
    moved(first, first.starts_at + timedelta(days=1))
    booking.cancel(second, by=person(pair, "mentee"), reason="away")

    for content in (whole(series), download(first, person(pair, "mentee"))):
        answer = put(radicale, uid_of(first), content)
        assert answer.status_code in (201, 204), answer.text
        assert by_recurring_ical_events(kept(radicale, series.uid)) == in_the_database(series)


def test_radicale_takes_each_change_of_one_and_of_all_as_it_is_sent(radicale, pair):
    series = agreed(pair)
    first, second, *_rest = series.meetings.order_by("occurrence_on")
    moved(first, first.starts_at + timedelta(days=1))
    booking.cancel(second, by=person(pair, "mentee"), reason="away")
    for number, content in enumerate((of_one(first), of_one(second))):
        answer = put(
            radicale, f"{series.uid}-{number}", content.replace(series.uid.encode(), f"{series.uid}-{number}".encode())
        )
        assert answer.status_code in (201, 204), answer.text
    acts.end(series, by=person(pair, "mentee"), reason="work")
    assert put(radicale, series.uid, whole(series)).status_code in (201, 204)


@pytest.mark.django_db(transaction=True)
def test_the_e_mails_carry_one_occurrence_or_all_of_them(pair, run_jobs):
    series = agreed(pair)
    run_jobs()
    meeting = series.meetings.order_by("occurrence_on").first()
    moved(meeting, meeting.starts_at + timedelta(days=1))
    run_jobs()

    found = {}
    for letter in mail.outbox:
        parts = message_from_bytes(letter.message().as_bytes(), policy=policy.default).walk()
        for part in parts:
            if part.get_content_type() == "text/calendar":
                found[letter.subject.split(":")[0]] = Calendar.from_ical(part.get_content()).events
    assert [len(found[subject]) for subject in ("Agreed", "Moved")] == [1, 1]
    assert "RRULE" in found["Agreed"][0]
    assert "RECURRENCE-ID" in found["Moved"][0]


def test_a_proposal_stands_in_no_calendar(pair):
    assert not proposed(pair).was_agreed
