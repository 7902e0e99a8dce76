from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock, ids
from commonhall.mentorships.models import Mentorship


def new_uid() -> str:
    return f"{ids.token(20)}@commonhall"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user) -> "MeetingQuerySet":
        return self.filter(mentorship__participants__user=user)

    def coming(self) -> "MeetingQuerySet":
        return self.filter(state=Meeting.State.AGREED, ends_at__gte=clock.now()).order_by("starts_at")


class Meeting(models.Model):
    class State(models.TextChoices):
        PROPOSED = "proposed", _("Times proposed")
        AGREED = "agreed", _("Agreed")
        HELD = "held", _("Held")
        MISSED = "missed", _("Missed")
        CANCELLED = "cancelled", _("Cancelled")

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="meetings")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    title = models.CharField(max_length=150)
    minutes = models.PositiveSmallIntegerField(default=60)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=300, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    agreed_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    cancel_reason = models.CharField(max_length=200, blank=True)
    uid = models.CharField(max_length=60, unique=True, default=new_uid)
    sequence = models.PositiveIntegerField(default=0)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "held", "missed"]) | Q(starts_at__lt=F("ends_at")),
                name="meetings_agreed_has_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_at"])]

    def __str__(self) -> str:
        return self.title


class TimeOption(models.Model):
    """One of up to three times that were proposed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="options")
    starts_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["meeting", "starts_at"], name="meetings_option_once")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Reminder(models.Model):
    """That somebody was reminded of a time, so that nobody is reminded of it twice."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)
    starts_at = models.DateTimeField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user", "kind", "starts_at"], name="meetings_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} before {self.meeting_id}"
