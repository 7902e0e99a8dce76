from commonhall.history.models import Event
from commonhall.jobs.work import task
from commonhall.notifications import actions, queries


@task
def deliver(event_id: int) -> None:
    actions.tell(Event.objects.get(pk=event_id))


@task
def send(notice_id: int) -> None:
    actions.send(notice_id)


@task
def send_digests() -> None:
    for user in queries.digests_due():
        actions.send_digest(user)
