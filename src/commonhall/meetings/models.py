from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock, ids
from commonhall.mentorships.models import Mentorship, Participant


def new_uid() -> str:
    return f"{ids.token(20)}@commonhall"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Any) -> "MeetingQuerySet":
        """The people of its mentorship, and nobody else: those who run the programme see dates on the pair's page."""
        return self.filter(mentorship__in=Participant.objects.filter(user=user).values("mentorship"))

    def agreed(self) -> "MeetingQuerySet":
        return self.filter(state=Meeting.State.AGREED)

    def coming(self) -> "MeetingQuerySet":
        return self.agreed().filter(ends_at__gte=clock.now()).order_by("starts_at")

    def open(self) -> "MeetingQuerySet":
        """Neither logged nor cancelled."""
        return self.filter(state__in=Meeting.OPEN)

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> "MeetingQuerySet":
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Meeting(models.Model):
    class State(models.TextChoices):
        PROPOSED = "proposed", _("Times proposed")
        AGREED = "agreed", _("Agreed")
        HELD = "held", _("Held")
        MISSED = "missed", _("Missed")
        CANCELLED = "cancelled", _("Cancelled")

    class Channel(models.TextChoices):
        VIDEO = "video", _("Video call")
        PHONE = "phone", _("Telephone")
        IN_PERSON = "in-person", _("In person")

    class CancelReason(models.TextChoices):
        WORK = "work", _("Something came up at work")
        AWAY = "away", _("I am on leave")
        LATER = "later", _("It is too early: there is nothing to talk about yet")
        OTHER = "other", _("Something else")
        ENDED = "ended", _("The mentorship has ended")

    OPEN = (State.PROPOSED, State.AGREED)
    LOGGED = (State.HELD, State.MISSED)

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="meetings")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    title = models.CharField(max_length=150)
    minutes = models.PositiveSmallIntegerField(default=60)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.VIDEO)
    place = models.CharField(max_length=300, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    agreed_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=10, choices=CancelReason.choices, blank=True)
    cancel_words = models.CharField(max_length=300, blank=True)
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

    @property
    def has_begun(self) -> bool:
        return self.starts_at is not None and self.starts_at <= clock.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at is not None and self.ends_at < clock.now()

    @property
    def cancel_message(self) -> str:
        """What the one who cancelled says to the other."""
        silent = ("", self.CancelReason.OTHER, self.CancelReason.ENDED)
        reason = "" if self.cancel_reason in silent else f"{self.get_cancel_reason_display()}."
        return f"{reason} {self.cancel_words}".strip()

    @property
    def link(self) -> str:
        """The address of the call, where the place is one."""
        return self.place if self.place.startswith(("https://", "http://")) else ""


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

    class Kind(models.TextChoices):
        DAY = "day", _("a day before")
        HOUR = "hour", _("an hour before")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    starts_at = models.DateTimeField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user", "kind", "starts_at"], name="meetings_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} before {self.meeting_id}"
