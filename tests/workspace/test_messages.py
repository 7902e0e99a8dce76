from datetime import timedelta

import pytest

from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.mentorships.actions import end
from commonhall.mentorships.models import Mentorship
from commonhall.workspace.actions import messages
from commonhall.workspace.models import Block, Message, Report
from commonhall.workspace.queries.messages import read_to, reports_of, stretch_of, unread_count
from tests.factories.accounts import UserFactory
from tests.factories.mentorships import ParticipantFactory

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=16)


@pytest.fixture
def said(pair, people):
    return messages.send(pair, by=people[0], text="Shall we talk about the hearing?")


@pytest.fixture
def circle(pair, people):
    """The pair and a third."""
    third = ParticipantFactory(mentorship=pair).user
    return pair, third


def words(pair, reader):
    return [one.text for one in stretch_of(pair, reader, None).messages]


def test_what_either_says_is_read_by_both_in_the_order_of_its_coming(pair, people):
    messages.send(pair, by=people[0], text="One")
    messages.send(pair, by=people[1], text="Two")
    assert words(pair, people[0]) == words(pair, people[1]) == ["One", "Two"]


def test_in_a_circle_everybody_reads_and_writes(circle, people):
    pair, third = circle
    messages.send(pair, by=third, text="Hello both")
    assert [words(pair, one) for one in (*people, third)] == [["Hello both"]] * 3
    assert [unread_count(pair, one) for one in (*people, third)] == [1, 1, 0]


def test_a_stranger_and_the_coordinator_say_nothing(pair, coordinator):
    for user in (UserFactory(), coordinator):
        with pytest.raises(Refused, match="Only the people in this mentorship"):
            messages.send(pair, by=user, text="Let me in")
    assert not Message.objects.exists()


def test_after_the_end_it_can_be_read_and_not_added_to(pair, people, said):
    end(pair, by=people[1], reason="complete")
    for act in (
        lambda: messages.send(pair, by=people[0], text="One more thing"),
        lambda: messages.edit(said, by=people[0], text="Changed", version=1),
        lambda: messages.delete(said, by=people[0]),
        lambda: messages.block(pair, by=people[0], user=people[1]),
    ):
        with pytest.raises(Refused, match="has ended"):
            act()
    assert words(pair, people[0]) == ["Shall we talk about the hearing?"]


def test_the_same_form_sent_twice_says_it_once_and_other_words_are_not_lost(pair, people):
    first = messages.send(pair, by=people[0], text="Hello", token="form")
    assert messages.send(pair, by=people[0], text="Hello ", token="form") == first
    assert messages.send(pair, by=people[0], text="Hello, and more", token="form") != first
    assert words(pair, people[1]) == ["Hello", "Hello, and more"]


def test_a_form_sent_again_does_not_bring_back_what_was_deleted(pair, people):
    first = messages.send(pair, by=people[0], text="Hello", token="form")
    messages.delete(first, by=people[0])
    messages.send(pair, by=people[0], text="Hello", token="form")
    assert words(pair, people[1]) == [""]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Yes\u202e\u200f!\x07", "Yes!"),
        ("a\r\n\r\nb", "a\n\nb"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("👩‍🚒 ok", "👩‍🚒 ok"),
    ],
)
def test_what_nobody_can_see_is_taken_out_and_all_else_is_kept_as_typed(pair, people, typed, kept):
    assert messages.send(pair, by=people[0], text=typed).text == kept


@pytest.mark.parametrize(
    ("typed", "reason"), [("\u202e \u200b", "no words"), ("x" * (messages.LONGEST + 1), "too long")]
)
def test_nothing_and_too_much_are_refused(pair, people, typed, reason):
    with pytest.raises(Refused, match=reason):
        messages.send(pair, by=people[0], text=typed)
    assert not Message.objects.exists()


def test_a_message_is_corrected_by_its_author_for_a_quarter_of_an_hour(people, said):
    messages.edit(said, by=people[0], text="Shall we talk about Tuesday?", version=1)
    said.refresh_from_db()
    assert (said.text, said.version, bool(said.edited_at)) == ("Shall we talk about Tuesday?", 2, True)
    with pytest.raises(Refused, match="Only the person who wrote"):
        messages.edit(said, by=people[1], text="No", version=2)
    with clock.moved_to(clock.now() + LATER):
        for act in (messages.delete, lambda one, by: messages.edit(one, by=by, text="Late", version=2)):
            with pytest.raises(Refused, match="15 minutes"):
                act(said, by=people[0])


def test_of_two_corrections_in_two_windows_the_second_is_told_of_the_first(people, said):
    messages.edit(said, by=people[0], text="First window", version=1)
    with pytest.raises(Conflict, match="elsewhere"):
        messages.edit(said, by=people[0], text="Second window", version=1)
    assert messages.edit(said, by=people[0], text="First window", version=1).version == 2


