from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.matching.actions import proposals as actions
from commonhall.matching.actions import rounds
from commonhall.matching.models import Proposal
from commonhall.matching.tasks import watch_answers
from commonhall.mentorships.models import Mentorship
from commonhall.programmes.models import Enrolment
from tests.factories.matching import ProposalFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, coordinator_of

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


def now(proposal):
    return Proposal.objects.get(pk=proposal.pk)


def both_accept(proposal):
    actions.accept(proposal, by=proposal.mentee.user)
    return actions.accept(proposal, by=proposal.mentor.user)


@pytest.fixture
def published(afternoon):
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    afternoon.round.refresh_from_db()
    return afternoon


def test_one_yes_waits_for_the_other():
    proposal = ProposalFactory()
    assert actions.accept(proposal, by=proposal.mentor.user) is None
    assert now(proposal).mentor_accepted_at
    assert now(proposal).state == Proposal.State.OFFERED
    assert not Mentorship.objects.exists()
    assert Event.objects.get(verb="proposal.accepted_by_one").details == {"side": "mentor"}


@pytest.mark.parametrize(
    ("origin", "began"),
    [("round", "round"), ("next_best", "round"), ("request", "request"), ("coordinator", "coordinator")],
)
def test_the_second_yes_begins_the_mentorship_and_takes_both_places(origin, began):
    proposal = ProposalFactory(origin=origin)
    mentorship = both_accept(proposal)
    assert mentorship.origin == began
    assert now(proposal).state == Proposal.State.ACCEPTED
    assert {e.taken for e in Enrolment.objects.filter(pk__in=[proposal.mentee_id, proposal.mentor_id])} == {1}


def test_a_second_yes_from_the_same_side_changes_nothing():
    proposal = ProposalFactory()
    actions.accept(proposal, by=proposal.mentee.user)
    with pytest.raises(Refused, match="already"):
        actions.accept(proposal, by=proposal.mentee.user)


@pytest.mark.parametrize("act", [actions.accept, actions.decline])
def test_nobody_else_answers_for_them(act):
    proposal = ProposalFactory()
    for stranger in (EnrolmentFactory().user, coordinator_of(proposal.programme)):
        with pytest.raises(Refused, match="Only the two"):
            act(proposal, by=stranger)
    assert now(proposal).state == Proposal.State.OFFERED


@pytest.mark.parametrize("state", ["accepted", "declined", "lapsed", "withdrawn"])
def test_what_is_closed_is_answered_with_a_conflict_in_words(state):
    closed = {"mentee_accepted_at": clock.now(), "mentor_accepted_at": clock.now()} if state == "accepted" else {}
    proposal = ProposalFactory(state=state, **closed)
    with pytest.raises(Conflict) as told:
        actions.decline(proposal, by=proposal.mentee.user)
    assert str(told.value)


def test_a_no_frees_both_and_keeps_the_reason_for_the_coordinator():
    proposal = ProposalFactory()
    actions.accept(proposal, by=proposal.mentee.user)
    actions.decline(proposal, by=proposal.mentor.user, reason="time")
    closed = now(proposal)
    assert (closed.state, closed.decline_reason, closed.declined_by) == ("declined", "time", proposal.mentor.user)
    assert Event.objects.get(verb="proposal.declined").details == {"side": "mentor"}
    assert {e.taken for e in Enrolment.objects.all()} == {0}


def test_a_reason_is_optional_and_coded():
    proposal = ProposalFactory()
    with pytest.raises(ValueError, match="because"):
        actions.decline(proposal, by=proposal.mentee.user, reason="because")
    assert actions.decline(proposal, by=proposal.mentee.user).decline_reason == ""


def test_a_mentor_without_a_place_is_told_so():
    proposal = ProposalFactory()
    actions.accept(proposal, by=proposal.mentee.user)
    Enrolment.objects.filter(pk=proposal.mentor_id).update(taken=2)
    with pytest.raises(Conflict, match="no free place"):
        actions.accept(proposal, by=proposal.mentor.user)
    assert now(proposal).mentor_accepted_at is None


