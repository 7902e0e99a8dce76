"""Two at the same moment, each on a connection of their own; run on both engines."""

import pytest
from django.db import connection

from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.mentorships import actions
from commonhall.mentorships.checks import places
from commonhall.mentorships.models import Agreement, Mentorship
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.mentorships import MentorshipFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def begin(mentee, mentor):
    return actions.begin(mentee=mentee, mentor=mentor, by=mentor.user, origin=Mentorship.Origin.ROUND)


def outcomes(results):
    lost = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, Refused) for one in lost), lost
    return len(results) - len(lost), lost


@pytest.fixture
def programme():
    return ProgrammeFactory(state=Programme.State.MATCHING)


def test_a_mentor_at_capacity_begins_with_one_of_two(together, programme):
    for _round in range(ROUNDS):
        mentor = MentorFactory(programme=programme, capacity=1)
        mentees = [EnrolmentFactory(programme=programme) for _one in range(2)]

        won, lost = outcomes(together(*(lambda mentee=one, m=mentor: begin(mentee, m) for one in mentees)))

        assert won == 1
        assert isinstance(lost[0], Conflict)
        assert "no free place" in str(lost[0])
        assert Enrolment.objects.get(pk=mentor.pk).taken == 1
    assert list(places()) == []


def test_two_who_accept_the_same_pair_at_once_begin_once(together, programme):
    for _round in range(ROUNDS):
        mentee, mentor = EnrolmentFactory(programme=programme, capacity=2), MentorFactory(programme=programme)

        won, lost = outcomes(together(*[lambda a=mentee, b=mentor: begin(a, b)] * 2))

        assert won == 1
        assert "a pair in this programme already" in str(lost[0])
    assert list(places()) == []


def test_crosswise_beginnings_do_not_wait_for_each_other_for_ever(together, programme):
    """Two people who are mentee and mentor each begin with the other's counterpart: the locks have one order."""
    for _round in range(ROUNDS):
        mentees = [EnrolmentFactory(programme=programme, capacity=2) for _one in range(2)]
        mentors = [MentorFactory(programme=programme, capacity=2) for _one in range(2)]
        pairs = [(mentees[0], mentors[1]), (mentees[1], mentors[0]), (mentees[0], mentors[0]), (mentees[1], mentors[1])]

        assert outcomes(together(*(lambda a=a, b=b: begin(a, b) for a, b in pairs)))[0] == 4


def both_end(together):
    pair = MentorshipFactory()
    people = [one.user for one in pair.participants.all()]
    return together(*(lambda by=user: actions.end(pair, by=by, reason="complete") for user in people))


def test_both_sides_end_at_once_and_the_places_come_back_once(together):
    for _round in range(ROUNDS):
        won, lost = outcomes(both_end(together))
        assert (won, "has ended" in str(lost[0])) == (1, True)
    assert Event.objects.filter(verb="mentorship.ended").count() == ROUNDS


def test_without_the_lock_on_the_mentorship_it_ends_twice(together, monkeypatch):
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    else:
        monkeypatch.setattr(actions, "_open", lambda mentorship: Mentorship.objects.get(pk=mentorship.pk))
    for _round in range(30):
        results = both_end(together)
        if [type(one) for one in results if isinstance(one, Exception)] != [Refused]:
            return
    pytest.fail("without its lock the race should have been lost")


def test_a_signature_never_stands_under_words_that_were_not_read(together):
    for _round in range(ROUNDS):
        pair = MentorshipFactory()
        mentee, mentor = (pair.participants.get(role=role).user for role in ("mentee", "mentor"))
        actions.write_agreement(pair, by=mentee, text="## Purpose\nFirst.")

        together(
            lambda p=pair, by=mentor: actions.sign(p, by=by, version=1),
            lambda p=pair, by=mentee: actions.write_agreement(p, by=by, text="## Purpose\nSecond.", after=1),
        )

        latest = Agreement.objects.filter(mentorship=pair).first()
        assert (latest.version, latest.signatures.count()) == (2, 0)
