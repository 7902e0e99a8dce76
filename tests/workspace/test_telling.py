from datetime import time, timedelta
from functools import partial

import pytest
import time_machine
from django.core import mail

from commonhall.history.models import Event
from commonhall.notifications.models import Notice, Preference
from commonhall.operations.dump import lines
from commonhall.workspace.actions import messages, telling
from commonhall.workspace.models import Reading
from tests.factories.people import ProfileFactory
from tests.workspace.test_quiet import at

pytestmark = pytest.mark.django_db
NOON = at("2026-01-14 12:00")  # a Wednesday
MINUTE = timedelta(minutes=1)
standing = partial(time_machine.travel, tick=False)  # the queue looks at the machine's own clock
SECRET = "The hearing went badly, and I am glad"


@pytest.fixture(autouse=True)
def addresses(settings):
    settings.INBOX_ADDRESS = "answer@council.example"


@pytest.fixture
def world(pair, people, run_jobs):
    """`world(moment)`: the clock stands there, and what is due then is done."""

    def at_moment(moment):
        with standing(moment):
            run_jobs()

    return at_moment


def say(pair, by, moment, text=SECRET):
    with standing(moment):
        return messages.send(pair, by=by, text=text)


def letters(user):
    return [one for one in mail.outbox if one.to == [user.email]]


def test_two_messages_in_a_row_make_one_letter_which_holds_no_words(pair, people, world):
    say(pair, people[0], NOON)
    world(NOON)
    assert not mail.outbox
    say(pair, people[0], NOON + MINUTE)
    world(NOON + 2 * MINUTE)
    (letter,) = letters(people[1])
    assert letter.subject == f"{people[0].name} has written to you"
    assert "2 messages" in letter.body
    assert SECRET not in letter.message().as_string()
    assert not letters(people[0])


def test_who_has_read_it_on_the_page_gets_no_letter(pair, people, world):
    said = say(pair, people[0], NOON)
    world(NOON)
    messages.read(pair, by=people[1], up_to=said.pk)
    world(NOON + 3 * MINUTE)
    assert not mail.outbox
    assert not Notice.objects.exists()


def test_what_was_deleted_meanwhile_is_not_told(pair, people, world):
    said = say(pair, people[0], NOON)
    world(NOON)
    with standing(NOON + MINUTE):
        messages.delete(said, by=people[0])
    world(NOON + 3 * MINUTE)
    assert not mail.outbox


def test_with_leave_to_do_so_the_words_go_into_the_letter_and_are_kept_nowhere_else(pair, people, world):
    messages.choose(people[1], with_words=True)
    say(pair, people[0], NOON)
    world(NOON)
    world(NOON + 2 * MINUTE)
    (letter,) = letters(people[1])
    assert SECRET in letter.body
    assert SECRET in letter.alternatives[0].content
    assert "·· Write your answer above this line ··" in letter.body
    assert letter.reply_to[0].startswith("answer+t")
    assert [line for line in lines() if SECRET in line and '"workspace.message"' not in line] == []


def test_what_is_deleted_before_the_letter_goes_is_not_in_it(pair, people, world, run_jobs):
    """The mail server was down for a while: the words are looked up when the letter is written."""
    messages.choose(people[1], with_words=True)
    first, _second = say(pair, people[0], NOON), say(pair, people[0], NOON, "And the rest")
    world(NOON)
    with standing(NOON + 2 * MINUTE):
        telling.tell(Reading.objects.get(user=people[1]))
        messages.delete(first, by=people[0])
        run_jobs()
    (letter,) = letters(people[1])
    assert SECRET not in letter.message().as_string()
    assert "And the rest" in letter.body


def test_without_the_words_nobody_is_told_again_before_they_have_looked(pair, people, world):
    for minute in (0, 10, 20):
        say(pair, people[0], NOON + minute * MINUTE)
        world(NOON + minute * MINUTE)
        world(NOON + (minute + 3) * MINUTE)
    assert len(letters(people[1])) == 1
    messages.read(pair, by=people[1], up_to=10**9)
    say(pair, people[0], NOON + 30 * MINUTE)
    world(NOON + 30 * MINUTE)
    world(NOON + 33 * MINUTE)
    assert len(letters(people[1])) == 2


