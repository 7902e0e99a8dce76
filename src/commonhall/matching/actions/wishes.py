"""A mentee's own say: a ranked shortlist, and asking a mentor directly."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock, text
from commonhall.core.errors import Conflict, Refused
from commonhall.core.verdicts import require
from commonhall.history import actions as history
from commonhall.matching import deadlines
from commonhall.matching.actions.proposals import nearest
from commonhall.matching.models import Proposal, Wish
from commonhall.matching.rules import MOST_WISHES, can_ask, can_shortlist, can_wish_for
from commonhall.programmes.models import Enrolment
from commonhall.programmes.queries.promises import count_afresh


@transaction.atomic
def add(mentee: Enrolment, mentor: Enrolment, *, by: User) -> Wish:
    """One more name at the end of the shortlist; a name that is there stays where it is."""
    require(can_wish_for(by, mentee, mentor))
    wishes = _held(mentee)
    for wish in wishes:
        if wish.mentor_id == mentor.pk:
            return wish
    if len(wishes) >= MOST_WISHES:
        raise Conflict(
            _("Your shortlist holds %(most)d names. Take one off before you add another.") % {"most": MOST_WISHES}
        )
    wish = Wish.objects.create(mentee=mentee, mentor=mentor, rank=len(wishes) + 1)
    _changed(mentee, by)
    return wish


@transaction.atomic
def remove(wish: Wish, *, by: User) -> None:
    require(can_shortlist(by, wish.mentee, wish.mentor))
    rest = [other for other in _held(wish.mentee) if other.pk != wish.pk]
    Wish.objects.filter(pk=wish.pk).delete()
    _rank(rest)
    _changed(wish.mentee, by)


@transaction.atomic
def move(wish: Wish, *, by: User, up: bool) -> None:
    """One place up or down; at either end nothing happens."""
    require(can_shortlist(by, wish.mentee, wish.mentor))
    wishes = _held(wish.mentee)
    place = next((number for number, other in enumerate(wishes) if other.pk == wish.pk), None)
    if place is None:
        raise Conflict(_("This name is not on your shortlist any more."))
    other = place - 1 if up else place + 1
    if not 0 <= other < len(wishes):
        return
    wishes[place], wishes[other] = wishes[other], wishes[place]
    _rank(wishes)
    _changed(wish.mentee, by)


def ask(mentee: Enrolment | None, mentor: Enrolment, *, by: User, message: str) -> Proposal:
    """Put oneself to a mentor, who has six working days to answer. Hard rules hold here as everywhere."""
    require(can_ask(by, mentee, mentor))
    assert mentee is not None
    _require_none_waiting(mentee)
    found = nearest(mentee, limit=1, mentor=mentor)
    if not found:
        raise Refused(_no_words())
    _mentor, score, reasons = found[0]
    with transaction.atomic():
        mentee = _alone_with(mentee, mentor)
        require(can_ask(by, mentee, mentor))
        _require_none_waiting(mentee)
        return _sent(mentee, mentor, score, reasons, by=by, message=message)


def _alone_with(mentee: Enrolment, mentor: Enrolment) -> Enrolment:
    """The mentee's place, held with every place of the two, so that requests that meet take turns."""
    theirs = Enrolment.objects.filter(programme=mentee.programme_id, user__in=[mentee.user_id, mentor.user_id])
    held = {one.pk: one for one in theirs.select_for_update(of=("self",), no_key=True).order_by("pk")}
    return held[mentee.pk]


def _require_none_waiting(mentee: Enrolment) -> None:
    live = Proposal.objects.live().filter(mentee=mentee)
    if live.count() < mentee.places_left:
        return
    if live.filter(origin=Proposal.Origin.REQUEST).exists():
        raise Conflict(_("You are waiting for an answer already. Take that request back to ask somebody else."))
    if live.filter(state=Proposal.State.OFFERED).exists():
        raise Conflict(_("A match waits for your answer. Answer it first; then you can ask somebody else."))
    raise Conflict(_("Your coordinator is making the matches just now. You hear from us in the next days."))


def _sent(
    mentee: Enrolment, mentor: Enrolment, score: float, reasons: list[list[object]], *, by: User, message: str
) -> Proposal:
    """In the transaction of `ask`, which ends with the Conflict."""
    now = clock.now()
    try:
        proposal = Proposal.objects.create(
            programme=mentor.programme,
            origin=Proposal.Origin.REQUEST,
            mentee=mentee,
            mentor=mentor,
            state=Proposal.State.OFFERED,
            score=score,
            reasons=reasons,
            message=text.clean(message),
            offered_at=now,
            answer_by=deadlines.after(now, deadlines.LAPSE_AFTER),
            mentee_accepted_at=now,
        )
    except IntegrityError:
        raise Conflict(_("The two of you are waiting for each other's answer already.")) from None
    count_afresh(mentor.programme_id)
    history.record("request.sent", about=proposal, within=mentor.programme, by=by)
    return proposal


def _no_words() -> str:
    """The same words whatever the rule is: some are confidential."""
    return _(
        "The programme's rules do not allow this pair, or the two of you have been matched before. "
        "Choose another mentor, or ask your coordinator."
    )


def _held(mentee: Enrolment) -> list[Wish]:
    """The list in order; the mentee's row is held, so that two tabs take turns."""
    Enrolment.objects.select_for_update(no_key=True).get(pk=mentee.pk)
    return list(mentee.wishes.order_by("rank", "pk"))


def _rank(wishes: list[Wish]) -> None:
    for rank, wish in enumerate(wishes, start=1):
        wish.rank = rank
    Wish.objects.bulk_update(wishes, ["rank"])


def _changed(mentee: Enrolment, by: User) -> None:
    history.record("shortlist.changed", about=mentee, within=mentee.programme, by=by)
