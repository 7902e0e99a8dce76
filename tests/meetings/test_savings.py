"""What distance saved: who reads what, and that nobody reads of fewer than five."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from commonhall.meetings.models import Meeting
from commonhall.meetings.queries import savings
from commonhall.meetings.travel import UNKNOWN
from commonhall.organisations.models import Grant
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.mentorships import MentorshipFactory, ParticipantFactory
from tests.factories.organisations import GrantFactory, OrganisationFactory, PoolFactory
from tests.factories.programmes import EnrolmentFactory, ProgrammeFactory, coordinator_of, owner_of

pytestmark = pytest.mark.django_db
MARCH, APRIL, MAY = (datetime(2026, month, 10, 10, tzinfo=UTC) for month in (3, 4, 5))
# Of a pair that has not met; its meetings bring a question for their times, and one for the numbers of travel.
PAIR_PAGE = 11
LONDON, OXFORD = (51.5074, -0.1278), (51.752, -1.2577)


def council(where=OXFORD, **fields):
    latitude, longitude = where or (None, None)
    return OrganisationFactory(latitude=latitude, longitude=longitude, **fields)


def pair_in(programme, home, host, *, held=(), channel="video"):
    """A mentee of one council and a mentor of another, who have met on these days."""
    pair = MentorshipFactory(programme=programme)
    for role, place in (("mentee", home), ("mentor", host)):
        enrolment = pair.participants.get(role=role).enrolment
        enrolment.organisation = place
        enrolment.save()
    for day in held:
        MeetingFactory(mentorship=pair, state=Meeting.State.HELD, starts_at=day, channel=channel)
    return pair


@pytest.fixture
def programme():
    return ProgrammeFactory(state="running", slug="across", name="Across the Water")


@pytest.fixture
def host():
    return council(LONDON, name="London Council")


@pytest.fixture
def home():
    return council(OXFORD, name="Oxford Council", slug="oxford")


def many(programme, home, host, number=5, day=MARCH):
    return [pair_in(programme, home, host, held=[day]) for _one in range(number)]


def read(client, user, name, slug):
    client.force_login(user)
    return client.get(reverse(f"meetings:{name}", args=[slug]))


def test_five_people_are_counted_and_four_are_not(programme, home, host):
    many(programme, home, host, 4)
    assert savings.of_programme(programme) == savings.Savings(None)
    many(programme, home, host, 1)

    count = savings.of_programme(programme).count
    assert count.counted == 5
    assert count.saved.km == pytest.approx(5 * 2 * 1.3 * 82.7, rel=0.02)


def test_those_who_would_have_gone_nowhere_do_not_make_up_the_five(programme, home, host):
    many(programme, home, host, 1)
    many(programme, host, host, 3)
    many(programme, council(None), host, 3)
    pair_in(programme, home, host, held=[MARCH], channel="in-person")

    assert savings.of_programme(programme).count is None


def test_meetings_that_cannot_be_counted_are_said_and_few_of_them_without_a_number(client, programme, home, host):
    many(programme, home, host, 5)
    many(programme, council(None), host, 5, APRIL)
    pair_in(programme, council((-41.3, 174.8)), host, held=[APRIL])
    pair_in(programme, home, host, held=[APRIL, MAY], channel="in-person")
    pair_in(programme, home, host, held=[APRIL], channel="phone")

    page = read(client, coordinator_of(programme), "programme_savings", "across").content.decode()

    assert "For 5 meetings we do not know the distance." in page
    assert "A few were between places so far apart" in page
    assert "A few were in person" in page
    assert "6 people have met at a distance in 6 meetings" in page


def test_a_month_of_few_is_counted_with_the_next(programme, home, host):
    pairs = many(programme, home, host, 5, APRIL)
    MeetingFactory(mentorship=pairs[0], state=Meeting.State.HELD, starts_at=MARCH)
    MeetingFactory(mentorship=pairs[1], state=Meeting.State.HELD, starts_at=MAY)

    [month] = savings.of_programme(programme).months
    assert (month.first.month, month.last.month, month.count.counted) == (3, 5, 7)
    many(programme, home, host, 5, MAY)

    first, second = savings.of_programme(programme).months
    assert (first.first.month, first.last.month, first.count.counted) == (3, 4, 6)
    assert (second.first.month, second.last.month, second.count.counted) == (5, 5, 6)


def test_a_pool_leaves_out_small_programmes_and_cuts_no_month_of_another(programme, home, host):
    small = ProgrammeFactory(state="running", pool=programme.pool)
    many(small, home, host, 2)
    other = ProgrammeFactory(state="running", pool=programme.pool)
    pairs = many(other, home, host, 5, APRIL)
    MeetingFactory(mentorship=pairs[0], state=Meeting.State.HELD, starts_at=MARCH)
    many(programme, home, host, 5, MARCH)
    many(programme, home, host, 5, APRIL)

    found = savings.of_pool(programme.pool)

    assert found.count.counted == 16
    assert [(one.first.month, one.last.month) for one in found.months] == [(3, 4)]


def test_a_pool_of_small_programmes_reads_nothing(programme, home, host):
    many(programme, home, host, 3)
    many(ProgrammeFactory(state="running", pool=programme.pool), home, host, 3)

    assert savings.of_pool(programme.pool).count is None


def test_a_council_reads_of_the_journeys_of_its_own_people(programme, home, host):
    many(programme, home, host, 5)
    many(programme, council((53.48, -2.24)), host, 5)

    assert savings.of_organisation(home).count.saved.km == pytest.approx(5 * 2 * 1.3 * 82.7, rel=0.02)
    assert savings.of_organisation(host).count is None


def test_the_place_is_that_of_the_application_and_not_of_todays_job(programme, home, host):
    pairs = many(programme, home, host, 5)
    membership = pairs[0].participants.get(role="mentee").user.membership
    membership.organisation = host
    membership.save()

    assert savings.of_organisation(home).count.counted == 5


def test_in_a_circle_each_mentee_travels_to_the_mentor(programme, home, host):
    circle = pair_in(programme, home, host, held=[MARCH])
    for _one in range(4):
        member = ParticipantFactory(mentorship=circle)
        member.enrolment.organisation = home
        member.enrolment.save()

    count = savings.of_programme(programme).count
    assert count.counted == 1
    assert count.saved.km == pytest.approx(5 * 2 * 1.3 * 82.7, rel=0.02)


def test_planned_missed_and_cancelled_meetings_save_nothing(programme, home, host):
    for pair, state in zip(
        many(programme, home, host, 6), ("held", "agreed", "missed", "cancelled", "held", "held"), strict=True
    ):
        pair.meetings.update(state=state)

    assert savings.of_programme(programme).count is None


ADDRESSES = (("programme_savings", "across"), ("organisation_savings", "oxford"), ("pool_savings", "pool-x"))


@pytest.fixture
def region(programme, home, host):
    programme.pool.slug = "pool-x"
    programme.pool.save()
    many(programme, home, host, 5)
    return programme


def administrator_of(organisation):
    return GrantFactory(role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=organisation).user


def cell(region, who):
    home = region.enrolments.filter(role="mentee").first().organisation
    host = region.enrolments.filter(role="mentor").first().organisation
    people = {
        "coordinator": lambda: coordinator_of(region),
        "owner": lambda: owner_of(region.pool),
        "administrator of the council": lambda: administrator_of(home),
        "administrator of another": lambda: administrator_of(host),
        "site administrator": lambda: GrantFactory().user,
        "mentee": lambda: region.enrolments.filter(role="mentee").first().user,
        "stranger": UserFactory,
        "coordinator elsewhere": lambda: coordinator_of(ProgrammeFactory()),
    }
    return people[who]()


@pytest.mark.parametrize(
    ("who", "programme_page", "council_page", "pool_page"),
    [
        ("coordinator", 200, 404, 404),
        ("owner", 200, 404, 200),
        ("administrator of the council", 404, 200, 404),
        ("administrator of another", 404, 404, 404),
        ("site administrator", 404, 200, 403),
        ("mentee", 404, 404, 404),
        ("stranger", 404, 404, 404),
        ("coordinator elsewhere", 404, 404, 404),
    ],
)
def test_who_reads_what(client, region, who, programme_page, council_page, pool_page):
    user = cell(region, who)
    answers = [read(client, user, *address) for address in ADDRESSES]

    assert [one.status_code for one in answers] == [programme_page, council_page, pool_page]
    for answer in answers:
        assert ("What this says" in answer.content.decode()) == (answer.status_code == 200)


def test_an_administrator_whose_council_is_in_the_pool_is_told_who_may_read(client, region, home):
    answer = read(client, administrator_of(home), "pool_savings", "pool-x")
    assert answer.status_code == 404
    region.pool.members.create(organisation=home)
    answer = read(client, administrator_of(home), "pool_savings", "pool-x")
    assert answer.status_code == 403
    assert "Only an owner of this pool" in answer.content.decode()


def test_an_owner_reads_no_council_by_itself(client, region, home):
    region.pool.members.create(organisation=home)
    answer = read(client, owner_of(region.pool), "organisation_savings", "oxford")
    assert answer.status_code == 403


@pytest.mark.parametrize("name", [0, 1, 2])
def test_an_empty_page_says_when_there_will_be_something(client, region, name):
    Meeting.objects.all().delete()
    users = [coordinator_of(region), administrator_of(region.enrolments.filter(role="mentee").first().organisation)]
    users.append(owner_of(region.pool))

    page = read(client, users[name], *ADDRESSES[name]).content.decode()

    assert "once 5 people have met at a distance" in page
    assert "What this says" not in page


@pytest.mark.parametrize(
    ("name", "expected"), [("programme_savings", 7), ("organisation_savings", 8), ("pool_savings", 7)]
)
def test_pages_ask_the_same_number_of_questions_for_few_and_for_many(
    client, django_assert_num_queries, region, home, host, name, expected
):
    who = {"programme_savings": coordinator_of(region), "pool_savings": owner_of(region.pool)}
    user = who.get(name) or administrator_of(home)
    for number in (1, 3):
        many(region, home, host, number, APRIL)
        read(client, user, name, dict(ADDRESSES)[name])
        with django_assert_num_queries(expected):
            client.get(reverse(f"meetings:{name}", args=[dict(ADDRESSES)[name]]))


def page_of(client, pair, role="mentee"):
    client.force_login(pair.participants.get(role=role).user)
    return client.get(reverse("mentorships:detail", args=[pair.pk])).content.decode()


def test_the_two_read_what_they_saved_from_their_first_meeting_on(client, programme, home, host):
    pair = pair_in(programme, home, host)
    assert "What distance has saved" not in page_of(client, pair)
    MeetingFactory(mentorship=pair, state=Meeting.State.HELD, starts_at=MARCH)
    MeetingFactory(mentorship=pair, state=Meeting.State.HELD, starts_at=APRIL, channel="phone")

    for role in ("mentee", "mentor"):
        assert "You have saved about 430 km, 62 kg of CO2e and £130 of travel" in page_of(client, pair, role)


def test_the_two_read_why_some_are_not_counted(client, programme, host):
    pair = pair_in(programme, council(None), host, held=[MARCH, APRIL, MAY])
    MeetingFactory(mentorship=pair, state=Meeting.State.HELD, starts_at=MAY, channel="in-person")

    page = page_of(client, pair)

    assert "You have saved" not in page
    assert "For 3 of your 4 meetings we do not know the distance." in page
    assert "1 meeting was in person, and saved nothing." in page
    assert savings.of_pair(pair, pair.meetings.all()).meetings[UNKNOWN] == 3


def test_the_coordinator_does_not_read_the_pairs_own_figure(client, programme, home, host):
    pair = pair_in(programme, home, host, held=[MARCH])
    client.force_login(coordinator_of(programme))
    page = client.get(reverse("mentorships:detail", args=[pair.pk])).content.decode()
    assert "saved" not in page


def test_a_pair_pays_no_question_more_for_it_once_the_factors_are_known(
    client, django_assert_num_queries, programme, home, host
):
    pair = pair_in(programme, home, host)
    page_of(client, pair)
    with django_assert_num_queries(PAIR_PAGE):
        client.get(reverse("mentorships:detail", args=[pair.pk]))
    for number in (1, 3):
        for _one in range(number):
            MeetingFactory(mentorship=pair, state=Meeting.State.HELD, starts_at=MARCH)
        page_of(client, pair)
        with django_assert_num_queries(PAIR_PAGE + 1):
            client.get(reverse("mentorships:detail", args=[pair.pk]))


def test_an_outside_pool_finds_nothing(client, region):
    assert read(client, owner_of(PoolFactory()), "pool_savings", "pool-x").status_code == 404
    assert read(client, EnrolmentFactory().user, "pool_savings", "pool-x").status_code == 404
