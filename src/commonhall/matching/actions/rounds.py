"""A round from its beginning to its publication."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock, text
from commonhall.core.errors import Conflict
from commonhall.core.verdicts import require
from commonhall.history import actions as history
from commonhall.live.actions import ring
from commonhall.matching import deadlines, inputs
from commonhall.matching.models import Proposal, Round, Run, Scenario
from commonhall.matching.queries import rounds as queries
from commonhall.matching.rules import can_begin_round, can_close_round, can_publish, can_take_back
from commonhall.programmes import actions as programmes
from commonhall.programmes import cycle
from commonhall.programmes.models import Enrolment, Programme
from commonhall.programmes.queries.promises import count_afresh, with_free


@transaction.atomic
def begin(programme: Programme, *, by: User, name: str) -> Round:
    """A new round with a first plan that follows the programme's own rules and weights."""
    require(can_begin_round(by, programme))
    try:
        with transaction.atomic():
            round = Round.objects.create(programme=programme, name=text.line(name)[:120], created_by=by)
    except IntegrityError:
        raise Conflict(_("A round is being prepared in this programme already. Go on with that one.")) from None
    Scenario.objects.create(round=round, name=_("Plan A"), **first_plan(programme))
    history.record("round.created", about=round, within=programme, by=by)
    return round


def first_plan(programme: Programme) -> dict[str, Any]:
    """The programme's own rules and weights."""
    return {
        "rules": {"max_mentees": programme.most_mentees, **cycle.rules_for(programme.kind), **programme.rules},
        "weights": {**cycle.weights_for(programme.kind), **programme.weights},
    }


@transaction.atomic
def publish(
    round: Round, *, by: User, run: Run, provisional: bool = False, after_decline: str = Round.AfterDecline.OFFER
) -> Round:
    """Offer every pair of a run to its two people, or prepare them for a last look. Exactly one coordinator wins."""
    held = hold(round)
    if not held.is_open and not (held.state == Round.State.PROVISIONAL and not provisional):
        raise Conflict(_published_words(held))
    require(can_publish(by, held))
    proposals = _still_prepared(held) if held.state == Round.State.PROVISIONAL else _prepare(held, run, by)
    held.state = Round.State.PROVISIONAL if provisional else Round.State.PUBLISHED
    held.published_run, held.published_by, held.published_at = run, by, clock.now()
    held.after_decline = Round.AfterDecline(after_decline)
    held.save(update_fields=["state", "published_run", "published_by", "published_at", "after_decline"])
    if not provisional:
        offer_all(proposals, by=by)
    verb = "round.provisional" if provisional else "round.published"
    count_afresh(held.programme_id)
    history.record(verb, about=held, within=held.programme, by=by, run=run.pk, pairs=len(proposals))
    ring(f"round:{held.pk}")
    return held


@transaction.atomic
def take_back(round: Round, *, by: User) -> Round:
    """Provisional matches go, as if they had never been: nobody but coordinators has seen them."""
    held = hold(round)
    require(can_take_back(by, held))
    held.proposals.filter(state=Proposal.State.PREPARED).delete()
    held.state, held.published_run, held.published_by, held.published_at = Round.State.OPEN, None, None, None
    held.save(update_fields=["state", "published_run", "published_by", "published_at"])
    count_afresh(held.programme_id)
    history.record("round.taken_back", about=held, within=held.programme, by=by)
    ring(f"round:{held.pk}")
    return held


@transaction.atomic
def close(round: Round, *, by: User) -> Round:
    held = hold(round)
    require(can_close_round(by, held))
    return shut(held, by=by)


def shut(held: Round, *, by: User | None) -> Round:
    held.state = Round.State.CLOSED
    held.save(update_fields=["state"])
    history.record("round.closed", about=held, within=held.programme, by=by)
    ring(f"round:{held.pk}")
    return held


