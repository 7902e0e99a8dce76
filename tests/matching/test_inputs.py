from datetime import date, timedelta

import pytest

from commonhall.core import clock
from commonhall.matching import inputs
from commonhall.matching.models import Proposal
from commonhall.mentorships.actions import begin, end
from commonhall.organisations.models import PoolMember
from commonhall.people.models import Profile, Topic, WorkingHours
from commonhall.programmes.models import Conflict, Eligibility, Enrolment, Programme
from tests.factories.matching import ProposalFactory, WishFactory, region
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import ProfileFactory, TopicFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory, coordinator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return ProgrammeFactory(state=Programme.State.MATCHING)


@pytest.fixture
def mentee(programme):
    return EnrolmentFactory(programme=programme)


@pytest.fixture
def mentor(programme):
    return MentorFactory(programme=programme)


def built(programme, **options):
    return inputs.of_programme(programme, rules=programme.rules, weights=programme.weights, **options)


def persons(given):
    return {person.id: person for person in (*given.problem.mentees, *given.problem.mentors)}


def test_a_profile_becomes_what_the_engine_compares(programme, mentee):
    mentee.user.time_zone = "Europe/Berlin"
    mentee.user.save()
    profile = ProfileFactory(
        user=mentee.user, service_area="housing", level="4", languages=["en", "cy"], qualifications="CIPFA, MSc Law"
    )
    TopicFactory(profile=profile, purpose=Topic.Purpose.WANT, kind="competency", key="people-leadership")
    TopicFactory(profile=profile, purpose=Topic.Purpose.INTEREST, kind="tag", key="choirs")
    WorkingHours.objects.create(profile=profile, weekday=0, starts=540, ends=600)
    programme.kick_off_on = clock.today().replace(month=1, day=15)
    person = persons(built(programme))[str(mentee.pk)]
    assert person.services == ("housing",)
    assert person.level == "4"
    assert [(wish.kind, wish.key) for wish in person.wants] == [("competency", "people-leadership")]
    assert person.interests == {"tag:choirs"}
    assert person.background == {"cipfa", "msc law"}
    assert person.hours == ((480, 540),)


def test_weeks_that_alternate_are_told_week_by_week_and_alike_ones_once(programme, mentee):
    profile = ProfileFactory(user=mentee.user, weeks_from=date(2026, 1, 5))
    told = ((0, WorkingHours.Week.EVERY), (1, WorkingHours.Week.FIRST), (2, WorkingHours.Week.SECOND))
    for weekday, week in told:
        WorkingHours.objects.create(profile=profile, weekday=weekday, starts=540, ends=600, week=week)
    programme.kick_off_on = date(2026, 1, 15)
    person = persons(built(programme))[str(mentee.pk)]
    assert {person.hours, person.second_week} == {((540, 600), (1980, 2040)), ((540, 600), (3420, 3480))}
    WorkingHours.objects.exclude(week=WorkingHours.Week.EVERY).delete()
    alike = persons(built(programme))[str(mentee.pk)]
    assert (alike.hours, alike.second_week) == (((540, 600),), None)


def test_own_words_count_where_no_topic_was_chosen(programme, mentee):
    ProfileFactory(user=mentee.user, want_to_learn="How elections are run in a small council")
    person = persons(built(programme))[str(mentee.pk)]
    assert [(wish.kind, wish.key) for wish in person.wants] == [("service", "democratic-services")]


@pytest.mark.parametrize(
    ("typed", "found"), [("Street Cleaning", ("service", "waste-and-recycling")), ("Choirs", ("tag", "choirs"))]
)
def test_a_word_of_ones_own_is_the_topic_that_goes_by_it(programme, mentee, typed, found):
    TopicFactory(profile=ProfileFactory(user=mentee.user), purpose=Topic.Purpose.WANT, kind="tag", key=typed)
    [wish] = persons(built(programme))[str(mentee.pk)].wants
    assert (wish.kind, wish.key) == found


def test_goals_offers_career_and_rhythm_reach_the_engine(programme, mentee, mentor):
    ProfileFactory(user=mentee.user, want_to_learn="Budgets.", career_path="Ten years in housing, then in parking.")
    words = {"can_help": "Reading a budget.", "want_to_learn": "Something private."}
    Profile.objects.update_or_create(user=mentor.user, defaults=words)
    Enrolment.objects.filter(pk=mentee.pk).update(goal="Chair a meeting.", rhythm_weeks=2)
    found = persons(built(programme))
    one, other = found[str(mentee.pk)], found[str(mentor.pk)]
    assert (one.text_want, one.text_offer, one.rhythm) == ("Chair a meeting.\nBudgets.", "", 2)
    assert (other.text_want, other.text_offer, other.rhythm) == ("", "Reading a budget.", 0)
    assert one.career == {"housing", "parking"}


def test_adjustments_and_notes_never_reach_the_engine(programme, mentee):
    ProfileFactory(user=mentee.user, adjustments="canary-a", biography="canary-b", pronouns="canary-c")
    Enrolment.objects.filter(pk=mentee.pk).update(note_to_coordinator="canary-d")
    Conflict.objects.create(enrolment=mentee, words="canary-e")
    assert "canary" not in str(built(programme))


def test_names_and_addresses_never_leave_the_database(programme, mentee, mentor):
    text = str(built(programme).problem)
    assert mentee.user.name not in text
    assert mentor.user.email not in text


@pytest.mark.parametrize("state", [s for s in Enrolment.State if s != Enrolment.State.APPROVED])
def test_only_approved_people_take_part(programme, state):
    EnrolmentFactory(programme=programme, state=state)
    assert persons(built(programme)) == {}


