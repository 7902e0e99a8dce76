from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.integrations.sealing import unseal

SILENT_AFTER = timedelta(days=2)


class CalendarQuerySet(models.QuerySet["Calendar"]):
    def visible_to(self, user: Any) -> Self:
        """One's own, and nobody else's: not even staff see that there is one."""
        return self.filter(user=user)


class Calendar(models.Model):
    """A calendar kept elsewhere, of which only busy times are read. Only its owner sees it.

    Address and secret are sealed (`integrations.sealing`): a copy of the database does not open the calendar.
    """

    class Kind(models.TextChoices):
        ICS = "ics", _("A secret calendar address (ICS)")
        CALDAV = "caldav", _("A CalDAV calendar")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=120)
    address = models.TextField()
    username = models.CharField(max_length=200, blank=True)
    secret = models.TextField(blank=True)
    takes_meetings = models.BooleanField(default=False)
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=60, blank=True)
    added_at = models.DateTimeField(default=clock.now)
    asked_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    write_problem = models.CharField(max_length=300, blank=True)

    objects = CalendarQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(takes_meetings=True), name="integrations_one_takes_meetings"
            ),
        ]

    def __str__(self) -> str:
        return f"calendar {self.pk}"

    @property
    def plain_address(self) -> str:
        return unseal(self.address)

    @property
    def plain_secret(self) -> str:
        return unseal(self.secret)

    @property
    def read_ago(self) -> str:
        return clock.ago(self.read_at) if self.read_at else ""

    @property
    def asked_ago(self) -> str:
        return clock.ago(self.asked_at) if self.asked_at else ""

    @property
    def is_silent(self) -> bool:
        """Whether it has not been readable for so long that its owner should know."""
        return bool(self.problem) and (self.read_at or self.added_at) < clock.now() - SILENT_AFTER


class BusySpan(models.Model):
    """When somebody is busy elsewhere, and nothing of what with."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="spans")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="integrations_span_order"),
        ]
        indexes = [models.Index(fields=["calendar", "starts_at"])]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Copy(models.Model):
    """That an entry of ours is to stand in a calendar that its owner connected for that.

    `wanted` counts what happened to it, `written` is the count that the calendar was told last.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="+")
    uid = models.CharField(max_length=60)
    wanted = models.PositiveIntegerField(default=1)
    written = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "copies"
        constraints = [models.UniqueConstraint(fields=["calendar", "uid"], name="integrations_copy_once")]

    def __str__(self) -> str:
        return f"copy {self.pk}"


class OwnEntry(models.Model):
    """Where a meeting of ours stands in somebody's calendar: at the last look, and where its rule puts it."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="own_entries")
    uid = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    by_rule = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name_plural = "own entries"
        indexes = [models.Index(fields=["calendar", "uid"])]

    def __str__(self) -> str:
        return f"{self.uid} at {self.starts_at:%Y-%m-%d %H:%M}"


class Handled(models.Model):
    """A digest of what the inbox has done: that a letter was taken, or that a sender was answered on a day."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "handled"
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"handled {self.pk}"
