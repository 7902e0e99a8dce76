from commonhall.jobs.work import task
from commonhall.operations import actions


@task
def forget_ended_sessions() -> None:
    actions.forget_ended_sessions()
