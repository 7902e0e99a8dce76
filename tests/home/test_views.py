"""The start page says the next thing to do to visitors, newcomers and people who take part."""

from datetime import UTC, datetime, timedelta

import pytest

from commonhall.core import clock
from commonhall.matching.models import Proposal
from commonhall.mentorships.actions import begin
from commonhall.mentorships.models import Signature
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.accounts import UserFactory
from tests.factories.matching import ProposalFactory
from tests.factories.meetings import MeetingFactory, ProposedMeetingFactory, TimeOptionFactory
from tests.factories.mentorships import AgreementFactory, MentorshipFactory
from tests.factories.organisations import (
    MembershipFactory,
)
from tests.factories.programmes import (
    EnrolmentFactory,
    MentorFactory,
    ProgrammeFactory,
    person_of,
)
from tests.home.start_page import home, known, main, things

pytestmark = pytest.mark.django_db


def request_until(moment, **mentee):
    mentee = EnrolmentFactory(programme__state=Programme.State.MATCHING, **mentee)
    mentor = MentorFactory(programme=mentee.programme)
    ProposalFactory(
        programme=mentee.programme,
        mentee=mentee,
        mentor=mentor,
        origin=Proposal.Origin.REQUEST,
        mentee_accepted_at=clock.now(),
        answer_by=moment,
    )
    return mentee, mentor


def test_a_visitor_reads_what_it_is_and_which_programmes_are_open(client):
    UserFactory()
    ProgrammeFactory(name="Common Ground", is_public=True)
    ProgrammeFactory(name="Inner Circle", is_public=False)
    ProgrammeFactory(name="Last Year", state=Programme.State.FINISHED)
    page = client.get("/").content.decode()
    assert "Someone, somewhere, has done it before" in page
    assert "Common Ground" in page
    assert "Inner Circle" not in page
    assert "Last Year" not in page


def test_an_empty_site_asks_for_its_first_administrator(client):
    assert client.get("/").url == "/setup/"


def test_a_line_manager_is_asked_for_the_agreement_that_somebody_waits_for():
    place = EnrolmentFactory(
        state=Enrolment.State.SPONSOR, line_manager_email="Graham@ash.example", user__name="Kwabena Mensah"
    )
    graham = known(email="graham@ash.example")
    MembershipFactory(user=graham)
    assert "Kwabena Mensah asks for your agreement" in things(graham)
    assert "Kwabena Mensah" not in main(known())
    Enrolment.objects.filter(pk=place.pk).update(state=Enrolment.State.APPROVED)
    assert "Kwabena Mensah" not in main(graham)


class TestNewcomer:
    def test_who_has_said_nothing_is_asked_for_the_council_and_then_for_a_profile(self):
        assert things(UserFactory()) == ["Say where you work", "Tell people a little about yourself"]

    def test_who_has_a_council_is_shown_what_takes_applications(self):
        programme = ProgrammeFactory(name="Common Ground")
        user = person_of(programme.pool)
        assert things(user) == ["Tell people a little about yourself", "Common Ground takes applications"]

    def test_who_could_join_nothing_is_told_whom_to_ask(self):
        user = known()
        MembershipFactory(user=user)
        page = main(user)
        assert "Nothing waits for you" in page
        assert "Ask your coordinator when the next one begins." in page

    def test_programmes_of_other_pools_are_not_shown(self):
        ProgrammeFactory(name="Elsewhere")
        assert "Elsewhere" not in home(known())


