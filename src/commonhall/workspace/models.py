from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.meetings.models import Meeting
from commonhall.mentorships.models import Mentorship, Participant


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: Any) -> "NoteQuerySet":
        """The people of its mentorship, and nobody else."""
        return self.filter(mentorship__in=Participant.objects.filter(user=user).values("mentorship"))

    def in_use(self) -> "NoteQuerySet":
        return self.filter(put_away_at=None)

    def open_for_writing(self) -> "NoteQuerySet":
        return self.in_use().exclude(mentorship__state=Mentorship.State.ENDED)


class Note(models.Model):
    """A page that the people of a mentorship write together, at the same time if they like."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="notes")
    meeting = models.ForeignKey(Meeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="notes")
    title = models.CharField(max_length=150)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    put_away_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class NoteUpdate(models.Model):
    """A change to a note as Yjs encodes it. All of them together, in any order, are the note."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="updates")
    data = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"update {self.pk}"


class NoteVersion(models.Model):
    """A note as it stood at one moment, whole, so that it can be read and put back. `authors` are keys of users."""

    class Why(models.TextChoices):
        PAUSE = "pause", _("kept by itself")
        RESTORE = "restore", _("before an earlier version was put back")

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="versions")
    data = models.BinaryField()
    authors = models.JSONField(default=list)
    why = models.CharField(max_length=8, choices=Why.choices, default=Why.PAUSE)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"version {self.pk}"
