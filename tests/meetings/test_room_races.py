"""Many at the door at the same moment, each on a connection of their own."""

import pytest

from commonhall.core import clock
from commonhall.core.errors import Conflict
from commonhall.meetings.actions import room
from commonhall.meetings.models import Guest, Meeting
from commonhall.meetings.queries.room import fingerprint, inside
from commonhall.meetings.visitors import Visitor
from tests.factories.meetings import GuestFactory, MeetingFactory, soon

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


def enter_at_once(together, guests):
    """So many guests, and the pair."""
    meeting = MeetingFactory(starts_at=soon(0))
    made = GuestFactory.create_batch(guests, meeting=meeting, state=Guest.State.ADMITTED, answered_at=clock.now())
    visitors = [Visitor(meeting, guest=one) for one in made]
    visitors += [Visitor(meeting, user=one.user) for one in meeting.mentorship.participants.select_related("user")]
    return meeting, together(*(lambda one=one: room.enter(one, page="page") for one in visitors))


def test_of_many_who_come_at_once_four_sit_and_the_others_are_told(together):
    for _round in range(ROUNDS):
        meeting, results = enter_at_once(together, guests=5)
        lost = [one for one in results if isinstance(one, Exception)]
        assert all(isinstance(one, Conflict) for one in lost), lost
        assert inside(meeting).count() == 4
        assert inside(meeting).filter(guest=None).count() == 2


def test_two_windows_of_one_person_at_once_make_one_visit(together):
    meeting = MeetingFactory(starts_at=soon(0))
    visitor = Visitor(meeting, user=meeting.mentorship.participants.first().user)
    results = together(*(lambda page=page: room.enter(visitor, page=page) for page in ("one", "other")))

    assert not [one for one in results if isinstance(one, Exception)]
    assert inside(meeting).count() == 1


def test_of_two_who_save_the_agenda_at_once_one_is_told(together):
    meeting = MeetingFactory(starts_at=soon(0))
    people = [one.user for one in meeting.mentorship.participants.select_related("user")]
    writing = [
        lambda one=one: room.write_agenda(meeting, by=one, words=f"Of {one.pk}", was=fingerprint("")) for one in people
    ]
    results = together(*writing)

    assert sorted(isinstance(one, Conflict) for one in results) == [False, True]
    kept = next(one for one in results if not isinstance(one, Exception)).agenda
    assert Meeting.objects.get().agenda == kept
