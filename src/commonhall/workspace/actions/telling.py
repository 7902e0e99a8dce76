"""Who is told of new messages, and when: at most once for several in a row, and never in somebody's quiet hours."""

from datetime import datetime, timedelta

from django.db import transaction

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.history import actions as history
from commonhall.jobs.actions import enqueue
from commonhall.workspace.models import Correspondence, Message, Reading
from commonhall.workspace.queries.messages import correspondence_of, newest, unread_since
from commonhall.workspace.quiet import quiet_of

# Who has the page open reads it there, and several messages in a row make one e-mail.
PATIENCE = timedelta(minutes=2)


@transaction.atomic
def plan(message: Message) -> None:
    """Note for each of the others when they are to be told, unless they are going to be told anyway."""
    for one in message.mentorship.participants.exclude(user=message.author_id).select_related("user").order_by("pk"):
        reading = _held(Reading.objects.get_or_create(mentorship=message.mentorship, user=one.user)[0])
        if reading.tell_at is None:
            _put_down(reading, _moment(one.user, correspondence_of(one.user), clock.now() + PATIENCE))


@transaction.atomic
def tell(reading: Reading) -> bool:
    """Tell somebody of what they have not read. False when there is nothing to tell (any more, or yet)."""
    reading, now = _held(reading), clock.now()
    if reading.tell_at is None:
        return False
    chosen = correspondence_of(reading.user)
    if (later := _moment(reading.user, chosen, max(now, reading.tell_at))) > now:
        _put_down(reading, later)
        return False
    found = list(unread_since(reading, _known(reading, chosen)).values_list("pk", flat=True))
    reading.tell_at, reading.told_to = None, newest(reading.mentorship)
    reading.save(update_fields=["tell_at", "told_to"])
    if found:
        history.record(
            "message.waiting",
            about=reading,
            within=reading.mentorship.programme,
            first=found[0],
            last=found[-1],
            number=len(found),
        )
    return bool(found)


def _known(reading: Reading, chosen: Correspondence) -> int:
    """Up to where there is nothing to tell. Who is told without the words knows that something waits, and is not
    told again before they have looked."""
    if reading.read_to >= reading.told_to or chosen.with_words:
        return max(reading.read_to, reading.told_to)
    return newest(reading.mentorship)


def _moment(user: User, chosen: Correspondence, earliest: datetime) -> datetime:
    return quiet_of(user, chosen).next_moment(earliest)


def _put_down(reading: Reading, when: datetime) -> None:
    reading.tell_at = when
    reading.save(update_fields=["tell_at"])
    enqueue("workspace.tasks.tell_of_messages", reading.pk, after=when)


def _held(reading: Reading) -> Reading:
    """Held by whoever plans and whoever tells, so that no message falls between the two."""
    rows = Reading.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("mentorship__programme", "user").get(pk=reading.pk)
