from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from commonhall.accounts.models import User
from commonhall.history.models import Event
from commonhall.history.words import sentence
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.series import in_words, open_series
from commonhall.meetings.queries.times import names_of
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
    "series": "arrow-repeat",
    "meeting.agreed": "calendar-check",
    "meeting.cancelled": "x-circle",
}
UNTOLD = ("meeting.due", "meeting.over", "series.shortened")
MOST_HAPPENINGS = 12
MOST_COMING = 3


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
class Recurring:
    """One of the pair's series, in words."""

    series: Series
    words: str
    is_mine: bool

    PROPOSED = Series.State.PROPOSED


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
    series: tuple[Recurring, ...]

    @property
    def coming_soon(self) -> list[Meeting]:
        """The next few; those for which another time is proposed stand with the proposals."""
        return self._without_question[:MOST_COMING]

    @property
    def coming_later(self) -> list[Meeting]:
        return self._without_question[MOST_COMING:]

    @property
    def _without_question(self) -> list[Meeting]:
        return [one for one in self.coming if one not in self.proposed]

    @property
    def names(self) -> str:
        return names_of(other.participant.user for other in self.others)

    @property
    def to_arrange(self) -> bool:
        """Under way, and nothing is agreed or proposed."""
        asked = (*self.coming, *self.proposed, *(one for one in self.series if one.series.state == one.PROPOSED))
        return self.mentorship.state == Mentorship.State.ACTIVE and not asked


def workspace(mentorship: Mentorship, user: User) -> Workspace:
    """`mentorship` as `mentorships.queries.with_people` gives it."""
    agreement = agreement_now(mentorship)
    rows = mentorship.meetings.select_related("proposed_by", "cancelled_by", "missed_by").prefetch_related("options")
    meetings = list(rows.order_by("starts_at", "proposed_at"))
    for meeting in meetings:
        meeting.mentorship = mentorship
    agreed = [one for one in meetings if one.state == Meeting.State.AGREED]
    coming = tuple(one for one in agreed if not one.is_over)
    to_log = tuple(one for one in agreed if one.is_over)
    proposed = tuple(one for one in meetings if one.state in Meeting.OPEN and one.options.all() and one not in to_log)
    recurring = tuple(
        Recurring(one, in_words(one.rhythm), one.proposed_by_id == user.pk) for one in open_series(mentorship, coming)
    )
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
        series=recurring,
    )


def happenings(mentorship: Mentorship) -> tuple[Happening, ...]:
    """What happened to the pair and to its meetings, newest first."""
    meetings = Q(about_type=ContentType.objects.get_for_model(Meeting), about_id__in=mentorship.meetings.values("pk"))
    series = Q(about_type=ContentType.objects.get_for_model(Series), about_id__in=mentorship.series.values("pk"))
    pair = Q(about_type=ContentType.objects.get_for_model(Mentorship), about_id=mentorship.pk)
    events = Event.objects.filter(pair | meetings | series).exclude(verb__in=UNTOLD).select_related("by")
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
