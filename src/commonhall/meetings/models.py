from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock, ids
from commonhall.meetings import elsewhere
from commonhall.meetings.rhythm import Rhythm
from commonhall.meetings.visiting import Guest as Guest
from commonhall.meetings.visiting import Line as Line
from commonhall.meetings.visiting import Visit as Visit
from commonhall.mentorships.models import Mentorship, Participant


def new_uid() -> str:
    return f"{ids.token(20)}@commonhall"


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: Any) -> "SeriesQuerySet":
        return self.filter(mentorship__in=Participant.objects.filter(user=user).values("mentorship"))

    def open(self) -> "SeriesQuerySet":
        return self.exclude(state=Series.State.ENDED)

    def proposed(self) -> "SeriesQuerySet":
        return self.filter(state=Series.State.PROPOSED)


class Series(models.Model):
    """Meetings that come again at the same hour of one clock, whatever clocks do elsewhere.

    What recurs is kept as local time and zone; each meeting that comes of it is a `Meeting` with its moment in UTC.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        AGREED = "agreed", _("Agreed")
        ENDED = "ended", _("Ended")

    class Every(models.TextChoices):
        WEEK = "week", _("Every week")
        FORTNIGHT = "fortnight", _("Every two weeks")
        FOUR_WEEKS = "four-weeks", _("Every four weeks")
        MONTH = "month", _("Every month, on the same weekday")

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="series")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    title = models.CharField(max_length=150)
    minutes = models.PositiveSmallIntegerField(default=60)
    channel = models.CharField(max_length=20)
    place = models.CharField(max_length=300, blank=True)
    every = models.CharField(max_length=10, choices=Every.choices, default=Every.FOUR_WEEKS)
    starts_on = models.DateField()
    local_time = models.TimeField()
    zone = models.CharField(max_length=64)
    times = models.PositiveSmallIntegerField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    agreed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    end_reason = models.CharField(max_length=10, blank=True)
    end_words = models.CharField(max_length=300, blank=True)
    uid = models.CharField(max_length=60, unique=True, default=new_uid)
    sequence = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=list, blank=True)
    cut_on = models.DateField(null=True, blank=True)
    replaces = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="successors")
    replaces_from = models.DateField(null=True, blank=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        verbose_name_plural = "series"
        constraints = [
            models.CheckConstraint(condition=Q(times__gte=2, times__lte=26), name="meetings_series_times"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rhythm(self) -> Rhythm:
        left_out = frozenset(date.fromisoformat(day) for day in self.left_out)
        given = (self.every, self.starts_on, self.times, self.local_time, self.zone)
        return Rhythm(*given, left_out=left_out, cut_on=self.cut_on)

    def get_channel_display(self) -> str:
        return str(Meeting.Channel(self.channel).label)

    @property
    def was_agreed(self) -> bool:
        return self.agreed_at is not None

    @property
    def link(self) -> str:
        return link_in(self.place)

    @property
    def end_message(self) -> str:
        """What the one who ended or turned it down says to the others."""
        return said(self.end_reason, self.end_words)


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
    series = models.ForeignKey(Series, on_delete=models.CASCADE, null=True, blank=True, related_name="meetings")
    occurrence_on = models.DateField(null=True, blank=True)
    missed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    agenda = models.TextField(blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "held", "missed"]) | Q(starts_at__lt=F("ends_at")),
                name="meetings_agreed_has_time",
            ),
            models.CheckConstraint(condition=Q(missed_by=None) | Q(state="missed"), name="meetings_missed_by"),
            models.UniqueConstraint(fields=["series", "occurrence_on"], name="meetings_occurrence_once"),
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
    def is_moved(self) -> bool:
        """One of a series that does not stand where its rhythm has it."""
        return bool(
            self.series and self.occurrence_on and self.starts_at != self.series.rhythm.moment(self.occurrence_on)
        )

    @property
    def is_to_come(self) -> bool:
        return self.state == self.State.AGREED and not self.has_begun

    @property
    def cancel_message(self) -> str:
        """What the one who cancelled says to the others."""
        return said(self.cancel_reason, self.cancel_words)

    @property
    def is_in_the_room(self) -> bool:
        """They meet by video and have named no other place: in the room of this meeting."""
        return self.channel == self.Channel.VIDEO and not self.place

    @property
    def link(self) -> str:
        """The address of the call, where the place is one."""
        return link_in(self.place)

    @property
    def opens_inside(self) -> bool:
        """Whether the call may stand inside our own page."""
        return elsewhere.host(self.link) in settings.EMBEDDED_ROOM_HOSTS


def link_in(place: str) -> str:
    return place if place.startswith(("https://", "http://")) else ""


def said(reason: str, words: str) -> str:
    """A reason and the words beside it, as the others read them."""
    reasons = Meeting.CancelReason
    silent = reason in ("", reasons.OTHER, reasons.ENDED)
    return (words if silent else f"{reasons(reason).label}. {words}").strip()


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
        AFTER = "after", _("whether it took place")

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


class Attendance(models.Model):
    """What one person said of whether a meeting took place, and who was not there. Its people see it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    held = models.BooleanField()
    absent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["said_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="meetings_attendance_once"),
            models.CheckConstraint(condition=Q(absent=None) | Q(held=False), name="meetings_absent_when_missed"),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class Feed(models.Model):
    """Somebody's calendar at a secret address. Only a digest of the secret is kept; `version` counts the changes."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    version = models.PositiveBigIntegerField(default=1)
    renewed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"feed {self.pk}"


class TravelFactors(models.Model):
    """What a kilometre takes, with the sources; of one country, or of all that have none of their own ("")."""

    country = models.CharField(max_length=2, unique=True, blank=True)
    values = models.JSONField(default=dict)
    sources = models.JSONField(default=dict)

    class Meta:
        ordering = ["country"]
        verbose_name_plural = "travel factors"

    def __str__(self) -> str:
        return self.country or "everywhere"
