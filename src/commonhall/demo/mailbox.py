"""In the demo, outgoing mail is kept to be read at /outbox/; anywhere else it is sent."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from commonhall.demo.models import KeptMail, Mark


class Backend(BaseEmailBackend):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = Mark.objects.exists()
        self.real = None if self.kept else get_connection(settings.MAIL_BACKEND, *args, **kwargs)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if self.real is not None:
            return self.real.send_messages(email_messages) or 0
        KeptMail.objects.bulk_create(
            KeptMail(recipient=to, subject=str(message.subject)[:300], source=message.message().as_bytes())
            for message in email_messages
            for to in message.recipients()
        )
        return len(email_messages)
