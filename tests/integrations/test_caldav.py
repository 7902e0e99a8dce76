"""A calendar server by CalDAV: a real one, and ones that lie."""

import threading
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from commonhall.core.errors import Refused
from commonhall.integrations.addresses import NotAllowed
from commonhall.integrations.caldav import client
from commonhall.integrations.caldav.client import Found, NotLetIn, busy_at, calendars_at
from commonhall.integrations.caldav.events import delete_event, put_event
from commonhall.integrations.caldav.xml import Strange, parsed
from commonhall.integrations.calendars.reading import from_file, from_report
from commonhall.integrations.fetching import FetchFailed, Login
from commonhall.integrations.sealing import seal
from tests.factories.integrations import CalendarFactory
from tests.integrations.servers import Reply

PRIYA = Login("priya", "app-word")
STARTING = datetime(2027, 3, 1, tzinfo=UTC)
UNTIL = STARTING + timedelta(weeks=26)
MAKE = """<?xml version="1.0"?><c:mkcalendar xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><set><prop>
<displayname>{name}</displayname><c:supported-calendar-component-set><c:comp name="{kind}"/>
</c:supported-calendar-component-set></prop></set></c:mkcalendar>"""


def made(base, path, name, kind="VEVENT", login=PRIYA):
    address = f"{base}/{login.username}/{path}/"
    content = MAKE.format(name=name, kind=kind)
    httpx.request("DELETE", address, auth=(login.username, login.password))
    answer = httpx.request("MKCALENDAR", address, content=content, auth=(login.username, login.password))
    assert answer.status_code == 201, answer.text
    return address


def ics(uid, *lines, **more):
    inside = "\r\n".join([f"UID:{uid}", "DTSTAMP:20270101T000000Z", *lines])
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//A//B//\r\n{more.get('head', '')}"
    return f"{head}BEGIN:VEVENT\r\n{inside}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def put(address, name, content):
    answer = httpx.put(f"{address}{name}.ics", content=content, auth=("priya", "app-word"))
    assert answer.status_code in (201, 204), answer.text


def stored(address):
    """What lies in a calendar, by its name there."""
    answer = httpx.get(address, auth=("priya", "app-word"))
    return answer.text.replace("\r\n ", "")


@pytest.fixture
def work(radicale):
    return made(radicale, "work", "Work, and more")


def test_calendars_are_found_from_the_bare_server(radicale, work):
    made(radicale, "diary", "Diary", kind="VJOURNAL")
    assert calendars_at(radicale, PRIYA) == [Found(work, "Work, and more", True)]


@pytest.mark.parametrize("path", ["/", "/priya/", "/priya/work/", "/nowhere/at/all/"])
def test_calendars_are_found_from_whatever_address_people_know(radicale, work, path):
    assert work in [one.address for one in calendars_at(radicale + path, PRIYA)]


def test_a_wrong_password_is_told_apart(radicale, work):
    with pytest.raises(NotLetIn, match="does not accept this name and password"):
        calendars_at(radicale, Login("priya", "wrong"))
    with pytest.raises(FetchFailed, match="does not let us in"):
        busy_at(work, Login("priya", "wrong"), STARTING, UNTIL)


def busy(address, **options):
    answer = busy_at(address, PRIYA, STARTING, UNTIL, **options)
    function = from_report if answer.is_report else from_file
    return answer.is_report, list(function(answer.body, "Europe/London", STARTING, UNTIL).spans)


