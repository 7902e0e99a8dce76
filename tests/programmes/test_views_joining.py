from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils.formats import date_format

from commonhall.core import clock
from commonhall.organisations.models import Membership
from commonhall.programmes import sponsors
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.accounts import UserFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, member_of

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"programmes:{name}", args=args)


def answer(client, programme, **pages):
    """Answer page after page, each under its own name; returns the last response."""
    response = None
    for key, data in pages.items():
        response = client.post(url("apply_step", programme.slug, key), data)
        assert response.status_code == 302, response.content.decode()
    return response


REST = {"availability": {}, "note": {}}


def test_a_mentee_applies_one_thing_per_page(as_colleague, colleague, programme):
    first = as_colleague.get(url("apply", programme.slug))
    assert first.headers["Location"] == url("apply_step", programme.slug, "role")
    page = as_colleague.get(first.headers["Location"]).content.decode()
    assert "First question" in page
    answer(as_colleague, programme, role={"role": "mentee"}, goal={"goal": "Chair a meeting"}, **REST)
    assert as_colleague.get(url("apply", programme.slug)).headers["Location"] == url("apply_check", programme.slug)
    assert "Chair a meeting" in as_colleague.get(url("apply_check", programme.slug)).content.decode()
    sent = as_colleague.post(url("apply_check", programme.slug))
    assert sent.headers["Location"] == url("applied", programme.slug)
    assert reverse("people:edit") in as_colleague.get(sent.headers["Location"]).content.decode()
    enrolment = programme.enrolments.get(user=colleague)
    assert (enrolment.role, enrolment.state, enrolment.goal) == ("mentee", "applied", "Chair a meeting")


def test_somebody_applies_as_both_with_capacity_and_dates(as_colleague, colleague, programme):
    begins = clock.today() + timedelta(days=30)
    answer(
        as_colleague,
        programme,
        role={"role": "both"},
        goal={"goal": "Chair a meeting"},
        capacity={"capacity": "2"},
        availability={"available_from": begins},
        note={"not_with": "Anybody from Hexley", "note_to_coordinator": "Away in May"},
    )
    content = as_colleague.get(url("apply_check", programme.slug)).content.decode()
    assert date_format(begins, "j F Y") in content
    as_colleague.post(url("apply_check", programme.slug))
    mentor, mentee = (programme.enrolments.get(user=colleague, role=role) for role in ("mentor", "mentee"))
    assert (mentor.capacity, mentor.goal, mentor.available_from) == (2, "", begins)
    assert (mentee.capacity, mentee.goal, mentee.note_to_coordinator) == (1, "Chair a meeting", "Away in May")
    assert [conflict.words for conflict in mentee.conflicts.all()] == ["Anybody from Hexley"]


def test_sending_twice_applies_once(as_colleague, colleague, programme):
    answer(as_colleague, programme, role={"role": "mentor"}, capacity={"capacity": "1"}, **REST)
    as_colleague.post(url("apply_check", programme.slug))
    again = as_colleague.post(url("apply_check", programme.slug))
    assert again.headers["Location"] == url("detail", programme.slug)
    assert programme.enrolments.filter(user=colleague).count() == 1


def test_nothing_is_sent_before_everything_is_answered(as_colleague, programme):
    answer(as_colleague, programme, role={"role": "mentee"})
    assert as_colleague.post(url("apply_check", programme.slug)).headers["Location"] == url("apply", programme.slug)
    assert not programme.enrolments.exists()


