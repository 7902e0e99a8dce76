import csv
import io

import pytest
from django.urls import reverse

from commonhall.people.models import Profile
from commonhall.programmes import findable
from commonhall.programmes.models import Conflict, Enrolment, Programme
from tests.factories.people import ProfileFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
State = Enrolment.State


def url(programme, name="applicants", *args):
    return reverse(f"programmes:{name}", args=[programme.slug, *args])


def names(response):
    return [line.name for line in response.context["page"]]


@pytest.fixture
def people(programme):
    made = [
        EnrolmentFactory(
            programme=programme, user__name="Zoë Müller", state=State.APPLIED, goal="Chair the planning committee"
        ),
        MentorFactory(programme=programme, user__name="Adam Bell", profile__service_area="parking"),
        EnrolmentFactory(
            programme=programme, user__name="Mo Khan", state=State.APPLIED, note_to_coordinator="Away in May"
        ),
    ]
    Conflict.objects.create(enrolment=made[0], words="Nobody from Hexley")
    findable.refresh(Enrolment.objects.all())
    return made


def test_filters_say_how_many_and_leave_the_right_people(as_coordinator, programme, people):
    response = as_coordinator.get(url(programme), {"state": "applied", "sort": "name"})
    assert names(response) == ["Mo Khan", "Zoë Müller"]
    content = response.content.decode()
    assert "Approved (1)" in content
    assert "Not to be matched with somebody (1)" in content
    assert names(as_coordinator.get(url(programme), {"attention": "conflict"})) == ["Zoë Müller"]
    assert names(as_coordinator.get(url(programme), {"attention": "note"})) == ["Mo Khan"]
    assert names(as_coordinator.get(url(programme), {"service": "parking"})) == ["Adam Bell"]
    council = people[1].organisation.label
    assert names(as_coordinator.get(url(programme), {"council": council})) == ["Adam Bell"]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [("muller", ["Zoë Müller"]), ("planning committee", ["Zoë Müller"]), ("nobody like this", [])],
)
def test_search_knows_names_and_goals(as_coordinator, programme, people, terms, expected):
    assert names(as_coordinator.get(url(programme), {"q": terms})) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["Adam Bell", "Mo Khan", "Zoë Müller"]),
        ("-name", ["Zoë Müller", "Mo Khan", "Adam Bell"]),
        ("nonsense", ["Mo Khan", "Adam Bell", "Zoë Müller"]),
    ],
)
def test_the_list_is_sorted_as_asked(as_coordinator, programme, people, sort, expected):
    assert names(as_coordinator.get(url(programme), {"sort": sort})) == expected


@pytest.mark.parametrize("query", [{"council": "9" * 300}, {"state": "\x00"}, {"page": "x"}, {"level": ["1", "2"]}])
def test_a_strange_address_is_answered_calmly(as_coordinator, programme, people, query):
    assert as_coordinator.get(url(programme), query).status_code == 200


def test_several_are_given_a_place_and_who_cannot_be_is_named(as_coordinator, programme, people):
    Programme.objects.filter(pk=programme.pk).update(mentee_places=1)
    ids = [one.pk for one in people]
    response = as_coordinator.post(
        url(programme, "decide"), {"applicant": ids, "answer": "approve", "back": "?state=applied"}, follow=True
    )
    content = response.content.decode()
    assert response.redirect_chain[-1][0] == url(programme) + "?state=applied"
    assert "1 person has a place." in content
    assert "Adam Bell: This application has been answered already." in content
    assert "All 1 places for mentees are taken." in content
    assert programme.enrolments.mentees().approved().count() == 1


def test_declining_tells_the_person_kindly(as_coordinator, programme, people, run_jobs, mailoutbox):
    as_coordinator.post(url(programme, "decide"), {"applicant": people[0].pk, "answer": "decline"})
    run_jobs()
    people[0].refresh_from_db()
    assert people[0].state == State.DECLINED
    assert "says nothing about you" in next(letter.body for letter in mailoutbox if letter.to == [people[0].user.email])


def test_an_answer_without_anybody_ticked_says_so(as_coordinator, programme, people):
    response = as_coordinator.post(url(programme, "decide"), {"answer": "approve"}, follow=True)
    assert "Tick at least one person" in response.content.decode()
    assert as_coordinator.post(url(programme, "decide"), {"answer": "maybe"}).status_code == 404


def test_applicants_of_another_programme_cannot_be_decided_from_here(as_coordinator, programme):
    elsewhere = EnrolmentFactory(programme=ProgrammeFactory(), state=State.APPLIED)
    as_coordinator.post(url(programme, "decide"), {"applicant": elsewhere.pk, "answer": "approve"})
    elsewhere.refresh_from_db()
    assert elsewhere.state == State.APPLIED
    assert as_coordinator.get(url(programme, "applicant", elsewhere.pk)).status_code == 404


def test_one_applicant_with_everything_the_coordinator_may_see(as_coordinator, programme, people):
    Profile.objects.update_or_create(
        user=people[0].user, defaults={"want_to_learn": "To chair", "adjustments": "Captions"}
    )
    content = as_coordinator.get(url(programme, "applicant", people[0].pk)).content.decode()
    for words in (
        "Chair the planning committee",
        "Nobody from Hexley",
        people[0].user.email,
        "To chair",
        "Give a place",
    ):
        assert words in content
    assert "Captions" not in content


@pytest.mark.parametrize("name", ["applicant", "applicant_withdraw"])
def test_nobody_else_opens_an_applicant(client, outsider, colleague, programme, people, name):
    for user in (outsider, colleague, people[1].user):
        client.force_login(user)
        page = url(programme, name, people[0].pk)
        assert (client.post(page) if name == "applicant_withdraw" else client.get(page)).status_code == 404
    assert client.post(url(programme, "decide"), {"applicant": people[0].pk, "answer": "approve"}).status_code == 404
    assert client.get(url(programme, "export", "csv")).status_code == 404


def test_a_coordinator_withdraws_somebody_who_asked_for_it(as_coordinator, programme, people):
    as_coordinator.post(url(programme, "applicant_withdraw", people[1].pk))
    people[1].refresh_from_db()
    assert people[1].state == State.WITHDRAWN


def test_the_export_holds_what_the_filters_leave_and_no_formula(as_coordinator, programme, people):
    people[0].user.name = '=HYPERLINK("http://evil.example")'
    people[0].user.save()
    response = as_coordinator.get(url(programme, "export", "csv"), {"state": "applied"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][:5] == ["Name", "E-mail", "Organisation", "Role", "State"]
    assert sorted(row[0] for row in rows[1:]) == ['\'=HYPERLINK("http://evil.example")', "Mo Khan"]
    assert 'filename="across-applicants.csv"' in response.headers["Content-Disposition"]
    assert as_coordinator.get(url(programme, "export", "xlsx")).content.startswith(b"PK")
    assert as_coordinator.get(url(programme, "export", "exe")).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions_whatever_its_length(
    as_coordinator, programme, number, django_assert_max_num_queries
):
    for row in EnrolmentFactory.create_batch(number, programme=programme, state=State.APPLIED):
        ProfileFactory(user=row.user)
    findable.refresh(Enrolment.objects.all())
    as_coordinator.get(url(programme))
    with django_assert_max_num_queries(12):
        assert len(names(as_coordinator.get(url(programme), {"state": "applied"}))) == number


def test_nobody_yet_says_how_to_get_people(as_coordinator, programme):
    content = as_coordinator.get(url(programme)).content.decode()
    assert "Nobody has applied yet" in content
    assert url(programme, "imports") in content
