"""A match between being offered and being answered: accept, decline, take back, prompt, lapse, next best."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.errors import Conflict
from commonhall.core.verdicts import require
from commonhall.history import actions as history
from commonhall.live.actions import ring
from commonhall.matching import deadlines, inputs
from commonhall.matching.actions.rounds import hold_places, offer_all
from commonhall.matching.models import Proposal, Round, Scenario
from commonhall.matching.plain import pack, to_plain
from commonhall.matching.queries.proposals import BY_HAND, wants_next
from commonhall.matching.rules import can_answer, can_decline, can_offer, can_propose_next, can_withdraw, closed_words
from commonhall.matching.solver import shared
from commonhall.mentorships import actions as mentorships
from commonhall.mentorships.models import Mentorship
from commonhall.programmes import cycle
from commonhall.programmes.models import Enrolment
from commonhall.programmes.queries.promises import count_afresh, with_free

TRIES = 5
State, Origin = Proposal.State, Proposal.Origin
BEGAN_AS = {
    Origin.ROUND: Mentorship.Origin.ROUND,
    Origin.NEXT_BEST: Mentorship.Origin.ROUND,
    Origin.REQUEST: Mentorship.Origin.REQUEST,
    Origin.COORDINATOR: Mentorship.Origin.COORDINATOR,
}


@transaction.atomic
@history.together()
def accept(proposal: Proposal, *, by: User, via: str = "") -> Mentorship | None:
    """One side's yes. With the other's, the mentorship begins here, and both places are taken with it."""
    held, beside = hold_beside(proposal)
    _require_open(held)
    require(can_answer(by, held))
    _require_places(held)
    side = held.side_of(by)
    setattr(held, f"{side}_accepted_at", clock.now())
    if not (held.mentee_accepted_at and held.mentor_accepted_at):
        held.save(update_fields=[f"{side}_accepted_at"])
        history.record("proposal.accepted_by_one", about=held, within=held.programme, by=by, via=via, side=side)
        _ring(held)
        return None
    mentorship = mentorships.begin_held(mentee=held.mentee, mentor=held.mentor, by=by, origin=BEGAN_AS[held.origin])  # type: ignore[index]
    held.state, held.closed_at = State.ACCEPTED, clock.now()
    held.save(update_fields=[f"{side}_accepted_at", "state", "closed_at"])
    history.record(
        "proposal.accepted", about=held, within=held.programme, by=by, via=via, side=side, mentorship=mentorship.pk
    )
    _close_what_is_full(held, beside)
    _ring(held)
    return mentorship


@transaction.atomic
def decline(proposal: Proposal, *, by: User, reason: str = "", via: str = "") -> Proposal:
    """No, without blame: both are free again. The reason is for the coordinator alone."""
    held = hold(proposal)
    _require_open(held)
    require(can_decline(by, held))
    held.declined_by, held.decline_reason = by, Proposal.DeclineReason(reason) if reason else ""
    _close(held, State.DECLINED, ["declined_by", "decline_reason"])
    history.record("proposal.declined", about=held, within=held.programme, by=by, via=via, side=held.side_of(by))
    return held


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User) -> Proposal:
    """A coordinator takes a match back, or a mentee a request."""
    held = hold(proposal)
    require(can_withdraw(by, held))
    _close(held, State.WITHDRAWN)
    history.record("proposal.withdrawn", about=held, within=held.programme, by=by, code=BY_HAND)
    return held


@transaction.atomic
def take_back(proposal: Proposal, *, by: User | None, code: str, side: str = "") -> None:
    """A match that has lost its ground; `code` says why, `side` which of the two has no part in it any more."""
    held = hold(proposal)
    if held.state in (State.PREPARED, State.OFFERED):
        _close(held, State.WITHDRAWN)
        history.record("proposal.withdrawn", about=held, within=held.programme, by=by, code=code, side=side)


@transaction.atomic
def offer(proposal: Proposal, *, by: User) -> Proposal:
    """Put one prepared match before its two people."""
    held = hold(proposal)
    require(can_offer(by, held))
    offer_all([held], by=by)
    _ring(held)
    return held


@transaction.atomic
def prompt(proposal: Proposal) -> bool:
    """On working day 3, once: a friendly word to whoever has not answered."""
    held = hold(proposal)
    if not held.is_open or held.prompted_at or _put_off(held):
        return False
    held.prompted_at = clock.now()
    held.save(update_fields=["prompted_at"])
    history.record("proposal.prompted", about=held, within=held.programme)
    return True


@transaction.atomic
def lapse(proposal: Proposal) -> bool:
    """After working day 6 a match that was not answered is over."""
    held = hold(proposal)
    if not held.is_open or _put_off(held) or held.answer_by is None or held.answer_by > clock.now():
        return False
    _close(held, State.LAPSED)
    history.record("proposal.lapsed", about=held, within=held.programme)
    return True


def offer_next(proposal: Proposal) -> Proposal | None:
    """The next best mentor for the mentee of a match that came to nothing; once, however often this runs.

    Offered at once, or prepared for the coordinator, as the round says. Nobody left is told to the coordinator. A
    request has no next best here: the mentee chooses again, from suggestions.
    """
    for _again in range(TRIES):
        if not wants_next(proposal):
            return None
        found = nearest(proposal.mentee, limit=1)
        with transaction.atomic():
            held = hold(proposal, *(mentor.pk for mentor, *_rest in found))
            if Proposal.objects.filter(follows=held).exists() or not wants_next(held):
                return None
            if not found:
                history.record("proposal.nobody_left", about=held, within=held.programme)
                return None
            if is_free(found[0][0]):
                return _follow(held, *found[0])
    raise Conflict(_("The places change faster than a next best match can be found. Try again in a while."))


def is_free(mentor: Enrolment) -> bool:
    """Whether a place of a mentor that is held has not gone to somebody else while the next best was looked for."""
    now = with_free(Enrolment.objects.approved().filter(pk=mentor.pk)).first()
    return now is not None and not now.is_paused and now.free > 0


def propose_next(proposal: Proposal, mentor: Enrolment, *, by: User) -> Proposal:
    """The coordinator's own next match for a mentee whose match came to nothing, put before both at once."""
    require(can_propose_next(by, proposal))
    found = nearest(proposal.mentee, limit=1, mentor=mentor)
    if not found:
        raise Conflict(_("%(name)s is not possible any more. Look at the list again.") % {"name": mentor.user.name})
    with transaction.atomic():
        held = hold(proposal, mentor.pk)
        require(can_propose_next(by, held))
        if not is_free(mentor):
            raise Conflict(_("%(name)s has no free place any more.") % {"name": mentor.user.name})
        made = _made(held, *found[0], origin=Origin.COORDINATOR)
        offer_all([made], by=by)
        _ring(made)
        return made


