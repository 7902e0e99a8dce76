"""An answer by e-mail comes into the thread."""

from email.message import EmailMessage

import pytest
from django.core import mail

from commonhall.accounts.models import User
from commonhall.integrations.inbox import receiving
from commonhall.integrations.inbox.letters import read
from commonhall.mentorships.actions import end
from commonhall.workspace.actions import messages
from commonhall.workspace.models import Message
from commonhall.workspace.replies import reply_address
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
QUOTED = "Yes, Thursday.\n\nOn Mon, 3 Mar 2026 at 10:00, Commonhall <a@b.example> wrote:\n\n> Can we meet?\n"


@pytest.fixture(autouse=True)
def inbox(settings):
    settings.INBOX_ADDRESS = "answer@council.example"


@pytest.fixture
def answers(pair, people, run_jobs):
    """`answers(words)`: the mentor's e-mail to the address of the thread, taken in."""

    def take(words=QUOTED, *, to=None, sender=None, files=(), **headers):
        to = to or reply_address(pair, people[1])
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = sender or people[1].email, to, "Re: written to you"
        letter["Message-ID"] = headers.pop("identity", "<one@mail.example>")
        for name, value in headers.items():
            letter[name.replace("_", "-")] = value
        letter.set_content(words)
        for name in files:
            letter.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=name)
        receiving.take(read(letter.as_bytes(), returns_to=people[1].email), to)
        run_jobs()
        return [(one.author, one.text, one.via) for one in Message.objects.order_by("pk")]

    return take


def test_what_was_written_above_the_quoted_letter_is_said_once(answers, people):
    said = [(people[1], "Yes, Thursday.", "mail")]
    assert answers() == said
    assert answers() == said


def test_one_answers_from_the_address_that_the_letter_went_to(answers):
    assert answers(sender="somebody@else.example") == []
    (refusal,) = [one for one in mail.outbox if one.to == ["somebody@else.example"]]
    assert "Only the person who was written to can answer" in refusal.body


def test_an_address_that_we_did_not_give_out_leads_nowhere(answers, pair, people):
    forged = reply_address(pair, people[1]).replace("+t", "+t1")
    assert answers(to=forged) == []
    assert not mail.outbox


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"sender": "MAILER-DAEMON@council.example"},
    ],
)
def test_what_a_program_answers_for_somebody_is_no_message(answers, headers):
    assert answers("I am away until Monday.", **headers) == []
    assert not mail.outbox


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("> Can we meet?\n> Marguerite\n", "no words of your own"),
        ("word " * 3000, "too long for one message"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_answered_with_the_reason_and_the_page(answers, people, words, reason):
    assert answers(words) == []
    (refusal,) = [one for one in mail.outbox if one.to == [people[1].email]]
    assert reason in refusal.body
    assert "/messages/" in refusal.body


def test_after_the_end_and_after_a_block_nothing_comes_in(answers, pair, people):
    messages.block(pair, by=people[0], user=people[1])
    assert answers() == []
    assert any("cannot write here at present" in one.body for one in mail.outbox)
    end(pair, by=people[0], reason="complete")
    assert answers(identity="<two@mail.example>") == []


def test_somebody_who_has_left_says_nothing_more(answers, people):
    User.objects.filter(pk=people[1].pk).update(is_active=False)
    assert answers() == []


def test_the_address_of_a_thread_that_is_not_theirs_is_refused(answers, pair):
    stranger = UserFactory()
    assert answers(to=reply_address(pair, stranger), sender=stranger.email) == []


def test_files_are_left_behind_and_the_thread_says_so(answers, client, people, pair):
    answers(files=("plan.pdf", "map.pdf"))
    client.force_login(people[0])
    shown = client.get(f"/workspace/{pair.pk}/messages/").content.decode()
    assert "2 files were attached to the e-mail. They were left behind." in shown
