"""Matches as the two people see them, and shortlists."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.matching import deadlines, words
from commonhall.matching.models import Proposal, Round, Wish
from commonhall.organisations.queries import hidden_from
from commonhall.people.models import Profile, Topic
from commonhall.people.visibility import Viewer, listed, visible_fields
from commonhall.programmes.models import Enrolment, Programme
from commonhall.programmes.queries import directory

BY_HAND = "by_hand"
FIELDS_SHOWN = ("biography", "career_path", "qualifications")


def with_people(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """With all that a page or a rule wants of the two people."""
    return proposals.select_related(
        "programme__pool", "round", "mentee__user", "mentee__organisation", "mentee__programme",
        "mentor__user", "mentor__organisation", "mentor__programme",
    )  # fmt: skip


def proposals_waiting_for(user: User) -> QuerySet[Proposal]:
    """Matches that wait for this person's answer, the oldest first."""
    mine = Q(mentee__user=user, mentee_accepted_at=None) | Q(mentor__user=user, mentor_accepted_at=None)
    return with_people(Proposal.objects.filter(mine, state=Proposal.State.OFFERED)).order_by("offered_at", "pk")


def to_prompt() -> list[Proposal]:
    """Open matches that nobody was reminded of and that are three working days old."""
    now = clock.now()
    rows = Proposal.objects.filter(state=Proposal.State.OFFERED, prompted_at=None, offered_at__isnull=False)
    return [one for one in rows if one.offered_at and deadlines.after(one.offered_at, deadlines.PROMPT_AFTER) <= now]


def overdue() -> QuerySet[Proposal]:
    return Proposal.objects.filter(state=Proposal.State.OFFERED, answer_by__lte=clock.now())


def wants_next(proposal: Proposal) -> bool:
    """Closed without a mentorship, made by the round, and the mentee still wants somebody."""
    closed = proposal.state in (Proposal.State.DECLINED, Proposal.State.LAPSED, Proposal.State.WITHDRAWN)
    if not closed or proposal.round_id is None or proposal.offered_at is None:
        return False
    if proposal.state == Proposal.State.LAPSED and not proposal.mentee_accepted_at:
        return False
    mentee = proposal.mentee
    if proposal.declined_by_id == mentee.user_id and proposal.decline_reason == Proposal.DeclineReason.TIME:
        return False
    waiting = Proposal.objects.live().filter(mentee=mentee).count()
    return mentee.state == Enrolment.State.APPROVED and not mentee.is_paused and mentee.places_left > waiting


def next_is_sought(proposal: Proposal, code: str) -> bool:
    """Whether the mentee hears of a next best match by itself; `code` is why the match was taken back, if it was.

    Not after a coordinator took it back by hand, not where she looks at each first, and not once nobody was left.
    """
    round = proposal.round
    if code == BY_HAND or round is None or round.after_decline != Round.AfterDecline.OFFER:
        return False
    if Proposal.objects.filter(follows=proposal).exists():
        return True
    return wants_next(proposal) and not Event.objects.about(proposal).filter(verb="proposal.nobody_left").exists()


@dataclass(frozen=True, slots=True)
class Partner:
    """The other one of a match, with what they let a match see."""

    enrolment: Enrolment
    profile: Profile | None
    facts: dict[str, str]
    topics: list[str]
    hidden: frozenset[str]

    @property
    def name(self) -> str:
        return self.enrolment.user.name

    @property
    def first_name(self) -> str:
        return self.enrolment.user.get_short_name()


def partner(proposal: Proposal, side: str) -> Partner:
    """What somebody sees of the other one: a partner's fields, but for those that their council keeps back."""
    other = proposal.mentor if side == "mentee" else proposal.mentee
    purpose = Topic.Purpose.OFFER if side == "mentee" else Topic.Purpose.WANT
    topics = Prefetch("topics", queryset=Topic.objects.filter(purpose=purpose).order_by("pk"))
    profile = Profile.objects.filter(user=other.user_id).prefetch_related(topics).first()
    mine = proposal.mentee if side == "mentee" else proposal.mentor
    home = other.organisation_id
    hidden = hidden_from(mine.organisation_id, proposal.programme.pool_id, [home])[home]
    if profile is None:
        return Partner(other, None, {}, [], hidden)
    seen = visible_fields(Viewer.PARTNER, hidden)
    own_words = "can_help" if side == "mentee" else "want_to_learn"
    facts = {name: getattr(profile, name) for name in (own_words, *FIELDS_SHOWN) if name in seen}
    facts["job_title"] = profile.job_title if "job_title" in seen else ""
    return Partner(
        other,
        profile,
        {name: value for name, value in facts.items() if value},
        [words.capital(words.name_of(topic.kind, topic.key)) for topic in profile.topics.all()],
        hidden,
    )


