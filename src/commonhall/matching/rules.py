"""Who may do what to a round, a match and a shortlist."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from commonhall.core.verdicts import YES, Verdict, no
from commonhall.matching.models import Proposal, Round, Solving
from commonhall.matching.queries.promises import CAME_TO_NOTHING, other_way_round
from commonhall.programmes.models import Enrolment, Programme
from commonhall.programmes.queries.promises import free_places
from commonhall.programmes.rules import can_coordinate

MOST_WISHES = 5


def can_begin_round(user: Any, programme: Programme) -> Verdict:
    """Whoever coordinates the programme, once people can have applied and until it is finished."""
    if programme.state == Programme.State.DRAFT:
        return no(_("Open the programme for applications first: there is nobody to match yet."))
    if programme.state == Programme.State.FINISHED:
        return no(_("This programme is finished, so nobody is matched in it any more."))
    return can_coordinate(user, programme)


def can_change_round(user: Any, round: Round) -> Verdict:
    """Whoever coordinates the programme, while the round is in preparation."""
    if round.state == Round.State.PROVISIONAL:
        return no(_("These matches are provisional. Take them back first, then change the round."))
    if not round.is_open:
        return no(_("This round has been published, so it stays as it is."))
    return can_coordinate(user, round.programme)


def can_stop_solving(user: Any, solving: Solving) -> Verdict:
    """Whoever coordinates the programme, whoever began it."""
    return can_coordinate(user, solving.round.programme)


def can_publish(user: Any, round: Round) -> Verdict:
    """Whoever coordinates the programme, once."""
    if round.state == Round.State.PUBLISHED:
        return no(_("This round has been published already."))
    if round.state == Round.State.CLOSED:
        return no(_("This round is closed."))
    return can_begin_round(user, round.programme)


def can_take_back(user: Any, round: Round) -> Verdict:
    """Whoever coordinates the programme, while nobody has seen the matches."""
    if round.state != Round.State.PROVISIONAL:
        return no(_("Only provisional matches can be taken back all at once."))
    return can_coordinate(user, round.programme)


def can_close_round(user: Any, round: Round) -> Verdict:
    """Whoever coordinates the programme: before publishing, or when every answer is in."""
    if round.state == Round.State.CLOSED:
        return no(_("This round is closed already."))
    if round.state == Round.State.PROVISIONAL:
        return no(_("Publish the provisional matches or take them back, then close the round."))
    if round.proposals.live().exists():
        return no(_("Some people have not answered yet. Wait for them, or take their matches back."))
    return can_coordinate(user, round.programme)


def can_answer(user: Any, proposal: Proposal) -> Verdict:
    """Either of the two, once, while the match is open."""
    side = proposal.side_of(user)
    if not side:
        return no(_("Only the two people of this match can answer it."))
    if proposal.accepted_by(side):
        return no(_("You have accepted this match already."))
    if not proposal.is_open:
        return no(closed_words(proposal))
    return YES


def can_decline(user: Any, proposal: Proposal) -> Verdict:
    """Either of the two, until both have accepted; also after one's own yes."""
    if not proposal.side_of(user):
        return no(_("Only the two people of this match can answer it."))
    return YES if proposal.is_open else no(closed_words(proposal))


def can_withdraw(user: Any, proposal: Proposal) -> Verdict:
    """Whoever coordinates the programme, until it is answered; and a mentee's own request."""
    if not proposal.is_open and proposal.state != Proposal.State.PREPARED:
        return no(closed_words(proposal))
    if proposal.origin == Proposal.Origin.REQUEST and proposal.side_of(user) == "mentee":
        return YES
    return can_coordinate(user, proposal.programme)


def can_offer(user: Any, proposal: Proposal) -> Verdict:
    """Whoever coordinates the programme, for a match that nobody has seen yet."""
    if proposal.state != Proposal.State.PREPARED:
        return no(_("This match has been offered already."))
    return can_coordinate(user, proposal.programme)


