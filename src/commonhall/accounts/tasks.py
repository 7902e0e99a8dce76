from commonhall.accounts import letters
from commonhall.jobs.work import task


@task(attempts=4, priority=50)
def send_letter(to: str, subject: str, body: str, message_id: str) -> None:
    """A code is of use for minutes only, so this gives up after two."""
    letters.send(to, subject, body, message_id)
