from datetime import timedelta

import pytest
from django.urls import reverse

from commonhall.core import clock
from commonhall.mentorships import actions
from commonhall.mentorships.models import Agreement, Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.mentorships import AgreementFactory, MentorshipFactory
from tests.factories.programmes import coordinator_of

pytestmark = pytest.mark.django_db
PAGES = ["agreement", "write", "pause", "end"]
ACTS = ["sign", "resume"]


@pytest.fixture
def pair():
    return MentorshipFactory(mentee=UserFactory(name="Priya Shah"), mentor=UserFactory(name="Bryn Evans"))


def person(mentorship, role):
    return mentorship.participants.get(role=role).user


def address(name, pair):
    return reverse(f"mentorships:{name}", args=[pair.pk])


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("name", [*PAGES, *ACTS, "detail"])
def test_a_stranger_finds_nothing(client, pair, name):
    client.force_login(UserFactory())
    send = client.post if name in ACTS else client.get

    assert send(address(name, pair)).status_code == 404


@pytest.mark.parametrize("name", ["agreement", "write", "sign"])
def test_the_coordinator_finds_no_agreement(client, pair, name):
    AgreementFactory(mentorship=pair)
    client.force_login(coordinator_of(pair.programme))
    send = client.post if name in ACTS else client.get

    assert send(address(name, pair)).status_code == 404


def test_the_list_names_the_partner_and_leads_to_the_page(client, pair):
    client.force_login(person(pair, "mentee"))
    page = text(client.get(reverse("mentorships:list")))

    assert "Bryn Evans" in page
    assert address("detail", pair) in page


def test_an_empty_list_says_when_a_mentorship_begins(client):
    client.force_login(UserFactory())

    assert "both said yes" in text(client.get(reverse("mentorships:list")))


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions_for_any_length(client, django_assert_max_num_queries, number):
    user = UserFactory()
    for _one in range(number):
        MentorshipFactory(mentor=user)
    client.force_login(user)

    with django_assert_max_num_queries(9):
        assert text(client.get(reverse("mentorships:list"))).count("Your mentee in") == number


def test_an_agreement_begins_with_the_words_of_the_programme(client, pair):
    pair.programme.agreement = "Purpose\nWe think aloud.\n\nNotes\nOurs alone."
    pair.programme.save()
    client.force_login(person(pair, "mentee"))

    page = text(client.get(address("agreement", pair), follow=True))

    assert "We think aloud." in page
    assert "Ours alone." in page


def given(**more):
    return {"version": "0", "goal_1": "Chair a committee", "part_0": "To think aloud.", **more}


def test_saving_leads_to_the_page_where_it_is_signed(client, pair):
    client.force_login(person(pair, "mentee"))

    page = text(client.post(address("write", pair), given(goal_2=" ", more="Cameras on."), follow=True))

    agreement = Agreement.objects.get()
    assert agreement.goals == ["Chair a committee"]
    assert "To think aloud." in page
    assert "Cameras on." in page
    assert "Sign version 1" in page

    client.post(address("sign", pair), {"version": "1"})
    assert [one.participant.user for one in agreement.signatures.all()] == [person(pair, "mentee")]


def test_two_who_write_at_once_lose_nothing(client, pair):
    actions.write_agreement(pair, by=person(pair, "mentor"), text="## Purpose\nBryn’s words.", after=0)
    client.force_login(person(pair, "mentee"))

    answer = client.post(address("write", pair), given(part_0="Priya’s words."))

    assert answer.status_code == 422
    assert "changed while you were writing" in text(answer)
    assert "Bryn’s words." in text(answer)
    assert "Priya’s words." in text(answer)
    client.post(address("write", pair), given(version="1", part_0="Both our words."))
    assert Agreement.objects.first().version == 2


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("review_on", "2020-01-01", "lies ahead"),
        ("review_on", "soon", "date"),
        ("goal_1", "x" * 201, "200"),
        ("part_0", "x" * 4001, "4,000"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, pair, field, value, words):
    client.force_login(person(pair, "mentee"))
    answer = client.post(address("write", pair), given(**{field: value}))

    assert answer.status_code == 422
    assert f"id_{field}_error" in text(answer)
    assert words in text(answer).replace("4000", "4,000")
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("version", ["0", "7", "", "one", "-1"])
def test_only_the_version_that_was_read_is_signed(client, pair, version):
    AgreementFactory(mentorship=pair)
    client.force_login(person(pair, "mentee"))

    answer = client.post(address("sign", pair), {"version": version})

    assert answer.status_code == 409
    assert "newer version" in text(answer)


def test_a_pause_with_a_day_and_the_way_back(client, pair):
    client.force_login(person(pair, "mentor"))
    until = clock.today() + timedelta(days=20)
    wrong = client.post(address("pause", pair), {"until": "2020-01-01"})
    assert (wrong.status_code, "lies ahead" in text(wrong)) == (422, True)

    client.post(address("pause", pair), {"until": until.isoformat()})
    pair.refresh_from_db()
    assert (pair.state, pair.resumes_on) == (Mentorship.State.PAUSED, until)

    client.post(address("resume", pair))
    pair.refresh_from_db()
    assert pair.state == Mentorship.State.ACTIVE


def test_ending_asks_what_comes_nearest_and_tells_the_reason_to_the_coordinator_alone(client, pair):
    client.force_login(person(pair, "mentee"))
    assert client.post(address("end", pair), {}).status_code == 422
    client.post(address("end", pair), {"reason": "fit"})
    pair.refresh_from_db()
    assert pair.end_reason == "fit"

    pages = {}
    for who in (person(pair, "mentor"), coordinator_of(pair.programme)):
        client.force_login(who)
        pages[who] = "not the right pairing" in text(client.get(address("detail", pair)))
    assert list(pages.values()) == [False, True]


@pytest.mark.parametrize("name", ["pause", "end"])
def test_what_has_ended_is_refused_in_words(client, pair, name):
    actions.end(pair, by=person(pair, "mentor"), reason="complete")
    client.force_login(person(pair, "mentor"))
    answer = client.get(address(name, pair))

    assert answer.status_code == 403
    assert "has ended" in text(answer)


def test_letters_about_the_agreement_lead_to_the_agreement(run_jobs, mailoutbox):
    mentorship = MentorshipFactory()
    writer, other = (one.user for one in mentorship.participants.order_by("pk"))
    actions.write_agreement(mentorship, by=writer, text="We meet monthly.")
    actions.sign(mentorship, by=writer, version=1)
    run_jobs()
    letters = [mail for mail in mailoutbox if mail.to == [other.email] and "agreement" in mail.subject]
    assert len(letters) == 2
    assert all(reverse("mentorships:agreement", args=[mentorship.pk]) in mail.body for mail in letters)
