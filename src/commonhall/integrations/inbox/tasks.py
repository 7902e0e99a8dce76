from datetime import timedelta

from django.conf import settings

from commonhall.integrations.inbox import imap, receiving
from commonhall.jobs.work import task

KEPT = timedelta(days=60)


@task(attempts=1)
def poll() -> None:
    """Started by the clock where `INBOX_URL` is set; the next look is the next attempt."""
    if settings.INBOX_URL:
        imap.look()


@task
def answer(to: str, reason: str, identity: str) -> None:
    receiving.send_answer(to, reason, identity)


@task
def forget() -> None:
    """Started by the clock each day."""
    receiving.forget(KEPT)
