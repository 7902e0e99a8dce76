"""A mailbox at a real IMAP server: only letters to our addresses are taken, and only those leave it."""

import itertools
import logging
from datetime import timedelta
from imaplib import IMAP4

import pytest

from commonhall.accounts.models import User
from commonhall.config import periodic
from commonhall.core import clock
from commonhall.core.errors import Unavailable
from commonhall.integrations.inbox import addresses, imap, tasks
from commonhall.integrations.models import Handled
from commonhall.jobs import schedule
from tests.integrations.inbox import dovecot
from tests.integrations.inbox.conftest import letter

pytestmark = pytest.mark.django_db
names = (f"user{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def port():
    with dovecot.running() as found:
        yield found


@pytest.fixture
def mailbox(port, settings, pile):
    """Of somebody new in each test."""
    user = next(names)
    settings.INBOX_URL = f"imap://{user}:secret@127.0.0.1:{port}"
    client = IMAP4("127.0.0.1", port)
    client.login(user, "secret")
    client.select()
    yield client
    client.logout()


def put(mailbox, *letters):
    for one in letters:
        mailbox.append("INBOX", None, None, one.as_bytes())


def left(mailbox):
    """Subjects and flags of what is in the mailbox."""
    mailbox.select()
    _ok, found = mailbox.search(None, "UNDELETED")
    rows = []
    for number in found[0].split():
        _ok, fetched = mailbox.fetch(number, "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        fetched = [one for one in fetched if isinstance(one, tuple)]
        flags, subject = fetched[0][0].decode(), fetched[0][1].decode().strip().removeprefix("Subject: ")
        rows.append((subject, "Flagged" in flags, "Seen" in flags))
    return rows


def test_letters_to_our_addresses_are_taken_and_leave_the_mailbox_others_stay_unread(mailbox, pile, inbox):
    put(
        mailbox,
        letter(inbox),
        letter("meet@council.example", subject="For people"),
        letter("meet+t7-zz-aaaa@council.example", subject="Forged"),
        letter("clerk@council.example", subject="Minutes"),
        letter(f"Clerk <clerk@council.example>, {inbox}", subject="Both"),
    )
    assert imap.poll() == 2
    assert pile == [("Yes", (7, 1295)), ("Both", (7, 1295))]
    assert left(mailbox) == [("For people", False, False), ("Forged", True, False), ("Minutes", False, False)]
    assert imap.poll() == 0


def test_a_letter_that_stays_after_it_was_taken_is_not_taken_again(mailbox, pile, inbox):
    """As after a power cut between the act and the deletion."""
    put(mailbox, letter(inbox))
    imap.poll()
    put(mailbox, letter(inbox))
    assert imap.poll() == 1
    assert (len(pile), left(mailbox), Handled.objects.count()) == (1, [], 1)


def test_a_letter_over_which_we_stumble_is_flagged_and_keeps_nobody_waiting(mailbox, pile, inbox, caplog):
    caplog.set_level(logging.CRITICAL, "commonhall.inbox")
    put(mailbox, letter(inbox, subject="Stumble"), letter(inbox, subject="Next"))
    assert imap.poll() == 1
    assert left(mailbox) == [("Stumble", True, False)]
    assert [one.name for one in User.objects.all()] == ["Next"]
    assert imap.poll() == 0
    assert len(pile) == 2


def test_what_is_too_large_is_not_fetched(mailbox, pile, inbox, monkeypatch):
    monkeypatch.setattr(imap, "MOST_BYTES", 2000)
    large = letter(inbox, subject="Large")
    large.add_attachment(b"x" * 3000, maintype="application", subtype="pdf", filename="a.pdf")
    put(mailbox, large, letter(inbox))
    assert imap.poll() == 1
    assert left(mailbox) == [("Large", False, False)]


def test_what_somebody_else_marked_as_deleted_is_theirs_to_clear(mailbox, pile, inbox):
    put(mailbox, letter("clerk@council.example", subject="Minutes"), letter(inbox))
    mailbox.store("1", "+FLAGS", r"(\Deleted)")
    imap.poll()
    mailbox.select()
    assert mailbox.search(None, "ALL")[1] == [b"1"]


def test_a_wrong_password_or_an_absent_server_is_said_without_the_password(port, settings, mailbox, caplog):
    settings.INBOX_URL = f"imap://somebody:wrong-word@127.0.0.1:{port}"
    with pytest.raises(Unavailable, match="user or password is wrong"):
        imap.opened(settings.INBOX_URL)
    tasks.poll.call()
    settings.INBOX_URL = "imap://somebody:wrong-word@127.0.0.1:1"
    with pytest.raises(Unavailable, match="does not answer"):
        imap.opened(settings.INBOX_URL)
    tasks.poll.call()
    assert caplog.text.count("the mailbox could not be read") == 2
    assert "wrong-word" not in caplog.text


@pytest.mark.parametrize(("url", "expected"), [("", False), ("imap://a:b@127.0.0.1", True)])
def test_the_clock_looks_into_a_mailbox_only_where_there_is_one(settings, url, expected):
    before = dict(schedule.every)
    settings.INBOX_URL = url
    periodic.install()
    assert ("integrations.inbox.tasks.poll" in schedule.every) is expected
    schedule.install(before)


def test_digests_are_forgotten_when_no_server_tries_again(inbox, time_machine, settings):
    Handled.objects.create(digest="old")
    time_machine.move_to(clock.now() + tasks.KEPT + timedelta(minutes=1))
    Handled.objects.create(digest="new")
    tasks.forget.call()
    assert [one.digest for one in Handled.objects.all()] == ["new"]
    assert addresses.is_open()
