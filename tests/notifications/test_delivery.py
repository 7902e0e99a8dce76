"""From a fact to a letter in somebody's mailbox, over a real mail server."""

from pathlib import Path

import pytest
from django.core import mail
from django.db import transaction

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.jobs.actions import enqueue
from commonhall.notifications import actions, letters, queries
from commonhall.notifications.models import Notice, Preference
from tests.factories.accounts import UserFactory
from tests.factories.notifications import EventFactory, NoticeFactory
from tests.notifications.conftest import CALENDAR, invitation

pytestmark = pytest.mark.django_db
CORPUS = Path(__file__).parents[2] / "../shared/corpora/payloads/crlf.txt"
BREAKS = [
    "Ada\r\nBcc: everybody@evil.example",
    "Ada\nSubject: other",
    "Ada\rX: y",
    "Ada%0d%0aBcc: x",
    "Ada\u2028Bcc: x",
    "Ada\x85Bcc: x",
    "Ada\x0bBcc: x",
    "Ada\x00",
    "\r\n\r\n<script>",
]


def told(person, **more):
    return Notice.objects.get(user=person, **more)


def happens():
    event = EventFactory()
    with transaction.atomic():
        actions.tell(event)
    return event


def test_a_notice_reaches_the_mailbox_as_text_html_and_invitation(telling, mail_server, run_jobs):
    ada = UserFactory(email="ada@riverbank.example", name="Ada")
    telling(ada, attachments=invitation)
    happens()
    run_jobs()
    (letter,) = mail_server.received
    assert (letter["To"], letter["Subject"]) == ("ada@riverbank.example", "Hello to you")
    parts = {part.get_content_type(): part for part in letter.walk() if not part.is_multipart()}
    assert set(parts) == {"text/plain", "text/html", "text/calendar", "application/ics"}
    assert parts["text/calendar"].get_param("method") == "REQUEST"
    assert parts["application/ics"].get_filename() == "invitation.ics"
    assert parts["application/ics"].get_content() == CALENDAR
    plain, html = parts["text/plain"].get_content(), parts["text/html"].get_content()
    assert "Dear Ada," in plain
    assert "With <best> wishes & thanks" in plain
    assert "Choose a time: http://localhost:8000/meetings/1/" in plain
    assert "With &lt;best&gt; wishes &amp; thanks" in html
    assert 'href="http://localhost:8000/meetings/1/"' in html
    assert letter["Auto-Submitted"] == "auto-generated"
    assert told(ada).email == Notice.Email.SENT


def test_telling_the_same_fact_twice_tells_once(telling, run_jobs):
    ada = UserFactory()
    telling(ada)
    event = happens()
    actions.tell(event)
    run_jobs()
    assert Notice.objects.count() == 1
    assert len(mail.outbox) == 1


def test_sending_again_after_a_crash_bears_the_same_identity(telling, run_jobs):
    ada = UserFactory()
    telling(ada)
    happens()
    run_jobs()
    Notice.objects.update(email=Notice.Email.WAITING)
    actions.send(told(ada).pk)
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"] == told(ada).message_id


def test_two_notices_bear_different_identities():
    one, two = NoticeFactory(), NoticeFactory()
    assert letters.of_notice(one).extra_headers["Message-ID"] != letters.of_notice(two).extra_headers["Message-ID"]


def test_a_notice_that_went_out_is_not_sent_again():
    notice = NoticeFactory(email=Notice.Email.SENT)
    actions.send(notice.pk)
    assert mail.outbox == []


def test_a_notice_of_somebody_who_was_erased_meanwhile_is_no_trouble():
    actions.send(123456)
    assert mail.outbox == []


def test_a_server_that_is_down_is_tried_again(telling, run_jobs, settings, mail_server, time_machine):
    time_machine.move_to("2027-03-01T09:00:00Z", tick=False)
    ada = UserFactory()
    telling(ada)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    happens()
    run_jobs(forgiving=True)
    assert told(ada).email == Notice.Email.WAITING
    settings.EMAIL_PORT = port
    time_machine.move_to("2027-03-01T09:00:11Z", tick=False)
    run_jobs()
    assert told(ada).email == Notice.Email.SENT
    assert len(mail_server.received) == 1


def test_a_server_that_is_busy_is_tried_again(telling, run_jobs, mail_server, time_machine):
    time_machine.move_to("2027-03-01T09:00:00Z", tick=False)
    ada = UserFactory(email="ada@riverbank.example")
    mail_server.answers["ada@riverbank.example"] = "451 Try later"
    telling(ada)
    happens()
    run_jobs(forgiving=True)
    assert told(ada).email == Notice.Email.WAITING
    mail_server.answers.clear()
    time_machine.move_to("2027-03-01T09:00:11Z", tick=False)
    run_jobs()
    assert told(ada).email == Notice.Email.SENT


def test_a_refused_recipient_is_noted_and_keeps_nobody_else_waiting(telling, run_jobs, mail_server):
    gone, ada = UserFactory(email="gone@riverbank.example"), UserFactory()
    mail_server.answers["gone@riverbank.example"] = "550 No such person"
    telling(gone, ada)
    happens()
    run_jobs()
    assert told(gone).email == Notice.Email.FAILED
    assert told(ada).email == Notice.Email.SENT
    assert [notice.user for notice in queries.undelivered()] == [gone]


def test_what_waits_for_hours_counts_as_not_delivered(time_machine):
    time_machine.move_to("2027-03-01T09:00:00Z", tick=False)
    notice = NoticeFactory()
    assert not queries.undelivered().exists()
    time_machine.move_to("2027-03-01T13:01:00Z", tick=False)
    assert list(queries.undelivered()) == [notice]


