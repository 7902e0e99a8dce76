"""Connecting a calendar, reading it again and again, and letting go of it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.integrations import actions, queries
from commonhall.integrations.caldav.client import Found
from commonhall.integrations.calendars.result import Reading
from commonhall.integrations.fetching import FetchFailed, Login
from commonhall.integrations.models import BusySpan, Calendar
from commonhall.integrations.sealing import seal
from commonhall.integrations.tasks import refresh_due
from tests.factories.accounts import UserFactory
from tests.factories.integrations import BusySpanFactory, CalendarFactory
from tests.integrations.servers import Reply

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 10, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def priya():
    return UserFactory(name="Priya")


def ics(*days):
    entries = "".join(
        f"BEGIN:VEVENT\r\nUID:{day}\r\nDTSTART:202703{day:02}T090000Z\r\nDURATION:PT1H\r\nSUMMARY:Secret\r\nEND:VEVENT\r\n"
        for day in days
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{entries}END:VCALENDAR\r\n".encode()


def days_of(calendar):
    return [one.starts_at.day for one in calendar.spans.all()]


def connected(user, server, **more):
    calendar, _unread = actions.connect_address(user, by=user, address=server.at(), **more)
    return calendar


def test_a_calendar_is_read_at_once_and_kept_sealed(priya, server):
    server.replies["/cal.ics"] = Reply(ics(12, 15), headers={"ETag": '"one"', "Last-Modified": "Mon, 1 Mar 2027"})

    calendar = Calendar.objects.get(pk=connected(priya, server, name=" My \u202e work ").pk)

    assert days_of(calendar) == [12, 15]
    assert (calendar.name, calendar.plain_address, calendar.read_at) == ("My work", server.at(), NOW)
    assert "127.0.0.1" not in calendar.address
    assert (calendar.etag, calendar.modified) == ('"one"', "Mon, 1 Mar 2027")
    event = Event.objects.get(verb="calendar.connected")
    assert (event.by, event.details) == (priya, {"kind": "ics"})


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b"<html>Sign in</html>"), "a web page, not a calendar"),
        (Reply(b"hello"), "is not a calendar"),
        (Reply(status=404), "no calendar at this address any more"),
        (Reply(status=403), "does not let us in"),
        (Reply(status=503), "has trouble just now"),
        (Reply(status=204), "gave no calendar"),
        (Reply(status=304), "gave no calendar"),
    ],
)
def test_what_cannot_be_read_is_not_connected(priya, server, reply, words):
    server.replies["/cal.ics"] = reply
    with pytest.raises(FetchFailed, match=words):
        connected(priya, server)
    assert not Calendar.objects.exists()
    assert not Event.objects.exists()


def test_the_same_calendar_is_not_connected_twice(priya, server):
    server.replies["/cal.ics"] = Reply(ics(12))
    connected(priya, server)
    with pytest.raises(Conflict, match="in your list already"):
        connected(priya, server)
    connected(UserFactory(), server)


def test_nobody_connects_for_somebody_else(priya, server):
    with pytest.raises(Refused, match="somebody else’s"):
        actions.connect_address(priya, by=UserFactory(), address=server.at())


def test_ten_calendars_are_enough(priya, server):
    CalendarFactory.create_batch(10, user=priya)
    with pytest.raises(Refused, match="Ten calendars"):
        connected(priya, server)
    assert not server.asked


def by_address(user, number):
    calendar = Calendar(user=user, kind="ics", name="One", address=seal(f"https://c.example/{number}"))
    return lambda: actions._add_as_read(calendar, actions.Fetched(Reading()), by=user)


def by_server(user, number):
    found = [Found(f"https://c.example/{number}/", "One", True)]
    return lambda: actions.connect_server(user, by=user, login=Login("p", "w"), found=found, takes=found[0].address)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", [by_address, by_server])
def test_several_at_the_same_moment_do_not_make_eleven(priya, together, way):
    CalendarFactory.create_batch(9, user=priya)

    outcomes = together(*(way(priya, number) for number in range(5)))

    assert Calendar.objects.filter(user=priya).count() == 10
    assert [type(one) for one in outcomes if one] == [Refused] * 4


def test_on_the_same_day_only_what_changed_is_sent_and_on_the_next_all_of_it(priya, server, today):
    def reply(handler):
        return (
            Reply(status=304)
            if handler.headers.get("If-None-Match") == '"one"'
            else Reply(ics(12), headers={"ETag": '"one"'})
        )

    server.replies["/cal.ics"] = reply
    calendar = connected(priya, server)
    today.shift(timedelta(hours=2))
    actions.read(calendar.pk)
    calendar.refresh_from_db()
    assert (calendar.read_at, days_of(calendar), calendar.etag) == (clock.now(), [12], '"one"')
    assert server.asked[-1][2]["If-None-Match"] == '"one"'

    today.shift(timedelta(hours=20))
    actions.read(calendar.pk)
    assert "If-None-Match" not in server.asked[-1][2]


def test_the_last_good_copy_stays_while_the_server_fails(priya, server, today):
    server.replies["/cal.ics"] = Reply(ics(12, 15))
    calendar = connected(priya, server)
    server.replies["/cal.ics"] = Reply(status=500)
    today.shift(timedelta(hours=2))

    actions.read(calendar.pk)

    calendar.refresh_from_db()
    assert days_of(calendar) == [12, 15]
    assert (calendar.read_at, calendar.asked_at) == (NOW, clock.now())
    assert "trouble" in calendar.problem
    assert not calendar.is_silent
    today.shift(timedelta(days=2))
    assert calendar.is_silent

    server.replies["/cal.ics"] = Reply(ics(16))
    actions.read(calendar.pk)
    calendar.refresh_from_db()
    assert (days_of(calendar), calendar.problem) == ([16], "")


def test_what_has_not_changed_is_not_written_again(priya, server):
    server.replies["/cal.ics"] = Reply(ics(12, 15))
    calendar = connected(priya, server)
    rows = set(BusySpan.objects.values_list("pk", flat=True))
    actions.read(calendar.pk)
    assert set(BusySpan.objects.values_list("pk", flat=True)) == rows


def test_what_was_removed_while_it_was_read_stays_removed(priya, server):
    server.replies["/cal.ics"] = Reply(ics(12))
    calendar = connected(priya, server)

    def reply(handler):
        return Reply(ics(13))

    server.replies["/cal.ics"] = reply
    kept = Calendar.objects.get(pk=calendar.pk)
    actions.remove(calendar, by=priya)
    actions._keep(kept, actions._look(kept))
    assert not BusySpan.objects.exists()
    actions.read(kept.pk)


def test_a_calendar_whose_key_is_lost_says_so_and_is_kept(priya, server, settings):
    server.replies["/cal.ics"] = Reply(ics(12))
    calendar = connected(priya, server)
    settings.SECRET_KEY = "another-key-0123456789-0123456789-0123456789"
    actions.read(calendar.pk)
    calendar.refresh_from_db()
    assert "add it again" in calendar.problem
    assert days_of(calendar) == [12]
    connected(priya, server)


def test_a_former_key_gives_way_to_the_present_one(priya, server, settings):
    server.replies["/cal.ics"] = Reply(ics(12))
    calendar = connected(priya, server)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-0123456789-0123456789-0123456789"
    actions.read(calendar.pk)
    settings.SECRET_KEY_FALLBACKS = []
    calendar.refresh_from_db()
    assert calendar.plain_address == server.at()


def times_asked(calendar, today, server, hours):
    """At which hours a calendar is asked when the clock looks every half hour."""
    asked = []
    for half in range(hours * 2):
        today.move_to(NOW + timedelta(minutes=30 * half))
        if any(one.pk == calendar.pk for one in queries.due()):
            actions.read(calendar.pk)
            asked.append(half / 2)
    return asked


def test_a_calendar_is_asked_each_hour_and_ever_less_often_while_that_fails(priya, server, today):
    server.replies["/cal.ics"] = Reply(ics(12))
    calendar = connected(priya, server)
    assert times_asked(calendar, today, server, 4) == [1, 2, 3]

    Calendar.objects.update(read_at=NOW, asked_at=NOW)
    server.replies["/cal.ics"] = Reply(status=500)
    assert times_asked(calendar, today, server, 100) == [1, 2, 4, 8, 16, 32, 56, 80]


def test_what_is_due_is_read_in_the_background_once(priya, server, today, run_jobs):
    server.replies["/cal.ics"] = Reply(ics(12))
    calendar = connected(priya, server)
    CalendarFactory(address="", asked_at=None)
    gone = CalendarFactory(address=seal(server.at("/gone")), user=UserFactory(is_active=False))
    today.shift(timedelta(hours=2))

    refresh_due.call()
    refresh_due.call()

    assert run_jobs().count("integrations.tasks.read") == 1
    calendar.refresh_from_db()
    gone.refresh_from_db()
    assert (calendar.read_at, gone.asked_at) == (clock.now(), None)


def test_so_many_are_asked_at_once_and_no_more(today, server, run_jobs, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 3)
    for _number in range(5):
        CalendarFactory(address=seal(server.at()), asked_at=NOW - timedelta(hours=3))
    server.replies["/cal.ics"] = Reply(ics(12))

    refresh_due.call()
    refresh_due.call()
    assert len(run_jobs()) == 3
    refresh_due.call()
    assert len(run_jobs()) == 2


def test_where_the_site_forbids_it_nobody_is_asked(server, settings, run_jobs):
    settings.CONNECT_CALENDARS = False
    calendar = CalendarFactory(address=seal(server.at()), asked_at=None)
    refresh_due.call()
    assert run_jobs() == []
    with pytest.raises(Refused, match="switched off"):
        actions.connect_address(calendar.user, by=calendar.user, address=server.at("/other"))
    assert not server.asked


def test_checking_now_is_for_the_owner_and_not_too_often(priya, server, today):
    server.replies["/cal.ics"] = Reply(ics(12))
    calendar = connected(priya, server)
    with pytest.raises(Refused, match="somebody else’s"):
        actions.check_now(calendar, by=UserFactory())
    calendar.refresh_from_db()
    with pytest.raises(Conflict, match="less than a minute ago"):
        actions.check_now(calendar, by=priya)

    today.shift(timedelta(minutes=2))
    server.replies["/cal.ics"] = Reply(
        ics(14).replace(b"END:VCAL", b"BEGIN:VEVENT\nDTSTART:20270399\nEND:VEVENT\nEND:VCAL")
    )
    assert actions.check_now(calendar, by=priya) == 1
    assert days_of(calendar) == [14]
    with pytest.raises(Conflict, match="being read just now"):
        actions.check_now(calendar, by=priya)


def test_calendars_of_a_server_are_connected_and_one_of_them_takes_meetings(priya, server, run_jobs):
    server.replies |= {"/a/": Reply(ics(12).replace(b"VEVENT", b"VFREEBUSY")), "/b/": Reply(status=500)}
    found = [Found(server.at("/a/"), "A", True), Found(server.at("/b/"), "B", True)]

    for _twice in range(2):
        actions.connect_server(priya, by=priya, login=Login("p", "w"), found=found, takes=server.at("/b/"))

    rows = {one.name: one for one in Calendar.objects.filter(user=priya)}
    assert {name: one.takes_meetings for name, one in rows.items()} == {"A": False, "B": True}
    assert (rows["A"].plain_address, rows["A"].username, rows["A"].plain_secret) == (server.at("/a/"), "p", "w")
    assert queries.calendar_for_meetings(priya) == rows["B"]
    assert "integrations.tasks.read" in run_jobs()
    rows["B"].refresh_from_db()
    assert "trouble" in rows["B"].problem

    actions.change(rows["A"], by=priya, name="A", takes_meetings=True)
    assert queries.calendar_for_meetings(priya) == rows["A"]


def test_a_new_password_is_tried_at_once(priya, server, run_jobs):
    calendar = CalendarFactory(user=priya, kind="caldav", address=seal(server.at()), secret=seal("old"))
    actions.change(calendar, by=priya, name="Work", password="new")
    calendar.refresh_from_db()
    assert calendar.plain_secret == "new"
    assert run_jobs().count("integrations.tasks.read") == 1


def test_a_calendar_at_an_address_takes_no_meetings(priya):
    calendar = CalendarFactory(user=priya)
    actions.change(calendar, by=priya, name="Work", takes_meetings=True)
    assert queries.calendar_for_meetings(priya) is None


def test_a_removed_calendar_leaves_nothing_behind(priya):
    calendar = BusySpanFactory(
        calendar__user=priya, starts_at=NOW + timedelta(hours=1), ends_at=NOW + timedelta(hours=2)
    ).calendar
    with pytest.raises(Refused):
        actions.remove(calendar, by=UserFactory())
    actions.remove(calendar, by=priya)
    assert not Calendar.objects.exists()
    assert not BusySpan.objects.exists()
    assert Event.objects.get().verb == "calendar.removed"
