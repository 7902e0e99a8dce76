from commonhall.history.models import Event
from commonhall.jobs.work import task
from commonhall.workspace.actions import actions, notes, telling
from commonhall.workspace.models import Message, Reading
from commonhall.workspace.queries.notes import long_journals


@task
def keep_notes() -> None:
    """Started by the clock: versions are kept, and many small updates become one."""
    notes.keep_versions()
    for note in long_journals(notes.MANY):
        notes.compact(note)


@task
def remind_of_actions() -> None:
    """Started by the clock every few hours."""
    actions.remind()


@task
def plan_telling(event_id: int) -> None:
    """After a message: when is each of the others told?"""
    event = Event.objects.get(pk=event_id)
    if message := Message.objects.select_related("mentorship").filter(pk=event.about_id).first():
        telling.plan(message)


@task
def tell_of_messages(reading_pk: int) -> None:
    readings = Reading.objects.select_related("mentorship__programme", "user")
    if reading := readings.filter(pk=reading_pk, user__is_active=True).first():
        telling.tell(reading)
