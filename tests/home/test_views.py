"""The start page says the next thing to do, to each kind of person, in at most ten queries."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from commonhall.core import clock
from commonhall.matching.models import Proposal, Round
from commonhall.meetings.models import Meeting
from commonhall.mentorships.actions import begin
from commonhall.mentorships.models import Signature
from commonhall.notifications.models import Notice
from commonhall.organisations.models import Grant
from commonhall.programmes.models import Enrolment, Milestone, Programme
from tests.factories.accounts import UserFactory
from tests.factories.matching import ProposalFactory
from tests.factories.meetings import MeetingFactory, ProposedMeetingFactory, TimeOptionFactory
from tests.factories.mentorships import AgreementFactory, MentorshipFactory
from tests.factories.notifications import NoticeFactory
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PoolFactory,
    PoolMemberFactory,
)
from tests.factories.people import ProfileFactory
from tests.factories.programmes import (
    EnrolmentFactory,
    MentorFactory,
    ProgrammeFactory,
    coordinator_of,
    owner_of,
    person_of,
)

pytestmark = pytest.mark.django_db
MOST_QUERIES = 10


def home(user):
    browser = Client()
    browser.force_login(user)
    return browser.get("/").content.decode()


def main(user):
    page = home(user)
    return page[page.index("<main") : page.index("</main>")]


def things(user):
    """What the page asks somebody to do, in order."""
    page = main(user)
    section = page[page.index('id="next"') :] if 'id="next"' in page else ""
    return [re.sub(r"<[^>]+>", "", title).strip() for title in re.findall(r"<h3[^>]*>(.*?)</h3>", section, re.S)]


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


def known(**fields):
    """Somebody who has filled in a profile."""
    return ProfileFactory(user=UserFactory(**fields), biography="Hello", job_title="Officer").user


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


def enough_to_do(programme, number):
    """A programme in its fourth month, with `number` of everything that needs its coordinator."""
    long_ago = clock.now() - timedelta(days=60)
    for _one in range(number):
        EnrolmentFactory(programme=programme, state=Enrolment.State.APPLIED)
        MentorshipFactory(programme=programme, began_at=long_ago)
    Milestone.objects.create(
        programme=programme, key=f"m{number}", label="Midway", on=clock.today() + timedelta(days=9)
    )


class TestCoordinator:
    def test_the_page_says_where_the_programme_stands_and_what_needs_a_human(self):
        programme = ProgrammeFactory(name="Common Ground", state=Programme.State.RUNNING)
        enough_to_do(programme, 2)
        page = main(coordinator_of(programme))
        assert "2 applications wait for your decision" in page
        assert f'href="/programmes/{programme.slug}/applicants/?state=applied"' in page
        assert "2 agreements are not signed after thirty days" in page
        assert "2 pairs have arranged no meeting after three weeks" in page
        assert page.count(f'href="/meetings/of/{programme.slug}/') == 2, "each need leads to its list"
        assert "Midway" in page
        assert "Tell people a little about yourself" not in page

    def test_a_signed_pair_with_a_meeting_needs_nobody(self):
        programme = ProgrammeFactory(state=Programme.State.RUNNING)
        mentorship = MentorshipFactory(programme=programme, began_at=clock.now() - timedelta(days=60))
        agreement = AgreementFactory(mentorship=mentorship)
        for one in mentorship.participants.all():
            Signature.objects.create(agreement=agreement, participant=one)
        MeetingFactory(mentorship=mentorship, state=Meeting.State.HELD, starts_at=clock.now() - timedelta(days=9))
        page = main(coordinator_of(programme))
        assert "not signed" not in page
        assert "no meeting" not in page

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"state": "draft"}, "Finish its texts and dates"),
            ({"state": "open", "applications_close_on": "2020-01-01"}, "Applications have closed: begin the matching"),
            ({"state": "matching"}, "The matching waits for you"),
            ({"state": "open"}, ""),
            ({"state": "running"}, ""),
        ],
    )
    def test_the_step_that_takes_a_programme_on_is_named(self, fields, words):
        page = main(coordinator_of(ProgrammeFactory(**fields)))
        assert words in page
        assert ("waits for you" in page) is (fields["state"] == "matching")

    def test_a_published_round_asks_for_nothing(self):
        programme = ProgrammeFactory(state=Programme.State.MATCHING)
        Round.objects.create(programme=programme, name="First", state=Round.State.PUBLISHED)
        assert "The matching waits for you" not in main(coordinator_of(programme))

    def test_the_owner_of_the_pool_sees_the_same(self):
        programme = ProgrammeFactory(name="Common Ground")
        EnrolmentFactory(programme=programme, state=Enrolment.State.APPLIED)
        assert "1 application waits for your decision" in main(owner_of(programme.pool))

    def test_the_coordinator_of_another_programme_sees_nothing_of_it(self):
        EnrolmentFactory(programme=ProgrammeFactory(name="Common Ground"), state=Enrolment.State.APPLIED)
        assert "Common Ground" not in home(coordinator_of(ProgrammeFactory()))

    def test_a_coordinator_who_mentors_sees_the_own_part_too(self):
        programme = ProgrammeFactory(state=Programme.State.RUNNING)
        user = coordinator_of(programme)
        ProfileFactory(user=user, biography="Hello")
        MentorshipFactory(mentor=user, mentee=known(name="Ada"))
        assert "Your agreement with Ada is not signed yet" in things(user)


class TestStaff:
    def test_the_owner_of_an_empty_pool_adds_councils_and_then_a_programme(self):
        pool = PoolFactory(name="East")
        user = owner_of(pool)
        assert things(user) == ["Add the councils of East"]
        PoolMemberFactory(pool=pool)
        assert things(user) == ["Create the first programme of East"]
        ProgrammeFactory(pool=pool)
        assert things(user) == []

    def test_an_organisations_administrator_sees_how_many_take_part_and_nobody_by_name(self):
        council = OrganisationFactory(short_name="Ash")
        programme = ProgrammeFactory(name="Common Ground", state=Programme.State.RUNNING)
        for name in ("Zebedee One", "Zebedee Two"):
            EnrolmentFactory(programme=programme, organisation=council, user=UserFactory(name=name))
        MentorFactory(programme=programme, organisation=council)
        EnrolmentFactory(programme=programme, user=UserFactory(name="From elsewhere"))
        user = GrantFactory(role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=council).user
        page = main(user)
        assert "Ash takes part" in page
        row = re.search(r"Common Ground.*?</tr>", page, re.S)[0]
        assert re.findall(r">(\d+)</td>", row) == ["2", "1"]
        assert "Zebedee" not in page

    def test_a_new_site_is_built_step_by_step(self):
        user = GrantFactory(role=Grant.Role.SITE_ADMINISTRATOR).user
        assert things(user) == ["Add your councils"]
        council = OrganisationFactory()
        assert things(user) == ["Create a pool"]
        pool = PoolFactory(name="East")
        assert things(user) == ["Add the councils of East"]
        PoolMemberFactory(pool=pool, organisation=council)
        assert things(user) == ["Create the first programme of East"]
        ProgrammeFactory(pool=pool)
        assert "Everything that you look after is in order." in main(user)

    def test_a_site_administrator_hears_of_e_mails_that_did_not_arrive(self):
        ProgrammeFactory(pool=PoolMemberFactory().pool)
        NoticeFactory(email=Notice.Email.FAILED)
        assert things(GrantFactory(role=Grant.Role.SITE_ADMINISTRATOR).user) == ["Some e-mails did not arrive"]


def a_newcomer(number):
    return UserFactory()


def a_mentee_with_pairs(number):
    user = known()
    for _one in range(number):
        mentorship = MentorshipFactory(mentee=user)
        MeetingFactory(mentorship=mentorship)
        TimeOptionFactory(meeting=ProposedMeetingFactory(mentorship=mentorship))
    return user


def a_coordinator(number):
    user = UserFactory()
    for _one in range(number):
        programme = ProgrammeFactory(state=Programme.State.RUNNING)
        GrantFactory(user=user, role=Grant.Role.COORDINATOR, scope=programme)
        enough_to_do(programme, number)
    return user


def an_owner(number):
    user = UserFactory()
    for _one in range(number):
        programme = ProgrammeFactory(state=Programme.State.RUNNING)
        GrantFactory(user=user, role=Grant.Role.POOL_OWNER, scope=programme.pool)
        enough_to_do(programme, number)
    return user


def an_organisations_administrator(number):
    user = UserFactory()
    for _one in range(number):
        place = EnrolmentFactory()
        GrantFactory(user=user, role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=place.organisation)
    return user


def a_site_administrator(number):
    PoolMemberFactory.create_batch(number)
    return GrantFactory(role=Grant.Role.SITE_ADMINISTRATOR).user


def a_coordinator_who_mentors(number):
    user = a_coordinator(number)
    for _one in range(number):
        MeetingFactory(mentorship=MentorshipFactory(mentor=user))
    return user


KINDS = [
    a_newcomer,
    a_mentee_with_pairs,
    a_coordinator,
    a_coordinator_who_mentors,
    an_owner,
    an_organisations_administrator,
    a_site_administrator,
]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_the_start_page_costs_at_most_ten_queries_for_any_number(kind, number, django_assert_max_num_queries):
    user = kind(number)
    NoticeFactory.create_batch(number, user=user)
    browser = Client()
    browser.force_login(user)
    browser.get("/")
    with django_assert_max_num_queries(MOST_QUERIES):
        browser.get("/")
