from commonhall.history.models import Event
from commonhall.jobs.work import task
from commonhall.matching.actions import endings, solvings, texts
from commonhall.matching.actions import proposals as actions
from commonhall.matching.models import Proposal, Solving
from commonhall.matching.queries import proposals as queries
from commonhall.programmes.models import Enrolment, Programme


@task
def watch_answers() -> None:
    """Started by the clock: a word on working day 3, and the end of a match that was not answered by day 6."""
    for proposal in queries.to_prompt():
        actions.prompt(proposal)
    for proposal in queries.overdue():
        actions.lapse(proposal)


@task
def close_with_programme(event_id: int) -> None:
    """After a programme was finished."""
    event = Event.objects.select_related("by").get(pk=event_id)
    endings.close_with_programme(Programme.objects.get(pk=event.about_id), by=event.by)


@task
def withdraw_matches_of(event_id: int) -> None:
    """After somebody has left a programme."""
    enrolment = Enrolment.objects.filter(pk=Event.objects.get(pk=event_id).about_id).first()
    if enrolment is not None:
        endings.withdraw_matches_of(enrolment)


@task
def forget_texts() -> None:
    """Started by the clock."""
    texts.forget_old()


@task
def offer_next(event_id: int) -> None:
    """After a decline, a lapse, or a place that went to somebody else."""
    event = Event.objects.get(pk=event_id)
    proposal = Proposal.objects.select_related("mentee__programme__pool", "round").filter(pk=event.about_id).first()
    if proposal is not None and event.detail("code") != queries.BY_HAND:
        actions.offer_next(proposal)


@task(attempts=3, given_up="matching.tasks.give_solving_up")
def work_out(solving_id: int) -> None:
    """A large round."""
    solvings.work_out(Solving.objects.select_related("scenario__round__programme__pool", "by").get(pk=solving_id))


@task
def give_solving_up(solving_id: int) -> None:
    solvings.give_up(Solving.objects.get(pk=solving_id))
