from commonhall.history.models import Event
from commonhall.jobs.work import task
from commonhall.people import actions


@task
def list_after_first_sign_in(event_id: int) -> None:
    user = Event.objects.get(pk=event_id).about
    actions.list_in_directory(actions.ensure_profile(user), by=None)
