"""Answers to a series: to all of it, or to one of its dates."""

from datetime import UTC, timedelta

import pytest
from django.core import mail
from icalendar import Calendar

from commonhall.history.models import Event
from commonhall.integrations.inbox import receiving
from commonhall.integrations.inbox.letters import read
from commonhall.meetings.actions import booking
from commonhall.meetings.actions import series as acts
from commonhall.meetings.invitation import invitation, series_invitation
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.series import with_all
from commonhall.meetings.queries.times import with_people
from commonhall.meetings.replies import reply_address
from tests.factories.accounts import UserFactory
from tests.factories.mentorships import MentorshipFactory
from tests.factories.series import person, proposed
from tests.meetings.answers import MAKERS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def inbox(settings):
    settings.INBOX_ADDRESS = "meet@council.example"


@pytest.fixture
def series():
    pair = MentorshipFactory(mentee=UserFactory(name="Priya Shah"), mentor=UserFactory(name="Bryn Evans"))
    made = proposed(pair)
    return acts.accept(made, by=person(made, "mentor"), version=made.sequence)


@pytest.fixture
def mentee(series):
    return person(series, "mentee")


def dates(series):
    return list(series.meetings.filter(state="agreed").order_by("occurrence_on"))


def of(meeting, **more):
    """What a calendar adds for one date of a series."""
    series = Series.objects.get(pk=meeting.series_id)
    at = series.rhythm.moment(meeting.occurrence_on).astimezone(UTC)
    extra = f"\nRECURRENCE-ID:{at:%Y%m%dT%H%M%SZ}"
    return {"uid": series.uid, "sequence": series.sequence, "extra": extra, **more}


def arrives(letter):
    receiving.take(read(letter.as_bytes(), returns_to="somebody@mail.example"), letter["To"])


def told():
    return [one.body for one in mail.outbox if one.subject == "About your answer"]


def test_all_of_a_series_answers_to_one_address(series, mentee):
    first = with_people(Meeting.objects.all()).get(pk=dates(series)[0].pk)
    whole = with_all(Series.objects.all()).get(pk=series.pk)
    contents = (series_invitation(whole, mentee), invitation(first, mentee))
    organisers = {str(event["ORGANIZER"]) for one in contents for event in Calendar.from_ical(one).events}
    assert organisers == {f"mailto:{reply_address(series, mentee)}"}
    assert reply_address(first, mentee).startswith("meet+s")


@pytest.mark.parametrize("maker", MAKERS)
def test_declining_one_date_calls_off_that_one(series, mentee, maker):
    first, second, *rest = dates(series)
    arrives(MAKERS[maker](second, mentee, "DECLINED", **of(second)))
    assert dates(series) == [first, *rest]
    event = Event.objects.get(verb="meeting.cancelled")
    assert (event.by, event.via, event.about) == (mentee, "mail", second)


def test_a_change_of_another_date_does_not_make_an_answer_old_but_a_move_of_this_one_does(series, mentee):
    first, second, third, *_rest = dates(series)
    letters = [MAKERS["Apple"](one, mentee, "DECLINED", **of(one)) for one in (second, third)]
    wanted = third.starts_at + timedelta(hours=2)
    booking.offer_other_times(third, by=mentee, times=[wanted])
    booking.accept(third, by=person(series, "mentor"), starts_at=wanted)
    for letter in letters:
        arrives(letter)
    states = {one.pk: one.state for one in series.meetings.all()}
    assert (states[first.pk], states[second.pk], states[third.pk]) == ("agreed", "cancelled", "agreed")


def test_another_time_for_one_date_is_proposed(series, mentee):
    first = dates(series)[0]
    wanted = first.starts_at + timedelta(hours=3)
    arrives(MAKERS["Google"](first, mentee, "TENTATIVE", starts_at=wanted, **of(first)))
    assert [one.starts_at for one in first.options.all()] == [wanted]


def test_declining_all_of_it_ends_what_is_to_come(series, mentee):
    first = dates(series)[0]
    arrives(MAKERS["Outlook"](first, mentee, "DECLINED", comment="Too much", **of(first, extra="")))
    series.refresh_from_db()
    assert (series.state, series.ended_by, dates(series)) == (Series.State.ENDED, mentee, [])
    assert series.end_message == "Declined in the calendar. Too much"
    assert Event.objects.get(verb="series.ended").via == "mail"


@pytest.mark.parametrize(
    ("answer", "change", "reason"),
    [
        ("DECLINED", {"extra": "", "sequence": 0}, "has changed since that invitation"),
        ("TENTATIVE", {"extra": "", "method": "COUNTER"}, "for the whole series"),
        ("DECLINED", {"uid": "other@commonhall"}, "another meeting"),
        ("DECLINED", {"extra": "\nRECURRENCE-ID:20250101T100000Z"}, "not part of the series"),
    ],
)
def test_what_cannot_be_done_is_answered_in_words(series, mentee, run_jobs, answer, change, reason):
    before = dates(series)
    first = before[0]
    arrives(MAKERS["Apple"](first, mentee, answer, **of(first, **change)))
    run_jobs()
    (body,) = told()
    assert reason in body
    assert f"/meetings/series/{series.pk}/" in body
    assert dates(series) == before
    assert not first.options.exists()
