"""A mailbox that is looked into by the clock, where the house's mail server cannot be told to hand letters over.

Only letters to our own addresses are touched: they are taken and then deleted. One to an address that we never gave
out, or one that makes us stumble, is flagged and left for a person.
"""

import logging
from imaplib import IMAP4
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from imap_tools import (
    AND,
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailboxLoginError,
    MailBoxUnencrypted,
    MailMessageFlags,
)

from commonhall.core.errors import Unavailable
from commonhall.integrations.inbox import receiving
from commonhall.integrations.inbox.letters import MOST_BYTES, read

log = logging.getLogger("commonhall.inbox")
KINDS = {"imaps": (MailBox, 993), "imap": (MailBoxUnencrypted, 143)}
SECONDS = 20
MOST_AT_ONCE = 100


def opened(url: str) -> BaseMailBox:
    """Signed in and in its folder. `Unavailable`, without the password, where that fails."""
    found = urlsplit(url)
    kind, usual_port = KINDS[found.scheme]
    host, port = found.hostname or "", found.port or usual_port
    folder = unquote(found.path.strip("/")) or "INBOX"
    try:
        mailbox: BaseMailBox = kind(host, port, timeout=SECONDS)
        mailbox.login(unquote(found.username or ""), unquote(found.password or ""), initial_folder=folder)
    except MailboxLoginError as error:
        raise Unavailable(f"the mailbox at {host} does not let us in: user or password is wrong") from error
    except OSError as error:
        raise Unavailable(f"the mailbox at {host}:{port} does not answer ({error})") from error
    return mailbox


def look() -> int:
    """By the clock. A mailbox that is away is looked into the next time; `commonhall doctor` says so meanwhile."""
    try:
        return poll()
    except (Unavailable, ImapToolsError, IMAP4.error, OSError) as error:
        log.warning("the mailbox could not be read: %s", error)
        return 0


def poll() -> int:
    """Take what has come; returns how many letters were for us."""
    local = settings.INBOX_ADDRESS.rpartition("@")[0]
    wanted = AND(to=f"{local}+", flagged=False, deleted=False, size_lt=MOST_BYTES)
    with opened(settings.INBOX_URL) as mailbox:
        return sum(_take(mailbox, uid) for uid in mailbox.uids(wanted)[:MOST_AT_ONCE])


def _take(mailbox: BaseMailBox, uid: str) -> bool:
    fetched = mailbox.client.uid("FETCH", uid, "(BODY.PEEK[])")[1]
    content = next((one[1] for one in fetched if isinstance(one, tuple)), b"")
    try:
        letter = read(content)
        recipient = next((one for one in letter.recipients if receiving.is_deliverable(one)), "")
        if not recipient:
            mailbox.flag(uid, MailMessageFlags.FLAGGED, True)
            return False
        receiving.take(letter, recipient)
        _delete(mailbox, uid)
        return True
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        log.exception("a letter could not be taken; it is flagged in the mailbox")
        mailbox.flag(uid, MailMessageFlags.FLAGGED, True)
        return False


def _delete(mailbox: BaseMailBox, uid: str) -> None:
    """This one alone: what somebody else has marked as deleted is theirs to clear."""
    mailbox.client.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
    if b"UIDPLUS" in mailbox.client.capability()[1][0]:
        mailbox.client.uid("EXPUNGE", uid)
