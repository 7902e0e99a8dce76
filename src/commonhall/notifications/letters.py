"""Notices as e-mails: plain text and HTML, with an identity that makes sending twice visible."""

import hashlib
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonhall.core import text
from commonhall.core.notices import Attachment, nothing
from commonhall.integrations.inbox.words import above
from commonhall.notifications import declared
from commonhall.notifications.kinds import DIGEST
from commonhall.notifications.models import Notice

SALT = "notifications.unsubscribe"


def message_id(*parts: object) -> str:
    """The same notice has the same Message-ID, however often it is sent."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]
    return f"<{digest}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].split('@')[-1]}>"


def unsubscribe_token(user: Any, kind: str) -> str:
    return signing.dumps([user.pk, kind], salt=SALT)


def of_notice(notice: Notice) -> EmailMultiAlternatives:
    declaration = declared.found(notice.event.verb, notice.key.split(":", 1)[1]) if notice.event else None
    optional = declaration is not None and not declaration.essential and notice.user is not None
    letter = _letter(notice.user.email if notice.user else notice.address, notice.subject)
    letter.extra_headers["Message-ID"] = message_id("notice", notice.pk, notice.key)
    if optional:
        _offer_unsubscribing(letter, notice.user, notice.kind)
    if declaration is None:
        _write(letter, [notice], optional)
        return letter
    letter.reply_to = [address] if (address := declaration.reply_to(notice.event, notice.user)) else []
    is_talk = bool(letter.reply_to) and declaration.words is not nothing
    line = above(_("Write your answer above this line")) if is_talk else ""
    _write(letter, [notice], optional, words=declaration.words(notice.event, notice.user), above=line)
    for attachment in declaration.attachments(notice.event, notice.user):
        _attach(letter, attachment)
    return letter


def _attach(letter: EmailMultiAlternatives, attachment: Attachment) -> None:
    """An invitation is also one of the alternatives: mail programs show its buttons only there."""
    mimetype = attachment.mimetype
    if mimetype.startswith("text/calendar"):
        letter.attach_alternative(attachment.content.decode(), mimetype)
        mimetype = "application/ics"
    letter.attach(attachment.filename, attachment.content, mimetype)


def of_digest(user: Any, notices: Sequence[Notice]) -> EmailMultiAlternatives:
    letter = _letter(user.email, _digest_subject(len(notices)))
    letter.extra_headers["Message-ID"] = message_id("digest", user.pk, *(notice.pk for notice in notices))
    _offer_unsubscribing(letter, user, DIGEST)
    _write(letter, notices, optional=True)
    return letter


def _digest_subject(count: int) -> str:
    told = ngettext("Your day on Commonhall: %(count)d thing", "Your day on Commonhall: %(count)d things", count)
    return told % {"count": count}


def _letter(to: str, subject: str) -> EmailMultiAlternatives:
    return EmailMultiAlternatives(subject=text.line(subject), to=[to], headers={"Auto-Submitted": "auto-generated"})


def _offer_unsubscribing(letter: EmailMultiAlternatives, user: Any, kind: str) -> None:
    url = settings.BASE_URL + reverse("notifications:unsubscribe", args=[unsubscribe_token(user, kind)])
    letter.extra_headers["List-Unsubscribe"] = f"<{url}>"
    letter.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _write(letter: EmailMultiAlternatives, notices: Sequence[Notice], optional: bool, **more: str) -> None:
    """`above` is the line above which an answer is written; `words` are kept nowhere but in the letter."""
    context = {
        **more,
        "subject": letter.subject,
        "notices": notices,
        "base_url": settings.BASE_URL,
        "preferences": settings.BASE_URL + reverse("notifications:preferences") if optional else "",
    }
    letter.body = render_to_string("notifications/mail/letter.txt", context)
    letter.attach_alternative(render_to_string("notifications/mail/letter.html", context), "text/html")
