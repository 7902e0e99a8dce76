from commonhall.accounts.models import User
from commonhall.history.models import Event
from commonhall.jobs.actions import enqueue
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
    """One job for each person, so that one address that makes trouble keeps nobody else waiting."""
    for user_id in queries.digests_due():
        enqueue("notifications.tasks.send_digest", user_id)


@task
def send_digest(user_id: int) -> None:
    actions.send_digest(User.objects.get(pk=user_id))
