"""When a calendar file says that its owner is busy: in a child of its own, whatever the file holds."""

import io
import tarfile
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhall.core.child import ChildFailed, run_limited
from commonhall.integrations.calendars import reading
from commonhall.integrations.calendars.reading import from_file, from_report, merged
from commonhall.integrations.calendars.thinning import thinned

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "ics"
STARTING = datetime(2027, 3, 1, tzinfo=UTC)
UNTIL = STARTING + timedelta(weeks=26)
HOME = "Europe/London"


def at(month, day, hour=0, minute=0):
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


def event(*lines, uid="one@elsewhere.example"):
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", ""])


def file(*parts):
    return "".join(["BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//A//B//\r\n", *parts, "END:VCALENDAR\r\n"]).encode()


def spans(*parts, zone=HOME):
    return list(from_file(file(*parts), zone, STARTING, UNTIL).spans)


def test_an_entry_makes_busy_from_its_start_to_its_end():
    assert spans(event("DTSTART:20270312T090000Z", "DTEND:20270312T100000Z")) == [(at(3, 12, 9), at(3, 12, 10))]


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        (("DTSTART:20270312T090000Z", "DURATION:PT90M"), 1.5),
        (("DTSTART:20270312T090000Z", "DURATION:P1D"), 24),
        (("DTSTART:20270312T090000Z",), 0),
        (("DTSTART;VALUE=DATE:20270312",), 24),
        (("DTSTART;VALUE=DATE:20270312", "DTEND;VALUE=DATE:20270312"), 24),
        (("DTSTART;VALUE=DATE:20270312", "DTEND;VALUE=DATE:20270314"), 48),
        (("DTSTART;VALUE=DATE:20270312", "DURATION:P3D"), 72),
        (("DTSTART:20270312T090000Z", "DTEND:20270312T080000Z"), 1),
    ],
)
def test_without_an_end_it_lasts_as_long_as_it_must(lines, hours):
    assert sum((ends - begins).total_seconds() for begins, ends in spans(event(*lines))) == hours * 3600


@pytest.mark.parametrize(
    "line",
    ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "transp:transparent"],
)
def test_what_is_free_or_cancelled_makes_nobody_busy(line):
    assert spans(event("DTSTART:20270312T090000Z", "DTEND:20270312T100000Z", line)) == []


def test_a_whole_day_is_a_day_where_the_owner_lives():
    assert spans(event("DTSTART;VALUE=DATE:20270312"), zone="Australia/Melbourne") == [(at(3, 11, 13), at(3, 12, 13))]


def test_a_time_without_a_zone_is_meant_where_the_owner_lives():
    lines = ("DTSTART:20270312T090000", "DTEND:20270312T100000")
    assert spans(event(*lines), zone="America/Toronto") == [(at(3, 12, 14), at(3, 12, 15))]


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("America/Toronto", 14),
        ("Eastern Standard Time", 14),
        ("/freeassociation.sourceforge.net/America/Toronto", 14),
        ("Nowhere/Atlantis", 9),
        ("", 9),
        ('"(UTC-99:00) Nonsense"', 9),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_zones_of_any_make_are_known_and_wrong_ones_are_the_owners(zone, hour):
    lines = (f"DTSTART;TZID={zone}:20270312T090000", "DURATION:PT1H")
    assert spans(event(*lines)) == [(at(3, 12, hour), at(3, 12, hour + 1))]


def test_a_zone_that_the_file_describes_itself_is_believed_wherever_it_stands():
    zone = "\r\n".join(
        [
            "BEGIN:VTIMEZONE",
            "TZID:Our Own Time",
            "BEGIN:STANDARD",
            "DTSTART:16010101T000000",
            "TZOFFSETFROM:+0300",
            "TZOFFSETTO:+0300",
            "END:STANDARD",
            "END:VTIMEZONE",
            "",
        ]
    )
    entry = event("DTSTART;TZID=Our Own Time:20270312T090000", "DURATION:PT1H")
    assert spans(entry, zone) == [(at(3, 12, 6), at(3, 12, 7))]


def test_what_recurs_stays_at_its_local_hour_with_exceptions_moved_and_fallen_out():
    series = event(
        "DTSTART;TZID=Europe/London:20270315T090000",
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=Europe/London:20270322T090000",
    )
    moved = event(
        "RECURRENCE-ID;TZID=Europe/London:20270329T090000",
        "DTSTART;TZID=Europe/London:20270329T140000",
        "DURATION:PT1H",
    )
    assert spans(series, moved) == [
        (at(3, 15, 9), at(3, 15, 10)),
        (at(3, 29, 13), at(3, 29, 14)),
        (at(4, 5, 8), at(4, 5, 9)),
    ]


