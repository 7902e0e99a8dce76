"""A person's own part in mentoring, and what to do next in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core.prepared import Prepared
from commonhall.home.queries.manager import to_agree
from commonhall.home.queries.next_thing import Next
from commonhall.matching.models import Proposal
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries import agenda as meetings
from commonhall.mentorships.models import Agreement, Mentorship, Participant
from commonhall.mentorships.queries import signatures_that_count
from commonhall.organisations.queries import grants_of, has_workplace, waits_for_confirmation
from commonhall.people.models import Profile
from commonhall.programmes.models import Enrolment, Programme

MOST = 7


@dataclass(frozen=True)
class Pair:
    """One of a person's active mentorships: where and as what, with whom, and what is still to do in it."""

    pk: int
    programme: int
    role: str
    people: list[str]
    written: bool
    signed: bool
    arranged: bool

    @property
    def names(self) -> str:
        return ", ".join(self.people)


@dataclass(frozen=True)
class Own:
    """A person's own part in mentoring, asked for once; empty for somebody who never applied."""

    user: User
    places: tuple[Enrolment, ...] = ()
    pairs: tuple[Pair, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    agenda: meetings.Agenda | None = None
    has_profile: bool = False
    to_join: tuple[Programme, ...] = ()

    @property
    def coming(self) -> tuple[Meeting, ...]:
        return self.agenda.coming[:3] if self.agenda else ()

    @property
    def is_staff_only(self) -> bool:
        return not self.places and bool(grants_of(self.user))

    @property
    def waiting(self) -> list[str]:
        """What goes on without this person."""
        lines = dict.fromkeys(line for place in self.places for line in _under_way(place, self))
        if waits_for_confirmation(self.user):
            lines[_("Somebody confirms that you work where you say. Then you see the mentors of your pools.")] = None
        return list(lines)


def own(user: User) -> Own:
    places = tuple(_my_places(user=user.pk))
    to_join = () if grants_of(user) else tuple(programmes_to_join(user))
    if not places:
        asked = not grants_of(user)
        return Own(user, has_profile=asked and _has_profile(Profile.objects.filter(user=user).first()), to_join=to_join)
    return Own(
        user=user,
        places=tuple(place for place in places if place.state != Enrolment.State.WITHDRAWN),
        pairs=tuple(_pairs(user)),
        proposals=tuple(_open_proposals(user=user.pk)),
        agenda=meetings.agenda(user),
        has_profile=_has_profile(getattr(places[0].user, "profile", None)),
        to_join=to_join,
    )


def _under_way(place: Enrolment, mine: Own) -> Iterator[str]:
    """Where an application or a place stands, as far as nothing else says so."""
    programme = place.programme
    if place.state == Enrolment.State.SPONSOR:
        yield _("%(programme)s: your line manager is asked to agree.") % {"programme": programme.name}
    elif place.state == Enrolment.State.APPLIED:
        yield _("%(programme)s: the coordinator looks at your application.") % {"programme": programme.name}
    elif place.state == Enrolment.State.APPROVED:
        yield from _placed(place, mine)


def _placed(place: Enrolment, mine: Own) -> Iterator[str]:
    """Somebody with a place: whom they wait for, whom they work with, or that the matching is still to come."""
    programme, state = place.programme, Programme.State
    offered = [one for one in mine.proposals if place.pk in (one.mentee_id, one.mentor_id)]
    yield from (_waits_for_the_other(one, mine.user) for one in offered if not one.waits_for(one.side_of(mine.user)))
    if programme.state not in (state.OPEN, state.MATCHING):
        if programme.state == state.RUNNING and place.role == Enrolment.Role.MENTEE and not (offered or place.taken):
            told = _("%(programme)s: a mentor for you is still being looked for. You can also ask one yourself.")
            yield told % {"programme": programme.name}
        return
    together = [one for one in mine.pairs if (one.programme, one.role) == (programme.pk, place.role)]
    for pair in together:
        told = _("%(programme)s: your mentorship with %(name)s has begun.")
        yield told % {"programme": programme.name, "name": pair.names}
    if not offered and not together:
        yield _to_be_matched(programme)


def _waits_for_the_other(proposal: Proposal, user: User) -> str:
    other = proposal.mentor if proposal.side_of(user) == "mentee" else proposal.mentee
    values = {"programme": proposal.programme.name, "name": other.user.name, "day": answer_day(proposal)}
    if proposal.origin == Proposal.Origin.REQUEST:
        return _("%(programme)s: you have asked %(name)s, who has until %(day)s to answer.") % values
    return _("%(programme)s: you have said yes. %(name)s has until %(day)s to answer.") % values


def answer_day(proposal: Proposal) -> str:
    """ "Tuesday 1 December", on the reader's own calendar."""
    return date_format(timezone.localtime(proposal.answer_by), "l j F") if proposal.answer_by else ""


def _to_be_matched(programme: Programme) -> str:
    if programme.state == Programme.State.MATCHING:
        return _("%(programme)s: you have a place, and the matching is under way.") % {"programme": programme.name}
    if programme.applications_close_on is None:
        return _("%(programme)s: you have a place.") % {"programme": programme.name}
    on = date_format(programme.applications_close_on, "j F")
    told = _("%(programme)s: you have a place. The matching begins when applications close, on %(on)s.")
    return told % {"programme": programme.name, "on": on}


def _has_profile(profile: Profile | None) -> bool:
    return bool(profile and profile.biography and profile.job_title)


def names(mentorship: Mentorship, user: User) -> str:
    return ", ".join(one.user.name for one in mentorship.participants.all() if one.user_id != user.pk)


def next_things(mine: Own) -> list[Next]:
    """What a mentor or a mentee should do now, most pressing first; at most seven."""
    things: list[Next] = []
    for source in SOURCES:
        things += source(mine)
    return things[:MOST]


def _offered(user: int) -> QuerySet[Proposal]:
    """Matches and requests that are not answered by both, on whichever side one is; the most urgent first."""
    mine = Proposal.objects.filter(Q(mentee__user=user) | Q(mentor__user=user), state=Proposal.State.OFFERED)
    return mine.select_related("programme", "mentee__user", "mentor__user").order_by("answer_by", "pk")


_open_proposals = Prepared(_offered, user=int)


def _proposals(mine: Own) -> Iterator[Next]:
    for proposal in mine.proposals:
        side = proposal.side_of(mine.user)
        if not proposal.waits_for(side):
            continue
        other = (proposal.mentor if side == "mentee" else proposal.mentee).user
        is_request = proposal.origin == Proposal.Origin.REQUEST
        title = (
            _("%(name)s asks you to be their mentor")
            if is_request
            else _("Your match with %(name)s waits for your answer")
        )
        yield Next(
            title % {"name": other.name},
            _first_words(proposal, other),
            reverse("matching:proposal", args=[proposal.pk]),
            _("Read and answer") if is_request else _("See the match"),
            "people",
            by=_("Answer by %(day)s") % {"day": answer_day(proposal)} if proposal.answer_by else "",
        )


def _first_words(proposal: Proposal, other: User) -> str:
    values = {"name": other.get_short_name(), "programme": proposal.programme.name}
    if proposal.origin != Proposal.Origin.REQUEST and (proposal.mentee_accepted_at or proposal.mentor_accepted_at):
        return _("%(programme)s: %(name)s has said yes. With yours, the mentorship begins.") % values
    return proposal.programme.name


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
            by=date_format(timezone.localtime(meeting.starts_at), "l j F"),
        )