class TestParticipant:
    @pytest.mark.parametrize(
        ("state", "programme_state", "line"),
        [
            ("sponsor", "open", "your line manager is asked to agree"),
            ("applied", "open", "the coordinator looks at your application"),
            ("approved", "open", "you have a place. The matching begins when applications close"),
            ("approved", "matching", "you have a place, and the matching is under way"),
        ],
    )
    def test_what_goes_on_without_them_is_said(self, state, programme_state, line):
        programme = ProgrammeFactory(state=programme_state)
        place = EnrolmentFactory(programme=programme, state=state, user=known())
        page = main(place.user)
        assert line in page
        assert "Nothing waits for you" in page

    def test_a_match_comes_first(self):
        mentee = EnrolmentFactory()
        mentor = MentorFactory(programme=mentee.programme)
        Proposal.objects.create(
            programme=mentee.programme,
            mentee=mentee,
            mentor=mentor,
            state=Proposal.State.OFFERED,
            offered_at=clock.now(),
            answer_by=clock.now() + timedelta(days=5),
        )
        for place, other in ((mentee, mentor), (mentor, mentee)):
            assert things(place.user)[0] == f"Your match with {other.user.name} waits for your answer"
        assert "waits for your answer" not in main(UserFactory())

    def test_a_request_is_told_in_its_own_words_with_the_day(self):
        mentee, mentor = request_until(datetime(2031, 12, 2, 12, tzinfo=UTC), user__name="Petra Hale")
        assert things(mentor.user)[0] == "Petra Hale asks you to be their mentor"
        assert "Answer by Tuesday 2 December" in main(mentor.user)
        page = main(mentee.user)
        assert f"you have asked {mentor.user.name}, who has until Tuesday 2 December to answer." in page
        assert "the matching is under way" not in page

    def test_who_has_said_yes_reads_whose_answer_is_awaited(self):
        mentee, mentor = request_until(datetime(2031, 12, 2, 12, tzinfo=UTC), user=known())
        Proposal.objects.update(origin=Proposal.Origin.ROUND)
        assert f"you have said yes. {mentor.user.name} has until Tuesday 2 December to answer." in main(mentee.user)
        assert "has said yes. With yours, the mentorship begins." in main(mentor.user)

    def test_once_both_have_said_yes_the_mentorship_has_begun(self):
        programme = ProgrammeFactory(name="Across the Water", state=Programme.State.MATCHING)
        mentee = EnrolmentFactory(programme=programme, user=known(name="Ada"))
        mentor = MentorFactory(programme=programme, user=known(name="Boris"))
        begin(mentee=mentee, mentor=mentor, by=mentee.user, origin="round")
        page = main(mentee.user)
        assert "Across the Water: your mentorship with Boris has begun." in page
        assert "the matching is under way" not in page
        assert things(mentee.user)[:2] == [
            "Your agreement with Boris is not signed yet",
            "No meeting with Boris is arranged",
        ]

    def test_who_is_a_mentor_already_still_waits_as_a_mentee(self):
        programme = ProgrammeFactory(name="Across the Water", state=Programme.State.MATCHING)
        ada = known(name="Ada")
        begin(
            mentee=EnrolmentFactory(programme=programme, user=known(name="Cyd")),
            mentor=MentorFactory(programme=programme, user=ada),
            by=ada,
            origin="request",
        )
        EnrolmentFactory(programme=programme, user=ada)
        page = main(ada)
        assert "your mentorship with Cyd has begun" in page
        assert "you have a place, and the matching is under way" in page

    def test_an_answered_match_is_no_longer_asked_about(self):
        mentee = EnrolmentFactory(user=known())
        mentor = MentorFactory(programme=mentee.programme)
        Proposal.objects.create(
            programme=mentee.programme,
            mentee=mentee,
            mentor=mentor,
            state=Proposal.State.OFFERED,
            offered_at=clock.now(),
            mentee_accepted_at=clock.now(),
        )
        assert "waits for your answer" not in main(mentee.user)

    def test_a_new_pair_is_asked_for_its_agreement_and_a_meeting(self):
        ada, boris = known(name="Ada"), known(name="Boris")
        MentorshipFactory(mentee=ada, mentor=boris)
        assert things(ada) == ["Your agreement with Boris is not signed yet", "No meeting with Boris is arranged"]
        assert things(boris) == ["Your agreement with Ada is not signed yet", "No meeting with Ada is arranged"]

    def test_an_agreement_that_was_rewritten_waits_for_a_new_signature(self):
        ada, boris = known(name="Ada"), known(name="Boris")
        pair = MentorshipFactory(mentee=ada, mentor=boris)
        first = AgreementFactory(mentorship=pair, version=1)
        Signature.objects.create(agreement=first, participant=pair.participants.get(user=ada))
        assert things(ada) == ["No meeting with Boris is arranged"]
        AgreementFactory(mentorship=pair, version=2)
        assert things(ada) == ["Your agreement with Boris is not signed yet", "No meeting with Boris is arranged"]

    def test_proposed_times_wait_for_the_one_who_did_not_propose_them(self):
        ada, boris = known(name="Ada"), known(name="Boris")
        meeting = ProposedMeetingFactory(
            mentorship=MentorshipFactory(mentee=ada, mentor=boris), proposed_by=ada, title="The budget"
        )
        TimeOptionFactory(meeting=meeting)
        assert things(boris)[0] == "Ada proposes times for “The budget”"
        assert not any("proposes times" in thing for thing in things(ada))

    def test_a_meeting_that_is_over_is_asked_about_and_a_coming_one_stands_beside(self):
        ada = known(name="Ada")
        mentorship = MentorshipFactory(mentee=ada, mentor=known(name="Boris"))
        MeetingFactory(mentorship=mentorship, title="Last week", starts_at=clock.now() - timedelta(days=7))
        MeetingFactory(mentorship=mentorship, title="Next week")
        assert things(ada)[0] == "Did “Last week” with Boris take place?"
        assert "Next week" in main(ada)
        assert "None agreed yet." not in main(ada)

    def test_somebody_who_is_mentor_and_mentee_sees_both(self):
        ada = known(name="Ada")
        MentorshipFactory(mentee=ada, mentor=known(name="Boris"))
        MentorshipFactory(mentee=known(name="Cleo"), mentor=ada)
        text = " ".join(things(ada))
        assert "Boris" in text
        assert "Cleo" in text

    def test_somebody_elses_pair_is_nobodys_business(self):
        MentorshipFactory(mentee=known(name="Zebedee"))
        assert "Zebedee" not in main(known())

    def test_at_most_seven_things_are_asked_at_once(self):
        ada = known()
        for _one in range(6):
            MentorshipFactory(mentee=ada)
        assert len(things(ada)) == 7
