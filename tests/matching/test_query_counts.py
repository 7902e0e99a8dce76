"""How many questions answering a match takes: of the whole request, but for the words that begin and end it."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult as Job

from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.matching.models import Proposal
from commonhall.mentorships.models import Mentorship
from commonhall.programmes.models import Programme
from tests.factories.matching import ProposalFactory
from tests.factories.programmes import MentorFactory
from tests.house.test_query_counts import place_of

pytestmark = pytest.mark.django_db(transaction=True)
# Who asks: the session, the user with roles and workplace, and the match as far as this person may see it.
BEFORE = 3


def questions(client, user, act, about, **data):
    client.force_login(user)
    client.get("/")
    ContentType.objects.get_for_models(Proposal, Programme, Mentorship)
    with CaptureQueriesContext(connection) as asked:
        response = client.post(reverse(f"matching:{act}", args=[about.pk]), data)
    assert response.status_code == 302
    return len([one for one in asked if not one["sql"].startswith(("BEGIN", "COMMIT"))])


def rivals_of(mentor, number):
    return [ProposalFactory(programme=mentor.programme, mentor=mentor) for _number in range(number)]


@pytest.mark.parametrize("rivals", [0, 6])
def test_the_first_yes(client, rivals):
    proposal = ProposalFactory()
    rivals_of(proposal.mentor, rivals)
    assert questions(client, proposal.mentee.user, "accept", proposal) == BEFORE + 5
    assert Proposal.objects.get(pk=proposal.pk).mentee_accepted_at


@pytest.mark.parametrize(("rivals", "expected"), [(0, BEFORE + 8), (1, BEFORE + 9), (6, BEFORE + 9)])
def test_the_yes_that_begins_the_mentorship(client, rivals, expected):
    mentor = MentorFactory(capacity=1)
    proposal = ProposalFactory(programme=mentor.programme, mentor=mentor, mentee_accepted_at=clock.now())
    lost = rivals_of(mentor, rivals)
    assert questions(client, proposal.mentor.user, "accept", proposal) == expected
    facts = list(Event.objects.order_by("pk").values_list("verb", flat=True))[-2 - rivals :]
    assert facts == ["mentorship.began", "proposal.accepted", *["proposal.withdrawn"] * rivals]
    told = Event.objects.filter(verb="proposal.withdrawn", details={"code": "full", "side": "mentor"})
    assert {one.about_id for one in told} == {one.pk for one in lost}
    looked = Job.objects.filter(task_path="commonhall.matching.tasks.offer_next")
    assert sorted(job.args_kwargs["args"] for job in looked) == [[one.pk] for one in told.order_by("pk")]
    assert set(Proposal.objects.exclude(pk=proposal.pk).values_list("state", flat=True)) <= {"withdrawn"}


def test_no(client):
    proposal = ProposalFactory()
    assert questions(client, proposal.mentor.user, "decline", proposal, reason="time") == BEFORE + 5
    assert Proposal.objects.get().state == Proposal.State.DECLINED


def test_asking_a_mentor(client):
    """Most are the hard rules, which the engine judges by all that is known of the two."""
    asked = []
    for size in (6, 16):
        programme = place_of(size).programme
        mentee, mentor = programme.enrolments.mentees()[2], programme.enrolments.mentors()[2]
        asked.append(questions(client, mentee.user, "ask", mentor, message="Could we talk?"))
        assert Proposal.objects.get(mentee=mentee).mentor_id == mentor.pk
    assert asked == [27, 27]
