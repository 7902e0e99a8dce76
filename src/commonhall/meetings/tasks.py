from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.jobs.work import task
from commonhall.meetings.actions import attendance, booking, copies, feed, room, series
from commonhall.meetings.queries.attendance import over_unasked
from commonhall.meetings.queries.reminders import reminders_due
from commonhall.meetings.queries.room import perhaps_held
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
    """Started by the clock every few minutes. Where the room knows it, nobody is asked."""
    for meeting in over_unasked(clock.now()):
        if not room.note_held(meeting):
            attendance.ask(meeting)


@task
def follow_copies(event_id: int) -> None:
    """After any act on a meeting or a series."""
    copies.follow(Event.objects.get(pk=event_id))


@task
def follow_calendars(event_id: int) -> None:
    """After somebody connected a calendar or changed one."""
    copies.follow_calendars(Event.objects.get(pk=event_id).about_id)


@task
def write_copy(pk: int) -> None:
    copies.write(pk)


@task
def after_the_room() -> None:
    """Started by the clock every few minutes: who has gone without a word, and which meetings have taken place."""
    room.close_silent_visits()
    for meeting in perhaps_held():
        room.note_held(meeting)