def can_propose_next(user: Any, proposal: Proposal) -> Verdict:
    """Whoever coordinates the programme, for a mentee whose match came to nothing and who has nobody in sight."""
    if proposal.state not in CAME_TO_NOTHING:
        return no(closed_words(proposal) if not proposal.is_open else _("This match is not answered yet."))
    mentee = proposal.mentee
    if proposal.programme.state == Programme.State.FINISHED or mentee.state != Enrolment.State.APPROVED:
        return no(_("%(name)s does not take part at the moment.") % {"name": mentee.user.name})
    if mentee.is_paused:
        return no(_("%(name)s has paused.") % {"name": mentee.user.name})
    if not free_places(mentee):
        return no(_("%(name)s has a mentor, or an answer is awaited.") % {"name": mentee.user.name})
    return can_coordinate(user, proposal.programme)


def can_ask(user: Any, mentee: Enrolment | None, mentor: Enrolment) -> Verdict:
    """A mentee with a place left, a mentor of the same programme with a place left."""
    if mentee is None or mentee.user_id != user.pk or mentee.programme_id != mentor.programme_id:
        return no(_("You need a place as a mentee in this programme to ask a mentor."))
    if mentee.state != Enrolment.State.APPROVED:
        return no(_("You can ask a mentor once your place in the programme is approved."))
    if mentor.role != Enrolment.Role.MENTOR or mentor.user_id == user.pk:
        return no(_("Choose a mentor other than yourself."))
    if mentee.places_left <= 0:
        return no(_("You have a mentor already. You can ask another when that mentorship ends."))
    verdict = can_be_asked(mentor)
    return _one_way(mentee, mentor) if verdict else verdict


def _one_way(mentee: Enrolment, mentor: Enrolment) -> Verdict:
    """Nobody is the mentor of their own mentor; only what both have been told is said."""
    name = mentor.user.get_short_name()
    found = other_way_round(mentee, mentor, offered_only=True)
    if found == "together":
        return no(_("You are %(name)s’s mentor, and two people are never each other’s mentor.") % {"name": name})
    if found == "waiting":
        words = _(
            "You may become %(name)s’s mentor: that is not answered yet, and two people are never each other’s mentor."
        )
        return no(words % {"name": name})
    return YES


def can_be_asked(mentor: Enrolment) -> Verdict:
    if mentor.state != Enrolment.State.APPROVED or mentor.programme.state == Programme.State.FINISHED:
        return no(_("This mentor does not take part at the moment."))
    if mentor.is_paused:
        return no(_("This mentor has paused and takes no requests at the moment."))
    if not free_places(mentor):
        return no(
            _("This mentor has no free place at the moment: each is taken, or promised to somebody who is being asked.")
        )
    return YES


def can_shortlist(user: Any, mentee: Enrolment, mentor: Enrolment) -> Verdict:
    """A mentee's own list of mentors of the same programme."""
    if mentee.user_id != user.pk or mentee.role != Enrolment.Role.MENTEE:
        return no(_("A shortlist belongs to a mentee."))
    if mentee.state not in Enrolment.LIVE:
        return no(_("Your place in this programme is closed, so there is nothing to choose any more."))
    if mentor.role != Enrolment.Role.MENTOR or mentor.programme_id != mentee.programme_id:
        return no(_("Choose mentors of this programme."))
    if mentor.user_id == user.pk:
        return no(_("You cannot choose yourself."))
    return YES


def can_wish_for(user: Any, mentee: Enrolment, mentor: Enrolment) -> Verdict:
    """One more name on one's own list, but for somebody whose mentor one is or may become."""
    verdict = can_shortlist(user, mentee, mentor)
    return _one_way(mentee, mentor) if verdict else verdict


def closed_words(proposal: Proposal) -> Any:
    """Why a match can no longer be answered, without saying why anybody said no."""
    return {
        Proposal.State.PREPARED: _("This match has not been offered yet."),
        Proposal.State.ACCEPTED: _("You have both accepted: the mentorship has begun."),
        Proposal.State.LAPSED: _("This match was open for some days and has lapsed."),
        Proposal.State.WITHDRAWN: _("This match has been taken back."),
    }.get(proposal.state, _("This match is not going ahead."))  # type: ignore[call-overload]
