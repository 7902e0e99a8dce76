"""What ends because a programme, or somebody's part in it, has ended."""

import pytest

from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.matching.actions import proposals, rounds
from commonhall.matching.models import Proposal
from commonhall.mentorships.models import Mentorship
from commonhall.notifications.models import Notice
from commonhall.programmes import actions as programmes
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.matching import ProposalFactory, RoundFactory
from tests.factories.mentorships import MentorshipFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory, coordinator_of

pytestmark = pytest.mark.django_db


def verbs_about(thing):
    return list(Event.objects.about(thing).order_by("pk").values_list("verb", flat=True))


def test_everything_under_way_ends_with_its_programme(run_jobs):
    pair = MentorshipFactory()
    programme = pair.programme
    round = RoundFactory(programme=programme, state="published")
    offered = ProposalFactory(programme=programme, round=round)
    waiting = [EnrolmentFactory(programme=programme, state=state) for state in ("applied", "sponsor")]
    elsewhere, other_pair = ProposalFactory(), MentorshipFactory()

    programmes.finish(programme, by=coordinator_of(programme))
    run_jobs()

    pair.refresh_from_db()
    assert (pair.state, pair.end_reason) == (Mentorship.State.ENDED, Mentorship.EndReason.PROGRAMME)
    assert not programme.enrolments.filter(taken__gt=0).exists()
    round.refresh_from_db()
    offered.refresh_from_db()
    assert (round.state, offered.state) == ("closed", Proposal.State.WITHDRAWN)
    assert Event.objects.get(verb="proposal.withdrawn").detail("code") == "finished"
    assert {verbs_about(place)[-1] for place in waiting} == {"enrolment.declined"}
    assert verbs_about(offered.mentee)[-1] == "enrolment.finished"
    assert set(programme.enrolments.values_list("state", flat=True)) == {"declined", "finished"}
    assert not Event.objects.filter(verb="proposal.nobody_left").exists()
    for untouched in (elsewhere, other_pair):
        before = untouched.state
        untouched.refresh_from_db()
        assert untouched.state == before


def test_those_who_wait_or_meet_are_told_that_the_programme_is_over(run_jobs):
    pair = MentorshipFactory()
    waiting = EnrolmentFactory(programme=pair.programme, state="applied")
    programmes.finish(pair.programme, by=coordinator_of(pair.programme))
    run_jobs()
    told = Notice.objects.filter(user=waiting.user).values_list("text", flat=True)
    assert "We cannot offer you a place this time" in "\n".join(told)
    for participant in pair.participants.all():
        text = Notice.objects.get(user=participant.user, text__contains="is finished").text
        assert "your place is free again" not in text


def test_what_follows_a_finish_does_nothing_in_a_programme_that_runs(run_jobs):
    """A job that comes twice, or late, meets the state as it is."""
    pair = MentorshipFactory()
    proposal = ProposalFactory(programme=pair.programme)
    programmes.finish(pair.programme, by=coordinator_of(pair.programme))
    Programme.objects.filter(pk=pair.programme_id).update(state="running")
    Enrolment.objects.filter(programme=pair.programme_id).update(state="approved")
    run_jobs()
    pair.refresh_from_db()
    proposal.refresh_from_db()
    assert (pair.state, proposal.state) == ("active", "offered")


@pytest.fixture
def published(afternoon):
    rounds.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    return afternoon.round.proposals.select_related("mentee__user", "mentor__user").order_by("pk").first()


def test_a_mentor_who_leaves_takes_their_matches_with_them_and_the_next_best_is_found(published, run_jobs):
    run_jobs()
    others = Proposal.objects.live().exclude(mentor=published.mentor).count()
    programmes.withdraw(published.mentor, by=published.mentor.user)
    run_jobs()
    published.refresh_from_db()
    assert published.state == Proposal.State.WITHDRAWN
    assert not Proposal.objects.live().filter(mentor=published.mentor).exists()
    assert Event.objects.about(published).get(verb="proposal.withdrawn").details == {"code": "left", "side": "mentor"}
    told = Notice.objects.filter(event__verb="proposal.withdrawn", event__about_id=published.pk)
    assert [notice.user for notice in told] == [published.mentee.user]
    assert Event.objects.filter(verb="proposal.nobody_left").exists() or Proposal.objects.live().count() > others


def test_a_mentee_who_leaves_gets_nobody_else(published, run_jobs):
    run_jobs()
    programmes.withdraw(published.mentee, by=published.mentee.user)
    run_jobs()
    assert not Proposal.objects.live().filter(mentee=published.mentee).exists()
    told = Notice.objects.filter(event__verb="proposal.withdrawn", event__about_id=published.pk)
    assert [notice.user for notice in told] == [published.mentor.user]
    assert not Event.objects.filter(verb__in=["proposal.nobody_left", "proposal.prepared"]).exists()


def test_whoever_has_a_place_again_before_the_job_runs_keeps_their_match(published, run_jobs):
    programmes.withdraw(published.mentor, by=published.mentor.user)
    Enrolment.objects.filter(pk=published.mentor_id).update(state="approved")
    run_jobs()
    published.refresh_from_db()
    assert published.state == Proposal.State.OFFERED


LOOKING = "We are looking for your next best match"


def told_the_mentee(proposal):
    notices = Notice.objects.filter(user=proposal.mentee.user, event__about_id=proposal.pk)
    return notices.exclude(event__verb__in=["proposal.offered", "proposal.accepted_by_one"]).latest("pk").text


@pytest.fixture
def over(request, published, run_jobs):
    """A published match that was {declined by its mentor, taken back by hand}, and all that follows."""
    MentorFactory(programme=published.programme)
    if request.param == "by_hand":
        proposals.withdraw(published, by=coordinator_of(published.programme))
    else:
        proposals.decline(published, by=published.mentor.user)
    run_jobs()
    return published


@pytest.mark.parametrize(("over", "looked_for"), [("declined", True), ("by_hand", False)], indirect=["over"])
def test_a_mentee_hears_of_a_next_best_only_where_it_is_looked_for(over, looked_for):
    assert (LOOKING in told_the_mentee(over)) is looked_for
    assert Proposal.objects.filter(follows=over).exists() is looked_for
    assert looked_for or "your coordinator can tell you what comes next" in told_the_mentee(over)


def test_a_mentee_for_whom_nobody_is_left_is_not_told_that_somebody_is_sought(published, run_jobs):
    Enrolment.objects.filter(programme=published.programme_id, role="mentor").exclude(pk=published.mentor_id).update(
        state="withdrawn"
    )
    proposals.decline(published, by=published.mentor.user)
    run_jobs()
    assert Event.objects.filter(verb="proposal.nobody_left").exists()
    assert LOOKING not in told_the_mentee(published)


def test_a_match_that_ended_with_its_programme_says_so_and_asks_nothing(run_jobs):
    programme = ProgrammeFactory(state="running")
    proposal = ProposalFactory(programme=programme, origin="request", mentee_accepted_at=clock.now())
    programmes.finish(programme, by=coordinator_of(programme))
    run_jobs()
    text = told_the_mentee(proposal)
    assert f"{programme.name} is finished" in text
    assert "nothing that you need to do" in text
