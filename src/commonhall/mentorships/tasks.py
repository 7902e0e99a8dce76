from commonhall.history.models import Event
from commonhall.jobs.work import task
from commonhall.mentorships import actions, queries


@task
def resume_due() -> None:
    """Started by the clock: pairs whose pause is over go on."""
    for mentorship in queries.due_to_resume():
        actions.resume_if_due(mentorship)


@task
def end_with_programme(event_id: int) -> None:
    """After a programme was finished: whatever is still under way in it."""
    event = Event.objects.get(pk=event_id)
    for mentorship in queries.under_way(event.about_id):
        actions.end_with_programme(mentorship, by=event.by)
