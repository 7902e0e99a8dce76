"""E-mails about signing in: plain text, in words of our own."""

from django.core.mail import EmailMessage


def send(to: str, subject: str, body: str, message_id: str) -> None:
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    EmailMessage(subject, body, to=[to], headers=headers).send()
