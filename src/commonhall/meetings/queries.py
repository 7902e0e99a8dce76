from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.meetings.models import Meeting, Reminder
from commonhall.mentorships.models import Mentorship, Participant

AHEAD = {Reminder.Kind.DAY: timedelta(hours=24), Reminder.Kind.HOUR: timedelta(hours=1)}


@dataclass(frozen=True)
class Activity:
    """That a pair meets: all that those who run the programme see of it."""

    held: int
    missed: int
    cancelled: int
    first_held: datetime | None
    last_held: datetime | None
    next_agreed: datetime | None


def meetings_of(mentorship: Mentorship) -> QuerySet[Meeting]:
    return mentorship.meetings.prefetch_related("options").select_related("proposed_by", "cancelled_by")


def with_people(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """With all that the rules and a card read."""
    return meetings.select_related("mentorship__programme", "proposed_by", "cancelled_by").prefetch_related(
        "options", "mentorship__participants__user"
    )


def next_meeting(user: User) -> Meeting | None:
    """The next agreed meeting of this person."""
    return with_people(Meeting.objects.visible_to(user).coming()).first()


def waiting_for(user: User) -> QuerySet[Meeting]:
    """Meetings whose proposed times wait for this person's answer."""
    waiting = Meeting.objects.visible_to(user).open().exclude(proposed_by=user).filter(options__isnull=False)
    return with_people(waiting.exclude(mentorship__state=Mentorship.State.ENDED).distinct().order_by("proposed_at"))


def to_log(user: User) -> QuerySet[Meeting]:
    """Agreed meetings whose time is over, and of which nobody has said whether they took place."""
    over = Meeting.objects.visible_to(user).agreed().filter(ends_at__lt=clock.now())
    return with_people(over.order_by("starts_at"))


def clashes(people: Iterable[User], starts_at: datetime, minutes: int, *, but: Meeting) -> list[User]:
    """Those who have another agreed meeting at that time."""
    ends_at = starts_at + timedelta(minutes=minutes)
    others = Meeting.objects.agreed().overlapping(starts_at, ends_at).exclude(pk=but.pk)
    busy = set(Participant.objects.filter(mentorship__in=others.values("mentorship")).values_list("user", flat=True))
    return [user for user in people if user.pk in busy]


def reminders_due(now: datetime) -> QuerySet[Meeting]:
    """Agreed meetings near enough that somebody may have to be reminded."""
    return Meeting.objects.agreed().filter(starts_at__gt=now, starts_at__lte=now + max(AHEAD.values()))


def reminders_missing(meeting: Meeting) -> dict[str, list[User]]:
    """Whom to remind now, by kind. Nobody of a time that was agreed later than the reminder would have come."""
    if meeting.state != Meeting.State.AGREED or meeting.starts_at is None or meeting.has_begun:
        return {}
    left = meeting.starts_at - clock.now()
    kind = Reminder.Kind.HOUR if left <= AHEAD[Reminder.Kind.HOUR] else Reminder.Kind.DAY
    if left > AHEAD[kind] or (meeting.agreed_at and meeting.agreed_at > meeting.starts_at - AHEAD[kind]):
        return {}
    made = meeting.reminders.filter(kind=kind, starts_at=meeting.starts_at).values_list("user", flat=True)
    people = [one.user for one in meeting.mentorship.participants.all() if one.user_id not in set(made)]
    return {kind: people} if people else {}


def activity(mentorship: Mentorship) -> Activity:
    held, agreed = Q(state=Meeting.State.HELD), Q(state=Meeting.State.AGREED, ends_at__gte=clock.now())
    counted = mentorship.meetings.aggregate(
        held=Count("pk", filter=held),
        missed=Count("pk", filter=Q(state=Meeting.State.MISSED)),
        cancelled=Count("pk", filter=Q(state=Meeting.State.CANCELLED)),
        first_held=Min("starts_at", filter=held),
        last_held=Max("starts_at", filter=held),
        next_agreed=Min("starts_at", filter=agreed),
    )
    return Activity(**counted)
