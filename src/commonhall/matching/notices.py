"""What this room tells people. A fact that a later one has overtaken is told to nobody."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from commonhall.accounts.models import User
from commonhall.core.notices import Notice
from commonhall.history.models import Event
from commonhall.matching import words
from commonhall.matching.models import Proposal
from commonhall.matching.queries import proposals as queries
from commonhall.mentorships.models import Mentorship
from commonhall.programmes.models import Programme
from commonhall.programmes.queries.programmes import coordinators_of

MATCHES = "matches"
REASONS_TOLD = 3


def _proposal(event: Event) -> Proposal:
    return queries.with_people(Proposal.objects.all()).get(pk=event.about_id)


def _sides(proposal: Proposal) -> dict[str, User]:
    return {"mentee": proposal.mentee.user, "mentor": proposal.mentor.user}


def both_while_open(event: Event) -> Iterable[User]:
    proposal = _proposal(event)
    return _sides(proposal).values() if proposal.is_open else []


def the_asked(event: Event) -> Iterable[User]:
    proposal = _proposal(event)
    return [proposal.mentor.user] if proposal.is_open else []


def the_other_side(event: Event) -> Iterable[User]:
    proposal = _proposal(event)
    return [user for user in _sides(proposal).values() if user.pk != event.by_id] if proposal.is_open else []


def both(event: Event) -> Iterable[User]:
    return _sides(_proposal(event)).values()


def whoever_has_not_answered(event: Event) -> Iterable[User]:
    proposal = _proposal(event)
    return [user for side, user in _sides(proposal).items() if proposal.waits_for(side)]


def whoever_did_not_say_no(event: Event) -> Iterable[User]:
    return [user for user in _sides(_proposal(event)).values() if user.pk != event.by_id]


def those_who_saw_it(event: Event) -> Iterable[User]:
    """Of a match that was taken back: who hoped for it. Whoever took it back, found somebody else or left knows."""
    proposal = _proposal(event)
    if proposal.offered_at is None:
        return []
    knows = event.detail("side")
    return [user for side, user in _sides(proposal).items() if side != knows and user.pk != event.by_id]


def the_coordinators(event: Event) -> Iterable[User]:
    return coordinators_of(_proposal(event).programme)


def _context(event: Event, user: User) -> dict[str, Any]:
    proposal = _proposal(event)
    side = proposal.side_of(user)
    other = proposal.mentor if side == "mentee" else proposal.mentee
    hidden = queries.partner(proposal, side).hidden if side else frozenset[str]()
    told = words.reasons(proposal.reasons, side, other.user.get_short_name(), hidden) if side else []
    return {
        "name": other.user.name,
        "first": other.user.get_short_name(),
        "organisation": other.organisation.label,
        "mentee": proposal.mentee.user.name,
        "mentor": proposal.mentor.user.name,
        "side": side,
        "message": proposal.message,
        "programme": proposal.programme.name,
        "reasons": [reason.text for reason in told[:REASONS_TOLD]],
        "answer_by": date_format(proposal.answer_by, "l j F") if proposal.answer_by else "",
        "is_request": proposal.origin == Proposal.Origin.REQUEST,
        "is_next": proposal.origin == Proposal.Origin.NEXT_BEST,
        "looks_for_next": side == "mentee" and queries.next_is_sought(proposal, event.detail("code") or ""),
        "is_finished": proposal.programme.state == Programme.State.FINISHED,
    }


def _headline(of_match: Any, to_mentee: Any, to_mentor: Any | None = None) -> Any:
    """A match is told in its own words, and a request, to either side, in its own."""

    def context(event: Event, user: User) -> dict[str, Any]:
        values = _began(event, user)
        words = of_match
        if values["is_request"]:
            words = to_mentor if to_mentor and values["side"] == "mentor" else to_mentee
        return {**values, "headline": str(words) % values}

    return context


def to_the_match(event: Event, user: User) -> str:
    return reverse("matching:proposal", args=[event.about_id])


def to_others(event: Event, user: User) -> str:
    """A mentee whose request came to nothing goes on to other mentors."""
    proposal = _proposal(event)
    if proposal.origin == Proposal.Origin.REQUEST and proposal.side_of(user) == "mentee":
        return reverse("matching:suggestions", args=[proposal.pk])
    return to_the_match(event, user)


def to_the_mentorship(event: Event, user: User) -> str:
    mentorship = event.detail("mentorship")
    return reverse("mentorships:detail", args=[mentorship]) if mentorship else reverse("home:start")


def to_the_answers(event: Event, user: User) -> str:
    proposal = _proposal(event)
    if proposal.round_id:
        return reverse("matching:answers", args=[proposal.round_id])
    return to_the_match(event, user)


def _began(event: Event, user: User) -> dict[str, Any]:
    began = Mentorship.objects.filter(pk=event.detail("mentorship")).exists()
    return {**_context(event, user), "began": began}


NOTICES: tuple[Notice, ...] = (
    Notice(
        verb="proposal.offered",
        kind=MATCHES,
        to=both_while_open,
        subject=_("A match for you: %(name)s. Answer by %(answer_by)s"),
        template="matching/mail/offered.txt",
        context=_context,
        url=to_the_match,
        act=_("Read and answer"),
    ),
    Notice(
        verb="request.sent",
        kind=MATCHES,
        to=the_asked,
        subject=_("%(name)s asks you to be their mentor: answer by %(answer_by)s"),
        template="matching/mail/request.txt",
        context=_context,
        url=to_the_match,
        act=_("Read and answer"),
    ),
    Notice(
        verb="proposal.accepted_by_one",
        kind=MATCHES,
        to=the_other_side,
        subject=_("%(name)s has said yes"),
        template="matching/mail/accepted_by_one.txt",
        context=_context,
        url=to_the_match,
        act=_("Answer"),
    ),
    Notice(
        verb="proposal.accepted",
        kind=MATCHES,
        to=both,
        subject="%(headline)s",
        template="matching/mail/accepted.txt",
        context=_headline(
            _("It is a match: you and %(name)s"),
            _("%(name)s has said yes, and is your mentor now"),
            _("You are the mentor of %(name)s now"),
        ),
        url=to_the_mentorship,
        act=_("Begin"),
    ),
    Notice(
        verb="proposal.prompted",
        kind=MATCHES,
        to=whoever_has_not_answered,
        subject=_("%(name)s waits for your answer"),
        template="matching/mail/prompted.txt",
        context=_context,
        url=to_the_match,
        act=_("Answer"),
    ),
    Notice(
        verb="proposal.declined",
        kind=MATCHES,
        to=whoever_did_not_say_no,
        subject="%(headline)s",
        template="matching/mail/declined.txt",
        context=_headline(
            _("Your match with %(name)s"), _("Your request to %(name)s: not this time"), _("The request of %(name)s")
        ),
        url=to_others,
        act=_("What happens next"),
    ),
    Notice(
        verb="proposal.lapsed",
        kind=MATCHES,
        to=both,
        subject="%(headline)s",
        template="matching/mail/lapsed.txt",
        context=_headline(
            _("Your match with %(name)s has lapsed"),
            _("%(name)s did not answer your request in time"),
            _("The request of %(name)s has lapsed"),
        ),
        url=to_others,
        act=_("What happens next"),
    ),
    Notice(
        verb="proposal.withdrawn",
        kind=MATCHES,
        to=those_who_saw_it,
        subject="%(headline)s",
        template="matching/mail/withdrawn.txt",
        context=_headline(
            _("Your match with %(name)s"), _("Your request to %(name)s"), _("The request of %(name)s is closed")
        ),
        url=to_others,
        act=_("What happens next"),
    ),
    Notice(
        verb="proposal.prepared",
        kind=MATCHES,
        to=the_coordinators,
        subject=_("A next match for %(mentee)s waits for your yes"),
        template="matching/mail/prepared.txt",
        context=_context,
        url=to_the_match,
        act=_("Look at it"),
    ),
    Notice(
        verb="proposal.nobody_left",
        kind=MATCHES,
        to=the_coordinators,
        subject=_("Nobody is left for %(mentee)s"),
        template="matching/mail/nobody_left.txt",
        context=_context,
        url=to_the_answers,
        act=_("See the answers"),
    ),
)