@pytest.mark.parametrize("entries", [False, True])
def test_when_somebody_is_busy_is_read_by_either_way(work, entries):
    put(work, "a", ics("a", "DTSTART:20270312T090000Z", "DTEND:20270312T100000Z", "SUMMARY:Secret"))
    put(work, "b", ics("b", "DTSTART:20270401T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2"))
    put(work, "c", ics("c", "DTSTART:20270501T090000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT"))
    put(work, "d", ics("d", "DTSTART:20260501T090000Z", "DURATION:PT1H"))

    is_report, spans = busy(work, entries=entries)

    assert is_report is entries
    assert spans == [
        (datetime(2027, 3, 12, 9, tzinfo=UTC), datetime(2027, 3, 12, 10, tzinfo=UTC)),
        (datetime(2027, 4, 1, 9, tzinfo=UTC), datetime(2027, 4, 1, 10, tzinfo=UTC)),
        (datetime(2027, 4, 8, 9, tzinfo=UTC), datetime(2027, 4, 8, 10, tzinfo=UTC)),
    ]


def test_a_calendar_that_is_gone_is_said_so(radicale, work):
    httpx.request("DELETE", work, auth=("priya", "app-word"))
    with pytest.raises(FetchFailed, match="no calendar at this address any more"):
        busy_at(work, PRIYA, STARTING, UNTIL)


def test_somebody_elses_calendar_is_not_read(radicale):
    theirs = made(radicale, "theirs", "Bryn’s", login=Login("bryn", "other-word"))
    with pytest.raises(FetchFailed):
        busy_at(theirs, PRIYA, STARTING, UNTIL)


@pytest.fixture
def calendar(db, work):
    return CalendarFactory(
        kind="caldav", address=seal(work), username="priya", secret=seal("app-word"), takes_meetings=True
    )


def meeting(hour, sequence=0):
    return ics(
        "m1@commonhall",
        f"DTSTART:20270312T{hour:02}0000Z",
        "DURATION:PT1H",
        f"SEQUENCE:{sequence}",
        head="METHOD:REQUEST\r\n",
    ).encode()


def test_an_entry_is_put_changed_and_taken_away_and_all_of_it_may_happen_twice(calendar, work):
    etag = put_event(calendar, "m1@commonhall", meeting(9))
    assert etag
    assert "DTSTART:20270312T090000Z" in stored(work)
    assert "METHOD:REQUEST" not in stored(work)

    for _twice in range(2):
        put_event(calendar, "m1@commonhall", meeting(14, 1))
    assert stored(work).count("BEGIN:VEVENT") == 1
    assert "DTSTART:20270312T140000Z" in stored(work)

    for _twice in range(2):
        delete_event(calendar, "m1@commonhall")
    assert "BEGIN:VEVENT" not in stored(work)


def test_an_entry_that_the_owner_keeps_under_another_name_is_found(calendar, work):
    put(work, "accepted-from-mail", meeting(9).replace(b"METHOD:REQUEST\r\n", b""))
    put_event(calendar, "m1@commonhall", meeting(14, 1))
    assert stored(work).count("BEGIN:VEVENT") == 1
    assert "DTSTART:20270312T140000Z" in stored(work)
    delete_event(calendar, "m1@commonhall")
    assert "BEGIN:VEVENT" not in stored(work)


def test_other_entries_stay(calendar, work):
    put(work, "a", ics("a", "DTSTART:20270312T090000Z", "DURATION:PT1H"))
    put(work, "b", ics("xm1@commonhall", "DTSTART:20270313T090000Z", "DURATION:PT1H"))
    put_event(calendar, "m1@commonhall", meeting(9))
    delete_event(calendar, "m1@commonhall")
    assert stored(work).count("BEGIN:VEVENT") == 2


def test_writing_with_a_wrong_password_or_into_what_is_gone_is_said_in_words(calendar, work):
    httpx.request("DELETE", work, auth=("priya", "app-word"))
    with pytest.raises(FetchFailed):
        put_event(calendar, "m1@commonhall", meeting(9))
    calendar.secret = seal("wrong")
    with pytest.raises(FetchFailed, match="does not let us in"):
        put_event(calendar, "m1@commonhall", meeting(9))


def found_row(href, etag='"1"'):
    return Reply(
        f"""<multistatus xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><response><href>{href}</href><propstat>
<prop><getetag>{etag}</getetag><c:calendar-data>UID:m1@commonhall\r\n</c:calendar-data></prop></propstat></response>
</multistatus>""".encode(),
        207,
    )