def test_deleted_the_words_are_gone_and_the_fact_stays_and_twice_is_once(pair, people, said):
    messages.delete(said, by=people[0])
    messages.delete(said, by=people[0])
    assert words(pair, people[1]) == [""]
    assert Event.objects.filter(verb="message.deleted").count() == 1
    assert unread_count(pair, people[1]) == 0
    with pytest.raises(Refused, match="deleted already"):
        messages.edit(said, by=people[0], text="Back again", version=1)


def test_reading_goes_forward_only_and_not_beyond_what_there_is(pair, people, said):
    second = messages.send(pair, by=people[0], text="Two")
    messages.read(pair, by=people[1], up_to=10**9)
    messages.read(pair, by=people[1], up_to=said.pk)
    assert read_to(pair, people[1]) == second.pk
    assert (unread_count(pair, people[1]), unread_count(pair, people[0])) == (0, 0)


def test_the_history_says_that_there_was_a_message_and_never_what(pair, people, said):
    messages.edit(said, by=people[0], text="Something else", version=1)
    rows = [(one.verb, one.details) for one in Event.objects.filter(verb__startswith="message.").order_by("pk")]
    assert rows == [("message.sent", {}), ("message.edited", {})]


# Where something is wrong


def test_a_report_hands_over_that_message_as_it_was_and_no_other(pair, people, coordinator, said):
    messages.send(pair, by=people[0], text="Something else")
    messages.report(said, by=people[1], words="This frightens me")
    messages.report(said, by=people[1], words="Again")
    messages.delete(said, by=people[0])
    rows = [(one.text, one.words) for one in reports_of(pair.programme, coordinator)]
    assert rows == [("Shall we talk about the hearing?", "This frightens me")]


def test_nobody_reports_their_own_words_or_those_of_a_thread_that_is_not_theirs(people, coordinator, said):
    for user in (people[0], coordinator, UserFactory()):
        with pytest.raises(Refused):
            messages.report(said, by=user, words="")
    assert not Report.objects.exists()


def test_a_report_is_closed_by_whoever_runs_the_programme_and_once(people, coordinator, said):
    made = messages.report(said, by=people[1], words="")
    for user in (people[0], people[1], UserFactory()):
        with pytest.raises(Refused):
            messages.close(made, by=user)
    messages.close(made, by=coordinator)
    messages.close(made, by=coordinator)
    assert Report.objects.get().closed_by == coordinator
    assert Event.objects.filter(verb="message.report_closed").count() == 1


def test_a_coordinator_who_is_the_mentor_neither_sees_nor_closes_the_report_about_themselves(pair, people, coordinator):
    member = ParticipantFactory(mentorship=pair, user=coordinator).user
    made = messages.report(messages.send(pair, by=member, text="Do as I say"), by=people[0], words="")
    assert list(reports_of(pair.programme, coordinator)) == []
    with pytest.raises(Refused, match="Somebody else"):
        messages.close(made, by=coordinator)


def test_a_block_between_two_stops_the_writing_and_pauses_them(pair, people):
    messages.block(pair, by=people[0], user=people[1])
    messages.block(pair, by=people[0], user=people[1])
    pair.refresh_from_db()
    assert pair.state == Mentorship.State.PAUSED
    with pytest.raises(Refused, match="cannot write here at present"):
        messages.send(pair, by=people[1], text="Why?")
    with pytest.raises(Refused, match="Lift the block first"):
        messages.send(pair, by=people[0], text="Because")
    assert Event.objects.filter(verb="person.blocked").count() == 1


def test_a_block_is_lifted_only_by_whoever_made_it(pair, people):
    block = messages.block(pair, by=people[0], user=people[1])
    with pytest.raises(Refused):
        messages.lift(block, by=people[1])
    messages.lift(block, by=people[0])
    messages.lift(block, by=people[0])
    assert messages.send(pair, by=people[1], text="Thank you")
    assert Event.objects.filter(verb="person.unblocked").count() == 1


def test_in_a_circle_a_block_hides_somebody_from_one_and_stops_nobody(circle, people):
    pair, third = circle
    messages.block(pair, by=people[0], user=third)
    messages.send(pair, by=third, text="Hello")
    assert (words(pair, people[0]), words(pair, people[1])) == ([], ["Hello"])
    assert (unread_count(pair, people[0]), unread_count(pair, people[1])) == (0, 1)
    pair.refresh_from_db()
    assert pair.state == Mentorship.State.ACTIVE


def test_nobody_blocks_themselves_or_somebody_elsewhere(pair, people):
    for other in (people[0], UserFactory()):
        with pytest.raises(Refused, match="Choose somebody else"):
            messages.block(pair, by=people[0], user=other)
    assert not Block.objects.exists()
