"""One directory for the mentors of all one's pools; a programme's own is the same page with its filter set."""

import pytest
from django.urls import reverse

from commonhall.organisations.models import PoolMember
from commonhall.people.models import Profile
from commonhall.programmes import findable
from commonhall.programmes.models import Enrolment
from commonhall.programmes.queries import directory
from tests.factories.organisations import MembershipFactory
from tests.factories.programmes import MentorFactory, ProgrammeFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(programme):
    """Another programme, in another pool to which the reader's council belongs too."""
    return ProgrammeFactory(name="Common Ground", slug="common-ground")


@pytest.fixture
def reader(programme, second):
    council = member_of(programme.pool).organisation
    member_of(second.pool, council)
    return MembershipFactory(organisation=council).user


def mentor(programme, name, user=None, **fields):
    places = {key: fields.pop(key) for key in ("capacity", "taken") if key in fields}
    who = {"user": user, "organisation": user.membership.organisation} if user else {"user__name": name}
    made = MentorFactory(programme=programme, **who, **places)
    Profile.objects.filter(user=made.user).update(**fields)
    findable.refresh(Enrolment.objects.filter(user=made.user))
    return made


def find(reader, chosen=None, terms=""):
    programmes = directory.open_programmes(reader)
    found = directory.find(programmes, chosen or {}, terms, reader, None)
    return [one.name for one in found[0:20]], found.counts, len(found)


def page(client, **query):
    return client.get(reverse("mentors"), query).content.decode()


def test_the_mentors_of_all_pools_stand_in_one_list_each_once_with_their_programmes(client, reader, programme, second):
    ada = mentor(programme, "Ada")
    mentor(second, "Ada", ada.user)
    mentor(second, "Bela")
    mentor(ProgrammeFactory(), "Elsewhere Mentor")
    client.force_login(reader)
    content = page(client)
    assert content.count("stretched-link") == 2
    assert "2 mentors" in content
    assert "Elsewhere" not in content
    assert "Across the Water, Common Ground" in content or "Common Ground, Across the Water" in content
    assert "Across the Water (1)" in content
    assert "Common Ground (2)" in content


def test_counts_are_of_people_whatever_the_filters(reader, programme, second):
    ada = mentor(programme, "Ada", capacity=1, taken=1)
    mentor(second, "Ada", ada.user)
    mentor(programme, "Bela")
    names, counts, total = find(reader)
    assert (names, total) == (["Ada", "Bela"], 2)
    assert counts["programme"] == {"across": 2, "common-ground": 1}
    assert counts["free"] == {"yes": 2}
    assert find(reader, {"programme": ["across"]})[1]["free"] == {"yes": 1}
    assert find(reader, {"programme": ["across"], "free": ["yes"]})[0] == ["Bela"]
    assert find(reader, {"programme": ["common-ground"], "free": ["yes"]})[0] == ["Ada"]


def test_a_person_in_three_programmes_is_one_under_every_pair_of_them(reader, programme, second):
    third = ProgrammeFactory(pool=second.pool, slug="third")
    ada = mentor(programme, "Ada")
    for other in (second, third):
        mentor(other, "Ada", ada.user)
    for pair in (["across", "third"], ["across", "common-ground"], ["common-ground", "third"]):
        assert find(reader, {"programme": pair})[::2] == (["Ada"], 1)


def test_a_programmes_directory_is_this_page_with_its_filter_set(client, reader, programme, second):
    mentor(programme, "Ada")
    mentor(second, "Bela")
    client.force_login(reader)
    own = client.get(reverse("programmes:directory", args=["across"]))
    same = client.get(reverse("mentors"), {"programme": "across"})
    for answer in (own, same):
        assert [one.name for one in answer.context["page"]] == ["Ada"]
        assert '<option value="across" selected>' in answer.content.decode()


def test_each_pool_keeps_its_own_rules_about_fields(client, reader, programme, second):
    ada = mentor(programme, "Ada", job_title="Keeper of Keys", level="7", biography="Sailing")
    mentor(second, "Ada", ada.user)
    PoolMember.objects.filter(pool=programme.pool, organisation=ada.organisation).update(
        hidden_fields=["job_title", "level", "biography"]
    )
    findable.refresh(Enrolment.objects.filter(user=ada.user))
    client.force_login(reader)
    assert "Keeper of Keys" not in page(client, programme="across")
    assert "Keeper of Keys" in page(client, programme="common-ground")
    assert find(reader, {"programme": ["across"]})[1]["level"] == {}
    assert find(reader, {"programme": ["across"]}, "sailing")[0] == []
    assert find(reader, {}, "sailing")[0] == ["Ada"]


def test_somebody_without_a_confirmed_workplace_finds_an_empty_page_and_the_reason(client, programme):
    mentor(programme, "Ada")
    waiting = MembershipFactory(organisation=member_of(programme.pool).organisation, confirmed_at=None).user
    client.force_login(waiting)
    content = page(client, programme="across")
    assert "Ada" not in content
    assert "One step before you see other people" in content
    assert "Mentors</a>" in client.get("/").content.decode()


@pytest.mark.parametrize("number", [1, 6])
@pytest.mark.parametrize("query", [{}, {"q": "budget"}], ids=["all", "searched"])
def test_the_page_asks_at_most_five_questions(
    client, reader, programme, second, number, query, django_assert_max_num_queries
):
    for n in range(number):
        mentor(second if n % 2 else programme, f"Mentor {n}", can_help="Budget")
    client.force_login(reader)
    page(client)
    with django_assert_max_num_queries(5):
        assert page(client, **query).count("stretched-link") == number


def test_a_page_of_twenty_from_two_programmes_is_light(client, reader, programme, second):
    for n in range(22):
        one = mentor(programme, f"Wilhelmina Featherstonehaugh {n}", can_help="I have done this for thirty years. " * 9)
        mentor(second, "", one.user)
    client.force_login(reader)
    content = page(client)
    assert content.count("stretched-link") == 20
    assert len(content.encode()) < 30_000
