"""The start page says the next thing to do to coordinators, owners and administrators."""

import re
from datetime import timedelta

import pytest

from commonhall.core import clock
from commonhall.matching.models import Round
from commonhall.meetings.models import Meeting
from commonhall.mentorships.models import Signature
from commonhall.notifications.models import Notice
from commonhall.organisations.models import Grant
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.mentorships import AgreementFactory, MentorshipFactory
from tests.factories.notifications import NoticeFactory
from tests.factories.organisations import (
    GrantFactory,
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
)
from tests.home.start_page import enough_to_do, home, known, main, things

pytestmark = pytest.mark.django_db


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
