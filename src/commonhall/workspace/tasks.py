from commonhall.jobs.work import task
from commonhall.workspace.actions import actions, notes
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
