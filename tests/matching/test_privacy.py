from datetime import timedelta

import pytest

from commonhall.core import clock
from commonhall.matching import privacy, tasks
from commonhall.matching.actions import rounds, scenarios, texts
from commonhall.matching.models import Proposal, Run, TextVectors, Wish
from commonhall.matching.plain import unpack
from commonhall.matching.queries import proposals
from commonhall.matching.queries import rounds as queries
from commonhall.people.models import Profile
from tests.factories.matching import ProposalFactory, WishFactory
from tests.matching.conftest import afternoon_of

pytestmark = pytest.mark.django_db
GOAL = "How can a tiny authority keep up with cyber attacks?"
OFFER = "Information security for small organisations on little money."


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
    assert (closed.state, closed.message, closed.reasons, closed.declined_by) == ("withdrawn", "", [], None)
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


def test_nobodys_sentences_outlive_them(db):
    day = afternoon_of(mentees=4, mentors=3)
    for role, field, said in (("mentee", "want_to_learn", GOAL), ("mentor", "can_help", OFFER)):
        Profile.objects.filter(user__enrolments__role=role).update(**{field: said})
    run = scenarios.keep(day.scenario, by=day.coordinator, weights={"text": 9.0}, rules={}, objective="total")
    mentee, mentor = (day.place(pk) for pk in run.result["pairs"][0][:2])
    assert OFFER in str(unpack(run.reasons))
    assert OFFER in str(unpack(run.inputs))
    assert TextVectors.objects.count() == 2
    rounds.publish(day.round, by=day.coordinator, run=run)
    page = proposals.page(Proposal.objects.get(mentee=mentee), mentee.user)
    assert any(OFFER in reason.text for reason in page["reasons"])
    privacy.erase(mentor.user)
    kept = [*Run.objects.values(), *Proposal.objects.filter(mentor=mentor).values(), *TextVectors.objects.values()]
    assert OFFER not in str(kept)
    assert GOAL not in str(kept)
    assert not TextVectors.objects.exists()
    assert Run.objects.get(pk=run.pk).result["placed"] == run.result["placed"]


def test_a_text_is_read_once_and_forgotten_after_half_a_year(db):
    day = afternoon_of(mentees=4, mentors=3)
    Profile.objects.filter(user__enrolments__role="mentee").update(want_to_learn=GOAL)
    Profile.objects.filter(user__enrolments__role="mentor").update(can_help=OFFER)
    first = scenarios.solve(day.scenario, by=day.coordinator)
    made = set(TextVectors.objects.values_list("pk", "made_at"))
    second = scenarios.solve(day.scenario, by=day.coordinator)
    assert set(TextVectors.objects.values_list("pk", "made_at")) == made != set()
    assert unpack(first.inputs)["vectors"] == unpack(second.inputs)["vectors"]
    tasks.forget_texts.func()
    assert TextVectors.objects.count() == len(made)
    TextVectors.objects.update(made_at=clock.now() - texts.KEPT - timedelta(days=1))
    tasks.forget_texts.func()
    assert not TextVectors.objects.exists()
    assert scenarios.repeat(second)
