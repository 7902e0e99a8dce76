import pytest
from django.utils import timezone
from django.utils.formats import date_format

from commonhall.core.errors import Conflict, Refused
from commonhall.matching.actions import proposals
from commonhall.matching.actions import wishes as actions
from commonhall.matching.models import Proposal, Wish
from commonhall.mentorships import actions as mentorships
from commonhall.people.models import WorkingHours
from commonhall.programmes.models import Conflict as Declared
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.matching import ProposalFactory, WishFactory
from tests.factories.people import ProfileFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentee():
    return EnrolmentFactory(programme__state=Programme.State.MATCHING)


@pytest.fixture
def mentor(mentee):
    return MentorFactory(programme=mentee.programme)


def order(mentee):
    return list(mentee.wishes.order_by("rank").values_list("mentor_id", flat=True))


def test_names_are_added_at_the_end_and_once(mentee):
    mentors = [MentorFactory(programme=mentee.programme) for _ in range(3)]
    for mentor in (*mentors, mentors[0]):
        actions.add(mentee, mentor, by=mentee.user)
    assert order(mentee) == [mentor.pk for mentor in mentors]


def test_a_sixth_name_is_refused(mentee, mentor):
    for rank in range(1, 6):
        WishFactory(mentee=mentee, rank=rank)
    with pytest.raises(Conflict, match="holds 5 names"):
        actions.add(mentee, mentor, by=mentee.user)


@pytest.mark.parametrize(
    ("place", "up", "expected"), [(0, True, "abc"), (1, True, "bac"), (1, False, "acb"), (2, False, "abc")]
)
def test_a_name_moves_one_place_and_stops_at_the_ends(mentee, place, up, expected):
    made = [WishFactory(mentee=mentee, rank=rank) for rank in (1, 2, 3)]
    actions.move(made[place], by=mentee.user, up=up)
    names = dict(zip((wish.mentor_id for wish in made), "abc", strict=True))
    assert "".join(names[pk] for pk in order(mentee)) == expected


def test_a_gap_closes_when_a_name_goes(mentee):
    made = [WishFactory(mentee=mentee, rank=rank) for rank in (1, 2, 3)]
    actions.remove(made[0], by=mentee.user)
    assert list(mentee.wishes.values_list("rank", flat=True)) == [1, 2]
    with pytest.raises(Conflict):
        actions.move(made[0], by=mentee.user, up=True)


def test_a_list_is_ones_own_and_holds_mentors_of_the_programme(mentee, mentor):
    with pytest.raises(Refused):
        actions.add(mentee, mentor, by=mentor.user)
    with pytest.raises(Refused, match="of this programme"):
        actions.add(mentee, MentorFactory(), by=mentee.user)
    with pytest.raises(Refused, match="yourself"):
        actions.add(mentee, MentorFactory(programme=mentee.programme, user=mentee.user), by=mentee.user)
    assert not Wish.objects.exists()


def test_a_request_counts_as_the_mentees_yes_and_starts_the_clock(mentee, mentor, run_jobs, mailoutbox):
    proposal = actions.ask(mentee, mentor, by=mentee.user, message="I would like to talk about budgets.")
    assert (proposal.origin, proposal.state) == ("request", "offered")
    assert proposal.mentee_accepted_at
    assert proposal.mentor_accepted_at is None
    assert proposal.answer_by > proposal.offered_at
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [[mentor.user.email]]
    assert "I would like to talk about budgets." in mailoutbox[0].body


@pytest.mark.parametrize(
    ("side", "change", "words"),
    [
        ("mentee", {"state": "applied"}, "approved"),
        ("mentee", {"taken": 1}, "a mentor already"),
        ("mentor", {"taken": 2}, "no free place"),
        ("mentor", {"state": "withdrawn"}, "does not take part"),
        ("mentor", {"paused_until": "2999-01-01"}, "paused"),
    ],
)
def test_who_cannot_be_asked_now_is_said(mentee, mentor, side, change, words):
    place = mentee if side == "mentee" else mentor
    Enrolment.objects.filter(pk=place.pk).update(**change)
    mentee, mentor = (Enrolment.objects.get(pk=one.pk) for one in (mentee, mentor))
    with pytest.raises(Refused, match=words):
        actions.ask(mentee, mentor, by=mentee.user, message="Hello")


def test_a_place_that_an_open_proposal_holds_is_not_free(mentee):
    mentor = MentorFactory(programme=mentee.programme, capacity=1)
    held = ProposalFactory(programme=mentee.programme, mentor=mentor)
    with pytest.raises(Refused, match="promised to somebody"):
        actions.ask(mentee, mentor, by=mentee.user, message="Hello")
    Proposal.objects.filter(pk=held.pk).update(state="declined")
    assert actions.ask(mentee, mentor, by=mentee.user, message="Hello").state == "offered"