def test_who_has_paused_or_is_placed_is_left_out_and_says_why(programme, mentee, mentor):
    Enrolment.objects.filter(pk=mentee.pk).update(paused_until=clock.today() + timedelta(days=9))
    Enrolment.objects.filter(pk=mentor.pk).update(taken=2)
    assert built(programme).left_out == {str(mentee.pk): "paused", str(mentor.pk): "placed"}


def test_own_words_count_beside_what_was_chosen_from_the_list(programme, mentor):
    profile, _made = Profile.objects.update_or_create(
        user=mentor.user, defaults={"can_help": "Procurement and how elections are run"}
    )
    TopicFactory(profile=profile, purpose=Topic.Purpose.OFFER, kind="service", key="housing")
    offered = [wish.key for wish in persons(built(programme))[str(mentor.pk)].offers]
    assert offered[0] == "housing"
    assert "democratic-services" in offered


def test_a_waiting_match_holds_a_place_of_both(programme, mentee, mentor):
    ProposalFactory(programme=programme, mentee=mentee, mentor=mentor)
    given = built(programme)
    assert given.left_out[str(mentee.pk)] == "waiting"
    assert persons(given)[str(mentor.pk)].capacity == 1


def test_a_council_that_is_not_mentored_is_left_out(programme, mentee):
    PoolMember.objects.filter(organisation=mentee.organisation).update(may_be_mentored=False)
    assert built(programme).left_out == {str(mentee.pk): "council"}
    Eligibility.objects.create(programme=programme, organisation=mentee.organisation, mentees=True)
    assert str(mentee.pk) in persons(built(programme))


def test_reach_and_places_follow_the_council(programme, mentee, mentor):
    PoolMember.objects.filter(organisation=mentee.organisation).update(mentored_by="own", places_taken=3)
    PoolMember.objects.filter(organisation=mentor.organisation).update(places_given=5)
    Eligibility.objects.create(programme=programme, organisation=mentor.organisation, mentor_places=2)
    given = built(programme)
    assert persons(given)[str(mentee.pk)].accepts_from == "own"
    assert given.problem.rules.places_taken == {str(mentee.organisation_id): 3}
    assert given.problem.rules.places_given == {str(mentor.organisation_id): 2}


def test_places_in_use_count_against_the_council(programme, mentee, mentor):
    PoolMember.objects.filter(organisation=mentor.organisation).update(places_given=2)
    Enrolment.objects.filter(pk=mentor.pk).update(taken=1)
    assert built(programme).problem.rules.places_given == {str(mentor.organisation_id): 1}


def test_conflicts_hold_for_a_person_in_both_roles(programme, mentee, mentor):
    also_mentor = MentorFactory(programme=programme, user=mentee.user, organisation=mentee.organisation)
    elsewhere = OrganisationFactory()
    Conflict.objects.create(enrolment=mentee, person=mentor.user)
    Conflict.objects.create(enrolment=mentee, organisation=elsewhere)
    expected = {f"person:user:{mentor.user_id}", f"organisation:{elsewhere.pk}"}
    found = persons(built(programme))
    assert found[str(mentee.pk)].not_with == found[str(also_mentor.pk)].not_with == expected


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_a_line_manager_of_either_side_is_known_by_address(programme, mentee, mentor, side):
    managed, manager = (mentee, mentor) if side == "mentee" else (mentor, mentee)
    Enrolment.objects.filter(pk=managed.pk).update(line_manager_email=manager.user.email.upper())
    assert persons(built(programme))[str(managed.pk)].line_manager_ids == {f"user:{manager.user_id}"}


def test_pairs_of_now_and_before_and_those_that_said_no_are_closed(programme, mentee, mentor):
    coordinator = coordinator_of(programme)
    mentorship = begin(mentee=mentee, mentor=mentor, by=coordinator, origin="coordinator")
    Enrolment.objects.filter(pk=mentee.pk).update(capacity=2)
    key = (str(mentee.pk), str(mentor.pk))
    assert built(programme).closed == {key: "together"}
    end(mentorship, by=coordinator, reason="complete")
    assert built(programme).closed == {key: "before"}
    other = MentorFactory(programme=programme)
    ProposalFactory(programme=programme, mentee=mentee, mentor=other, state=Proposal.State.DECLINED)
    given = built(programme)
    assert given.closed[str(mentee.pk), str(other.pk)] == "declined"
    assert given.problem.forbidden == set(given.closed)


def test_a_pair_that_was_together_before_may_be_kept_together_by_hand(programme, mentee, mentor):
    ProposalFactory(programme=programme, mentee=mentee, mentor=mentor, state=Proposal.State.LAPSED)
    key = (str(mentee.pk), str(mentor.pk))
    given = built(programme, locks=[key])
    assert given.problem.locks == {key}
    assert key not in given.problem.forbidden


def test_a_shortlist_goes_in_its_order(programme, mentee):
    second, first = (WishFactory(mentee=mentee, rank=rank) for rank in (2, 1))
    assert persons(built(programme))[str(mentee.pk)].shortlist == (str(first.mentor_id), str(second.mentor_id))


def test_one_mentee_with_one_mentor(programme, mentee, mentor):
    EnrolmentFactory(programme=programme)
    MentorFactory(programme=programme)
    assert set(persons(built(programme, only_mentee=mentee.pk, only_mentor=mentor.pk))) == {
        str(mentee.pk),
        str(mentor.pk),
    }


@pytest.mark.parametrize("people", [(2, 1), (9, 7)])
def test_the_number_of_queries_does_not_depend_on_the_number_of_people(programme, people, django_assert_num_queries):
    region(programme, mentees=people[0], mentors=people[1])
    with django_assert_num_queries(11):
        given = built(programme)
    assert len(given.problem.mentees) == people[0]
