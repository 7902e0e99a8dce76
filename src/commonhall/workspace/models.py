from datetime import time
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
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


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Any) -> "MessageQuerySet":
        """The people of its mentorship; in a circle, nothing of somebody whom the reader has blocked."""
        mine = self.filter(mentorship__in=Participant.objects.filter(user=user).values("mentorship"))
        shut_out = Block.objects.standing().filter(by=user, mentorship=OuterRef("mentorship"), user=OuterRef("author"))
        return mine.exclude(Exists(shut_out.filter(hides=True)))

    def unread_by(self, user: Any) -> "MessageQuerySet":
        read = Reading.objects.filter(user=user, mentorship=OuterRef("mentorship")).values("read_to")[:1]
        theirs = self.visible_to(user).filter(deleted_at=None).exclude(author=user)
        return theirs.filter(pk__gt=Coalesce(Subquery(read), 0))


class Message(models.Model):
    """Something said in the thread of a mentorship. Deleted, its words are gone and the fact stays.

    `token` names the form that it came from, so that a form sent twice says it once. Numbers rise with time within a
    thread, because whoever writes holds the mentorship.
    """

    class Via(models.TextChoices):
        PAGE = "page", _("on the page")
        MAIL = "mail", _("by e-mail")

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    via = models.CharField(max_length=4, choices=Via.choices, default=Via.PAGE)
    left_behind = models.PositiveSmallIntegerField(default=0)
    token = models.CharField(max_length=36, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["mentorship", "-id"], name="workspace_thread")]
        constraints = [
            models.UniqueConstraint(
                fields=["mentorship", "author", "token"], condition=~Q(token=""), name="workspace_message_once"
            ),
            models.CheckConstraint(condition=Q(deleted_at=None) | Q(text=""), name="workspace_deleted_words_gone"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Reading(models.Model):
    """How far somebody has read in a thread, how far they were told by e-mail, and when they are told next."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_to = models.BigIntegerField(default=0)
    told_to = models.BigIntegerField(default=0)
    tell_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mentorship", "user"], name="workspace_reading_once")]

    def __str__(self) -> str:
        return f"reading {self.pk}"


class Correspondence(models.Model):
    """How somebody wants to be told of messages: with the words or without, and when not."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="correspondence")
    with_words = models.BooleanField(default=False)
    quiet_from = models.TimeField(default=time(20))
    quiet_until = models.TimeField(default=time(7))
    only_on_working_days = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"correspondence {self.pk}"


class Report(models.Model):
    """One message handed to whoever runs the programme, on purpose. `text` is what it said at that moment."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["message", "by"], name="workspace_report_once")]

    def __str__(self) -> str:
        return f"report {self.pk}"


class BlockQuerySet(models.QuerySet["Block"]):
    def standing(self) -> "BlockQuerySet":
        return self.filter(lifted_at=None)


class Block(models.Model):
    """Somebody wants no more messages from somebody else. In a circle (`hides`) the others go on reading them."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="blocks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    hides = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mentorship", "by", "user"], condition=Q(lifted_at=None), name="workspace_block_once"
            )
        ]

    def __str__(self) -> str:
        return f"block {self.pk}"