def test_matches_that_hoped_for_the_last_place_are_taken_back():
    mentor = MentorFactory(capacity=1)
    won, lost = (ProposalFactory(programme=mentor.programme, mentor=mentor) for _ in range(2))
    both_accept(won)
    assert now(lost).state == Proposal.State.WITHDRAWN
    assert Event.objects.get(verb="proposal.withdrawn").details == {"code": "full", "side": "mentor"}


def test_a_coordinator_takes_a_match_back_and_a_mentee_only_a_request():
    match, request = ProposalFactory(), ProposalFactory(origin="request")
    with pytest.raises(Refused):
        actions.withdraw(match, by=match.mentee.user)
    assert actions.withdraw(match, by=coordinator_of(match.programme)).state == "withdrawn"
    assert actions.withdraw(request, by=request.mentee.user).state == "withdrawn"


def test_after_a_no_the_next_best_is_offered_once(published, run_jobs):
    proposal = published.round.proposals.order_by("pk").first()
    free = MentorFactory(programme=published.programme)
    actions.decline(proposal, by=proposal.mentor.user)
    run_jobs()
    following = Proposal.objects.get(follows=proposal)
    assert (following.mentee, following.mentor) == (proposal.mentee, free)
    assert (following.origin, following.state) == ("next_best", "offered")
    assert following.reasons
    assert actions.offer_next(now(proposal)) is None
    assert Proposal.objects.filter(follows=proposal).count() == 1


def test_whoever_has_no_time_is_offered_nobody_else(published, run_jobs):
    proposal = published.round.proposals.order_by("pk").first()
    MentorFactory(programme=published.programme)
    actions.decline(proposal, by=proposal.mentee.user, reason="time")
    run_jobs()
    assert not Proposal.objects.filter(follows=proposal).exists()


def test_the_next_best_is_never_who_said_no(published, run_jobs):
    proposal = published.round.proposals.order_by("pk").first()
    actions.decline(proposal, by=proposal.mentee.user)
    run_jobs()
    assert not Proposal.objects.filter(follows=proposal, mentor=proposal.mentor).exists()


def test_the_next_best_waits_for_the_coordinator_where_the_round_says_so(afternoon, run_jobs):
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run, after_decline="show")
    MentorFactory(programme=afternoon.programme)
    proposal = afternoon.round.proposals.order_by("pk").first()
    actions.decline(proposal, by=proposal.mentor.user)
    run_jobs()
    following = Proposal.objects.get(follows=proposal)
    assert following.state == "prepared"
    assert not Proposal.objects.visible_to(proposal.mentee.user).filter(pk=following.pk).exists()
    assert actions.offer(following, by=afternoon.coordinator).state == "offered"


def test_nobody_left_is_told_to_the_coordinator(published, run_jobs, mailoutbox):
    proposal = published.round.proposals.order_by("pk").first()
    Enrolment.objects.mentors().exclude(pk=proposal.mentor_id).update(state="withdrawn")
    actions.decline(proposal, by=proposal.mentor.user)
    run_jobs()
    letters = [mail for mail in mailoutbox if mail.to == [published.coordinator.email]]
    assert [mail.subject for mail in letters] == [f"Nobody is left for {proposal.mentee.user.name}"]


def test_who_lost_a_place_to_somebody_else_gets_the_next_best(published, run_jobs):
    lost = published.round.proposals.order_by("pk").first()
    MentorFactory(programme=published.programme)
    Enrolment.objects.filter(pk=lost.mentor_id).update(capacity=1)
    both_accept(ProposalFactory(programme=published.programme, mentor=lost.mentor))
    run_jobs()
    assert Proposal.objects.get(follows=lost).mentee == lost.mentee