def test_nobody_tells_anything_to_somebody_who_has_left(telling, run_jobs):
    left = UserFactory(is_active=False)
    telling(left, essential=True)
    happens()
    run_jobs()
    assert mail.outbox == []
    assert not Notice.objects.filter(user=left).exists()


def test_somebody_without_an_account_gets_the_letter_and_no_inbox(telling, run_jobs):
    telling(User(email="manager@riverbank.example", name="The Manager"))
    happens()
    run_jobs()
    assert [letter.to for letter in mail.outbox] == [["manager@riverbank.example"]]
    notice = Notice.objects.get()
    assert (notice.user, notice.address) == (None, "manager@riverbank.example")
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers


@pytest.mark.parametrize(
    ("how", "essential", "email"),
    [
        (None, False, Notice.Email.WAITING),
        (Preference.How.NOW, False, Notice.Email.WAITING),
        (Preference.How.DIGEST, False, Notice.Email.DIGEST),
        (Preference.How.OFF, False, Notice.Email.NONE),
        (Preference.How.OFF, True, Notice.Email.WAITING),
        (Preference.How.DIGEST, True, Notice.Email.WAITING),
    ],
)
def test_a_notice_comes_as_its_reader_prefers(telling, how, essential, email):
    ada = UserFactory()
    if how:
        actions.prefer(ada, "meetings", how)
    telling(ada, essential=essential)
    happens()
    assert told(ada).email == email


def test_a_preference_for_one_kind_leaves_the_others(telling):
    ada = UserFactory()
    actions.prefer(ada, "matches", Preference.How.OFF)
    telling(ada)
    happens()
    assert told(ada).email == Notice.Email.WAITING


def payloads():
    corpus = CORPUS.read_text("utf-8", "replace").split("\n") if CORPUS.is_file() else []
    return BREAKS + [line for line in corpus if line.strip()]


def test_no_name_can_add_a_header_or_a_line_to_a_subject(telling, mail_server, run_jobs):
    for number, words in enumerate(payloads()):
        telling(UserFactory(email=f"reader{number}@somewhere.example"), words=words)
        happens()
    run_jobs()
    assert len(mail_server.received) == len(payloads())
    expected = {"Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Auto-Submitted", "Message-ID"}
    for letter in mail_server.received:
        assert set(letter.keys()) - {"List-Unsubscribe", "List-Unsubscribe-Post"} == expected
        assert "\n" not in letter["Subject"]


def test_a_very_long_subject_is_shortened_and_kept(telling, run_jobs):
    ada = UserFactory()
    telling(ada, words="long " * 200)
    happens()
    run_jobs()
    assert len(told(ada).subject) == 200


class TestDigest:
    @pytest.fixture
    def at(self, time_machine):
        return lambda moment: time_machine.move_to(moment, tick=False)

    def test_the_days_notices_come_in_one_letter_after_seven_of_ones_own_morning(self, at, run_jobs):
        at("2027-03-01T12:00:00Z")
        ada = UserFactory(time_zone="America/New_York", email="ada@riverbank.example")
        NoticeFactory.create_batch(2, user=ada, email=Notice.Email.DIGEST)
        for moment in ("2027-03-01T22:00:00Z", "2027-03-02T11:59:00Z"):
            at(moment)
            assert queries.digests_due() == [], moment
        at("2027-03-02T12:01:00Z")
        assert queries.digests_due() == [ada.pk]
        enqueue("notifications.tasks.send_digests")
        run_jobs()
        (letter,) = mail.outbox
        assert letter.subject == "Your day on Commonhall: 2 things"
        assert letter.body.count("Zadie Okonjo proposes") == 2
        assert queries.digests_due() == []
        assert set(Notice.objects.values_list("email", flat=True)) == {Notice.Email.SENT}

    def test_what_comes_after_seven_waits_for_tomorrow(self, at):
        at("2027-03-01T07:30:00Z")
        NoticeFactory(user__time_zone="Europe/London", email=Notice.Email.DIGEST)
        at("2027-03-01T18:00:00Z")
        assert queries.digests_due() == []

    def test_a_digest_that_is_sent_again_bears_the_same_identity(self):
        ada = UserFactory()
        notices = NoticeFactory.create_batch(2, user=ada)
        one, two = letters.of_digest(ada, notices), letters.of_digest(ada, notices)
        assert one.extra_headers["Message-ID"] == two.extra_headers["Message-ID"]

    def test_one_refused_address_keeps_no_digest_from_others(self, at, run_jobs, mail_server):
        at("2027-03-01T12:00:00Z")
        gone = UserFactory(email="gone@riverbank.example")
        mail_server.answers["gone@riverbank.example"] = "550 No such person"
        ada = UserFactory(email="ada@riverbank.example")
        for user in (gone, ada):
            NoticeFactory(user=user, email=Notice.Email.DIGEST)
        at("2027-03-02T09:00:00Z")
        for user_id in queries.digests_due():
            enqueue("notifications.tasks.send_digest", user_id)
        run_jobs()
        assert [letter["To"] for letter in mail_server.received] == ["ada@riverbank.example"]
        assert told(gone).email == Notice.Email.FAILED

    def test_what_is_switched_off_meanwhile_does_not_go_out(self):
        notice = NoticeFactory(email=Notice.Email.DIGEST)
        actions.prefer(notice.user, "meetings", Preference.How.OFF)
        actions.send_digest(notice.user)
        assert mail.outbox == []

    def test_nobody_is_due_without_a_notice(self):
        NoticeFactory(email=Notice.Email.SENT, created_at=clock.now())
        assert queries.digests_due() == []