def _partners(user: int) -> QuerySet[Participant]:
    in_it = OuterRef("mentorship")
    signed = signatures_that_count("mentorship").filter(participant__user=user)
    arranged = Meeting.objects.filter(mentorship=in_it, state__in=Meeting.OPEN)
    mine = Mentorship.objects.of(user).filter(state=Mentorship.State.ACTIVE)
    people = Participant.objects.filter(mentorship__in=mine).exclude(user=user).select_related("user", "mentorship")
    rows = people.annotate(
        written=Exists(Agreement.objects.filter(mentorship=in_it)), signed=Exists(signed), arranged=Exists(arranged)
    )
    return rows.order_by("mentorship__began_at", "mentorship", "pk")


_my_partners = Prepared(_partners, user=int)


def _pairs(user: User) -> list[Pair]:
    """One's active mentorships, the oldest first; one question for all."""
    pairs: dict[int, Pair] = {}
    for row in _my_partners(user=user.pk):
        if row.mentorship_id in pairs:
            pairs[row.mentorship_id].people.append(row.user.name)
            continue
        role = "mentor" if row.role == "mentee" else "mentee"
        known = (row.mentorship_id, row.mentorship.programme_id, role, [row.user.name])
        pairs[row.mentorship_id] = Pair(*known, row.written, row.signed, row.arranged)
    return list(pairs.values())


