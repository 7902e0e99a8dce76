from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.prepared import Prepared
from commonhall.history.models import Event
from commonhall.history.words import sentence
from commonhall.meetings.models import Meeting, Reminder
from commonhall.meetings.suggestions import Person, Suggestions, awkwardness, suggest
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.mentorships.queries import (
    AgreementNow,
    agreement_now,
    hidden_fields,
    long_unsigned,
    partners,
    with_signatures,
)
from commonhall.mentorships.queries import with_people as mentorships_with_people
from commonhall.people.hours import Pattern, is_inside
from commonhall.people.models import WorkingHours
from commonhall.people.queries import Card, card
from commonhall.people.visibility import Viewer
from commonhall.programmes.models import Programme

MOST_IN_AGENDA = 60
NO_MEETING_AFTER = timedelta(days=21)
NEVER = Value(datetime(9999, 1, 1, tzinfo=UTC))
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
class Agenda:
    """Somebody's meetings, by what they wait for."""

    waiting: tuple[Meeting, ...]
    sent: tuple[Meeting, ...]
    to_log: tuple[Meeting, ...]
    coming: tuple[Meeting, ...]
    past: tuple[Meeting, ...]


@dataclass(frozen=True)
class LocalTime:
    """One moment on one person's clock."""

    user: User
    at: datetime
    is_outside_hours: bool

    @property
    def words(self) -> str:
        """Day and hour as this clock shows them, whoever reads."""
        return date_format(self.at, "l H:i")


@dataclass(frozen=True)
class Moment:
    """A time of a meeting, for me and for the others."""

    starts_at: datetime
    mine: LocalTime
    others: tuple[LocalTime, ...]