def test_with_the_words_each_message_comes_once(pair, people, world):
    messages.choose(people[1], with_words=True)
    for minute, text in ((0, "First words"), (10, "Second words")):
        say(pair, people[0], NOON + minute * MINUTE, text)
        world(NOON + minute * MINUTE)
        world(NOON + (minute + 3) * MINUTE)
    first, second = letters(people[1])
    assert "First words" in first.body
    assert "First words" not in second.body
    assert "Second words" in second.body


def test_in_quiet_hours_it_waits_until_the_morning(pair, people, world):
    evening, morning = at("2026-01-14 21:00"), at("2026-01-15 07:00")
    say(pair, people[0], evening)
    for moment in (evening, evening + 3 * MINUTE, morning - MINUTE):
        world(moment)
    assert not mail.outbox
    world(morning)
    assert len(letters(people[1])) == 1


def test_on_days_off_it_waits_until_the_next_day_of_work(pair, people, world):
    ProfileFactory(user=people[1]).hours.create(weekday=0, starts=540, ends=1020)
    say(pair, people[0], NOON)
    for moment in (NOON, NOON + 3 * MINUTE, at("2026-01-18 12:00")):
        world(moment)
    assert not mail.outbox
    world(at("2026-01-19 07:00"))
    assert len(letters(people[1])) == 1


def test_quiet_hours_that_are_chosen_while_it_waits_hold_too(pair, people, world):
    say(pair, people[0], NOON)
    world(NOON)
    messages.choose(people[1], quiet_from=time(11), quiet_until=time(15))
    world(NOON + 3 * MINUTE)
    assert not mail.outbox
    world(at("2026-01-14 15:00"))
    assert len(letters(people[1])) == 1


def test_whoever_wants_no_e_mail_finds_a_notice_here_and_reading_the_thread_reads_it(pair, people, world):
    Preference.objects.create(user=people[1], kind="messages", how="off")
    said = say(pair, people[0], NOON)
    world(NOON)
    world(NOON + 3 * MINUTE)
    assert not mail.outbox
    assert Notice.objects.visible_to(people[1]).unread().count() == 1
    messages.read(pair, by=people[1], up_to=said.pk)
    assert Notice.objects.visible_to(people[1]).unread().count() == 0


def test_telling_twice_tells_once(pair, people, world):
    say(pair, people[0], NOON)
    world(NOON)
    reading = Reading.objects.get(user=people[1])
    with standing(NOON + 3 * MINUTE):
        assert (telling.tell(reading), telling.tell(reading)) == (True, False)
    assert Event.objects.filter(verb="message.waiting").count() == 1


def test_in_a_circle_a_blocked_member_makes_no_letter(pair, people, world):
    third = ProfileFactory().user
    from_circle = pair.participants.first()
    from_circle.pk, from_circle.user, from_circle.enrolment = None, third, from_circle.enrolment
    from_circle.save()
    messages.block(pair, by=people[0], user=third)
    say(pair, third, NOON)
    world(NOON)
    world(NOON + 3 * MINUTE)
    assert not [one for one in letters(people[0]) if "has written" in one.subject]
    assert len([one for one in letters(people[1]) if "has written" in one.subject]) == 1


def test_the_coordinator_hears_of_a_report_and_of_a_block_and_reads_no_words(pair, people, coordinator, run_jobs):
    said = messages.send(pair, by=people[0], text=SECRET)
    messages.report(said, by=people[1], words="It frightens me")
    messages.block(pair, by=people[1], user=people[0])
    run_jobs()
    subjects = [one.subject for one in letters(coordinator)]
    assert subjects == [
        f"A message was reported in {pair.programme.name}",
        f"{people[1].name} has blocked {people[0].name}",
    ]
    assert not [one for one in mail.outbox if SECRET in one.message().as_string()]
    assert not [one for one in mail.outbox if "frightens" in one.message().as_string()]
    assert not [one for one in letters(people[0]) if "blocked" in one.subject or "reported" in one.subject]
