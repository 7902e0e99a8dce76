from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
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


class GoalQuerySet(models.QuerySet["Goal"]):
    def visible_to(self, user: Any) -> "GoalQuerySet":
        """The people of its mentorship, and nobody else."""
        return self.filter(mentorship__in=Participant.objects.filter(user=user).values("mentorship"))

    def open(self) -> "GoalQuerySet":
        return self.filter(state=Goal.State.OPEN)


class Goal(models.Model):
    """What the mentee wants to be able to do, and how both would see that it is so."""

    class State(models.TextChoices):
        OPEN = "open", _("Under way")
        REACHED = "reached", _("Reached")
        LET_GO = "let-go", _("Let go")

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="goals")
    words = models.CharField(max_length=200)
    measure = models.CharField(max_length=200, blank=True)
    competency = models.CharField(max_length=40, blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    carried_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried_to"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="workspace_goal_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.words


class GoalStep(models.Model):
    """How far a goal is, as one of the two sees it on one day: 0 to 100."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="steps")
    percent = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="workspace_step_percent")]

    def __str__(self) -> str:
        return f"{self.percent} %"


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: Any) -> "ActionQuerySet":
        """The people of its mentorship, and nobody else."""
        return self.filter(mentorship__in=Participant.objects.filter(user=user).values("mentorship"))

    def to_do(self) -> "ActionQuerySet":
        return self.filter(done_at=None)


class Action(models.Model):
    """Something that somebody said they would do. `line` marks the line of a note from which it was made."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="actions")
    words = models.CharField(max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions")
    line = models.CharField(max_length=32, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reminded_for = models.DateField(null=True, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = [models.F("due_on").asc(nulls_last=True), "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "line", "owner"], condition=~Q(line=""), name="workspace_action_once"
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_on is not None and self.due_on < clock.today()


class PersonKey(models.Model):
    """The key to one person's private notes, itself sealed with a key from the settings (`workspace.vault`)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    wrapped = models.TextField()
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"key {self.pk}"


class PrivateNote(models.Model):
    """What somebody writes for themselves. Sealed with their own key: nobody else can read it, in any way."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="+")
    sealed = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return f"private note {self.pk}"
