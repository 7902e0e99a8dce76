from datetime import timedelta

import pytest

from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.matching.actions import rounds, scenarios
from commonhall.matching.models import Proposal, Round
from commonhall.matching.queries import rounds as queries
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.programmes import ProgrammeFactory, coordinator_of

pytestmark = pytest.mark.django_db


def test_a_round_begins_with_the_programmes_rules_and_weights():
    programme = ProgrammeFactory(rules={"min_shared_minutes": 120}, weights={"hours": 9.0}, most_mentees=3)
    round = rounds.begin(programme, by=coordinator_of(programme), name="  Autumn  2026 ")
    plan = round.scenarios.get()
    assert round.name == "Autumn 2026"
    assert plan.rules["min_shared_minutes"] == 120
    assert plan.rules["max_mentees"] == 3
    assert plan.weights["hours"] == 9.0
    assert plan.weights["wants_offers"] > 0


def test_a_second_open_round_is_refused():
    programme = ProgrammeFactory()
    coordinator = coordinator_of(programme)
    rounds.begin(programme, by=coordinator, name="One")
    with pytest.raises(Conflict, match="being prepared"):
        rounds.begin(programme, by=coordinator, name="Two")


@pytest.mark.parametrize("state", [Programme.State.DRAFT, Programme.State.FINISHED])
def test_no_round_begins_before_the_programme_opens_or_after_it_ends(state):
    programme = ProgrammeFactory(state=state)
    with pytest.raises(Refused):
        rounds.begin(programme, by=coordinator_of(programme), name="One")


def test_publishing_offers_every_pair_with_its_reasons_and_a_clock(afternoon):
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run, after_decline="show")
    proposals = Proposal.objects.filter(round=afternoon.round)
    assert {(str(p.mentee_id), str(p.mentor_id)) for p in proposals} == set(afternoon.pairs)
    assert all(p.state == "offered" and p.reasons and p.score > 0 for p in proposals)
    assert all(p.answer_by > p.offered_at + timedelta(days=6) for p in proposals)
    assert Event.objects.filter(verb="proposal.offered").count() == len(afternoon.pairs)
    afternoon.round.refresh_from_db()
    assert afternoon.round.state == Round.State.PUBLISHED
    assert afternoon.round.after_decline == "show"
    assert afternoon.round.published_run == afternoon.run


def test_everybody_is_told_once(afternoon, run_jobs, mailoutbox):
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    run_jobs()
    told = sorted(mail.to[0] for mail in mailoutbox)
    people = Enrolment.objects.filter(pk__in=[int(pk) for pair in afternoon.pairs for pk in pair])
    expected = [e.user.email for pair in afternoon.pairs for e in (afternoon.place(pair[0]), afternoon.place(pair[1]))]
    assert told == sorted(expected)
    assert people.count() <= len(told)


def test_publishing_twice_does_nothing_twice(afternoon):
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    with pytest.raises(Conflict, match="Bridget Sarpong has just published"):
        rounds.publish(afternoon.round, by=coordinator_of(afternoon.programme), run=afternoon.run)
    assert Proposal.objects.count() == len(afternoon.pairs)


def test_provisional_matches_are_seen_by_coordinators_alone_until_they_are_published(afternoon):
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run, provisional=True)
    mentee = afternoon.place(afternoon.pairs[0][0]).user
    assert Proposal.objects.visible_to(mentee).count() == 0
    assert Proposal.objects.visible_to(afternoon.coordinator).count() == len(afternoon.pairs)
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    assert Proposal.objects.visible_to(mentee).count() == 1
    assert Proposal.objects.filter(state="offered").count() == len(afternoon.pairs)


def test_provisional_matches_can_be_taken_back_without_a_trace_for_the_people(afternoon):
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run, provisional=True)
    rounds.take_back(afternoon.round, by=afternoon.coordinator)
    assert not Proposal.objects.exists()
    run = scenarios.solve(afternoon.scenario, by=afternoon.coordinator)
    assert set(queries.pairs_of(run)) == set(afternoon.pairs)
    with pytest.raises(Refused):
        rounds.take_back(afternoon.round, by=afternoon.coordinator)


