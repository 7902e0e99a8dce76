"""What can be done in a thread: write, change, delete, read; and report or block where something is wrong."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.core.text import clean
from commonhall.core.verdicts import require
from commonhall.history import actions as history
from commonhall.live.actions import ring
from commonhall.mentorships import actions as mentorships
from commonhall.mentorships.models import Mentorship
from commonhall.notifications import actions as notifications
from commonhall.notifications.models import Notice
from commonhall.workspace.models import Block, Correspondence, Message, Reading, Report
from commonhall.workspace.queries.messages import newest, topic_of, with_mentorship, with_thread
from commonhall.workspace.rules import can_block, can_close, can_correct, can_report, can_send, is_circle

LONGEST = 10_000


@transaction.atomic
def send(
    mentorship: Mentorship, *, by: User, text: str, token: str = "", via: str = Message.Via.PAGE, left_behind: int = 0
) -> Message:
    """Say something to the others. The same words from the same form are said once."""
    mentorship = _held(mentorship)
    require(can_send(by, mentorship))
    text = _words(text)
    earlier = mentorship.messages.filter(author=by, token=token).first() if token else None
    if earlier and (earlier.text == text or earlier.edited_at or earlier.deleted_at):
        return earlier
    message = Message.objects.create(
        mentorship=mentorship,
        author=by,
        text=text,
        via=via,
        left_behind=left_behind,
        token="" if earlier else token,
        sent_at=clock.now(),
    )
    _record("message.sent", message, by=by, via=via)
    return message


@transaction.atomic
def edit(message: Message, *, by: User, text: str, version: int) -> Message:
    """`version` is the one that the writer began from."""
    message = _held_message(message)
    require(can_correct(by, message))
    text = _words(text)
    if message.text == text:
        return message
    if message.version != version:
        raise Conflict(_("You have changed this message elsewhere in the meantime. Read it again, then change it."))
    message.text, message.version, message.edited_at = text, version + 1, clock.now()
    message.save(update_fields=["text", "version", "edited_at"])
    _record("message.edited", message, by=by)
    return message


@transaction.atomic
def delete(message: Message, *, by: User) -> Message:
    """The words go, also for those who have read them; that there was a message stays. Twice is once."""
    message = _held_message(message)
    if message.deleted_at and message.author_id == by.pk:
        return message
    require(can_correct(by, message))
    message.text, message.deleted_at = "", clock.now()
    message.save(update_fields=["text", "deleted_at"])
    _record("message.deleted", message, by=by)
    return message


@transaction.atomic
def read(mentorship: Mentorship, *, by: User, up_to: int) -> None:
    """Everything up to this message is read; what was told about it is read too."""
    up_to = min(up_to, newest(mentorship))
    reading, _is_new = Reading.objects.get_or_create(mentorship=mentorship, user=by)
    if Reading.objects.filter(pk=reading.pk, read_to__lt=up_to).update(read_to=up_to):
        told = Notice.objects.visible_to(by).filter(event__verb="message.waiting", event__about_id=reading.pk)
        notifications.read(told)


@transaction.atomic
def report(message: Message, *, by: User, words: str) -> Report:
    """Hand this one message, as it is now, to whoever runs the programme. Twice is once."""
    message = _held_message(message)
    require(can_report(by, message))
    made, is_new = Report.objects.get_or_create(
        message=message, by=by, defaults={"text": message.text, "words": clean(words), "at": clock.now()}
    )
    if is_new:
        _note("message.reported", made, message.mentorship, by=by)
    return made


@transaction.atomic
def close(report: Report, *, by: User) -> Report:
    """Somebody has dealt with it."""
    require(can_close(by, report))
    if Report.objects.filter(pk=report.pk, closed_at=None).update(closed_at=clock.now(), closed_by=by):
        _note("message.report_closed", report, report.message.mentorship, by=by)
    report.refresh_from_db()
    return report


@transaction.atomic
def block(mentorship: Mentorship, *, by: User, user: User) -> Block:
    """No more messages from somebody. A pair is paused with it; in a circle the others go on. Twice is once."""
    mentorship = _held(mentorship)
    require(can_block(by, user, mentorship))
    made, is_new = Block.objects.get_or_create(
        mentorship=mentorship,
        by=by,
        user=user,
        lifted_at=None,
        defaults={"hides": is_circle(mentorship), "at": clock.now()},
    )
    if is_new:
        _note("person.blocked", made, mentorship, by=by)
        if not made.hides and mentorship.state == Mentorship.State.ACTIVE:
            mentorships.pause(mentorship, by=by)
    return made


@transaction.atomic
def lift(block: Block, *, by: User) -> Block:
    """Take the block back. A pair stays paused until one of the two resumes it."""
    if block.by_id != by.pk:
        raise Refused(_("Only the person who blocked somebody can lift the block."))
    if Block.objects.standing().filter(pk=block.pk).update(lifted_at=clock.now()):
        _note("person.unblocked", block, block.mentorship, by=by)
    block.refresh_from_db()
    return block


def choose(user: User, **choices: Any) -> Correspondence:
    """How and when somebody is told of messages by e-mail."""
    return Correspondence.objects.update_or_create(user=user, defaults=choices)[0]


def _words(text: str) -> str:
    text = clean(text)
    if not text:
        raise Refused(_("There were no words in it."))
    if len(text) > LONGEST:
        raise Refused(_("That is too long for one message. Put it into a note, or send it in parts."))
    return text


def _held(mentorship: Mentorship) -> Mentorship:
    """Whoever writes into a thread holds its mentorship, so that messages are numbered in the order of their coming."""
    return with_thread(Mentorship.objects.select_for_update(of=("self",), no_key=True)).get(pk=mentorship.pk)


def _held_message(message: Message) -> Message:
    return with_mentorship(Message.objects.select_for_update(of=("self",), no_key=True)).get(pk=message.pk)


def _record(verb: str, message: Message, *, by: User, via: str = "") -> None:
    via = via if via == Message.Via.MAIL else ""
    history.record(verb, about=message, within=message.mentorship.programme, by=by, via=via)
    ring(topic_of(message.mentorship_id))
    ring(f"mentorship:{message.mentorship_id}")


def _note(verb: str, about: Any, mentorship: Mentorship, *, by: User) -> None:
    history.record(verb, about=about, within=mentorship.programme, by=by)
    ring(topic_of(mentorship.pk))