def test_a_cancelled_occurrence_frees_its_own_hour_alone():
    series = event("DTSTART:20270315T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2")
    gone = event("RECURRENCE-ID:20270315T090000Z", "DTSTART:20270315T090000Z", "DURATION:PT1H", "STATUS:CANCELLED")
    assert spans(series, gone) == [(at(3, 16, 9), at(3, 16, 10))]


def test_entries_that_share_an_identity_without_recurring_all_count():
    one = event("DTSTART:20270312T090000Z", "DURATION:PT1H")
    assert spans(one, one.replace("0312", "0313")) == [
        (at(3, 12, 9), at(3, 12, 10)),
        (at(3, 13, 9), at(3, 13, 10)),
    ]


def test_an_entry_without_an_identity_and_with_things_said_twice_is_read():
    lines = "BEGIN:VEVENT\nDTSTART:20270312T090000Z\nDTSTART:20270312T093000Z\nDTEND:20270312T100000Z\nEND:VEVENT\n"
    assert spans(lines) == [(at(3, 12, 9), at(3, 12, 10))]


def test_our_own_meetings_are_not_read_back():
    lines = ("DTSTART:20270312T090000Z", "DURATION:PT1H")
    assert spans(event(*lines, uid="abc@commonhall"), event(*lines, uid="abc@commonhall.example")) == [
        (at(3, 12, 9), at(3, 12, 10))
    ]


def test_only_the_window_is_kept():
    long = event("DTSTART:20200101T000000Z", "DTEND:20270302T000000Z", uid="long")
    longer = event("DTSTART:20270820T000000Z", "DURATION:P9000D", uid="longer")
    old = event("DTSTART:20270227T000000Z", "DTEND:20270228T000000Z", uid="old")
    far = event("DTSTART:20280101T000000Z", "DURATION:PT1H", uid="far")
    assert spans(long, longer, old, far) == [(STARTING, at(3, 2)), (at(8, 20), UNTIL)]


def test_busy_periods_are_read_and_free_ones_are_not():
    block = "\r\n".join(
        [
            "BEGIN:VFREEBUSY",
            "FREEBUSY:20270312T090000Z/20270312T100000Z,20270313T090000Z/PT30M",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270314T090000Z/PT1H",
            "FREEBUSY;FBTYPE=FREE:20270315T090000Z/PT1H",
            "FREEBUSY:nonsense,20270316T090000Z/PT1H",
            "END:VFREEBUSY",
            "",
        ]
    )
    assert [begins.day for begins, _ends in spans(block)] == [12, 13, 14, 16]


def test_whole_days_of_a_server_that_knows_no_zone_are_the_owners_days():
    block = "BEGIN:VFREEBUSY\nFREEBUSY:20270312T000000Z/20270313T000000Z\nEND:VFREEBUSY\n"
    assert spans(block, zone="America/Toronto") == [(at(3, 12, 5), at(3, 13, 5))]


def test_entries_inside_the_answer_of_a_calendar_server_are_read():
    entry = file(event("DTSTART:20270312T090000Z", "DURATION:PT1H")).decode()
    space = 'xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
    xml = f"<multistatus {space}><response><c:calendar-data>{entry}</c:calendar-data></response></multistatus>"
    assert from_report(xml.encode(), HOME, STARTING, UNTIL).spans == ((at(3, 12, 9), at(3, 12, 10)),)
    assert from_report(b"<html", HOME, STARTING, UNTIL).fault == "answer"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "no calendar"),
        (b"hello", "no calendar"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><p>Sign in</p>", "page"),
        (b"\x00\xff\xfe\x80" * 1000, "no calendar"),
        (file(), ""),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR".encode("utf-16"), ""),
    ],
)
def test_what_is_no_calendar_is_told_apart(content, fault):
    assert from_file(content, HOME, STARTING, UNTIL).fault == fault


def test_nothing_of_what_an_entry_is_about_gets_past_the_first_step():
    secrets = ("SUMMARY:Job interview", "DESCRIPTION:Secret", " folded secret", "LOCATION:Secret", "ATTENDEE:Secret")
    alarm = ("BEGIN:VALARM", "DTSTART:19990101T000000Z", "DESCRIPTION:Secret", "END:VALARM")
    thin = thinned(file(event(*secrets, *alarm, "DTSTART:20270312T090000Z", "COMMENT:Secret")))
    assert thin.events == [["BEGIN:VEVENT", "UID:one@elsewhere.example", "DTSTART:20270312T090000Z", "END:VEVENT"]]


