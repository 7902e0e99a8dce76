from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.jobs.work import task
from commonhall.meetings import actions, queries
from commonhall.mentorships.models import Mentorship


@task
def cancel_coming(event_id: int) -> None:
    """After a mentorship has ended."""
    mentorship = Mentorship.objects.get(pk=Event.objects.get(pk=event_id).about_id)
    actions.cancel_coming(mentorship)


@task
def remind() -> None:
    """Started by the clock every few minutes."""
    for meeting in queries.reminders_due(clock.now()):
        actions.remind(meeting)
