from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.history.models import Event


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        return self.filter(user=user)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


class Notice(models.Model):
    """Something told to one person: in the product, and by e-mail as they prefer.

    Somebody without an account (a line manager who is asked) has an `address` and no `user`.
    """

    class Email(models.TextChoices):
        NONE = "none", _("not by e-mail")
        WAITING = "waiting", _("waiting to be sent")
        DIGEST = "digest", _("waits for the daily digest")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be sent")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="notices")
    address = models.EmailField(blank=True)
    event = models.ForeignKey(Event, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    url = models.CharField(max_length=500, blank=True)
    act = models.CharField(max_length=80, blank=True)
    email = models.CharField(max_length=8, choices=Email.choices, default=Email.NONE)
    message_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notifications_notice_once"),
            models.UniqueConstraint(
                fields=["address", "key"], condition=Q(user=None), name="notifications_letter_once"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], condition=Q(read_at=None), name="notifications_unread"),
            models.Index(fields=["email"], condition=Q(email__in=["waiting", "digest"]), name="notifications_due"),
        ]

    def __str__(self) -> str:
        return self.subject


class Preference(models.Model):
    """How one person wants to hear of one kind of notice."""

    class How(models.TextChoices):
        NOW = "now", _("At once")
        DIGEST = "digest", _("In a daily digest")
        OFF = "off", _("Not by e-mail")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=60)
    how = models.CharField(max_length=8, choices=How.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notifications_preference_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.how}"