def _agreements(mine: Own) -> Iterator[Next]:
    for pair in mine.pairs:
        if pair.signed:
            continue
        yield Next(
            _("Your agreement with %(name)s is not signed yet") % {"name": pair.names},
            _("It waits for your name.") if pair.written else _("Ten minutes together that prevent misunderstandings."),
            reverse("mentorships:agreement", args=[pair.pk]),
            _("Read and sign") if pair.written else _("Write it"),
            "pencil",
        )


def _pairs_without_meeting(mine: Own) -> Iterator[Next]:
    for pair in mine.pairs:
        if pair.arranged:
            continue
        yield Next(
            _("No meeting with %(name)s is arranged") % {"name": pair.names},
            _("We suggest times that suit you both."),
            reverse("meetings:propose", args=[pair.pk]),
            _("Propose times"),
            "calendar-plus",
        )


def _workplace(mine: Own) -> Iterator[Next]:
    if mine.is_staff_only or mine.places or has_workplace(mine.user):
        return
    yield Next(
        _("Say where you work"),
        _("Then you see the programmes that your council takes part in."),
        reverse("people:work"),
        _("Choose your council"),
        "building",
    )


def _profile(mine: Own) -> Iterator[Next]:
    if mine.has_profile or mine.is_staff_only:
        return
    yield Next(
        _("Tell people a little about yourself"),
        _("Five short pages; a better profile makes a better match."),
        reverse("people:edit"),
        _("Fill in your profile"),
        "person",
    )


def _programmes(mine: Own) -> Iterator[Next]:
    """Somebody who takes part in nothing yet is shown what they could join."""
    for programme in mine.to_join[:3] if not mine.places and not mine.is_staff_only else ():
        yield Next(
            _("%(programme)s takes applications") % {"programme": programme.name},
            programme.summary,
            reverse("programmes:detail", args=[programme.slug]),
            _("See what it is"),
            "door-open",
            by=_last_day(programme),
        )


def _last_day(programme: Programme) -> str:
    on = programme.applications_close_on
    return _("Apply by %(day)s") % {"day": date_format(on, "l j F")} if on else ""


def _reports(mine: Own) -> Iterator[Next]:
    """For a line manager who has no part of their own; everybody gets the same by e-mail."""
    if not mine.places and not mine.is_staff_only:
        yield from to_agree(mine.user)


SOURCES = (
    _proposals,
    _reports,
    _times_to_answer,
    _meetings_to_log,
    _agreements,
    _pairs_without_meeting,
    _workplace,
    _profile,
    _programmes,
)


def _places(user: int) -> QuerySet[Enrolment]:
    places = Enrolment.objects.filter(user=user).select_related("programme", "user__profile")
    return places.order_by("-programme__kick_off_on", "role")


def _joinable(user: int) -> QuerySet[Programme]:
    taken = Enrolment.objects.filter(user=user).values("programme")
    open_now = Programme.objects.visible_to(user).taking_applications()
    return open_now.exclude(pk__in=taken).select_related("pool")[:5]


_my_places = Prepared(_places, user=int)
_to_join = Prepared(_joinable, user=int)


def programmes_to_join(user: User) -> list[Programme]:
    return _to_join(user=user.pk)


def open_to_all() -> list[Programme]:
    """Public programmes that take applications, for visitors."""
    return list(Programme.objects.taking_applications().filter(is_public=True).select_related("pool")[:6])
