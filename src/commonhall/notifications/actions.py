from smtplib import SMTPRecipientsRefused
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import get_template
from django.utils import timezone, translation

from commonhall.core import clock, text
from commonhall.core import notices as declaration
from commonhall.history.models import Event
from commonhall.jobs.actions import enqueue
from commonhall.notifications import declared, letters, queries
from commonhall.notifications.kinds import DIGEST
from commonhall.notifications.models import Notice, Preference

LONGEST_SUBJECT = 200


def tell(event: Event) -> None:
    """Make the notices that follow a fact; telling twice makes nothing new."""
    for notice in declared.following(event.verb):
        for person in notice.to(event):
            if getattr(person, "is_active", True):  # nobody tells anything to somebody who has left
                _tell_one(event, notice, person)


@transaction.atomic
def _tell_one(event: Event, notice: declaration.Notice, person: Any) -> None:
    zone = getattr(person, "time_zone", settings.TIME_ZONE)
    language = getattr(person, "language", settings.LANGUAGE_CODE)
    with timezone.override(ZoneInfo(zone)), translation.override(language):
        url = notice.url(event, person)
        context = {**notice.context(event, person), "person": person, "url": url}
        made, created = Notice.objects.get_or_create(
            user=person if person.pk else None,
            address="" if person.pk else person.email,
            key=f"{event.pk}:{notice.template}",
            defaults={
                "event": event,
                "kind": notice.kind,
                "subject": text.line(str(notice.subject) % context)[:LONGEST_SUBJECT],
                "text": _text(notice.template, context),
                "url": url,
                "act": str(notice.act),
                "email": _way(notice, person),
            },
        )
    if created and made.email == Notice.Email.WAITING:
        enqueue("notifications.tasks.send", made.pk)


def _text(template: str, context: dict[str, Any]) -> str:
    with_plain_text = get_template(template).template  # type: ignore[attr-defined]
    from_context = queries.plain_context(context)
    return text.clean(str(with_plain_text.render(from_context)))


def _way(notice: declaration.Notice, person: Any) -> str:
    if notice.essential or not person.pk:
        return Notice.Email.WAITING
    how = Preference.How(queries.preference(person, notice.kind))
    return {
        Preference.How.NOW: Notice.Email.WAITING,
        Preference.How.DIGEST: Notice.Email.DIGEST,
        Preference.How.OFF: Notice.Email.NONE,
    }[how]


@transaction.atomic
def prefer(user: Any, kind: str, how: str) -> None:
    """From now on; what waits for the next digest and is no longer wanted does not go out."""
    Preference.objects.update_or_create(user=user, kind=kind, defaults={"how": Preference.How(how)})
    if how == Preference.How.OFF:
        Notice.objects.filter(user=user, kind=kind, email=Notice.Email.DIGEST).update(email=Notice.Email.NONE)


@transaction.atomic
def unsubscribe(user: Any, kind: str) -> None:
    """No more e-mails of this kind; for the digest, of every kind that comes in it."""
    for one in queries.kinds_in_digest(user) if kind == DIGEST else [kind]:
        prefer(user, one, Preference.How.OFF)


def read(notices: Any) -> int:
    """Mark notices as read; returns how many were new."""
    return int(notices.unread().update(read_at=clock.now()))


def send(notice_id: int) -> None:
    """Send one waiting notice; a notice that went out, or whose event is undone, is left alone.

    No transaction is held while the mail server answers. If we die between sending and noting it, the letter goes
    out again under the same Message-ID.
    """
    notice = Notice.objects.select_related("user", "event").filter(pk=notice_id).first()
    if notice and notice.email == Notice.Email.WAITING:
        _send(letters.of_notice(notice), [notice])


def send_digest(user: Any) -> None:
    """Send what waits for one person's digest as one e-mail."""
    notices = list(queries.digest_of(user))
    if notices:
        _send(letters.of_digest(user, notices), notices)


def _send(letter: EmailMultiAlternatives, notices: list[Notice]) -> None:
    """A server that is down raises, and the job is tried again; an address that is refused for good is noted."""
    outcome = Notice.Email.SENT
    try:
        letter.send()
    except SMTPRecipientsRefused as refusal:
        if any(code < 500 for code, _words in refusal.recipients.values()):
            raise
        outcome = Notice.Email.FAILED
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
        email=outcome, sent_at=clock.now(), message_id=letter.extra_headers["Message-ID"]
    )
