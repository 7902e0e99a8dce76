import pytest
from django.urls import reverse

from commonhall.organisations.models import PoolMember
from commonhall.people.models import Profile, Topic
from commonhall.programmes import findable
from commonhall.programmes.models import Enrolment
from commonhall.programmes.queries import directory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import TopicFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory, member_of, person_of

pytestmark = pytest.mark.django_db


def mentor(programme, name, *, offers=(), **fields):
    profile = {
        f"profile__{key}": fields.pop(key)
        for key in ("service_area", "level", "languages", "listed_at")
        if key in fields
    }
    words = {key: fields.pop(key) for key in ("can_help", "job_title", "biography") if key in fields}
    made = MentorFactory(programme=programme, user__name=name, **profile, **fields)
    Profile.objects.filter(user=made.user).update(**words)
    for kind, key in offers:
        TopicFactory(profile=made.user.profile, kind=kind, key=key)
    findable.refresh(Enrolment.objects.filter(pk=made.pk))
    return made


def page(client, programme, **query):
    return client.get(reverse("programmes:directory", args=[programme.slug]), query).content.decode()


def found(programme, chosen=None, terms="", reader=None, organisation=None):
    result = directory.find([programme], chosen or {}, terms, reader, organisation)
    return [one.name for one in result[0:20]], result.counts


def test_mentors_stand_in_order_of_name_with_their_places(as_colleague, programme):
    mentor(programme, "Zoë", capacity=2, taken=2)
    mentor(programme, "Adam", can_help="Budgets", offers=[("competency", "finance-value")])
    content = page(as_colleague, programme)
    assert content.index("Adam") < content.index("Zoë")
    assert "Budgets" in content
    assert "No free place now" in content
    assert "2 mentors" in content


@pytest.mark.parametrize(
    "fields",
    [{"state": "applied"}, {"state": "withdrawn"}, {"listed_at": None}, {"user__is_active": False}],
    ids=["not approved", "withdrawn", "not listed", "left"],
)
def test_who_is_not_in_the_directory(as_colleague, programme, fields):
    hidden = mentor(programme, "Hidden Person", **fields)
    assert "Hidden Person" not in page(as_colleague, programme)
    assert "Hidden Person" not in page(as_colleague, programme, q="hidden")
    assert as_colleague.get(reverse("programmes:mentor", args=[programme.slug, hidden.pk])).status_code == 404


def test_mentees_and_mentors_of_other_programmes_are_not_in_it(as_colleague, programme):
    mentor(ProgrammeFactory(pool=programme.pool), "Elsewhere Mentor")
    EnrolmentFactory(programme=programme, user__name="Some Mentee")
    content = page(as_colleague, programme)
    assert "Elsewhere Mentor" not in content
    assert "Some Mentee" not in content


def test_an_outsider_finds_no_mentor(client, outsider, programme):
    one = mentor(programme, "Adam")
    client.force_login(outsider)
    assert client.get(reverse("programmes:mentor", args=[programme.slug, one.pk])).status_code == 404
    assert client.get(reverse("programmes:directory", args=[programme.slug]), {"q": "adam"}).status_code == 404


def test_filters_count_what_they_would_leave(programme):
    mentor(programme, "A", service_area="housing", level="5", languages=["en", "cy"])
    mentor(programme, "B", service_area="housing", level="6", languages=["en"], capacity=1, taken=1)
    mentor(programme, "C", service_area="parking", level="6", languages=["en"])
    names, counts = found(programme, {"service": ["housing"]})
    assert names == ["A", "B"]
    assert counts["service"] == {"housing": 2, "parking": 1}
    assert counts["level"] == {"5": 1, "6": 1}
    assert counts["language"] == {"en": 2, "cy": 1}
    assert counts["free"] == {"yes": 1}
    assert found(programme, {"service": ["housing"], "level": ["6"]})[0] == ["B"]
    assert found(programme, {"service": ["housing", "parking"], "free": ["yes"]})[0] == ["A", "C"]


def test_a_filter_that_leaves_nobody_stays_visible(programme):
    mentor(programme, "A", service_area="housing")
    names, counts = found(programme, {"service": ["housing"], "level": ["9"]})
    assert names == []
    assert counts["service"] == {"housing": 0}


def test_what_somebody_offers_is_found_as_their_service(programme):
    mentor(programme, "A", service_area="housing", offers=[("service", "parking"), ("competency", "finance-value")])
    assert found(programme, {"service": ["parking"]})[0] == ["A"]
    assert found(programme, {"competency": ["finance-value"]})[0] == ["A"]


def test_words_and_filters_work_together_best_first(programme):
    mentor(programme, "Anna", can_help="Budget. Budget. Budget.", level="5")
    mentor(programme, "Bela", can_help="A budget once", level="5")
    mentor(programme, "Cleo", can_help="Budget", level="6")
    assert found(programme, {"level": ["5"]}, "budgets")[0] == ["Anna", "Bela"]


HIDDEN = {"job_title": "Director of Secrets", "biography": "My secret biography", "level": "7"}