def test_a_plan_that_was_worked_on_since_is_not_published(afternoon):
    scenarios.solve(afternoon.scenario, by=afternoon.coordinator)
    with pytest.raises(Conflict, match="worked on since"):
        rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "change",
    [{"state": "withdrawn"}, {"paused_until": clock.today() + timedelta(days=30)}, {"taken": 1, "capacity": 1}],
)
def test_somebody_who_has_gone_since_stops_the_publication_by_name(afternoon, change):
    mentee = afternoon.place(afternoon.pairs[0][0])
    Enrolment.objects.filter(pk=mentee.pk).update(**change)
    with pytest.raises(Conflict, match=mentee.user.name):
        rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    assert not Proposal.objects.exists()


def test_one_more_place_that_was_agreed_becomes_real_when_it_is_published(afternoon):
    person = afternoon.without()[0]
    offered = queries.changes(afternoon.run, [person])[person]
    number, change = next((n, c) for n, c in enumerate(offered) if c["kind"] == "one_more_place")
    run = scenarios.take_up(afternoon.run, by=afternoon.coordinator, person=person, number=number)
    before = afternoon.place(change["mentor_id"]).capacity
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=run)
    assert afternoon.place(change["mentor_id"]).capacity == before + 1
    assert Proposal.objects.filter(mentee_id=int(person), state="offered").exists()


def test_more_places_than_the_programme_allows_stop_the_publication_in_words(afternoon):
    mentor = afternoon.place(afternoon.pairs[0][1])
    more = {"kind": "one_more_place", "mentor_id": str(mentor.pk), "mentee_id": afternoon.without()[0], "effort": 2.0}
    afternoon.scenario.assumptions = [more] * 3
    afternoon.scenario.save()
    with pytest.raises(Refused, match=f"{mentor.user.name} would have .* this programme allows 2"):
        rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    assert afternoon.place(str(mentor.pk)).capacity == mentor.capacity
    assert not Proposal.objects.exists()


def test_a_mentor_who_is_still_to_be_found_is_not_published(afternoon):
    afternoon.scenario.assumptions = [
        {
            "kind": "recruit",
            "mentee_id": afternoon.without()[0],
            "effort": 8.0,
            "reserve": True,
            "person": {"id": "new-0", "role": "mentor", "offers": [{"kind": "service", "key": "housing"}]},
        }
    ]
    afternoon.scenario.save()
    run = scenarios.solve(afternoon.scenario, by=afternoon.coordinator)
    assert any(pair[1] == "new-0" for pair in run.result["pairs"])
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=run)
    assert Proposal.objects.count() == run.result["placed"] - 1


def test_a_round_closes_when_every_answer_is_in(afternoon):
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    afternoon.round.refresh_from_db()
    with pytest.raises(Refused, match="not answered"):
        rounds.close(afternoon.round, by=afternoon.coordinator)
    Proposal.objects.update(state="lapsed")
    assert rounds.close(afternoon.round, by=afternoon.coordinator).state == Round.State.CLOSED


def test_another_round_can_begin_after_publishing_and_leaves_out_who_waits(afternoon):
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    second = rounds.begin(afternoon.programme, by=afternoon.coordinator, name="Second")
    run = scenarios.solve(second.scenarios.get(), by=afternoon.coordinator)
    assert not set(queries.pairs_of(run)) & set(afternoon.pairs)
    assert {pair[0] for pair in queries.pairs_of(run)} <= set(afternoon.without())


def test_a_stranger_publishes_nothing(afternoon):
    with pytest.raises(Refused):
        rounds.publish(afternoon.round, by=coordinator_of(ProgrammeFactory()), run=afternoon.run)
