"""What is done with a letter that has come in: once, and then nothing of it is kept but a digest."""

import hashlib
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from commonhall.accounts import letters as post
from commonhall.core import clock
from commonhall.core.errors import Refused
from commonhall.integrations.inbox import addresses, handlers
from commonhall.integrations.inbox.letters import Letter
from commonhall.integrations.models import Handled
from commonhall.jobs.actions import enqueue


def is_deliverable(recipient: str) -> bool:
    """Whether we gave this address out, for something that somebody here takes."""
    found = addresses.opened(recipient)
    return found is not None and handlers.known(found[0]) is not None


@transaction.atomic
def take(letter: Letter, recipient: str) -> None:
    """Act on it, or tell the sender in words why not. A letter that comes twice is taken once."""
    found = addresses.opened(recipient)
    handler = handlers.known(found[0]) if found else None
    if found is None or handler is None or letter.is_for_nobody:
        return
    if not _first_time("letter", letter.identity, recipient.lower()):
        return
    try:
        with transaction.atomic():
            handler(letter, found[1])
    except Refused as refusal:
        _answer(letter, str(refusal.reason))


def _answer(letter: Letter, reason: str) -> None:
    """At most once a day to one sender, and never to a program."""
    ours = (settings.INBOX_ADDRESS.lower(), parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower())
    day = clock.today().isoformat()
    if not letter.may_be_answered or letter.sender in ours or addresses.opened(letter.sender):
        return
    if _first_time("answered", letter.sender, day):
        enqueue("integrations.inbox.tasks.answer", letter.sender, reason, f"{letter.identity[:32]}.{day}")


def _first_time(*what: str) -> bool:
    digest = hashlib.sha256("|".join(what).encode(errors="replace")).hexdigest()
    return Handled.objects.get_or_create(digest=digest, defaults={"at": clock.now()})[1]


def forget(kept: timedelta) -> int:
    """Digests that are so old that no server sends their letter again."""
    return Handled.objects.filter(at__lt=clock.now() - kept).delete()[0]


def send_answer(to: str, reason: str, identity: str) -> None:
    words = _(
        "Nobody reads what comes to this address: it takes answers to messages, and from calendars. Nothing was kept."
    )
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    post.send(to, _("About your answer"), f"{reason}\n\n{words}\n{settings.BASE_URL}\n", f"<{identity}@{domain}>")
