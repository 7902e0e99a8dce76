"""What the page of a thread shows to one of its people."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from commonhall.accounts.models import User
from commonhall.core.verdicts import Verdict
from commonhall.mentorships.models import Mentorship
from commonhall.workspace.models import Block, Message
from commonhall.workspace.queries.messages import read_to, stretch_of
from commonhall.workspace.rules import blocks_of, can_block, can_correct, can_report, can_send


@dataclass(frozen=True)
class Line:
    """One message. `day` is set on the first of a day, `is_first_new` on the first that is not read yet."""

    message: Message
    is_mine: bool
    day: date | None
    is_first_new: bool
    can_correct: Verdict
    can_report: Verdict


@dataclass(frozen=True)
class Other:
    """Somebody else in the thread, and the reader's block of them, if there is one."""

    user: User
    block: Block | None
    can_block: Verdict


@dataclass(frozen=True)
class Thread:
    mentorship: Mentorship
    lines: tuple[Line, ...]
    is_older: bool
    is_newer: bool
    unread: int
    last: int
    can_send: Verdict
    others: tuple[Other, ...]

    @property
    def is_blocking(self) -> bool:
        return any(one.block for one in self.others)

    @property
    def names(self) -> str:
        return ", ".join(one.user.name for one in self.others)


def thread(mentorship: Mentorship, user: User, *, before: int | None = None) -> Thread:
    """`mentorship` as `with_thread` gives it; the newest messages, or those before one."""
    stretch, known = stretch_of(mentorship, user, before), read_to(mentorship, user)
    new = [one.pk for one in stretch.messages if one.pk > known and one.author_id != user.pk and not one.deleted_at]
    lines, last_day = [], None
    for message in stretch.messages:
        message.mentorship = mentorship
        day = timezone.localtime(message.sent_at).date()
        lines.append(_line(message, user, day if day != last_day else None, message.pk == (new or [0])[0]))
        last_day = day
    return Thread(
        mentorship=mentorship,
        lines=tuple(lines),
        is_older=stretch.is_older,
        is_newer=stretch.is_newer,
        unread=len(new),
        last=lines[-1].message.pk if lines else 0,
        can_send=can_send(user, mentorship),
        others=tuple(_other(mentorship, user, one.user) for one in mentorship.participants.all() if one.user != user),
    )


def _line(message: Message, user: User, day: date | None, is_first_new: bool) -> Line:
    return Line(
        message=message,
        is_mine=message.author_id == user.pk,
        day=day,
        is_first_new=is_first_new,
        can_correct=can_correct(user, message),
        can_report=can_report(user, message),
    )


def _other(mentorship: Mentorship, user: User, other: User) -> Other:
    mine = [one for one in blocks_of(mentorship) if one.by_id == user.pk and one.user_id == other.pk]
    return Other(other, mine[0] if mine else None, can_block(user, other, mentorship))
