from commonhall.integrations import actions
from commonhall.jobs.work import task


@task(attempts=2)
def refresh_due() -> None:
    """Calendars that have not been asked for a while."""
    actions.refresh_due()


@task(attempts=2, priority=-10)
def read(pk: int) -> None:
    actions.read(pk)