@pytest.fixture
def elsewhere(db, server):
    return CalendarFactory(kind="caldav", address=seal(server.at("/c/")), username="p", secret=seal("w"))


def test_what_was_changed_between_looking_and_writing_is_looked_at_again(elsewhere, server):
    states = iter(['"1"', '"2"'])
    server.replies["/c/"] = lambda handler: found_row("/c/m.ics", next(states))
    server.replies["/c/m.ics"] = lambda handler: Reply(status=204 if handler.headers["If-Match"] == '"2"' else 412)

    put_event(elsewhere, "m1@commonhall", meeting(9))

    written = [(method, headers["If-Match"]) for method, path, headers, _body in server.asked if path == "/c/m.ics"]
    assert written == [("PUT", '"1"'), ("PUT", '"2"')]


def test_what_never_stays_as_it_was_is_given_up(elsewhere, server):
    server.replies["/c/"] = found_row("/c/m.ics")
    server.replies["/c/m.ics"] = Reply(status=412)
    for act in (lambda: put_event(elsewhere, "m1@commonhall", b""), lambda: delete_event(elsewhere, "m1@commonhall")):
        with pytest.raises(FetchFailed, match="keeps changing"):
            act()


def test_a_server_that_cannot_search_is_written_to_by_name(elsewhere, server):
    server.replies["/c/"] = Reply(status=501)
    server.replies["/c/m1%40commonhall.ics"] = lambda handler: Reply(
        status=404 if handler.command == "GET" else 201, headers={"ETag": '"new"'}
    )
    assert put_event(elsewhere, "m1@commonhall", meeting(9)) == '"new"'
    assert server.asked[-1][2]["If-None-Match"] == "*"


@pytest.mark.parametrize(("status", "words"), [(403, "write nothing"), (507, "no room"), (503, "trouble")])
def test_why_nothing_could_be_written_is_said_in_words(elsewhere, server, status, words):
    server.replies["/c/"] = found_row("/c/m.ics")
    server.replies["/c/m.ics"] = Reply(status=status)
    with pytest.raises(FetchFailed, match=words):
        put_event(elsewhere, "m1@commonhall", meeting(9))


@pytest.mark.parametrize("href", ["http://10.0.0.1/x.ics", "//evil.example/x.ics", "http://127.0.0.1:1/x.ics"])
def test_a_server_cannot_send_us_with_the_password_to_another(elsewhere, server, href):
    server.replies["/c/"] = found_row(href)
    with pytest.raises(FetchFailed, match="sends us to another one"):
        put_event(elsewhere, "m1@commonhall", meeting(9))


def discovery(element, href="/"):
    return Reply(
        f"""<multistatus xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><response><href>{href}</href><propstat>
<prop>{element}</prop></propstat></response></multistatus>""".encode(),
        207,
    )


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b"<html>hello</html>"), "no calendar server"),
        (Reply(status=404), "no calendar server"),
        (Reply(status=500), "no calendar server"),
        (Reply(b"", 207), "does not answer as a calendar server"),
        (Reply(b"<a><b></a>", 207), "does not answer as a calendar server"),
        (Reply(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 207), "does not answer as a calendar server"),
        (Reply(b"<a>" * 100_000, 207), "does not answer as a calendar server"),
        (Reply(b"<a>" + b"x" * 2**20, 207), "more than 1 MB"),
        (discovery("<current-user-principal><href>//evil.example/</href></current-user-principal>"), "another one"),
        (discovery("<current-user-principal><href>http://[</href></current-user-principal>"), "another one"),
        (discovery("<current-user-principal><href>/gone</href></current-user-principal>"), "no calendar at this"),
        (discovery("<c:calendar-home-set><href>/gone</href></c:calendar-home-set>"), "no calendar at this"),
        (discovery("<current-user-principal><unauthenticated/></current-user-principal>"), "no calendar server"),
    ],
)
def test_a_server_that_lies_is_answered_in_words(server, reply, words):
    server.replies["/"] = reply
    with pytest.raises(FetchFailed, match=words):
        calendars_at(server.at("/"), PRIYA)