def with_people(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """With all that the rules and a card read."""
    people = Prefetch("mentorship__participants", queryset=Participant.objects.select_related("user"))
    return meetings.select_related("mentorship__programme", "proposed_by", "cancelled_by").prefetch_related(
        "options", people
    )


def people_in(mentorship: Mentorship, first: User) -> list[User]:
    """Everybody in it, this person first."""
    return sorted((one.user for one in mentorship.participants.all()), key=lambda user: user.pk != first.pk)


def people_of(meeting: Meeting, first: User) -> list[User]:
    return people_in(meeting.mentorship, first)


def to_log(user: User) -> QuerySet[Meeting]:
    """Agreed meetings whose time is over, and of which nobody has said whether they took place."""
    over = Meeting.objects.visible_to(user).agreed().filter(ends_at__lt=clock.now())
    return with_people(over.order_by("starts_at"))


def agenda(user: User) -> Agenda:
    """All that is open, and what lies behind, in one look; meetings that were called off are left out."""
    meetings = _in_agenda(user=user.pk)
    asked = [one for one in meetings if one.state in Meeting.OPEN and one.options.all()]
    agreed = [one for one in reversed(meetings) if one.state == Meeting.State.AGREED]
    return Agenda(
        waiting=tuple(one for one in asked if one.proposed_by_id != user.pk),
        sent=tuple(one for one in asked if one.proposed_by_id == user.pk),
        to_log=tuple(one for one in agreed if one.is_over),
        coming=tuple(one for one in agreed if not one.is_over),
        past=tuple(one for one in meetings if one.state in Meeting.LOGGED),
    )


def _not_cancelled(user: int) -> QuerySet[Meeting]:
    mine = Meeting.objects.visible_to(user).exclude(state=Meeting.State.CANCELLED)
    return with_people(mine).order_by(F("starts_at").desc(nulls_first=True))[:MOST_IN_AGENDA]


_in_agenda = Prepared(_not_cancelled, user=int)


def clashes(people: Iterable[User], starts_at: datetime, minutes: int, *, but: int | None = None) -> list[User]:
    """Those who have another agreed meeting at that time; `but` is the key of the meeting that may move."""
    ends_at = starts_at + timedelta(minutes=minutes)
    others = Meeting.objects.agreed().overlapping(starts_at, ends_at).exclude(pk=but or 0)
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


def never_arranged(mentorships: QuerySet[Any]) -> QuerySet[Any]:
    """Those under way that have arranged no meeting in their first three weeks."""
    arranged = Meeting.objects.filter(mentorship=OuterRef("pk")).exclude(state=Meeting.State.CANCELLED)
    began = clock.now() - NO_MEETING_AFTER
    return mentorships.filter(~Exists(arranged), state=Mentorship.State.ACTIVE, began_at__lt=began)


# What a list of pairs can be narrowed to, with its words.
NEEDS: dict[str, tuple[Any, Callable[[QuerySet[Any]], QuerySet[Any]]]] = {
    "unsigned": (gettext_lazy("agreement not signed after thirty days"), long_unsigned),
    "unmet": (gettext_lazy("no meeting arranged after three weeks"), never_arranged),
}


def pairs_of(programme: Programme) -> QuerySet[Any]:
    """A programme's pairs with their people, signatures, and counts and dates of their meetings; one query a part."""
    theirs = Meeting.objects.filter(mentorship=OuterRef("pk")).order_by().values("mentorship")
    held = theirs.filter(state=Meeting.State.HELD)
    agreed = theirs.filter(state=Meeting.State.AGREED, ends_at__gte=clock.now())
    counted: QuerySet[Any] = with_signatures(mentorships_with_people(programme.mentorships.all())).annotate(
        held=Coalesce(Subquery(held.annotate(number=Count("pk")).values("number")), 0),
        last_held=Subquery(held.annotate(moment=Max("starts_at")).values("moment")),
        next_agreed=Subquery(agreed.annotate(moment=Min("starts_at")).values("moment")),
    )
    pairs: QuerySet[Any] = counted.annotate(
        quiet_since=Coalesce("last_held", "began_at"), next_or_never=Coalesce("next_agreed", NEVER)
    )
    return pairs


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
    people = people_in(mentorship, user)
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
    rows = Meeting.objects.coming().filter(mentorship__in=mine).exclude(pk=but or 0).values_list("starts_at", "ends_at")
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


@dataclass(frozen=True)
class Other:
    """Another person of the mentorship, as this reader may see them."""

    participant: Participant
    card: Card


@dataclass(frozen=True)
class Happening:
    at: datetime
    what: str
    icon: str


@dataclass(frozen=True)
class Workspace:
    """All that the page of one mentorship shows to somebody in it."""

    mentorship: Mentorship
    others: tuple[Other, ...]
    agreement: AgreementNow
    is_mine_signed: bool
    coming: tuple[Meeting, ...]
    proposed: tuple[Meeting, ...]
    to_log: tuple[Meeting, ...]
    past: tuple[Meeting, ...]
    happenings: tuple[Happening, ...]
    step: str
    about: Meeting | None


ICONS = {
    "mentorship": "people",
    "mentorship.signed": "check-circle",
    "mentorship.agreement_written": "file-earmark-text",
    "mentorship.paused": "pause-circle",
    "mentorship.resumed": "play-circle",
    "meeting": "calendar-event",
    "meeting.agreed": "calendar-check",
    "meeting.cancelled": "x-circle",
}
MOST_HAPPENINGS = 12


def workspace(mentorship: Mentorship, user: User) -> Workspace:
    """`mentorship` as `mentorships.queries.with_people` gives it."""
    agreement = agreement_now(mentorship)
    rows = mentorship.meetings.select_related("proposed_by", "cancelled_by").prefetch_related("options")
    meetings = list(rows.order_by("starts_at", "proposed_at"))
    for meeting in meetings:
        meeting.mentorship = mentorship
    agreed = [one for one in meetings if one.state == Meeting.State.AGREED]
    coming = tuple(one for one in agreed if not one.is_over)
    to_log = tuple(one for one in agreed if one.is_over)
    proposed = tuple(one for one in meetings if one.state in Meeting.OPEN and one.options.all() and one not in to_log)
    step, about = _next_step(mentorship, user, agreement, coming, proposed, to_log)
    return Workspace(
        mentorship=mentorship,
        others=tuple(_other(mentorship, one, user) for one in partners(mentorship, user)),
        agreement=agreement,
        is_mine_signed=agreement.signed_by(user),
        coming=coming,
        proposed=proposed,
        to_log=to_log,
        past=tuple(one for one in reversed(meetings) if one.state in (*Meeting.LOGGED, Meeting.State.CANCELLED)),
        happenings=happenings(mentorship),
        step=step,
        about=about,
    )


def happenings(mentorship: Mentorship) -> tuple[Happening, ...]:
    """What happened to the pair and to its meetings, newest first."""
    meetings = Q(about_type=ContentType.objects.get_for_model(Meeting), about_id__in=mentorship.meetings.values("pk"))
    pair = Q(about_type=ContentType.objects.get_for_model(Mentorship), about_id=mentorship.pk)
    events = Event.objects.filter(pair | meetings).exclude(verb="meeting.due").select_related("by")
    return tuple(
        Happening(one.at, sentence(one), ICONS.get(one.verb) or ICONS[one.verb.split(".")[0]])
        for one in events[:MOST_HAPPENINGS]
    )


def _other(mentorship: Mentorship, participant: Participant, reader: User) -> Other:
    hidden = hidden_fields(mentorship, participant, reader)
    return Other(participant, card(participant.user, Viewer.PARTNER, reader, hidden))


def _next_step(
    mentorship: Mentorship,
    user: User,
    agreement: AgreementNow,
    coming: Sequence[Meeting],
    proposed: Sequence[Meeting],
    to_log: Sequence[Meeting],
) -> tuple[str, Meeting | None]:
    """The one thing that this person would do next, and the meeting that it is about."""
    if mentorship.state != Mentorship.State.ACTIVE:
        return mentorship.state, None
    to_answer = [one for one in proposed if one.proposed_by_id != user.pk]
    unsigned = agreement.agreement is not None and not agreement.signed_by(user)
    steps: list[tuple[bool, str, Sequence[Meeting]]] = [
        (bool(to_answer), "answer", to_answer),
        (bool(to_log), "log", to_log),
        (unsigned, "sign", ()),
        (not coming and not proposed, "propose", ()),
        (agreement.agreement is None, "write", ()),
        (not coming, "wait", proposed),
    ]
    return next(((name, meetings[0] if meetings else None) for so, name, meetings in steps if so), ("ready", None))


def usual_arrangement(mentorship: Mentorship) -> dict[str, str]:
    """How they met last: the beginning of the next proposal."""
    last = mentorship.meetings.exclude(state=Meeting.State.CANCELLED).order_by("-pk").first()
    return {"channel": last.channel, "place": last.place} if last else {"channel": Meeting.Channel.VIDEO}
