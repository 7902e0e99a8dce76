"""What each kind of person should do next. Reads many rooms, writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.matching.models import Proposal
from commonhall.meetings import queries as meetings
from commonhall.meetings.models import Meeting
from commonhall.mentorships.models import Agreement, Mentorship, Participant, Signature
from commonhall.people.models import Profile
from commonhall.programmes.models import Enrolment, Milestone, Programme

UNSIGNED_AFTER = timedelta(days=30)
NO_MEETING_AFTER = timedelta(days=21)
MOST = 7


@dataclass(frozen=True)
class Next:
    """One thing to do: why, where, and by when."""

    title: str
    line: str
    url: str
    act: str | Promise
    icon: str
    at: datetime | date | None = None


@dataclass(frozen=True)
class Running:
    """How one programme stands, for whoever runs it."""

    programme: Programme
    waiting: int
    mentees: int
    mentors: int
    live: int
    unanswered: int
    coming: int
    held: int
    unsigned: int
    unmet: int
    next_date: Milestone | None

    @property
    def needs(self) -> int:
        return self.waiting + self.unsigned + self.unmet


def names(mentorship: Mentorship, user: User) -> str:
    return ", ".join(one.user.name for one in mentorship.participants.all() if one.user_id != user.pk)


def next_things(user: User) -> list[Next]:
    """What a mentor or a mentee should do now, most pressing first; at most seven."""
    things: list[Next] = []
    for source in (_proposals, _times_to_answer, _meetings_to_log, _agreements, _pairs_without_meeting, _profile):
        things += source(user)
    return things[:MOST]


def _proposals(user: User) -> Iterator[Next]:
    unanswered = Q(mentee__user=user, mentee_accepted_at=None) | Q(mentor__user=user, mentor_accepted_at=None)
    waiting = Proposal.objects.filter(unanswered, state=Proposal.State.OFFERED).select_related("programme")
    for proposal in waiting.order_by("answer_by", "pk"):
        yield Next(
            _("A match waits for your answer"),
            proposal.programme.name,
            reverse("matching:proposal", args=[proposal.pk]),
            _("See the match"),
            "people",
            proposal.answer_by,
        )


def _times_to_answer(user: User) -> Iterator[Next]:
    for meeting in meetings.waiting_for(user):
        yield Next(
            _("%(name)s proposes times for “%(title)s”")
            % {"name": names(meeting.mentorship, user), "title": meeting.title},
            _("Choose one, or propose others."),
            reverse("meetings:detail", args=[meeting.pk]),
            _("Choose a time"),
            "calendar-event",
        )


def _meetings_to_log(user: User) -> Iterator[Next]:
    for meeting in meetings.to_log(user):
        yield Next(
            _("Did “%(title)s” with %(name)s take place?")
            % {"name": names(meeting.mentorship, user), "title": meeting.title},
            "",
            reverse("meetings:detail", args=[meeting.pk]),
            _("Say so in one tap"),
            "check-circle",
            meeting.starts_at,
        )


def _mine(user: User) -> QuerySet[Mentorship]:
    live = Mentorship.objects.of(user).filter(state=Mentorship.State.ACTIVE)
    return live.prefetch_related("participants__user").order_by("began_at")


def _agreements(user: User) -> Iterator[Next]:
    signed = Signature.objects.filter(agreement__mentorship=OuterRef("pk"), participant__user=user)
    written = Agreement.objects.filter(mentorship=OuterRef("pk"))
    for mentorship in _mine(user).annotate(written=Exists(written)).filter(~Exists(signed)):
        yield Next(
            _("Your agreement with %(name)s is not signed yet") % {"name": names(mentorship, user)},
            _("It waits for your name.")
            if mentorship.written
            else _("Ten minutes together that prevent misunderstandings."),
            reverse("mentorships:agreement", args=[mentorship.pk]),
            _("Read and sign") if mentorship.written else _("Write it"),
            "pencil",
        )


def _pairs_without_meeting(user: User) -> Iterator[Next]:
    open_states = [Meeting.State.PROPOSED, Meeting.State.AGREED]
    arranged = Meeting.objects.filter(mentorship=OuterRef("pk"), state__in=open_states)
    for mentorship in _mine(user).filter(~Exists(arranged)):
        yield Next(
            _("No meeting with %(name)s is arranged") % {"name": names(mentorship, user)},
            _("We suggest times that suit you both."),
            reverse("meetings:propose", args=[mentorship.pk]),
            _("Propose times"),
            "calendar-plus",
        )


def _profile(user: User) -> Iterator[Next]:
    filled = Profile.objects.filter(user=user).exclude(biography="").exclude(job_title="").exists()
    if not filled:
        yield Next(
            _("Tell people a little about yourself"),
            _("Five short pages; a better profile makes a better match."),
            reverse("people:edit"),
            _("Fill in your profile"),
            "person",
        )


def my_places(user: User) -> QuerySet[Enrolment]:
    places = Enrolment.objects.filter(user=user).select_related("programme__pool")
    return places.exclude(state__in=[Enrolment.State.WITHDRAWN]).order_by("-programme__kick_off_on", "role")


def coming(user: User) -> list[Meeting]:
    return list(meetings.with_people(Meeting.objects.visible_to(user).coming())[:3])


def programmes_to_join(user: User) -> list[Programme]:
    taken = Enrolment.objects.filter(user=user).values("programme")
    open_now = Programme.objects.visible_to(user).filter(state=Programme.State.OPEN)
    return list(open_now.exclude(pk__in=taken).select_related("pool")[:5])


def open_to_all() -> list[Programme]:
    """Public programmes that take applications, for visitors."""
    return list(Programme.objects.filter(is_public=True, state=Programme.State.OPEN).select_related("pool")[:6])


def _counted(rows: QuerySet[Any], **figures: Q) -> dict[int, dict[str, int]]:
    counted = (
        rows.order_by().values("programme").annotate(**{name: Count("pk", filter=q) for name, q in figures.items()})
    )
    return {row["programme"]: row for row in counted}


def running(user: User) -> list[Running]:
    """The programmes that a person runs, with what needs a human in each; eight queries for any number of them."""
    run = Programme.objects.coordinated_by(user).exclude(state=Programme.State.FINISHED)
    programmes = list(run.select_related("pool"))
    ids = [programme.pk for programme in programmes]
    state = Enrolment.State
    people = _counted(
        Enrolment.objects.filter(programme__in=ids),
        waiting=Q(state__in=[state.APPLIED]),
        mentees=Q(state=state.APPROVED, role="mentee"),
        mentors=Q(state=state.APPROVED, role="mentor"),
    )
    offered = _counted(Proposal.objects.filter(programme__in=ids), unanswered=Q(state=Proposal.State.OFFERED))
    pairs = _pair_figures(ids)
    met = _meeting_figures(ids)
    dates = _next_dates(ids)
    return [
        Running(
            programme=programme,
            next_date=dates.get(programme.pk),
            **_figures(programme, people, ("waiting", "mentees", "mentors")),
            **_figures(programme, offered, ("unanswered",)),
            **_figures(programme, pairs, ("live", "unsigned", "unmet")),
            **_figures(programme, met, ("coming", "held")),
        )
        for programme in programmes
    ]


def _figures(programme: Programme, counted: dict[int, dict[str, int]], wanted: tuple[str, ...]) -> dict[str, int]:
    row = counted.get(programme.pk, {})
    return {name: row.get(name, 0) for name in wanted}


def _pair_figures(ids: list[int]) -> dict[int, dict[str, int]]:
    now = clock.now()
    unsigned = Participant.objects.filter(mentorship=OuterRef("pk"), signatures=None)
    arranged = Meeting.objects.filter(mentorship=OuterRef("pk")).exclude(state=Meeting.State.CANCELLED)
    live = Mentorship.objects.filter(programme__in=ids, state=Mentorship.State.ACTIVE)
    return _counted(
        live.annotate(lacks_name=Exists(unsigned), has_met=Exists(arranged)),
        live=Q(),
        unsigned=Q(lacks_name=True, began_at__lt=now - UNSIGNED_AFTER),
        unmet=Q(has_met=False, began_at__lt=now - NO_MEETING_AFTER),
    )


def _meeting_figures(ids: list[int]) -> dict[int, dict[str, int]]:
    now = clock.now()
    rows = Meeting.objects.filter(mentorship__programme__in=ids)
    counted = (
        rows.order_by()
        .values("mentorship__programme")
        .annotate(
            coming=Count("pk", filter=Q(state=Meeting.State.AGREED, starts_at__gte=now)),
            held=Count("pk", filter=Q(state=Meeting.State.HELD, starts_at__gte=now - timedelta(weeks=4))),
        )
    )
    return {row["mentorship__programme"]: row for row in counted}


def _next_dates(ids: list[int]) -> dict[int, Milestone]:
    coming_up = Milestone.objects.filter(programme__in=ids, on__gte=clock.today()).order_by("-on")
    return {milestone.programme_id: milestone for milestone in coming_up}