def test_a_server_that_shows_itself_for_ever_ends(server):
    server.replies["/"] = discovery("<current-user-principal><href>/</href></current-user-principal>")
    with pytest.raises(FetchFailed, match="shows no calendar of yours"):
        calendars_at(server.at("/"), PRIYA)
    assert len(server.asked) < 10


def test_the_well_known_address_may_lead_to_where_the_calendars_are(server):
    server.replies["/.well-known/caldav"] = Reply(status=301, headers={"Location": "/dav/"})
    calendar = "<resourcetype><collection/><c:calendar/></resourcetype><displayname>Work</displayname>"
    server.replies["/dav/"] = discovery(calendar, "/dav/")
    assert calendars_at(server.at(""), PRIYA) == [Found(server.at("/dav/"), "Work", True)]
    assert server.asked[0][1] == "/.well-known/caldav"


def test_a_calendar_for_reading_only_is_known_as_such(server):
    server.replies["/"] = discovery(
        "<resourcetype><c:calendar/></resourcetype>"
        "<current-user-privilege-set><privilege><read/></privilege></current-user-privilege-set>"
    )
    assert [one.writable for one in calendars_at(server.at("/"), PRIYA)] == [False]


def test_a_server_that_cannot_give_busy_times_is_asked_for_entries(server):
    entry = ics("a", "DTSTART:20270312T090000Z", "DURATION:PT1H")

    def reply(handler):
        _method, _path, _headers, content = server.asked[-1]
        if b"free-busy-query" in content:
            return Reply(status=501)
        if b"expand" in content:
            return Reply(status=500)
        return Reply(
            f'<multistatus xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><response><href>/c/a.ics</href>'
            f"<propstat><prop><c:calendar-data>{entry}</c:calendar-data></prop></propstat></response></multistatus>".encode(),
            207,
        )

    server.replies["/c/"] = reply
    is_report, spans = busy(server.at("/c/"))
    assert is_report
    assert spans == [(datetime(2027, 3, 12, 9, tzinfo=UTC), datetime(2027, 3, 12, 10, tzinfo=UTC))]


def test_a_password_does_not_travel_unencrypted():
    with pytest.raises(NotAllowed, match="unencrypted"):
        calendars_at("http://calendar.example/", PRIYA)


def test_a_server_inside_a_network_is_not_asked(server, settings):
    settings.ALLOWED_INTERNAL_HOSTS = []
    with pytest.raises(Refused):
        calendars_at(server.at("/").replace("http", "https"), PRIYA)
    assert not server.asked


def test_one_providers_many_hosts_are_one_place():
    apple = httpx.URL("https://caldav.icloud.com/")
    assert client.linked(apple, "https://p42-caldav.icloud.com:443/1/").host == "p42-caldav.icloud.com"
    for other in ("https://icloud.com.evil.example/", "http://p42-caldav.icloud.com/", "https://evilicloud.com/"):
        with pytest.raises(FetchFailed):
            client.linked(apple, other)


def test_entities_are_not_expanded_and_depth_has_a_bottom():
    with pytest.raises(Strange):
        parsed(b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>")
    with pytest.raises(Strange):
        parsed(b"<a>" * 1000)


def test_a_slow_server_is_left(server, monkeypatch):
    monkeypatch.setattr(client, "SECONDS_TO_FIND", 0.5)
    gate = threading.Event()
    server.replies["/dav/"] = lambda handler: gate.wait(20) and None
    with pytest.raises(FetchFailed, match="took longer than"):
        calendars_at(server.at("/dav/"), PRIYA)
    gate.set()
