from commonhall.jobs.work import task
from commonhall.organisations import actions


@task
def confirm_by_address() -> None:
    """People whose address, or whose organisation's domains, came after they said where they work."""
    actions.confirm_by_address()