def test_a_broken_entry_costs_nothing_but_itself():
    good = event("DTSTART:20270312T090000Z", "DURATION:PT1H")
    bad = [
        event("DTSTART:20270399T090000Z", "DURATION:PT1H", uid="day"),
        event("DTSTART:20270312T090000Z", "DURATION:P99999999999W", uid="length"),
        event("DTSTART:20270312T090000Z", "RRULE:FREQ=SOMETIMES", uid="rule"),
        event("DTSTART:20270312T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=x", uid="count"),
    ]
    found = from_file(file(*bad, good), HOME, STARTING, UNTIL)
    assert (found.spans[0], found.unread) == ((at(3, 12, 9), at(3, 12, 10)), 4)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=1",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=YEARLY;BYSECOND={s};BYMINUTE={s};BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23",
    ],
)
def test_what_repeats_without_end_is_left_in_its_half_second(rule):
    series = event("DTSTART:19700101T000000Z", "DURATION:PT1S", f"RRULE:{rule}".format(s=",".join(map(str, range(60)))))
    good = event("DTSTART:20270312T090000Z", "DURATION:PT1H", uid="good")
    began = time.process_time()
    found = from_file(file(series, good), HOME, STARTING, UNTIL)
    assert time.process_time() - began < 3
    assert (at(3, 12, 9), at(3, 12, 10)) in found.spans
    assert found.unread == 1


def test_what_repeats_for_ever_at_a_human_pace_is_read_to_the_end_of_the_window():
    found = spans(event("DTSTART;TZID=Europe/London:19990104T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"))
    assert len(found) == 26


def test_so_many_spans_are_kept_and_no_more():
    busy = "".join(
        event(f"DTSTART:{STARTING + timedelta(hours=n):%Y%m%dT%H%M%SZ}", "DURATION:PT1M", uid=f"u{n}")
        for n in range(2500)
    )
    found = from_file(file(busy), HOME, STARTING, UNTIL)
    assert len(found.spans) <= reading.MOST_SPANS
    assert found.spans[0][0] == STARTING