def test_a_newcomer_names_an_organisation_of_the_programme(client, programme):
    newcomer, organisation = UserFactory(), member_of(programme.pool).organisation
    client.force_login(newcomer)
    answer(client, programme, role={"role": "mentor"})
    assert client.get(url("apply", programme.slug)).headers["Location"].endswith("/organisation/")
    wrong = client.post(url("apply_step", programme.slug, "organisation"), {"organisation": "Atlantis"})
    assert wrong.status_code == 422
    assert "is not in this programme" in wrong.content.decode()
    answer(client, programme, organisation={"organisation": f" {organisation.short_name.upper()} "})
    answer(client, programme, capacity={"capacity": "1"}, **REST)
    client.post(url("apply_check", programme.slug))
    assert programme.enrolments.get(user=newcomer).organisation == organisation
    assert Membership.objects.get(user=newcomer, organisation=organisation).confirmed_at is None


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        ("mentee", ["organisation", "goal", "availability", "manager", "note"]),
        ("mentor", ["organisation", "capacity", "availability", "note"]),
        ("both", ["organisation", "goal", "capacity", "availability", "manager", "note"]),
    ],
)
def test_the_count_of_questions_is_right_and_steady(client, programme, role, pages):
    Programme.objects.filter(pk=programme.pk).update(needs_sponsor=True)
    council = member_of(programme.pool).organisation
    answers = {"organisation": {"organisation": council.name}, "goal": {"goal": "Chair"}, "capacity": {"capacity": 1}}
    answers["manager"] = {"line_manager_email": "boss@harbour.example"}
    client.force_login(UserFactory())
    answer(client, programme, role={"role": role})
    for number, key in enumerate(pages, 2):
        page = client.get(url("apply", programme.slug), follow=True).content.decode()
        assert f"Question {number} of {len(pages) + 1}" in page
        answer(client, programme, **{key: answers.get(key, {})})
    assert client.get(url("apply", programme.slug)).headers["Location"] == url("apply_check", programme.slug)


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_confirmed_address_suggests_the_council_and_the_profile_does_not_ask_again(client, programme, confirmed):
    council = member_of(programme.pool).organisation
    council.email_domains = ["harbour.example"]
    council.save()
    newcomer = UserFactory()
    EmailAddress.objects.create(user=newcomer, email="n@Harbour.example", verified=confirmed)
    client.force_login(newcomer)
    answer(client, programme, role={"role": "mentor"})
    form = client.get(url("apply_step", programme.slug, "organisation")).context["form"]
    assert (form["organisation"].value() == council.name) is confirmed
    answer(client, programme, organisation={"organisation": council.name}, capacity={"capacity": "1"}, **REST)
    client.post(url("apply_check", programme.slug))
    assert client.get(reverse("people:work")).context["form"]["organisation"].value() == council.name
    assert bool(Membership.objects.get(user=newcomer).confirmed_at) is confirmed


def test_an_organisation_that_does_not_offer_the_role_is_refused_where_it_is_named(client, programme):
    closed = member_of(programme.pool, may_be_mentored=False).organisation
    client.force_login(UserFactory())
    answer(client, programme, role={"role": "mentee"})
    refused = client.post(url("apply_step", programme.slug, "organisation"), {"organisation": closed.name})
    assert refused.status_code == 422
    assert "does not offer its people a place as a mentee" in refused.content.decode()


def test_an_outsiders_own_organisation_is_refused_where_it_is_asked(client, outsider, programme):
    client.force_login(outsider)
    response = client.post(url("apply_step", programme.slug, "role"), {"role": "mentor"})
    assert response.status_code == 422
    assert "does not take part in this programme" in response.content.decode()


def test_a_page_that_is_not_asked_is_not_there(as_colleague, programme):
    assert as_colleague.get(url("apply_step", programme.slug, "manager")).status_code == 404
    assert as_colleague.get(url("apply_step", programme.slug, "nonsense")).status_code == 404


@pytest.mark.parametrize(
    ("key", "data", "message"),
    [
        ("role", {}, "Choose what you would like to be"),
        ("role", {"role": "boss"}, "choose one of the answers"),
        ("availability", {"available_from": "someday"}, "Write the day like"),
        ("availability", {"available_from": "2999-02-01", "available_until": "2999-01-01"}, "not be before the first"),
        ("availability", {"available_until": "2020-01-01"}, "in the past"),
    ],
)
def test_an_answer_that_cannot_be_says_what_to_do(as_colleague, programme, key, data, message):
    response = as_colleague.post(url("apply_step", programme.slug, key), data)
    assert response.status_code == 422
    assert message in response.content.decode()


def test_a_programme_that_is_closed_says_so(as_colleague, programme):
    Programme.objects.filter(pk=programme.pk).update(state="running")
    assert "Applications are not open" in as_colleague.get(url("apply", programme.slug)).content.decode()


def test_a_hidden_programme_takes_nobody_in(client, outsider, programme):
    Programme.objects.filter(pk=programme.pk).update(is_public=False)
    client.force_login(outsider)
    assert client.get(url("apply", programme.slug)).status_code == 404


