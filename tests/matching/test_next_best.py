"""After a no: both are free, the coordinator sees it at home, and proposes the next best in one act."""

import re

import pytest
from django.urls import reverse

from commonhall.core.errors import Conflict, Refused
from commonhall.matching.actions import proposals as actions
from commonhall.matching.actions import rounds, scenarios
from commonhall.matching.models import Proposal, Round
from commonhall.programmes.models import Enrolment
from commonhall.programmes.queries.promises import free_places
from tests.factories.matching import ProposalFactory
from tests.factories.programmes import EnrolmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def declined(afternoon, run_jobs):
    """A match of a published round that the mentor has declined; the next best is the coordinator's to propose."""
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run, after_decline="show")
    proposal = Proposal.objects.select_related("mentee__user", "mentor__user").first()
    actions.decline(proposal, by=proposal.mentor.user)
    run_jobs()
    for prepared in Proposal.objects.filter(state="prepared"):
        actions.withdraw(prepared, by=afternoon.coordinator)
    run_jobs()
    proposal.refresh_from_db()
    return proposal


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def roomy(programme):
    Enrolment.objects.filter(programme=programme, role="mentor").update(capacity=9)
    scenarios.Scenario.objects.filter(round__programme=programme).update(
        rules={"min_shared_minutes": 0, "require_common_language": False, "max_mentees": None}
    )


def test_a_no_frees_both_and_home_says_so(client, afternoon, declined):
    assert free_places(declined.mentee) == 1
    assert free_places(declined.mentor) >= 1
    client.force_login(afternoon.coordinator)
    home = client.get("/")
    assert "1 mentee is free again after a match came to nothing: propose the next best" in words(home)
    address = reverse("matching:answers", args=[afternoon.round.pk]) + "?state=free"
    assert address in home.content.decode()
    listed = client.get(address)
    assert [one.mentee_id for one in listed.context["page"]] == [declined.mentee_id]
    assert "See the next best" in words(listed)


def test_the_next_best_are_listed_and_one_is_proposed_in_one_act(client, afternoon, declined):
    roomy(afternoon.programme)
    client.force_login(afternoon.coordinator)
    page = client.get(reverse("matching:proposal", args=[declined.pk]))
    best = page.context["next_best"]
    assert [one["percent"] for one in best] == sorted((one["percent"] for one in best), reverse=True)
    assert declined.mentor_id not in [one["mentor"].pk for one in best]
    mentor = best[0]["mentor"]
    done = client.post(reverse("matching:propose_next", args=[declined.pk]), {"mentor": mentor.pk}, follow=True)
    assert f"Proposed. {declined.mentee.user.name} and {mentor.user.name} have been told." in words(done)
    made = Proposal.objects.get(origin="coordinator")
    assert (made.mentee_id, made.mentor_id, made.state, made.round_id) == (
        declined.mentee_id, mentor.pk, "offered", afternoon.round.pk,
    )  # fmt: skip
    assert "is free again" not in words(client.get("/"))
    assert client.get(reverse("matching:proposal", args=[declined.pk])).context["next_best"] == []


def test_a_prepared_next_best_waits_at_home_for_a_yes(client, afternoon, run_jobs):
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run, after_decline="show")
    roomy(afternoon.programme)
    proposal = Proposal.objects.first()
    actions.decline(proposal, by=proposal.mentee.user)
    run_jobs()
    prepared = Proposal.objects.get(state="prepared")
    client.force_login(afternoon.coordinator)
    assert "1 next best match waits for your yes" in words(client.get("/"))
    listed = client.get(reverse("matching:answers", args=[afternoon.round.pk]), {"state": "next"})
    assert list(listed.context["page"]) == [prepared]


@pytest.mark.parametrize("who", ["mentee", "mentor", "stranger"])
def test_only_the_coordinator_proposes(client, afternoon, declined, who):
    roomy(afternoon.programme)
    mentor = actions.nearest(declined.mentee, limit=1)[0][0]
    user = EnrolmentFactory().user if who == "stranger" else getattr(declined, who).user
    client.force_login(user)
    answer = client.post(reverse("matching:propose_next", args=[declined.pk]), {"mentor": mentor.pk})
    assert answer.status_code == (404 if who == "stranger" else 403)
    assert not Proposal.objects.filter(origin="coordinator").exists()


def test_whoever_is_not_possible_is_not_proposed(afternoon, declined):
    with pytest.raises(Conflict, match="is not possible any more"):
        actions.propose_next(declined, declined.mentor, by=afternoon.coordinator)
    Enrolment.objects.filter(pk=declined.mentee_id).update(state="withdrawn")
    withdrawn = Proposal.objects.select_related("mentee__user", "programme").get(pk=declined.pk)
    with pytest.raises(Refused, match="does not take part"):
        actions.propose_next(withdrawn, declined.mentor, by=afternoon.coordinator)


@pytest.mark.parametrize(
    ("after", "line"), [("offer", "We are looking for your next best match"), ("show", "Your coordinator is looking")]
)
def test_the_mentee_reads_what_happens_next(client, declined, after, line):
    Round.objects.update(after_decline=after)
    ProposalFactory(programme=declined.programme, mentee=declined.mentee, follows=declined, state="declined")
    client.force_login(declined.mentee.user)
    page = words(client.get(reverse("matching:proposal", args=[declined.pk])))
    assert line in page
    assert "There is nothing that you need to do." in page
