"""More than two in one mentorship: who answers, who calls off, who is told, and in which words."""

import pytest
from django.core import mail
from django.urls import reverse

from commonhall.core.errors import Refused
from commonhall.meetings.actions import attendance, booking
from commonhall.meetings.actions import series as acts
from commonhall.meetings.models import Meeting
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory, soon
from tests.factories.mentorships import MentorshipFactory, ParticipantFactory
from tests.factories.series import plan

pytestmark = pytest.mark.django_db
State = Meeting.State


@pytest.fixture
def circle():
    """Two mentors and three mentees."""
    made = MentorshipFactory(mentee=UserFactory(name="Ana Alba"), mentor=UserFactory(name="Max Mohr"))
    for role, name in (("mentee", "Bo Berg"), ("mentee", "Cy Cole"), ("mentor", "Mia Moss")):
        ParticipantFactory(mentorship=made, role=role, user=UserFactory(name=name))
    return made


def named(circle, name):
    return circle.participants.get(user__name__startswith=name).user


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize(
    ("proposer", "may", "may_not"),
    [("Ana", ("Max", "Mia"), ("Ana", "Bo", "Cy")), ("Max", ("Ana", "Bo", "Cy"), ("Max", "Mia"))],
)
def test_the_other_side_answers_whoever_of_it_comes_first(circle, proposer, may, may_not):
    for name in may_not:
        meeting = booking.propose(circle, by=named(circle, proposer), times=[soon(48)])
        with pytest.raises(Refused):
            booking.accept(meeting, by=named(circle, name), starts_at=soon(48))
        booking.cancel(meeting, by=named(circle, proposer), reason="work")
    for number, name in enumerate(may):
        at = soon(48 + 24 * number)
        meeting = booking.propose(circle, by=named(circle, proposer), times=[at])
        assert booking.accept(meeting, by=named(circle, name), starts_at=at).state == State.AGREED


def test_the_same_holds_for_a_series(circle):
    series = acts.propose(circle, by=named(circle, "Ana"), plan=plan())
    with pytest.raises(Refused, match="a mentor’s yes"):
        acts.accept(series, by=named(circle, "Bo"), version=0)
    assert acts.accept(series, by=named(circle, "Mia"), version=0).meetings.count() == 6
    with pytest.raises(Refused, match="In a circle"):
        acts.end(series, by=named(circle, "Bo"), reason="work")


def test_among_equals_anybody_else_answers():
    peers = MentorshipFactory()
    peers.participants.update(role="mentee")
    ParticipantFactory(mentorship=peers, user=UserFactory(name="Third"))
    first, second, _third = (one.user for one in peers.participants.all())
    meeting = booking.propose(peers, by=first, times=[soon(48)])

    assert booking.accept(meeting, by=second, starts_at=soon(48)).state == State.AGREED


def test_a_mentor_or_whoever_proposed_it_calls_off_and_the_page_says_so(client, circle):
    meeting = MeetingFactory(mentorship=circle, proposed_by=named(circle, "Ana"))
    with pytest.raises(Refused, match="In a circle a mentor"):
        booking.cancel(meeting, by=named(circle, "Bo"), reason="away")
    client.force_login(named(circle, "Bo"))
    page = text(client.get(reverse("meetings:detail", args=[meeting.pk])))
    assert "In a circle a mentor, or whoever proposed it, calls it off." in page
    assert "Cancel the meeting" not in page

    booking.cancel(meeting, by=named(circle, "Mia"), reason="work")
    booking.cancel(
        MeetingFactory(mentorship=circle, proposed_by=named(circle, "Ana")), by=named(circle, "Ana"), reason="work"
    )
    assert set(Meeting.objects.values_list("state", flat=True)) == {State.CANCELLED}


def test_times_on_offer_are_not_changed_by_those_who_neither_made_nor_answer_them(circle):
    meeting = booking.propose(circle, by=named(circle, "Ana"), times=[soon(48)])
    with pytest.raises(Refused, match="a mentor’s yes"):
        booking.offer_other_times(meeting, by=named(circle, "Bo"), times=[soon(72)])
    assert booking.offer_other_times(meeting, by=named(circle, "Max"), times=[soon(72)]).proposed_by.name == "Max Mohr"


@pytest.mark.django_db(transaction=True)
def test_those_who_can_answer_are_asked_and_everybody_is_invited(circle, run_jobs):
    meeting = booking.propose(circle, by=named(circle, "Ana"), times=[soon(48)])
    run_jobs()
    assert sorted(one.to[0] for one in mail.outbox) == sorted(named(circle, name).email for name in ("Max", "Mia"))
    mail.outbox.clear()

    booking.accept(meeting, by=named(circle, "Max"), starts_at=soon(48))
    run_jobs()

    assert {one.to[0] for one in mail.outbox} == {one.user.email for one in circle.participants.all()}
    letter = next(one for one in mail.outbox if one.to == [named(circle, "Ana").email])
    assert "Bo Berg, Cy Cole, Max Mohr and Mia Moss" in letter.subject


def test_the_pages_name_everybody_and_say_how_a_circle_agrees(client, circle):
    client.force_login(named(circle, "Ana"))
    page = text(client.get(reverse("meetings:propose", args=[circle.pk])))
    assert "Propose a time to meet Bo Berg, Cy Cole, Max Mohr and Mia Moss" in page
    assert "A mentor’s yes settles what a mentee proposes" in page
    assert "You and Bo Berg, Cy Cole, Max Mohr and Mia Moss" in text(
        client.get(reverse("mentorships:detail", args=[circle.pk]))
    )


def test_a_circle_met_although_one_was_missing(client, circle):
    meeting = MeetingFactory(mentorship=circle, starts_at=soon(-2))
    client.force_login(named(circle, "Bo"))
    page = text(client.get(reverse("meetings:detail", args=[meeting.pk])))

    assert "Yes, we met" in page
    assert "was not there" not in page
    attendance.log(meeting, by=named(circle, "Bo"), held=True)
    meeting.refresh_from_db()
    assert meeting.state == State.HELD


def test_nobody_of_a_circle_is_booked_twice(circle):
    MeetingFactory(mentorship=MentorshipFactory(mentee=named(circle, "Cy")), starts_at=soon(48))
    with pytest.raises(Refused, match="Cy Cole is not free"):
        booking.propose(circle, by=named(circle, "Ana"), times=[soon(48)])
