import pytest

from commonhall.history.models import Event
from commonhall.programmes import actions, notices
from commonhall.programmes.models import Programme
from tests.factories.programmes import coordinator_of, owner_of, person_of

pytestmark = pytest.mark.django_db


def letters_to(mailoutbox, address):
    return [letter.subject for letter in mailoutbox if letter.to == [address]]


def test_an_application_is_confirmed_and_put_to_the_coordinators(
    programme, coordinator, colleague, run_jobs, mailoutbox
):
    owner = owner_of(programme.pool)
    actions.apply(user=colleague, programme=programme, role="mentor", by=colleague)
    run_jobs()
    assert letters_to(mailoutbox, colleague.email) == ["Your application to Across the Water is in"]
    assert letters_to(mailoutbox, coordinator.email) == ["Dylan Prosser applied to Across the Water"]
    assert letters_to(mailoutbox, owner.email) == []


def test_without_coordinators_the_owners_of_the_pool_are_told(programme, colleague, run_jobs, mailoutbox):
    owner = owner_of(programme.pool)
    actions.apply(user=colleague, programme=programme, role="mentor", by=colleague)
    run_jobs()
    assert len(letters_to(mailoutbox, owner.email)) == 1


def test_nobody_is_told_of_their_own_application_as_coordinator(programme, run_jobs, mailoutbox):
    both = person_of(programme.pool)
    coordinator_of(programme, email="other@harbour.example")
    from tests.factories.organisations import GrantFactory

    GrantFactory(user=both, role="coordinator", scope=programme)
    actions.apply(user=both, programme=programme, role="mentor", by=both)
    run_jobs()
    assert letters_to(mailoutbox, both.email) == ["Your application to Across the Water is in"]


@pytest.mark.parametrize(
    ("decide", "subject", "words"),
    [
        (actions.approve, "You have a place in Across the Water", "You have a place in Across the Water as mentor"),
        (actions.decline, "Your application to Across the Water", "cannot offer you a place"),
    ],
)
def test_a_decision_is_told(programme, coordinator, colleague, run_jobs, mailoutbox, decide, subject, words):
    enrolment = actions.apply(user=colleague, programme=programme, role="mentor", by=colleague)
    decide(enrolment, coordinator)
    run_jobs()
    letter = next(letter for letter in mailoutbox if letter.subject == subject)
    assert letter.to == [colleague.email]
    assert words in letter.body


@pytest.mark.parametrize(("agrees", "words"), [(True, "has agreed"), (False, "did not agree this time")])
def test_the_line_managers_answer_reaches_the_applicant(programme, colleague, run_jobs, mailoutbox, agrees, words):
    Programme.objects.filter(pk=programme.pk).update(needs_sponsor=True)
    programme.refresh_from_db()
    address = "boss@harbour.example"
    enrolment = actions.apply(
        user=colleague, programme=programme, role="mentee", by=colleague, line_manager_email=address
    )
    run_jobs()
    asked = next(letter for letter in mailoutbox if letter.to == [address])
    assert "no account" in asked.body
    assert "/programmes/sponsor/" in asked.body
    actions.answer_as_sponsor(enrolment, agrees=agrees)
    run_jobs()
    assert words in mailoutbox[-1].body
    assert mailoutbox[-1].to == [colleague.email]


def test_a_line_manager_is_not_asked_after_the_application_was_taken_back(programme, colleague):
    Programme.objects.filter(pk=programme.pk).update(needs_sponsor=True)
    programme.refresh_from_db()
    enrolment = actions.apply(
        user=colleague, programme=programme, role="mentee", by=colleague, line_manager_email="boss@harbour.example"
    )
    actions.withdraw(enrolment, colleague)
    assert list(notices.sponsor(Event.objects.get(verb="enrolment.sponsor_asked"))) == []