def nearest(
    mentee: Enrolment, limit: int = 3, mentor: Enrolment | None = None
) -> list[tuple[Enrolment, float, list[list[object]]]]:
    """The best mentors who are allowed for a mentee and have a place that nobody was promised; or this one mentor."""
    programme = mentee.programme
    scenario = _scenario_of(mentee)
    given = inputs.of_programme(
        programme,
        rules=scenario.rules if scenario else programme.rules,
        weights=scenario.weights if scenario else cycle.weights_for(programme.kind) | programme.weights,
        only_mentee=mentee.pk,
        only_mentor=mentor.pk if mentor else None,
    )
    if not given.problem.mentees or not given.problem.mentors:
        return []
    found = shared.ask("nearest", packed=pack(to_plain(given.problem)), limit=limit)
    mentors = Enrolment.objects.select_related("user__profile", "organisation", "programme").in_bulk(
        [int(row[0]) for row in found]
    )
    return [(mentors[int(pk)], score, reasons) for pk, score, reasons in found]


def hold(proposal: Proposal, *more_places: int) -> Proposal:
    """The match as it is now, with both places, held until the end of the transaction.

    The places come first, so that two acceptances for one mentor wait for each other and never for ever.
    """
    hold_places([proposal.mentee_id, proposal.mentor_id, *more_places])
    return _held().get(pk=proposal.pk)


