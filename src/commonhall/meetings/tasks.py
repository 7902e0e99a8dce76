from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.jobs.work import task
from commonhall.meetings.actions import attendance, booking, feed, series
from commonhall.meetings.queries.attendance import over_unasked
from commonhall.meetings.queries.reminders import reminders_due
from commonhall.mentorships.models import Mentorship


@task
def cancel_coming(event_id: int) -> None:
    """After a mentorship has ended."""
    mentorship = Mentorship.objects.get(pk=Event.objects.get(pk=event_id).about_id)
    series.end_with(mentorship)
    booking.cancel_coming(mentorship)


@task
def follow_person(event_id: int) -> None:
    """After somebody’s account has changed."""
    feed.follow_person(Event.objects.get(pk=event_id).about_id)


@task
def remind() -> None:
    """Started by the clock every few minutes."""
    for meeting in reminders_due(clock.now()):
        booking.remind(meeting)


@task
def ask_whether_held() -> None:
    """Started by the clock every few minutes."""
    for meeting in over_unasked(clock.now()):
        attendance.ask(meeting)