def test_the_line_manager_is_asked_by_e_mail_and_answers_without_an_account(as_colleague, programme, client, run_jobs):
    Programme.objects.filter(pk=programme.pk).update(needs_sponsor=True)
    answer(as_colleague, programme, role={"role": "mentee"}, goal={"goal": "Chair"}, availability={})
    own = as_colleague.post(url("apply_step", programme.slug, "manager"), {"line_manager_email": "not an address"})
    assert "like name@council.example" in own.content.decode()
    answer(as_colleague, programme, manager={"line_manager_email": "Boss@Harbour.example"}, note={})
    as_colleague.post(url("apply_check", programme.slug))
    run_jobs()
    enrolment = programme.enrolments.get()
    letter = next(letter for letter in mail.outbox if letter.to == ["boss@harbour.example"])
    link = url("sponsor", sponsors.token_for(enrolment)).split(":")[0]
    assert link in letter.body
    assert "Dylan Prosser" in letter.subject

    client.logout()
    page = url("sponsor", sponsors.token_for(enrolment))
    assert "May Dylan Prosser take part?" in client.get(page).content.decode()
    enrolment.refresh_from_db()
    assert enrolment.state == Enrolment.State.SPONSOR
    assert client.post(page, {}).status_code == 422
    client.post(page, {"answer": "yes"})
    enrolment.refresh_from_db()
    assert enrolment.state == Enrolment.State.APPLIED
    assert "Your answer has been noted" in client.get(page).content.decode()
    assert client.post(page, {"answer": "no"}).status_code == 409
    enrolment.refresh_from_db()
    assert enrolment.state == Enrolment.State.APPLIED


@pytest.mark.parametrize("how", ["forged", "old", "another manager"])
def test_a_link_that_is_no_longer_good_shows_nothing(client, programme, how, monkeypatch):
    enrolment = EnrolmentFactory(programme=programme, state="sponsor", line_manager_email="boss@harbour.example")
    token = sponsors.token_for(enrolment)
    if how == "forged":
        token = token[:-3] + "abc"
    elif how == "old":
        monkeypatch.setattr(sponsors, "DAYS", -1)
    else:
        Enrolment.objects.filter(pk=enrolment.pk).update(line_manager_email="other@harbour.example")
    response = client.get(url("sponsor", token))
    assert response.status_code == 404
    assert "does not work any more" in response.content.decode()
    assert enrolment.user.name not in response.content.decode()


def test_ones_own_address_is_no_line_manager(as_colleague, colleague, programme):
    Programme.objects.filter(pk=programme.pk).update(needs_sponsor=True)
    answer(as_colleague, programme, role={"role": "mentee"})
    response = as_colleague.post(
        url("apply_step", programme.slug, "manager"), {"line_manager_email": colleague.email.upper()}
    )
    assert "your own address" in response.content.decode()


OWN_PAGES = ["application", "change"]


@pytest.mark.parametrize("page", OWN_PAGES)
def test_only_the_person_opens_their_application(client, programme, coordinator, outsider, page):
    enrolment = MentorFactory(programme=programme)
    client.force_login(enrolment.user)
    assert programme.name in client.get(url(page, enrolment.pk)).content.decode()
    for somebody in (coordinator, outsider):
        client.force_login(somebody)
        assert client.get(url(page, enrolment.pk)).status_code == 404


@pytest.mark.parametrize("act", ["withdraw", "pause", "resume"])
def test_nobody_acts_for_somebody_else(client, programme, outsider, act):
    enrolment = MentorFactory(programme=programme)
    client.force_login(outsider)
    assert client.post(url(act, enrolment.pk)).status_code == 404
    assert client.get(url(act, enrolment.pk)).status_code == 405


def test_a_mentor_changes_capacity_pauses_comes_back_and_withdraws(client, programme):
    mentor = MentorFactory(programme=programme, capacity=2)
    client.force_login(mentor.user)
    too_many = client.post(url("change", mentor.pk), {"capacity": 9})
    assert too_many.status_code == 422
    assert "allows 2 at most" in too_many.content.decode()
    client.post(url("change", mentor.pk), {"capacity": 1, "note_to_coordinator": "Less in autumn"})
    past = client.post(url("pause", mentor.pk), {"until": "2020-01-01"})
    assert past.status_code == 422
    assert "in the future" in past.content.decode()
    client.post(url("pause", mentor.pk), {"until": "2999-01-01"})
    mentor.refresh_from_db()
    assert (mentor.capacity, mentor.note_to_coordinator, mentor.is_paused) == (1, "Less in autumn", True)
    assert "I am back" in client.get(url("application", mentor.pk)).content.decode()
    client.post(url("resume", mentor.pk))
    client.post(url("withdraw", mentor.pk))
    mentor.refresh_from_db()
    assert (mentor.is_paused, mentor.state) == (False, "withdrawn")


def test_a_mentee_in_a_mentorship_is_told_why_they_cannot_withdraw(client, programme):
    mentee = EnrolmentFactory(programme=programme, taken=1)
    client.force_login(mentee.user)
    assert "mentorship first" in client.get(url("application", mentee.pk)).content.decode()
    assert client.post(url("withdraw", mentee.pk)).status_code == 403
