from commonhall.jobs.work import task
from commonhall.mentorships import actions, queries


@task
def resume_due() -> None:
    """Started by the clock: pairs whose pause is over go on."""
    for mentorship in queries.due_to_resume():
        actions.resume_if_due(mentorship)