def test_whoever_has_a_match_to_answer_answers_it_first(mentee, mentor):
    ProposalFactory(programme=mentee.programme, mentee=mentee)
    with pytest.raises(Conflict, match="A match waits for your answer"):
        actions.ask(mentee, mentor, by=mentee.user, message="Hello")


@pytest.fixture
def both(mentee, mentor):
    """The same two people the other way round: the mentor as mentee, the mentee as mentor."""
    return (
        EnrolmentFactory(programme=mentee.programme, user=mentor.user, organisation=mentor.organisation),
        MentorFactory(programme=mentee.programme, user=mentee.user, organisation=mentee.organisation),
    )


def together(one, other):
    mentorships.begin(mentee=one, mentor=other, by=one.user, origin="request")


def asked(one, other):
    actions.ask(one, other, by=one.user, message="Would you?")


@pytest.mark.parametrize(("how", "words"), [(together, "You are .*’s mentor"), (asked, "You may become .*’s mentor")])
def test_nobody_asks_or_lists_somebody_whose_mentor_they_are_or_may_become(mentee, mentor, both, how, words):
    how(*both)
    with pytest.raises(Refused, match=words):
        actions.ask(mentee, mentor, by=mentee.user, message="Hello")
    with pytest.raises(Refused, match=words):
        actions.add(mentee, mentor, by=mentee.user)
    third = MentorFactory(programme=mentee.programme)
    assert actions.ask(mentee, third, by=mentee.user, message="Hello").state == "offered"


def test_a_provisional_match_the_other_way_round_is_refused_without_a_word_about_it(mentee, mentor, both):
    ProposalFactory(programme=mentee.programme, mentee=both[0], mentor=both[1], state="prepared")
    with pytest.raises(Refused, match="The programme's rules do not allow this pair"):
        actions.ask(mentee, mentor, by=mentee.user, message="Hello")


def test_a_name_that_became_impossible_can_be_taken_off(mentee, mentor, both):
    wish = actions.add(mentee, mentor, by=mentee.user)
    together(*both)
    actions.remove(wish, by=mentee.user)
    assert order(mentee) == []


def test_one_request_at_a_time_for_each_place(mentee, mentor):
    actions.ask(mentee, mentor, by=mentee.user, message="Hello")
    with pytest.raises(Conflict, match="waiting for an answer"):
        actions.ask(mentee, MentorFactory(programme=mentee.programme), by=mentee.user, message="Hello")


def hours_apart(mentee, mentor):
    for enrolment, start in ((mentee, 480), (mentor, 900)):
        profile = getattr(enrolment.user, "profile", None) or ProfileFactory(user=enrolment.user)
        WorkingHours.objects.create(profile=profile, weekday=0, starts=start, ends=start + 60)


def same_council(mentee, mentor):
    Enrolment.objects.filter(pk=mentor.pk).update(organisation=mentee.organisation)


def line_manager(mentee, mentor):
    Enrolment.objects.filter(pk=mentee.pk).update(line_manager_email=mentor.user.email)


def declared(mentee, mentor):
    Declared.objects.create(enrolment=mentor, person=mentee.user)


def said_no(mentee, mentor):
    ProposalFactory(programme=mentee.programme, mentee=mentee, mentor=mentor, state="declined")


@pytest.mark.parametrize("obstacle", [hours_apart, same_council, line_manager, declared, said_no])
def test_hard_rules_hold_for_requests_and_the_reason_stays_private(mentee, mentor, obstacle):
    obstacle(mentee, mentor)
    with pytest.raises(Refused) as refusal:
        actions.ask(mentee, mentor, by=mentee.user, message="Hello")
    assert str(refusal.value).startswith("The programme's rules do not allow this pair")
    assert not Proposal.objects.filter(origin="request").exists()


def test_somebody_without_a_place_cannot_ask(mentor):
    stranger = EnrolmentFactory(programme=ProgrammeFactory())
    with pytest.raises(Refused, match="You need a place"):
        actions.ask(stranger, mentor, by=stranger.user, message="Hello")
    with pytest.raises(Refused, match="You need a place"):
        actions.ask(None, mentor, by=stranger.user, message="Hello")


def test_a_request_is_announced_and_answered_in_its_own_words(mentee, mentor, run_jobs, mailoutbox):
    request = actions.ask(mentee, mentor, by=mentee.user, message="Hello")
    run_jobs()
    day = date_format(timezone.localtime(request.answer_by), "l j F")
    assert mailoutbox[0].subject == f"{mentee.user.name} asks you to be their mentor: answer by {day}"
    proposals.decline(request, by=mentor.user)
    run_jobs()
    letter = mailoutbox[-1]
    assert letter.to == [mentee.user.email]
    assert letter.subject == f"Your request to {mentor.user.name}: not this time"
    assert "match" not in letter.subject + letter.body.split("\n\n")[1]
