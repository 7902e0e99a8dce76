"""What each kind of person should do next. Reads many rooms, writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.matching.models import Proposal
from commonhall.meetings import queries as meetings
from commonhall.meetings.models import Meeting
from commonhall.mentorships.models import Agreement, Mentorship, Participant, Signature
from commonhall.organisations.queries import grants_of
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


@dataclass(frozen=True)
class Own:
    """A person's own part in mentoring, asked for once; empty for somebody who never applied."""

    user: User
    places: tuple[Enrolment, ...] = ()
    pairs: tuple[Any, ...] = ()
    agenda: meetings.Agenda | None = None
    has_profile: bool = False

    @property
    def coming(self) -> tuple[Meeting, ...]:
        return self.agenda.coming[:3] if self.agenda else ()


def own(user: User) -> Own:
    places = tuple(my_places(user))
    if not places:
        return Own(user, has_profile=_has_profile(Profile.objects.filter(user=user).first()))
    return Own(
        user=user,
        places=tuple(place for place in places if place.state != Enrolment.State.WITHDRAWN),
        pairs=tuple(_pairs(user)),
        agenda=meetings.agenda(user),
        has_profile=_has_profile(getattr(places[0].user, "profile", None)),
    )


def _has_profile(profile: Profile | None) -> bool:
    return bool(profile and profile.biography and profile.job_title)


def names(mentorship: Mentorship, user: User) -> str:
    return ", ".join(one.user.name for one in mentorship.participants.all() if one.user_id != user.pk)


def next_things(mine: Own) -> list[Next]:
    """What a mentor or a mentee should do now, most pressing first; at most seven."""
    things: list[Next] = []
    for source in (_proposals, _times_to_answer, _meetings_to_log, _agreements, _pairs_without_meeting, _profile):
        things += source(mine)
    return things[:MOST]


def _proposals(mine: Own) -> Iterator[Next]:
    if not mine.places:
        return
    unanswered = Q(mentee__user=mine.user, mentee_accepted_at=None) | Q(mentor__user=mine.user, mentor_accepted_at=None)
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


def _times_to_answer(mine: Own) -> Iterator[Next]:
    for meeting in mine.agenda.waiting if mine.agenda else ():
        if meeting.mentorship.state != Mentorship.State.ACTIVE:
            continue
        yield Next(
            _("%(name)s proposes times for “%(title)s”")
            % {"name": names(meeting.mentorship, mine.user), "title": meeting.title},
            _("Choose one, or propose others."),
            reverse("meetings:detail", args=[meeting.pk]),
            _("Choose a time"),
            "calendar-event",
        )


def _meetings_to_log(mine: Own) -> Iterator[Next]:
    for meeting in mine.agenda.to_log if mine.agenda else ():
        yield Next(
            _("Did “%(title)s” with %(name)s take place?")
            % {"name": names(meeting.mentorship, mine.user), "title": meeting.title},
            "",
            reverse("meetings:detail", args=[meeting.pk]),
            _("Say so in one tap"),
            "check-circle",
            meeting.starts_at,
        )


def _pairs(user: User) -> QuerySet[Mentorship]:
    """One's active mentorships: whether the agreement is written, signed by oneself, and a meeting arranged."""
    signed = Signature.objects.filter(agreement__mentorship=OuterRef("pk"), participant__user=user)
    written = Agreement.objects.filter(mentorship=OuterRef("pk"))
    arranged = Meeting.objects.filter(mentorship=OuterRef("pk"), state__in=Meeting.OPEN)
    people = Prefetch("participants", queryset=Participant.objects.select_related("user"))
    live = Mentorship.objects.of(user).filter(state=Mentorship.State.ACTIVE).prefetch_related(people)
    facts = {"written": Exists(written), "signed": Exists(signed), "arranged": Exists(arranged)}
    return live.annotate(**facts).order_by("began_at")


def _agreements(mine: Own) -> Iterator[Next]:
    for mentorship in mine.pairs:
        if mentorship.signed:
            continue
        yield Next(
            _("Your agreement with %(name)s is not signed yet") % {"name": names(mentorship, mine.user)},
            _("It waits for your name.")
            if mentorship.written
            else _("Ten minutes together that prevent misunderstandings."),
            reverse("mentorships:agreement", args=[mentorship.pk]),
            _("Read and sign") if mentorship.written else _("Write it"),
            "pencil",
        )


def _pairs_without_meeting(mine: Own) -> Iterator[Next]:
    for mentorship in mine.pairs:
        if mentorship.arranged:
            continue
        yield Next(
            _("No meeting with %(name)s is arranged") % {"name": names(mentorship, mine.user)},
            _("We suggest times that suit you both."),
            reverse("meetings:propose", args=[mentorship.pk]),
            _("Propose times"),
            "calendar-plus",
        )


def _profile(mine: Own) -> Iterator[Next]:
    if not mine.has_profile:
        yield Next(
            _("Tell people a little about yourself"),
            _("Five short pages; a better profile makes a better match."),
            reverse("people:edit"),
            _("Fill in your profile"),
            "person",
        )


def my_places(user: User) -> QuerySet[Enrolment]:
    places = Enrolment.objects.filter(user=user).select_related("programme", "user__profile")
    return places.order_by("-programme__kick_off_on", "role")


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


def _run_by(user: User) -> QuerySet[Any]:
    """The programmes under way, each with its matches without an answer and its next date."""
    offered = Proposal.objects.filter(programme=OuterRef("pk"), state=Proposal.State.OFFERED).order_by()
    number = offered.values("programme").annotate(number=Count("pk")).values("number")
    ahead = Milestone.objects.filter(programme=OuterRef("pk"), on__gte=clock.today()).order_by("on", "pk")
    run: QuerySet[Any] = Programme.objects.coordinated_by(user).exclude(state=Programme.State.FINISHED)
    widened: QuerySet[Any] = run.select_related("pool").annotate(
        unanswered=Coalesce(Subquery(number), 0),
        next_label=Subquery(ahead.values("label")[:1]),
        next_on=Subquery(ahead.values("on")[:1]),
    )
    return widened


def running(user: User) -> list[Running]:
    """The programmes that a person runs, with what needs a human in each; in five questions for any number of them."""
    programmes = list(_run_by(user)) if grants_of(user) else []
    if not programmes:
        return []
    ids = [programme.pk for programme in programmes]
    state = Enrolment.State
    people = _counted(
        Enrolment.objects.filter(programme__in=ids),
        waiting=Q(state__in=[state.APPLIED]),
        mentees=Q(state=state.APPROVED, role="mentee"),
        mentors=Q(state=state.APPROVED, role="mentor"),
    )
    pairs = _pair_figures(ids)
    met = _meeting_figures(ids)
    return [
        Running(
            programme=programme,
            next_date=Milestone(label=programme.next_label, on=programme.next_on) if programme.next_on else None,
            unanswered=programme.unanswered,
            **_figures(programme, people, ("waiting", "mentees", "mentors")),
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