@pytest.mark.parametrize("own", [True, False], ids=["a colleague of one's own", "another council"])
def test_what_an_organisation_hides_crosses_no_border(client, programme, own):
    one = mentor(programme, "Adam", **HIDDEN)
    PoolMember.objects.filter(organisation=one.organisation).update(hidden_fields=list(HIDDEN))
    findable.refresh(Enrolment.objects.filter(pk=one.pk))
    client.force_login(person_of(programme.pool, one.organisation if own else None))
    content = (
        page(client, programme)
        + client.get(reverse("programmes:mentor", args=[programme.slug, one.pk])).content.decode()
    )
    assert ("Director of Secrets" in content) is own
    assert ("secret biography" in content) is own
    assert "Director or department head (1)" not in page(client, programme)
    assert "Adam" not in page(client, programme, q="biography")


def test_a_card_drawn_for_a_colleague_is_not_shown_to_another_council_nor_an_old_card_to_anybody(client, programme):
    one = mentor(programme, "Adam", **HIDDEN)
    PoolMember.objects.filter(organisation=one.organisation).update(hidden_fields=list(HIDDEN))
    seen = []
    for organisation in (one.organisation, None, one.organisation):
        client.force_login(person_of(programme.pool, organisation))
        seen.append("Director of Secrets" in page(client, programme))
    assert seen == [True, False, True]
    Profile.objects.filter(user=one.user).update(job_title="Gardener")
    Enrolment.objects.filter(pk=one.pk).update(taken=one.capacity)
    content = page(client, programme)
    assert "Gardener" in content
    assert "No free place now" in content
    assert "Director of Secrets" not in content


def test_a_mentors_page_shows_what_a_mentee_may_see(client, programme):
    one = mentor(programme, "Adam", biography="Twenty years of allotments")
    Profile.objects.filter(user=one.user).update(want_to_learn="To rest", adjustments="Captions")
    client.force_login(EnrolmentFactory(programme=programme).user)
    content = client.get(reverse("programmes:mentor", args=[programme.slug, one.pk])).content.decode()
    assert "Twenty years of allotments" in content
    assert reverse("matching:ask", args=[one.pk]) in content
    for private in (one.user.email, "To rest", "Captions"):
        assert private not in content


def test_only_a_mentee_with_a_place_can_ask(as_colleague, programme):
    one = mentor(programme, "Adam")
    content = as_colleague.get(reverse("programmes:mentor", args=[programme.slug, one.pk])).content.decode()
    assert "once you have a place as a mentee" in content
    assert reverse("matching:ask", args=[one.pk]) not in content


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", [{}, {"q": "budget", "level": "6"}], ids=["all", "searched"])
def test_the_directory_asks_five_questions_of_its_own(
    as_colleague, programme, number, query, django_assert_max_num_queries
):
    """Of its own at most five: programme with its reader, words, counts (two), one page. The rest is the shell's."""
    for n in range(number):
        mentor(programme, f"Mentor {n}", can_help="Budget", level="6", offers=[("competency", "finance-value")])
    page(as_colleague, programme)
    with django_assert_max_num_queries(9):
        assert page(as_colleague, programme, **query).count("stretched-link") == number


@pytest.mark.parametrize("number", [1, 3])
def test_finding_takes_four_questions_whatever_the_length(programme, number, colleague, django_assert_num_queries):
    for n in range(number):
        mentor(programme, f"Mentor {n}", can_help="Budget")
    with django_assert_num_queries(4):
        assert len(directory.find([programme], {}, "budget", colleague, None)[0:20]) == number


def test_a_page_of_twenty_is_light(as_colleague, programme):
    for n in range(24):
        one = mentor(
            programme,
            f"Wilhelmina Featherstonehaugh {n}",
            can_help="I have done this for thirty years and can say what helped. " * 5,
            offers=[("competency", "finance-value"), ("competency", "people-leadership"), ("service", "parking")],
        )
        one.organisation.short_name = f"Metropolitan Borough {n}"
        one.organisation.save()
    content = page(as_colleague, programme)
    assert content.count("stretched-link") == 20
    assert len(content.encode()) < 30_000
    assert page(as_colleague, programme, page=2).count("stretched-link") == 4


def test_an_empty_directory_says_what_happens_next(as_colleague, programme):
    assert "No mentors yet" in page(as_colleague, programme)
    mentor(programme, "Adam")
    assert "No mentor fits" in page(as_colleague, programme, q="quantum")


def test_a_new_profile_is_found_by_its_words_and_an_unlisted_one_no_more(programme, run_jobs):
    from commonhall.people import actions as people

    one = mentor(programme, "Adam")
    people.save_profile(one.user, by=one.user, fields={"can_help": "Beekeeping on roofs"})
    run_jobs()
    assert found(programme, terms="beekeeper")[0] == ["Adam"]
    people.take_out_of_directory(one.user.profile, by=one.user)
    run_jobs()
    assert found(programme, terms="beekeeper")[0] == []


def test_several_topics_of_one_person_count_once(programme):
    mentor(programme, "Adam", service_area="parking", offers=[("service", "parking")])
    assert found(programme)[1]["service"] == {"parking": 1}
    assert Topic.objects.count() == 1


def test_two_councils_of_the_pool_are_told_apart(programme):
    for short in ("Harrowmere", "Eastmere"):
        organisation = OrganisationFactory(short_name=short)
        member_of(programme.pool, organisation)
        mentor(programme, f"{short} mentor", organisation=organisation)
    assert found(programme, {"council": ["Eastmere"]})[0] == ["Eastmere mentor"]
