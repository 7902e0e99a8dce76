from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.meetings.models import Meeting, Reminder
from commonhall.meetings.suggestions import Person, Suggestions, awkwardness, suggest
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.people.hours import Pattern, is_inside
from commonhall.people.models import WorkingHours

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


@dataclass(frozen=True)
class LocalTime:
    """One moment on one person's clock."""

    user: User
    at: datetime
    is_outside_hours: bool


@dataclass(frozen=True)
class Moment:
    """A time of a meeting, for me and for the others."""

    starts_at: datetime
    mine: LocalTime
    others: tuple[LocalTime, ...]


def with_people(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """With all that the rules and a card read."""
    return meetings.select_related("mentorship__programme", "proposed_by", "cancelled_by").prefetch_related(
        "options", "mentorship__participants__user__membership__organisation"
    )


def people_of(meeting: Meeting, first: User) -> list[User]:
    """Everybody in it, this person first."""
    return sorted((one.user for one in meeting.mentorship.participants.all()), key=lambda user: user.pk != first.pk)


def next_meeting(user: User) -> Meeting | None:
    """The next agreed meeting of this person."""
    return with_people(Meeting.objects.visible_to(user).coming()).first()


def coming(user: User) -> QuerySet[Meeting]:
    return with_people(Meeting.objects.visible_to(user).coming())


def waiting_for(user: User) -> QuerySet[Meeting]:
    """Meetings whose proposed times wait for this person's answer."""
    waiting = Meeting.objects.visible_to(user).open().exclude(proposed_by=user).filter(options__isnull=False)
    return with_people(waiting.filter(mentorship__state=Mentorship.State.ACTIVE).distinct().order_by("proposed_at"))


def waiting_for_others(user: User) -> QuerySet[Meeting]:
    """Meetings for which this person proposed times, and nobody has answered."""
    mine = Meeting.objects.visible_to(user).open().filter(proposed_by=user, options__isnull=False)
    return with_people(mine.distinct().order_by("proposed_at"))


def to_log(user: User) -> QuerySet[Meeting]:
    """Agreed meetings whose time is over, and of which nobody has said whether they took place."""
    over = Meeting.objects.visible_to(user).agreed().filter(ends_at__lt=clock.now())
    return with_people(over.order_by("starts_at"))


def past(user: User) -> QuerySet[Meeting]:
    return with_people(Meeting.objects.visible_to(user).filter(state__in=Meeting.LOGGED).order_by("-starts_at"))


def clashes(people: Iterable[User], starts_at: datetime, minutes: int, *, but: int | None = None) -> list[User]:
    """Those who have another agreed meeting at that time; `but` is the key of the meeting that may move."""
    ends_at = starts_at + timedelta(minutes=minutes)
    others = Meeting.objects.agreed().overlapping(starts_at, ends_at).exclude(pk=but)
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
    made = set(meeting.reminders.filter(kind=kind, starts_at=meeting.starts_at).values_list("user", flat=True))
    people = [one.user for one in meeting.mentorship.participants.all() if one.user_id not in made]
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


def patterns_of(users: Iterable[User]) -> dict[int, Pattern]:
    """The working week of each, in their own zone; one query."""
    users = list(users)
    hours = WorkingHours.objects.filter(profile__user__in=users)
    weeks: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for key, weekday, starts, ends in hours.values_list("profile__user", "weekday", "starts", "ends"):
        weeks[key].append((weekday, starts, ends))
    return {user.pk: Pattern(user.time_zone, tuple(weeks[user.pk])) for user in users}


def suggestions(mentorship: Mentorship, user: User, minutes: int, *, but: int | None = None) -> Suggestions:
    """Times for the next meeting; this person's clock sets the half hours."""
    people = sorted((one.user for one in mentorship.participants.all()), key=lambda one: one.pk != user.pk)
    patterns = patterns_of(people)
    settled = mentorship.meetings.filter(state__in=[Meeting.State.AGREED, Meeting.State.HELD])
    earlier = list(settled.values_list("starts_at", "minutes"))
    sides = [
        Person(
            _("you") if one.pk == user.pk else one.name,
            patterns[one.pk],
            sum(awkwardness(one.time_zone, starts_at, length) for starts_at, length in earlier if starts_at),
        )
        for one in people
    ]
    return suggest(sides, minutes, clock.now(), busy_spans(people, but=but))


def busy_spans(people: Iterable[User], *, but: int | None = None) -> list[tuple[datetime, datetime]]:
    """When any of them has an agreed meeting, in any mentorship."""
    mine = Participant.objects.filter(user__in=list(people)).values("mentorship")
    rows = Meeting.objects.coming().filter(mentorship__in=mine).exclude(pk=but).values_list("starts_at", "ends_at")
    return [(starts_at, ends_at) for starts_at, ends_at in rows if starts_at and ends_at]


def moments(people: Sequence[User], times: Iterable[datetime], minutes: int) -> list[Moment]:
    """Each time on the clock of the first person and of the others, and whether it lies outside their hours."""
    patterns = patterns_of(people)
    made = []
    for starts_at in times:
        mine, *others = (_on_clock(user, patterns[user.pk], starts_at, minutes) for user in people)
        made.append(Moment(starts_at, mine, tuple(others)))
    return made


def _on_clock(user: User, pattern: Pattern, starts_at: datetime, minutes: int) -> LocalTime:
    outside = bool(pattern.stretches) and not is_inside(pattern, starts_at, minutes)
    return LocalTime(user, starts_at.astimezone(clock.zone(user.time_zone)), outside)
