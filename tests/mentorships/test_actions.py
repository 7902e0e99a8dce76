from datetime import date, timedelta

import pytest

from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.mentorships import actions
from commonhall.mentorships.models import Agreement, Mentorship
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.accounts import UserFactory
from tests.factories.mentorships import MentorshipFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory, coordinator_of

pytestmark = pytest.mark.django_db
Reason, State = Mentorship.EndReason, Mentorship.State


@pytest.fixture
def programme():
    return ProgrammeFactory(state=Programme.State.MATCHING)


@pytest.fixture
def mentee(programme):
    return EnrolmentFactory(programme=programme)


@pytest.fixture
def mentor(programme):
    return MentorFactory(programme=programme, capacity=1)


@pytest.fixture
def pair():
    return MentorshipFactory()


def person(mentorship, role):
    return mentorship.participants.get(role=role).user


def begin(mentee, mentor, by=None):
    return actions.begin(mentee=mentee, mentor=mentor, by=by or mentee.user, origin=Mentorship.Origin.ROUND)


def taken(*enrolments):
    return [Enrolment.objects.get(pk=one.pk).taken for one in enrolments]


def test_beginning_takes_a_place_of_each_and_is_remembered(mentee, mentor):
    mentorship = begin(mentee, mentor, by=mentor.user)

    assert mentorship.state == State.ACTIVE
    assert {(one.user, one.role) for one in mentorship.participants.all()} == {
        (mentee.user, "mentee"),
        (mentor.user, "mentor"),
    }
    assert taken(mentee, mentor) == [1, 1]
    event = Event.objects.about(mentorship).get()
    assert (event.verb, event.by, event.within) == ("mentorship.began", mentor.user, mentee.programme)


def test_a_full_mentor_leaves_nothing_half_done(programme, mentee, mentor):
    begin(EnrolmentFactory(programme=programme), mentor, by=mentor.user)

    with pytest.raises(Conflict, match="no free place"):
        begin(mentee, mentor)

    assert taken(mentee, mentor) == [0, 1]
    assert not Mentorship.objects.of(mentee.user).exists()


def test_two_people_are_one_pair_at_a_time(programme):
    mentee, mentor = EnrolmentFactory(programme=programme, capacity=2), MentorFactory(programme=programme)
    first = begin(mentee, mentor)

    with pytest.raises(Conflict, match="a pair in this programme already"):
        begin(mentee, mentor)
    assert taken(mentee, mentor) == [1, 1]

    actions.end(first, by=mentee.user, reason=Reason.COMPLETE)
    assert begin(mentee, mentor).pk != first.pk


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"role": Enrolment.Role.MENTEE}, "one mentee and one mentor"),
        ({"state": Enrolment.State.APPLIED}, "approved first"),
        ({"state": Enrolment.State.WITHDRAWN}, "approved first"),
    ],
)
def test_only_an_approved_mentee_and_mentor_can_begin(mentee, mentor, change, reason):
    Enrolment.objects.filter(pk=mentor.pk).update(**change)

    with pytest.raises(Refused, match=reason):
        begin(mentee, mentor)


@pytest.mark.parametrize("state", [Programme.State.DRAFT, Programme.State.FINISHED])
def test_nothing_begins_in_a_programme_that_does_not_run(mentee, mentor, state):
    Programme.objects.update(state=state)

    with pytest.raises(Refused, match="not running"):
        begin(mentee, mentor)


def test_nobody_begins_for_others_but_the_coordinator(mentee, mentor):
    with pytest.raises(Refused, match="coordinator"):
        begin(mentee, mentor, by=UserFactory())

    assert begin(mentee, mentor, by=coordinator_of(mentee.programme))


def test_people_of_two_programmes_cannot_begin(mentee):
    with pytest.raises(Refused, match="different programmes"):
        begin(mentee, MentorFactory(programme=ProgrammeFactory(state=Programme.State.RUNNING)))


def test_nobody_mentors_themselves(programme, mentee):
    with pytest.raises(Refused, match="their own mentor"):
        begin(mentee, MentorFactory(programme=programme, user=mentee.user))


@pytest.mark.parametrize("role", ["mentee", "mentor"])
def test_either_side_ends_it_and_both_places_are_free_again(mentee, mentor, role):
    mentorship = begin(mentee, mentor)

    actions.end(mentorship, by=person(mentorship, role), reason=Reason.FIT)

    mentorship.refresh_from_db()
    assert (mentorship.state, mentorship.end_reason) == (State.ENDED, Reason.FIT)
    assert taken(mentee, mentor) == [0, 0]


