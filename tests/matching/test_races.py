"""Two at the same moment, each on a connection of their own; the makefile runs these on both engines."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.db.models import Q
from django_tasks_db.models import DBTaskResult as Job

from commonhall.core import clock
from commonhall.core.errors import Conflict
from commonhall.matching import solver, tasks
from commonhall.matching.actions import proposals, rounds, scenarios, solvings, wishes
from commonhall.matching.models import Proposal, Round, Run, Solving, Wish
from commonhall.matching.queries import rounds as queries
from commonhall.mentorships.models import Mentorship
from commonhall.programmes import actions as programmes
from commonhall.programmes.models import Enrolment
from tests.factories.matching import ProposalFactory, RoundFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory, coordinator_of
from tests.matching.conftest import afternoon_of

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def publish_twice(together):
    afternoon = afternoon_of(mentees=6, mentors=4)
    colleagues = (afternoon.coordinator, coordinator_of(afternoon.programme, name="Bridget Sarpong"))
    results = together(
        *(
            lambda by=by: rounds.publish(Round.objects.get(pk=afternoon.round.pk), by=by, run=afternoon.run)
            for by in colleagues
        )
    )
    return afternoon, results


def one_published_and_one_was_told(afternoon, results):
    won = [one for one in results if isinstance(one, Round)]
    told = [one for one in results if isinstance(one, Conflict) and "has just published" in str(one)]
    return len(won) == len(told) == 1 and Proposal.objects.count() == len(afternoon.pairs)


def test_of_two_coordinators_who_publish_at_once_one_wins_and_the_other_is_told(together):
    for _ in range(ROUNDS):
        assert one_published_and_one_was_told(*publish_twice(together))
        Proposal.objects.all().delete()


def test_without_the_rows_lock_that_promise_is_broken(together, monkeypatch):
    monkeypatch.setattr(rounds, "hold", lambda round: round)
    assert not one_published_and_one_was_told(*publish_twice(together))


def accept_twice(together):
    """Both mentees have said yes; the mentor has one place and taps twice."""
    mentor = MentorFactory(capacity=1)
    matches = [
        ProposalFactory(programme=mentor.programme, mentor=mentor, mentee_accepted_at=clock.now()) for _ in range(2)
    ]
    results = together(*(lambda one=one: proposals.accept(one, by=mentor.user) for one in matches))
    return mentor, results


def one_began_and_one_was_told(mentor, results):
    won = [one for one in results if isinstance(one, Mentorship)]
    told = [one for one in results if isinstance(one, Conflict) and str(one)]
    taken = Enrolment.objects.get(pk=mentor.pk).taken
    pairs = Mentorship.objects.filter(participants__enrolment=mentor).count()
    return len(won) == len(told) == taken == pairs == 1


def test_of_two_acceptances_for_the_last_place_one_wins_and_the_other_is_told(together):
    for _ in range(ROUNDS):
        assert one_began_and_one_was_told(*accept_twice(together))


def test_without_the_locks_the_last_place_is_given_twice(together, monkeypatch):
    """The proof that the locks keep the promise; on SQLite that is BEGIN IMMEDIATE."""
    gate = threading.Barrier(2)

    def counted_then_saved(*enrolments):
        for row in [Enrolment.objects.get(pk=enrolment.pk) for enrolment in enrolments]:
            if row.taken >= row.capacity:
                raise Conflict("full")
            if row.role == Enrolment.Role.MENTOR:
                with_both(gate)
            row.taken += 1
            row.save(update_fields=["taken"])

    monkeypatch.setattr(programmes, "take_place", counted_then_saved)
    monkeypatch.setattr(proposals, "hold_beside", lambda one: (Proposal.objects.get(pk=one.pk), []))
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    mentor, results = accept_twice(together)
    assert not one_began_and_one_was_told(mentor, results)
    if connection.vendor == "postgresql":
        assert Mentorship.objects.filter(participants__enrolment=mentor).count() == 2
    else:
        assert any(isinstance(one, OperationalError) for one in results)


def with_both(gate):
    try:
        gate.wait(2)
    except threading.BrokenBarrierError:
        return


def test_two_taps_on_accept_begin_one_mentorship(together):
    proposal = ProposalFactory(mentee_accepted_at=clock.now())
    results = together(*[lambda: proposals.accept(proposal, by=proposal.mentor.user)] * 2)
    assert sum(isinstance(one, Mentorship) for one in results) == 1
    assert Mentorship.objects.count() == 1


def test_yes_and_no_at_once_end_in_one_state(together):
    for _ in range(ROUNDS):
        proposal = ProposalFactory(mentee_accepted_at=clock.now())
        together(
            lambda one=proposal: proposals.accept(one, by=one.mentor.user),
            lambda one=proposal: proposals.decline(one, by=one.mentee.user),
        )
        state = Proposal.objects.get(pk=proposal.pk).state
        begun = Mentorship.objects.filter(participants__enrolment=proposal.mentee).exists()
        assert state == ("accepted" if begun else "declined")


def test_the_next_best_is_offered_once_however_many_workers_look(together):
    afternoon = afternoon_of(mentees=4, mentors=3)
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    MentorFactory(programme=afternoon.programme)
    proposal = afternoon.round.proposals.order_by("pk").first()
    proposals.decline(proposal, by=proposal.mentor.user)
    closed = Proposal.objects.select_related("mentee__programme__pool", "round").get(pk=proposal.pk)
    results = together(*[lambda: proposals.offer_next(closed)] * 2)
    assert not [one for one in results if isinstance(one, Exception)]
    assert Proposal.objects.filter(follows=proposal).count() == 1


def test_two_tabs_never_put_a_sixth_name_on_a_shortlist(together):
    mentee = EnrolmentFactory()
    mentors = [MentorFactory(programme=mentee.programme) for _ in range(6)]
    for mentor in mentors[:4]:
        wishes.add(mentee, mentor, by=mentee.user)
    together(*(lambda one=one: wishes.add(mentee, one, by=mentee.user) for one in mentors[4:]))
    assert list(Wish.objects.filter(mentee=mentee).values_list("rank", flat=True)) == [1, 2, 3, 4, 5]


def promised_twice():
    """Enrolments of which more is taken or promised than there is."""
    live = Q(state__in=["prepared", "offered"])
    return [
        one
        for one in Enrolment.objects.all()
        if one.taken + Proposal.objects.filter(live, Q(mentee=one) | Q(mentor=one)).count() > one.capacity
    ]


def counted_by_both(monkeypatch):
    """Both have counted what is free before either promises it: as near as two can come."""
    gate = threading.Barrier(2)

    def then_both(counting):
        def counted(*given):
            answer = counting(*given)
            with_both(gate)
            return answer

        return counted

    monkeypatch.setattr(proposals, "is_free", then_both(proposals.is_free))
    monkeypatch.setattr(rounds, "_require_still_there", then_both(rounds._require_still_there))


def lost_match(programme):
    """A published match that came to nothing because its mentor left."""
    lost = ProposalFactory(
        programme=programme,
        state="declined",
        closed_at=clock.now(),
        round=RoundFactory(programme=programme, state="published"),
    )
    Enrolment.objects.filter(pk=lost.mentor_id).update(state="withdrawn")
    return lost


def two_next_bests():
    """Two mentees whose matches came to nothing, and one mentor with one place."""
    programme = ProgrammeFactory(state="matching")
    lost = [lost_match(programme) for _ in range(2)]
    MentorFactory(programme=programme, capacity=1)
    return [lambda one=one: proposals.offer_next(one) for one in lost]


def a_next_best_and_a_plan():
    """A plan gives every mentor's places away; the next best of somebody who is not in it is one of these mentors."""
    afternoon = afternoon_of(mentees=8, mentors=3)
    lost = lost_match(afternoon.programme)
    return [
        lambda: proposals.offer_next(lost),
        lambda: rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run),
    ]


