"""The tables of the room: who was in it, who asked at its door, what was typed. `models` hands them on."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock


class VisitQuerySet(models.QuerySet["Visit"]):
    def inside(self) -> "VisitQuerySet":
        return self.filter(left_at=None)


class Visit(models.Model):
    """That somebody was in the meeting's room. Kept for attendance; its people see it.

    `page` names the open page, so that a newer page of the same person takes the older one's place.
    """

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="visits")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    guest = models.ForeignKey("Guest", on_delete=models.CASCADE, null=True, related_name="visits")
    page = models.CharField(max_length=32, blank=True)
    joined_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, guest__isnull=False) | Q(user__isnull=False, guest=None),
                name="meetings_visit_of_one",
            ),
            models.UniqueConstraint(
                fields=["meeting", "user"], condition=Q(left_at=None, user__isnull=False), name="meetings_inside_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "guest"], condition=Q(left_at=None, guest__isnull=False), name="meetings_guest_once"
            ),
        ]
        indexes = [models.Index(fields=["seen_at"], condition=Q(left_at=None), name="meetings_inside")]

    def __str__(self) -> str:
        return f"visit {self.pk}"

    @property
    def name(self) -> str:
        return str(self.user or (self.guest and self.guest.name) or "")

    @property
    def until(self) -> datetime:
        """When it ended, or when it was last known to go on."""
        return self.left_at or self.seen_at


class Guest(models.Model):
    """Somebody without an account who asks at the door of the room, and is let in by one of its people.

    Their browser holds a secret; `key` is its digest.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting at the door")
        ADMITTED = "admitted", _("Let in")
        REFUSED = "refused", _("Not let in")

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"guest {self.pk}"

    @property
    def is_in(self) -> bool:
        return self.state == self.State.ADMITTED


class Line(models.Model):
    """What was typed in the room: a line of the chat, or a caption. The people of the meeting see it."""

    class Kind(models.TextChoices):
        CHAT = "chat", _("Chat")
        CAPTION = "caption", _("Caption")

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="lines")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    guest_name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.CHAT)
    text = models.CharField(max_length=2000)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"line {self.pk}"

    @property
    def name(self) -> str:
        return self.by.name if self.by else self.guest_name
