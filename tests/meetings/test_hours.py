"""Hours: one's own, and those that councils gave and received."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from commonhall.meetings.models import Meeting
from commonhall.meetings.queries import hours
from commonhall.programmes.models import Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.mentorships import MentorshipFactory, ParticipantFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.programmes import EnrolmentFactory, ProgrammeFactory, coordinator_of

pytestmark = pytest.mark.django_db
HELD = Meeting.State.HELD
YEAR = hours.year_of(2026)


def on(month, day, hour=10, year=2026):
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.fixture
def user():
    return UserFactory(name="Priya Shah")


def as_mentee(user, **fields):
    return MentorshipFactory(mentee=user, mentor=UserFactory(name="Bryn Evans"), **fields)


def test_minutes_count_for_the_side_on_which_one_was(user):
    MeetingFactory(mentorship=as_mentee(user), state=HELD, starts_at=on(3, 1), minutes=45)
    MeetingFactory(mentorship=MentorshipFactory(mentor=user), state=HELD, starts_at=on(4, 1), minutes=90)
    MeetingFactory(state=HELD, starts_at=on(4, 1), minutes=500)

    found = hours.hours_of(user, *YEAR)

    assert (found.as_mentor, found.as_mentee, found.minutes) == (90, 45, 135)
    assert (found.given, found.received) == ("1 hour 30", "45 minutes")


@pytest.mark.parametrize("state", ["agreed", "missed", "cancelled"])
def test_only_what_was_held_counts(user, state):
    MeetingFactory(mentorship=as_mentee(user), state=state, starts_at=on(3, 1))
    assert hours.hours_of(user, *YEAR).minutes == 0


@pytest.mark.parametrize(
    ("zone", "starts_at", "minutes"),
    [
        ("Europe/London", on(12, 31, 23), 60),
        ("Pacific/Auckland", on(12, 31, 23), 0),
        ("Pacific/Auckland", on(12, 31, 12, 2025), 60),
        ("America/Toronto", on(1, 1, 3), 0),
    ],
)
def test_the_year_is_that_of_ones_own_clock(zone, starts_at, minutes):
    user = UserFactory(time_zone=zone)
    MeetingFactory(mentorship=as_mentee(user), state=HELD, starts_at=starts_at)
    assert hours.hours_of(user, *YEAR).minutes == minutes


def test_the_last_day_is_not_counted(user):
    MeetingFactory(mentorship=as_mentee(user), state=HELD, starts_at=on(3, 10))
    assert hours.hours_of(user, date(2026, 3, 1), date(2026, 3, 10)).minutes == 0
    assert hours.hours_of(user, date(2026, 3, 1), date(2026, 3, 11)).minutes == 60


def test_a_circle_is_an_hour_for_each(user):
    circle = as_mentee(user)
    other = ParticipantFactory(mentorship=circle).user
    MeetingFactory(mentorship=circle, state=HELD, starts_at=on(3, 1))

    assert [hours.hours_of(one, *YEAR).as_mentee for one in (user, other)] == [60, 60]


def test_the_page_shows_this_year_and_hands_it_over_as_a_table(client, user):
    pair = as_mentee(user)
    MeetingFactory(mentorship=pair, state=HELD, starts_at=on(3, 1), title='=HYPERLINK("http://evil.example")')
    MeetingFactory(mentorship=pair, state=HELD, starts_at=on(3, 1, year=2025))
    client.force_login(user)

    page = client.get(reverse("meetings:list")).content.decode()
    file = client.get(reverse("meetings:hours"))

    assert "Your hours in 2026" in page
    assert "1 hour" in page
    assert "/meetings/hours.csv?year=2026" in page
    assert file["Content-Disposition"] == 'attachment; filename="mentoring-hours-2026.csv"'
    head, line = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    assert head == ["Day", "Minutes", "You as", "With", "Programme", "How", "About"]
    assert line[:4] == ["2026-03-01", "60", "mentee", "Bryn Evans"]
    assert line[6].startswith("'=HYPERLINK")


@pytest.mark.parametrize(
    ("year", "day"), [("2025", "2025-03-01"), ("nonsense", "2026-03-01"), ("99999999999999999999", "2026-03-01")]
)
def test_another_year_is_asked_for_by_its_number(client, user, year, day):
    pair = as_mentee(user)
    for number in (2025, 2026):
        MeetingFactory(mentorship=pair, state=HELD, starts_at=on(3, 1, year=number))
    client.force_login(user)

    lines = client.get(reverse("meetings:hours"), {"year": year}).content.decode("utf-8-sig").splitlines()

    assert [line.split(",")[0] for line in lines[1:]] == [day]


def test_nobody_gets_the_hours_of_another(client, user):
    MeetingFactory(mentorship=as_mentee(user), state=HELD, starts_at=on(3, 1))
    client.force_login(coordinator_of(Enrolment.objects.first().programme))
    assert len(client.get(reverse("meetings:hours")).content.splitlines()) == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_table_asks_the_same_number_of_questions_for_any_length(client, django_assert_num_queries, user, number):
    for day in range(number):
        MeetingFactory(mentorship=as_mentee(user), state=HELD, starts_at=on(3, 1 + day))
    client.force_login(user)
    client.get(reverse("meetings:hours"))
    with django_assert_num_queries(4):
        client.get(reverse("meetings:hours"))


def met(programme, home, host, number, minutes=60):
    for _one in range(number):
        pair = MentorshipFactory(programme=programme)
        for role, place in (("mentee", home), ("mentor", host)):
            enrolment = pair.participants.get(role=role).enrolment
            enrolment.organisation = place
            enrolment.save()
        MeetingFactory(mentorship=pair, state=HELD, starts_at=on(3, 1), minutes=minutes)


def council(name):
    return OrganisationFactory(name=f"{name} Council", short_name=name)


def lines(ledger):
    return [(one.label, one.given, one.received) for one in ledger.shares]


def test_each_council_gives_and_receives():
    programme, ash, elm = ProgrammeFactory(state="running"), council("Ash"), council("Elm")
    met(programme, ash, elm, 5)
    met(programme, elm, ash, 6, minutes=30)

    found = hours.ledger_of(programme)

    assert lines(found) == [("Ash", 180, 300), ("Elm", 300, 180)]
    assert (found.given, found.received) == (480, 480)


def test_councils_of_few_are_counted_together():
    programme, ash = ProgrammeFactory(state="running"), council("Ash")
    met(programme, ash, ash, 5)
    met(programme, council("Elm"), ash, 2)
    met(programme, council("Fir"), ash, 3)

    assert lines(hours.ledger_of(programme)) == [("Ash", 600, 300), ("", None, 300)]


def test_a_council_of_few_cannot_be_taken_from_the_whole():
    """One alone with few people would be what is left when the others are taken away: the smallest joins it."""
    programme, ash, elm = ProgrammeFactory(state="running"), council("Ash"), council("Elm")
    met(programme, ash, ash, 6)
    met(programme, elm, ash, 5)
    met(programme, council("Fir"), ash, 1)

    assert lines(hours.ledger_of(programme)) == [("Ash", 720, 360), ("", None, 360)]


def test_of_fewer_than_five_nothing_is_said(client):
    programme = ProgrammeFactory(state="running")
    met(programme, council("Ash"), council("Elm"), 4)

    assert hours.ledger_of(programme) == hours.Ledger((), None, None)
    client.force_login(coordinator_of(programme))
    page = client.get(reverse("meetings:programme_savings", args=[programme.slug])).content.decode()
    assert "Hours stand here once 5 mentors or 5 mentees have met" in page
    assert "Ash" not in page


def test_five_meetings_of_one_person_are_still_one_person():
    programme = ProgrammeFactory(state="running")
    enrolment = EnrolmentFactory(programme=programme)
    for _one in range(5):
        pair = MentorshipFactory(programme=programme)
        pair.participants.filter(role="mentee").update(user=enrolment.user, enrolment=enrolment)
        MeetingFactory(mentorship=pair, state=HELD, starts_at=on(3, 1))

    assert hours.ledger_of(programme).received is None


def test_the_table_stands_on_the_page_of_the_programme(client):
    programme, ash, elm = ProgrammeFactory(state="running"), council("Ash"), council("Elm")
    met(programme, ash, elm, 5, minutes=90)
    client.force_login(coordinator_of(programme))

    page = client.get(reverse("meetings:programme_savings", args=[programme.slug])).content.decode()

    assert page.count("7 hours 30") == 4
    assert "All together" in page