@pytest.mark.parametrize("meeting", [two_next_bests, a_next_best_and_a_plan])
def test_one_place_is_promised_once(together, monkeypatch, meeting):
    counted_by_both(monkeypatch)
    results = together(*meeting())
    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, Conflict)]
    assert Proposal.objects.live().exists()
    assert promised_twice() == []


@pytest.mark.parametrize("meeting", [two_next_bests, a_next_best_and_a_plan])
def test_without_the_places_held_one_place_is_promised_twice(together, monkeypatch, meeting):
    for module in (rounds, proposals):
        monkeypatch.setattr(module, "hold_places", lambda keys: None)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    counted_by_both(monkeypatch)
    results = together(*meeting())
    if connection.vendor == "postgresql":
        assert promised_twice()
    else:
        assert any(isinstance(one, OperationalError) for one in results)


def large(monkeypatch):
    """A round whose next plan is worked out in the background."""
    afternoon = afternoon_of(mentees=4, mentors=3)
    monkeypatch.setattr(queries, "AT_ONCE", 3)
    return afternoon


def start_twice(together, afternoon):
    colleagues = (afternoon.coordinator, coordinator_of(afternoon.programme, name="Tom Ellacott"))
    return together(*(lambda by=by: solvings.do(afternoon.scenario, "solve", by=by) for by in colleagues))


def test_of_two_coordinators_who_start_a_large_round_at_once_both_get_the_same_work(together, monkeypatch):
    afternoon = large(monkeypatch)
    for _ in range(ROUNDS):
        one, other = start_twice(together, afternoon)
        assert one == other == Solving.objects.live().get()
        assert Job.objects.filter(task_path__endswith="work_out").count() == 1
        solvings.stop(one, by=afternoon.coordinator)
        Job.objects.all().delete()


def test_without_the_rounds_lock_one_of_the_two_is_told_a_fault(together, monkeypatch):
    afternoon, gate = large(monkeypatch), threading.Barrier(2)
    monkeypatch.setattr(rounds, "hold", lambda round: round)
    changeable = solvings.can_change_round

    def both_have_looked(by, round):
        list(round.solvings.live())
        with_both(gate)
        return changeable(by, round)

    monkeypatch.setattr(solvings, "can_change_round", both_have_looked)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    results = start_twice(together, afternoon)
    assert any(isinstance(one, IntegrityError | OperationalError) for one in results)
    assert Solving.objects.live().count() <= 1


def test_work_that_is_stopped_as_it_ends_is_either_kept_or_stopped(together, monkeypatch):
    afternoon = large(monkeypatch)
    monkeypatch.setattr(solvings, "Solver", lambda **options: solver.shared)
    monkeypatch.setattr(solver.shared, "stop", lambda: None)
    for _ in range(ROUNDS):
        before = Run.objects.count()
        solving = solvings.do(afternoon.scenario, "solve", by=afternoon.coordinator)
        gate = threading.Barrier(2)
        worked_out = scenarios._worked_out

        def at_the_end(*given, gate=gate, worked_out=worked_out):
            answer = worked_out(*given)
            with_both(gate)
            return answer

        def stopping(gate=gate, solving=solving):
            with_both(gate)
            return solvings.stop(solving, by=afternoon.coordinator)

        monkeypatch.setattr(scenarios, "_worked_out", at_the_end)
        together(lambda solving=solving: tasks.work_out.func(solving.pk), stopping)
        monkeypatch.setattr(scenarios, "_worked_out", worked_out)
        kept = Run.objects.count() - before
        assert (Solving.objects.get(pk=solving.pk).state, kept) in {("done", 1), ("stopped", 0)}
