"""The coordinator's list of pairs: signs of life, and no content."""

import pytest
from django.urls import reverse

from commonhall.meetings.models import Meeting
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory, ProposedMeetingFactory, soon
from tests.factories.mentorships import MentorshipFactory
from tests.factories.programmes import ProgrammeFactory, coordinator_of

pytestmark = pytest.mark.django_db
State = Meeting.State


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_coordinator_finds_every_pair_with_its_signs_of_life(client, django_assert_max_num_queries, number):
    programme = ProgrammeFactory(state="running")
    for place in range(number):
        pair = MentorshipFactory(programme=programme, mentee=UserFactory(name=f"Mentee {place}"))
        for hours in (-48, -96):
            MeetingFactory(mentorship=pair, state=State.HELD, starts_at=soon(hours), title="Budget nerves")
        MeetingFactory(mentorship=pair, starts_at=soon(48))
    client.force_login(coordinator_of(programme))

    with django_assert_max_num_queries(10):
        answer = client.get(reverse("meetings:pairs", args=[programme.slug]))

    rows = {pair.held: (pair.last_held, pair.next_agreed, pair.signed) for pair in answer.context["page"]}
    assert rows == {2: (soon(-48), soon(48), 0)}
    assert text(answer).count("Not signed") == number
    assert "Budget nerves" not in text(answer)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("last", ["quiet", "busy", "new"]),
        ("-last", ["new", "busy", "quiet"]),
        ("held", ["quiet", "new", "busy"]),
        ("next", ["busy", "quiet", "new"]),
        ("began", ["quiet", "busy", "new"]),
        ("nonsense", ["quiet", "busy", "new"]),
    ],
)
def test_pairs_can_be_put_in_order_and_those_who_never_met_count_from_their_beginning(client, sort, order):
    programme = ProgrammeFactory(state="running")
    began = {"quiet": soon(-24 * 90), "busy": soon(-24 * 60), "new": soon(-24)}
    pairs = {name: MentorshipFactory(programme=programme, began_at=day) for name, day in began.items()}
    MeetingFactory(mentorship=pairs["busy"], state=State.HELD, starts_at=soon(-48))
    MeetingFactory(mentorship=pairs["busy"], starts_at=soon(48))
    client.force_login(coordinator_of(programme))

    page = client.get(reverse("meetings:pairs", args=[programme.slug]), {"sort": sort}).context["page"]

    assert list(page) == [pairs[name] for name in order]


def test_the_coordinator_reads_whether_the_next_meeting_is_to_be_arranged_proposed_or_agreed(client):
    pair = MentorshipFactory()
    client.force_login(coordinator_of(pair.programme))
    address = reverse("mentorships:detail", args=[pair.pk])
    assert "To be arranged" in text(client.get(address))
    ProposedMeetingFactory(mentorship=pair)
    assert "Times are proposed" in text(client.get(address))
    MeetingFactory(mentorship=pair, starts_at=soon(48))
    page = text(client.get(address))
    assert "Times are proposed" not in page
    assert f"{soon(48):%A}" in page


def test_only_those_who_run_a_programme_see_its_pairs(client):
    pair = MentorshipFactory()
    address = reverse("meetings:pairs", args=[pair.programme.slug])
    for user in (UserFactory(), pair.participants.first().user):
        client.force_login(user)
        assert client.get(address).status_code == 404


def test_a_programme_without_pairs_says_when_they_come(client):
    programme = ProgrammeFactory()
    client.force_login(coordinator_of(programme))

    assert "both people have said yes" in text(client.get(reverse("meetings:pairs", args=[programme.slug])))


def test_the_list_is_narrowed_to_what_the_home_page_counted(client):
    programme = ProgrammeFactory(state="running")
    quiet = MentorshipFactory(programme=programme, began_at=soon(-24 * 40))
    fresh = MentorshipFactory(programme=programme, began_at=soon(-24 * 3))
    arranged = MentorshipFactory(programme=programme, began_at=soon(-24 * 25))
    MeetingFactory(mentorship=arranged, starts_at=soon(48))
    client.force_login(coordinator_of(programme))
    address = reverse("meetings:pairs", args=[programme.slug])

    for only, words in (("unsigned", "agreement not signed after thirty days"), ("unmet", "no meeting arranged")):
        answer = client.get(address, {"only": only})
        assert list(answer.context["page"]) == [quiet]
        assert words in text(answer)
        assert f'<a href="{address}">Show all pairs</a>' in text(answer)
    everybody = client.get(address, {"only": "nonsense"})
    assert set(everybody.context["page"]) == {quiet, fresh, arranged}
    assert "Show all pairs" not in text(everybody)
    assert f'href="{address}?only=unmet"' in text(client.get("/"))