HOSTILE = {
    "line breaks": b"\n" * 4_900_000,
    "beginnings": b"BEGIN:VEVENT\n" * 370_000,
    "one folded line": b"BEGIN:VEVENT\nDTSTART:2027\n" + b" 0\n" * 1_600_000 + b"END:VEVENT\n",
    "entries": b"BEGIN:VEVENT\nDTSTART:20270401\nEND:VEVENT\n" * 110_000,
    "exceptions": event("DTSTART:20270312T090000Z", "RRULE:FREQ=DAILY")
    .encode()
    .replace(b"END:VEVENT", b"EXDATE:20270401T000000Z\r\n" * 190_000 + b"END:VEVENT"),
    "zones": b"BEGIN:VTIMEZONE\nTZID:a\nBEGIN:STANDARD\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\n" * 50_000,
    "periods": b"BEGIN:VFREEBUSY\nFREEBUSY:" + b"20270401T000000Z/PT1H," * 210_000 + b"\nEND:VFREEBUSY\n",
    "nesting": b"BEGIN:VEVENT\n" + b"BEGIN:X\n" * 500_000,
    "digits": event("DTSTART:20270312T090000Z", "RRULE:FREQ=DAILY;INTERVAL=" + "9" * 4_000_000).encode(),
    "seconds": b"".join(
        event("DTSTART:19700101T000000Z", "RRULE:FREQ=SECONDLY", uid=f"u{n}").encode() for n in range(2000)
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_five_hostile_megabytes_are_an_answer_or_a_sentence_in_bounds(name):
    content = b"BEGIN:VCALENDAR\r\n" + HOSTILE[name] + b"END:VCALENDAR\r\n"
    try:
        answer = run_limited(from_file, content, HOME, STARTING, UNTIL, seconds=40, megabytes=384)
    except ChildFailed:
        return
    assert len(answer.spans) <= reading.MOST_SPANS


@cache
def corpus(name):
    archive = CORPORA / name
    if not archive.exists():
        return {}
    with tarfile.open(archive) as opened:
        return {one.name: opened.extractfile(one).read() for one in opened if one.isfile()}


STAND_INS = [
    b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART\nEND:VEVENT\nEND:VCALENDAR",
    b"BEGIN:VCALENDAR\nEND:VEVENT\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART;TZID=:20270101T\nEND:VEVENT",
    b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270312T09\nRRULE:\nRDATE:x\nEXDATE:\nRECURRENCE-ID:y\nEND:VEVENT",
    b"BEGIN:VCALENDAR\rBEGIN:VEVENT\rDTSTART:20270312\rRRULE:FREQ=MONTHLY;BYDAY=99MO\rEND:VEVENT\rEND:VCALENDAR",
    b"\xff\xfeB\x00E\x00G\x00I\x00N\x00",
]


def read_all(contents, moment):
    """In one child: which of the files it could not answer."""
    wrong = []
    for number, content in enumerate(contents):
        try:
            found = from_file(content, HOME, moment, moment + timedelta(weeks=26))
            assert all(begins < ends for begins, ends in found.spans)
            assert list(found.spans) == merged(found.spans)
        except BaseException as problem:
            wrong.append((number, repr(problem)))
    return wrong


@pytest.mark.filterwarnings("ignore")
def test_small_files_that_are_broken_in_many_ways_are_answered():
    assert read_all(STAND_INS, STARTING) == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("year", [2006, 2019])
@pytest.mark.parametrize("name", ["icalendar.tar.xz", "ical4j.tar.xz", "recurring.tar.xz"])
def test_every_file_of_the_test_suites_of_others_is_answered(name, year):
    files = corpus(name)
    if not files:
        pytest.skip("the calendar files of other projects' test suites are not here")
    assert len(files) > 90
    assert read_all(files.values(), datetime(year, 3, 1, tzinfo=UTC)) == []


PIECES = ["BEGIN:VEVENT", "END:VEVENT", "DTSTART:20270401T090000Z", "DTEND:2027", "DURATION:PT1H", "RRULE:FREQ=DAILY"]
LINES = st.one_of(st.sampled_from([*PIECES, "BEGIN:VTIMEZONE", "END:VTIMEZONE", "END:VCALENDAR"]), st.text(max_size=20))


@given(st.lists(LINES, max_size=25))
def test_any_heap_of_lines_is_answered(lines):
    content = io.StringIO()
    content.write("BEGIN:VCALENDAR\n" + "\n".join(lines))
    assert read_all([content.getvalue().encode("utf-8", "replace")], STARTING) == []


MOMENTS = st.integers(0, 5000).map(lambda minutes: STARTING + timedelta(minutes=minutes))


@given(st.lists(st.tuples(MOMENTS, MOMENTS).map(sorted).map(tuple).filter(lambda span: span[0] < span[1])))
def test_merged_spans_cover_the_same_minutes_and_never_touch(some):
    result = merged(some)
    minutes = {n for begins, ends in some for n in range(int(begins.timestamp()) // 60, int(ends.timestamp()) // 60)}
    again = [n for begins, ends in result for n in range(int(begins.timestamp()) // 60, int(ends.timestamp()) // 60)]
    assert sorted(minutes) == again
    assert all(one[1] < other[0] for one, other in pairwise(result))


def test_the_zone_of_the_owner_decides_where_a_clock_change_falls():
    entry = event("DTSTART;VALUE=DATE:20270328")
    ((begins, ends),) = spans(entry)
    assert ends - begins == timedelta(hours=23)
    assert begins.astimezone(ZoneInfo(HOME)).hour == 0


def test_where_our_own_meetings_stand_is_told_apart_from_what_makes_busy():
    alone = event("DTSTART:20270312T090000Z", "DURATION:PT1H", uid="a@commonhall")
    series = event(
        "DTSTART;TZID=Europe/London:20270318T090000",
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=Europe/London:20270325T090000",
        uid="b@commonhall",
    )
    moved = event(
        "RECURRENCE-ID;TZID=Europe/London:20270401T090000",
        "DTSTART;TZID=Europe/London:20270402T150000",
        "DURATION:PT1H",
        uid="b@commonhall",
    )
    off = event("DTSTART:20270313T090000Z", "DURATION:PT1H", "STATUS:CANCELLED", uid="c@commonhall")
    found = from_file(file(alone, series, moved, off), HOME, STARTING, UNTIL)
    assert found.spans == ()
    assert found.own == (
        ("a@commonhall", at(3, 12, 9), None),
        ("b@commonhall", at(3, 18, 9), at(3, 18, 9)),
        ("b@commonhall", at(4, 2, 14), at(4, 1, 8)),
        ("b@commonhall", at(4, 8, 8), at(4, 8, 8)),
    )
