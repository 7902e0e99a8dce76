from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from commonhall.accounts.models import User
from commonhall.history.models import Event
from commonhall.history.words import sentence
from commonhall.meetings.models import Meeting
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.mentorships.queries import (
    AgreementNow,
    agreement_now,
    hidden_fields,
    partners,
)
from commonhall.people.queries import Card, card
from commonhall.people.visibility import Viewer

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
