from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.jobs.work import task
from commonhall.meetings.actions import booking
from commonhall.meetings.queries.reminders import reminders_due
from commonhall.mentorships.models import Mentorship


@task
def cancel_coming(event_id: int) -> None:
    """After a mentorship has ended."""
    mentorship = Mentorship.objects.get(pk=Event.objects.get(pk=event_id).about_id)
    booking.cancel_coming(mentorship)


@task
def remind() -> None:
    """Started by the clock every few minutes."""
    for meeting in reminders_due(clock.now()):
        booking.remind(meeting)