def test_ending_twice_gives_each_place_back_once(programme):
    mentor = MentorFactory(programme=programme)
    stays, goes = (begin(EnrolmentFactory(programme=programme), mentor, by=mentor.user) for _ in range(2))
    actions.end(goes, by=mentor.user, reason=Reason.MOVED)

    with pytest.raises(Refused, match="has ended"):
        actions.end(goes, by=mentor.user, reason=Reason.MOVED)

    assert taken(mentor) == [1]
    assert Mentorship.objects.live().get() == stays


@pytest.mark.parametrize(
    "act",
    [
        lambda pair, by: actions.end(pair, by=by, reason=Reason.OTHER),
        lambda pair, by: actions.pause(pair, by=by),
        lambda pair, by: actions.write_agreement(pair, by=by, text="## Purpose\nMine."),
        lambda pair, by: actions.sign(pair, by=by, version=1),
    ],
)
def test_strangers_can_do_nothing(pair, act):
    with pytest.raises(Refused, match="people in this mentorship"):
        act(pair, UserFactory())


def test_a_coordinator_ends_and_pauses_but_never_writes(pair):
    coordinator = coordinator_of(pair.programme)

    with pytest.raises(Refused, match="write its agreement"):
        actions.write_agreement(pair, by=coordinator, text="## Purpose\nMine.")
    actions.pause(pair, by=coordinator)
    assert actions.end(pair, by=coordinator, reason=Reason.PROGRAMME).state == State.ENDED


def test_a_pause_has_a_day_and_ends_on_it_by_itself(pair, time_machine):
    until = clock.today() + timedelta(days=30)
    actions.pause(pair, by=person(pair, "mentor"), until=until)

    assert not actions.resume_if_due(pair)
    time_machine.move_to(clock.now() + timedelta(days=30))
    assert actions.resume_if_due(pair)

    pair.refresh_from_db()
    assert (pair.state, pair.paused_at, pair.resumes_on) == (State.ACTIVE, None, None)
    assert not actions.resume_if_due(pair)


def test_a_pause_ends_when_somebody_says_so(pair):
    actions.pause(pair, by=person(pair, "mentor"))
    with pytest.raises(Refused, match="already paused"):
        actions.pause(pair, by=person(pair, "mentor"))

    assert actions.resume(pair, by=person(pair, "mentee")).state == State.ACTIVE
    with pytest.raises(Refused, match="not paused"):
        actions.resume(pair, by=person(pair, "mentee"))


def test_a_new_version_asks_for_new_signatures(pair):
    mentee, mentor = person(pair, "mentee"), person(pair, "mentor")
    actions.write_agreement(pair, by=mentee, text="## Purpose\nOne.", after=0)
    actions.sign(pair, by=mentee, version=1)
    actions.sign(pair, by=mentor, version=1)

    second = actions.write_agreement(pair, by=mentor, text="## Purpose\nTwo.", after=1)

    assert (second.version, second.signatures.count()) == (2, 0)
    with pytest.raises(Conflict, match="newer version"):
        actions.sign(pair, by=mentee, version=1)
    assert actions.sign(pair, by=mentee, version=2).agreement == second


def test_signing_twice_is_signing_once(pair):
    mentee = person(pair, "mentee")
    actions.write_agreement(pair, by=mentee, text="## Purpose\nOne.")
    first = actions.sign(pair, by=mentee, version=1)

    assert actions.sign(pair, by=mentee, version=1) == first
    assert Event.objects.filter(verb="mentorship.signed").count() == 1


def test_the_history_knows_when_everybody_has_signed(pair):
    actions.write_agreement(pair, by=person(pair, "mentee"), text="## Purpose\nOne.")
    for role in ("mentee", "mentor"):
        actions.sign(pair, by=person(pair, role), version=1)

    signed = Event.objects.filter(verb="mentorship.signed").order_by("pk")
    assert [event.detail("complete") for event in signed] == [False, True]


def test_saving_the_same_words_again_keeps_version_and_signatures(pair):
    mentee = person(pair, "mentee")
    words = {"text": "## Purpose\nOne.", "goals": ["Chair a committee"], "review_on": date(2027, 3, 1)}
    first = actions.write_agreement(pair, by=mentee, **words)
    actions.sign(pair, by=mentee, version=1)

    assert actions.write_agreement(pair, by=mentee, **words) == first
    assert first.signatures.count() == 1


def test_words_written_over_a_newer_version_are_refused(pair):
    actions.write_agreement(pair, by=person(pair, "mentee"), text="## Purpose\nOne.", after=0)

    with pytest.raises(Conflict, match="changed while you were writing"):
        actions.write_agreement(pair, by=person(pair, "mentor"), text="## Purpose\nOther.", after=0)

    assert Agreement.objects.get().text == "## Purpose\nOne."


def test_four_goals_are_one_too_many(pair):
    with pytest.raises(Refused, match="up to three"):
        actions.write_agreement(pair, by=person(pair, "mentee"), text="x", goals=["a", "b", "c", "d"])