def offer_all(proposals: Iterable[Proposal], *, by: User | None) -> None:
    """Put prepared matches before their people and start the clock on the answers."""
    now = clock.now()
    proposals = list(proposals)
    for proposal in proposals:
        proposal.state, proposal.offered_at = Proposal.State.OFFERED, now
        proposal.answer_by = deadlines.after(now, deadlines.LAPSE_AFTER)
    Proposal.objects.bulk_update(proposals, ["state", "offered_at", "answer_by"], batch_size=200)
    history.record_many(
        "proposal.offered",
        [{"about": proposal, "within": proposal.programme, "by": by} for proposal in proposals],
    )


def hold(round: Round) -> Round:
    """The round as it is now, held until the end of the transaction."""
    return Round.objects.select_for_update(of=("self",)).select_related("programme__pool").get(pk=round.pk)


def hold_places(keys: Iterable[int]) -> None:
    """Places, held until the end of the transaction, in the order of their keys as everywhere, so that two who want
    some of the same never wait for each other. What is left of them is counted only once they are held."""
    list(Enrolment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(keys)).order_by("pk"))


def _still_prepared(round: Round) -> list[Proposal]:
    """What nobody has taken back meanwhile; its places are held first, as whoever takes one back does."""
    prepared = round.proposals.filter(state=Proposal.State.PREPARED).select_related("programme")
    hold_places(pk for sides in prepared.values_list("mentee_id", "mentor_id") for pk in sides)
    return list(prepared.all())


def _prepare(round: Round, run: Run, by: User) -> list[Proposal]:
    scenario = run.scenario
    if scenario.round_id != round.pk or queries.latest_run(scenario) != run:
        raise Conflict(_("This plan has been worked on since you looked. Read it again, then publish."))
    pairs = [pair for pair in run.result["pairs"] if not pair[1].startswith(queries.NEW)]
    more = Counter(int(one["mentor_id"]) for one in scenario.assumptions if one["kind"] == "one_more_place")
    hold_places([*more, *(int(pk) for pair in pairs for pk in pair[:2])])
    for mentor in Enrolment.objects.filter(pk__in=more).order_by("pk"):
        # The mentor has said yes, or the coordinator would not publish.
        programmes.add_places(mentor, more[mentor.pk], by=by)
    _require_still_there(round.programme, pairs)
    reasons = queries.reasons_of(run)
    return Proposal.objects.bulk_create(
        [
            Proposal(
                programme=round.programme,
                round=round,
                mentee_id=int(mentee),
                mentor_id=int(mentor),
                score=score,
                reasons=reasons.get(f"{mentee}:{mentor}", []),
            )
            for mentee, mentor, score, *_rest in pairs
        ],
        batch_size=200,
    )


def _require_still_there(programme: Programme, pairs: list[list[Any]]) -> None:
    """Nobody in the plan has withdrawn, paused, or been placed or promised since it was made."""
    wanted = Counter(int(pk) for pair in pairs for pk in pair[:2])
    there = with_free(programme.enrolments.approved().select_related("user")).in_bulk(list(wanted))
    gone = [pk for pk, times in wanted.items() if pk not in there or there[pk].is_paused or there[pk].free < times]
    together = inputs.couples(programme)
    people = ((there.get(int(pair[0])), there.get(int(pair[1]))) for pair in pairs)
    gone += [one.pk for one, other in people if one and other and (other.user_id, one.user_id) in together]
    if gone:
        names = list(programme.enrolments.filter(pk__in=gone).values_list("user__name", flat=True))
        if not names:
            raise Conflict(_("People of this plan are not in the programme any more. Run the matching again."))
        raise Conflict(
            _("Since this plan was made, something has changed for %(names)s. Run the matching again, then publish.")
            % {"names": ", ".join(names[:5])}
        )


def _published_words(round: Round) -> str:
    if round.state == Round.State.CLOSED:
        return _("This round is closed.")
    name = round.published_by.name if round.published_by else _("Somebody else")
    if round.state == Round.State.PROVISIONAL:
        return _("%(name)s has just made these matches provisional. Nothing was done twice.") % {"name": name}
    return _("%(name)s has just published this round. Nothing was sent twice.") % {"name": name}