def hold_beside(proposal: Proposal) -> tuple[Proposal, list[Proposal]]:
    """The same, with every other match that hopes for a place of either. Whoever changes one of those holds its places
    first, so that none of them is held by anybody who waits for these."""
    hold_places([proposal.mentee_id, proposal.mentor_id])
    live = Q(state__in=[State.PREPARED, State.OFFERED])
    sides = Q(mentee=proposal.mentee_id) | Q(mentor=proposal.mentor_id)
    found = {one.pk: one for one in _held().filter(Q(pk=proposal.pk) | live & sides)}
    return found.pop(proposal.pk), list(found.values())


def _held() -> QuerySet[Proposal]:
    return Proposal.objects.select_for_update(of=("self",), no_key=True).select_related(
        "programme__pool", "round", "mentee__user", "mentee__programme", "mentor__user", "mentor__programme"
    )


def _scenario_of(mentee: Enrolment) -> Scenario | None:
    round = (
        Round.objects.filter(programme=mentee.programme_id, published_run__isnull=False)
        .select_related("published_run__scenario")
        .order_by("-published_at")
        .first()
    )
    return round.published_run.scenario if round and round.published_run else None


def _follow(after: Proposal, mentor: Enrolment, score: float, reasons: list[list[object]]) -> Proposal:
    made = _made(after, mentor, score, reasons, origin=Origin.NEXT_BEST)
    if after.round and after.round.after_decline == Round.AfterDecline.SHOW:
        history.record("proposal.prepared", about=made, within=made.programme)
        _ring(made)
    else:
        offer_all([made], by=None)
    return made


def _made(after: Proposal, mentor: Enrolment, score: float, reasons: list[list[object]], *, origin: str) -> Proposal:
    is_followed = Proposal.objects.filter(follows=after).exists()
    return Proposal.objects.create(
        programme=after.programme,
        round=after.round,
        origin=origin,
        mentee=after.mentee,
        mentor=mentor,
        score=score,
        reasons=reasons,
        follows=None if is_followed else after,
    )


def _close(held: Proposal, state: str, fields: list[str] | None = None) -> None:
    held.state, held.closed_at = state, clock.now()
    held.save(update_fields=["state", "closed_at", *(fields or [])])
    _ring(held)


def _close_what_is_full(accepted: Proposal, beside: list[Proposal]) -> None:
    """Matches that hoped for a place which is taken now, where one was left before. The people are told, and the next
    best is looked for."""
    full = {place.pk for place in (accepted.mentee, accepted.mentor) if place.places_left <= 1}
    lost = [other for other in beside if full & {other.mentee_id, other.mentor_id}]
    if lost:
        Proposal.objects.filter(pk__in=[other.pk for other in lost]).update(
            state=State.WITHDRAWN, closed_at=clock.now()
        )
    for other in lost:
        side = "mentee" if other.mentee_id in full else "mentor"
        history.record("proposal.withdrawn", about=other, within=other.programme, code="full", side=side)
        _ring(other)


def _put_off(held: Proposal) -> bool:
    """While either has paused, the clock stands still, and three working days are left afterwards."""
    pauses = [one.paused_until for one in (held.mentee, held.mentor) if one.is_paused and one.paused_until]
    if not pauses or held.offered_at is None:
        return False
    until = deadlines.after_day(max(pauses), deadlines.AFTER_A_PAUSE, held.offered_at)
    if held.answer_by is None or held.answer_by < until:
        held.answer_by = until
        held.save(update_fields=["answer_by"])
    return True


def _require_open(held: Proposal) -> None:
    """Told as a conflict: the page was right when it was opened."""
    if not held.is_open and held.state != State.PREPARED:
        raise Conflict(closed_words(held))


def _require_places(held: Proposal) -> None:
    for enrolment, words in (
        (held.mentee, _("%(name)s has found a mentor in the meantime.")),
        (held.mentor, _("%(name)s has no free place any more.")),
    ):
        if enrolment.places_left <= 0:
            raise Conflict(words % {"name": enrolment.user.name})


def _ring(proposal: Proposal) -> None:
    count_afresh(proposal.programme_id)
    ring(f"proposal:{proposal.pk}")
    if proposal.round_id:
        ring(f"round:{proposal.round_id}")
