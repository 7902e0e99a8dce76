import pytest

from commonhall.matching import privacy
from commonhall.matching.actions import rounds, scenarios
from commonhall.matching.models import Proposal, Run, Wish
from commonhall.matching.queries import rounds as queries
from tests.factories.matching import ProposalFactory, WishFactory

pytestmark = pytest.mark.django_db


def test_a_person_can_take_along_their_matches_requests_and_shortlist():
    proposal = ProposalFactory(origin="request", message="Could we talk?")
    WishFactory(mentee=proposal.mentee, mentor=proposal.mentor)
    held = privacy.holds(proposal.mentee.user)
    assert held["matches"][0]["state"] == "offered"
    assert held["requests"][0]["message"] == "Could we talk?"
    assert held["shortlist"] == [{"rank": 1, "mentor__user__name": proposal.mentor.user.name}]
    assert privacy.holds(proposal.mentor.user)["requests"] == []


def test_a_match_that_nobody_has_seen_is_not_handed_over():
    proposal = ProposalFactory(state="prepared", offered_at=None)
    assert privacy.holds(proposal.mentee.user)["matches"] == []


def test_forgetting_somebody_ends_what_is_open_and_drops_the_words():
    proposal = ProposalFactory(origin="request", message="Could we talk?", reasons=[["hours", 1.0, 0.1, {}]])
    WishFactory(mentee=proposal.mentee, mentor=proposal.mentor)
    privacy.erase(proposal.mentee.user)
    closed = Proposal.objects.get()
    assert (closed.state, closed.message, closed.reasons, closed.declined_by) == ("declined", "", [], None)
    assert not Wish.objects.exists()


def test_forgetting_somebody_empties_what_runs_know_and_keeps_their_pairs(afternoon):
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run, provisional=True)
    mentee = afternoon.place(afternoon.pairs[0][0])
    privacy.erase(mentee.user)
    run = Run.objects.get()
    assert (bytes(run.inputs), bytes(run.reasons)) == (b"", b"")
    assert len(queries.pairs_of(run)) == len(afternoon.pairs)
    assert not Proposal.objects.filter(mentee=mentee).exists()


def test_a_change_that_counted_on_them_is_dropped(afternoon):
    person = afternoon.without()[0]
    offered = queries.changes(afternoon.run, [person])[person]
    number = next(n for n, change in enumerate(offered) if change["kind"] == "one_more_place")
    scenarios.take_up(afternoon.run, by=afternoon.coordinator, person=person, number=number)
    privacy.erase(afternoon.place(offered[number]["mentor_id"]).user)
    afternoon.scenario.refresh_from_db()
    assert afternoon.scenario.assumptions == []