@dataclass(frozen=True, slots=True)
class Suggested:
    """A mentor who would suit, with what speaks for it in the mentee's own reading."""

    mentor: Enrolment
    reasons: list[words.Reason]


def suggested(
    mentee: Enrolment, nearest: Iterable[tuple[Enrolment, float, list[list[object]]]], most: int
) -> list[Suggested]:
    """The first of the nearest who stand in the directory; what a council keeps to itself is not among the reasons."""
    found = [(mentor, told) for mentor, _score, told in nearest if listed(mentor.user.profile)][:most]
    hidden = hidden_from(
        mentee.organisation_id, mentee.programme.pool_id, [mentor.organisation_id for mentor, _told in found]
    )
    return [
        Suggested(
            mentor, words.reasons(told, "mentee", mentor.user.get_short_name(), hidden[mentor.organisation_id])[:3]
        )
        for mentor, told in found
    ]


def page(proposal: Proposal, user: User) -> dict[str, Any]:
    """A match for one of its two people, or for those who run the programme."""
    side = proposal.side_of(user)
    if not side:
        reasons = words.reasons(proposal.reasons, "coordinator")
        return {"proposal": proposal, "side": "", "reasons": reasons, "percent": round(proposal.score * 100)}
    other = partner(proposal, side)
    return {
        "proposal": proposal,
        "side": side,
        "other": other,
        "reasons": words.reasons(proposal.reasons, side, other.first_name, other.hidden),
        "has_accepted": proposal.accepted_by(side),
        "they_accepted": proposal.accepted_by("mentor" if side == "mentee" else "mentee"),
        "waits": proposal.waits_for(side),
        "next_is_sought": side == "mentee" and not proposal.is_open and next_is_sought(proposal, ""),
    }


def mentors_beside(proposal: Proposal) -> QuerySet[Enrolment]:
    """Every mentor with a place in the match's programme."""
    return Enrolment.objects.mentors().approved().filter(programme=proposal.programme_id).select_related("user")


def seen_as_mentee(user: User) -> QuerySet[Proposal]:
    """Where this person is the mentee and has seen the match."""
    return with_people(Proposal.objects.filter(mentee__user=user, offered_at__isnull=False))


def wishes_of(user: User) -> QuerySet[Wish]:
    return Wish.objects.filter(mentee__user=user).select_related("mentee__programme", "mentor__programme")


def shortlist(mentee: Enrolment) -> list[Wish]:
    return list(
        mentee.wishes.select_related(
            "mentor__user__profile", "mentor__organisation", "mentor__programme", "mentee__programme"
        ).order_by("rank", "pk")
    )


def lists_of(user: User) -> QuerySet[Enrolment]:
    """Places as a mentee in which this person may keep a shortlist."""
    return Enrolment.objects.mentees().live().filter(user=user).select_related("programme")


def own_place(user: User, programme: Programme) -> Enrolment | None:
    places = Enrolment.objects.mentees().live().filter(user=user, programme=programme)
    return places.select_related("programme", "user").first()


def askable(user: User) -> QuerySet[Enrolment]:
    """Mentors who stand in a directory that this person can read, and everybody of the programmes that they run."""
    runs = Programme.objects.coordinated_by(user).values("pk")
    listed = Q(user__profile__listed_at__isnull=False, programme__in=directory.open_to(user).values("pk"))
    mentors = Enrolment.objects.mentors().approved().filter(user__is_active=True).filter(listed | Q(programme__in=runs))
    return mentors.select_related("user__profile", "organisation", "programme__pool")