def test_a_match_that_was_taken_back_by_hand_is_not_followed(published, run_jobs):
    proposal = published.round.proposals.order_by("pk").first()
    MentorFactory(programme=published.programme)
    actions.withdraw(proposal, by=published.coordinator)
    run_jobs()
    assert not Proposal.objects.filter(follows=proposal).exists()


def offered_on_monday(**fields):
    return ProposalFactory(offered_at=MONDAY, answer_by=datetime(2026, 11, 24, 9, tzinfo=UTC), **fields)


@pytest.mark.parametrize(
    ("moment", "prompted", "state"),
    [
        (MONDAY + timedelta(days=2, hours=23), False, "offered"),
        (MONDAY + timedelta(days=3), True, "offered"),
        (MONDAY + timedelta(days=7, hours=23), True, "offered"),
        (MONDAY + timedelta(days=8), True, "lapsed"),
    ],
)
def test_the_clock_prompts_on_day_three_and_ends_after_day_six(moment, prompted, state):
    proposal = offered_on_monday()
    with time_machine.travel(moment, tick=False):
        watch_answers.func()
        watch_answers.func()
    assert bool(now(proposal).prompted_at) is prompted
    assert now(proposal).state == state
    assert Event.objects.filter(verb="proposal.prompted").count() == prompted


def test_a_pause_stops_the_clock_and_leaves_three_days_afterwards():
    proposal = offered_on_monday()
    Enrolment.objects.filter(pk=proposal.mentor_id).update(paused_until="2026-12-04")
    with time_machine.travel(MONDAY + timedelta(days=9), tick=False):
        watch_answers.func()
    assert now(proposal).state == "offered"
    assert now(proposal).prompted_at is None
    assert now(proposal).answer_by == datetime(2026, 12, 9, 9, tzinfo=UTC)


def test_a_lapse_finds_the_next_best_for_a_mentee_who_had_said_yes(published, run_jobs):
    willing, silent = published.round.proposals.order_by("pk")[:2]
    MentorFactory(programme=published.programme)
    actions.accept(willing, by=willing.mentee.user)
    Proposal.objects.filter(pk__in=[willing.pk, silent.pk]).update(answer_by=clock.now())
    watch_answers.func()
    run_jobs()
    assert Proposal.objects.filter(follows=willing).exists()
    assert not Proposal.objects.filter(follows=silent).exists()


@pytest.mark.parametrize(
    ("act", "to", "subject"),
    [
        ("accept", "mentor", "has said yes"),
        ("decline", "mentor", "Your match with"),
    ],
)
def test_the_other_side_is_told(act, to, subject, run_jobs, mailoutbox):
    proposal = ProposalFactory()
    getattr(actions, act)(proposal, by=proposal.mentee.user)
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [[getattr(proposal, to).user.email]]
    assert subject in mailoutbox[0].subject


def test_both_are_told_that_it_is_a_match(run_jobs, mailoutbox):
    proposal = ProposalFactory(mentee_accepted_at=clock.now())
    actions.accept(proposal, by=proposal.mentor.user)
    run_jobs()
    letters = [mail for mail in mailoutbox if mail.subject.startswith("It is a match")]
    assert {mail.to[0] for mail in letters} == {proposal.mentee.user.email, proposal.mentor.user.email}


def test_a_prompt_goes_to_whoever_has_not_answered(run_jobs, mailoutbox):
    proposal = ProposalFactory(mentee_accepted_at=clock.now())
    actions.prompt(proposal)
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [[proposal.mentor.user.email]]


def test_no_letter_says_who_said_no_or_why(run_jobs, mailoutbox):
    proposal = ProposalFactory()
    actions.decline(proposal, by=proposal.mentor.user, reason="topic")
    run_jobs()
    letter = mailoutbox[0]
    assert letter.to == [proposal.mentee.user.email]
    assert "declined" not in letter.body
    assert "not what I am looking for" not in letter.body
