from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.organisations.models import Organisation


class Profile(models.Model):
    """What a person says of themselves. `people.visibility` says who sees which field."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    pronouns = models.CharField(max_length=40, blank=True)
    job_title = models.CharField(max_length=150, blank=True)
    service_area = models.CharField(max_length=40, blank=True, db_index=True)
    level = models.CharField(max_length=2, blank=True)
    can_help = models.TextField(blank=True)
    want_to_learn = models.TextField(blank=True)
    biography = models.TextField(blank=True)
    career_path = models.TextField(blank=True)
    qualifications = models.TextField(blank=True)
    languages = models.JSONField(default=list, blank=True)
    channels = models.JSONField(default=list, blank=True)
    adjustments = models.TextField(blank=True)
    photo = models.FileField(upload_to="photos/", blank=True)
    weeks_from = models.DateField(null=True, blank=True)
    term_time_only = models.BooleanField(default=False)
    works_on_holidays = models.BooleanField(default=False)
    holiday_country = models.CharField(max_length=2, blank=True)
    holiday_region = models.CharField(max_length=20, blank=True)
    notice_hours = models.PositiveSmallIntegerField(default=20)
    buffer_minutes = models.PositiveSmallIntegerField(default=0)
    most_minutes_a_day = models.PositiveSmallIntegerField(default=180)
    listed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"profile {self.pk}"


class Topic(models.Model):
    """Something a person offers, wants or likes: a service area, a competency or a free tag."""

    class Purpose(models.TextChoices):
        OFFER = "offer", _("can help with")
        WANT = "want", _("wants to learn")
        INTEREST = "interest", _("is interested in")

    class Kind(models.TextChoices):
        SERVICE = "service", _("service area")
        COMPETENCY = "competency", _("competency")
        TAG = "tag", _("other")

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="topics")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "purpose", "kind", "key"], name="people_topic_once"),
        ]
        indexes = [models.Index(fields=["purpose", "kind", "key"])]

    def __str__(self) -> str:
        return f"{self.purpose} {self.kind}:{self.key}"


class WorkingHours(models.Model):
    """One stretch of a week's working pattern, in minutes from midnight of the person's own zone.

    Weeks alternate from `Profile.weeks_from`, a Monday: the week that begins then is a first week.
    """

    class Week(models.IntegerChoices):
        EVERY = 0, _("Every week")
        FIRST = 1, _("First weeks")
        SECOND = 2, _("Second weeks")

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    starts = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    week = models.PositiveSmallIntegerField(choices=Week.choices, default=Week.EVERY)

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(week__lte=2), name="people_hours_week"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="people_hours_weekday"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends"), ends__lte=1440), name="people_hours_order"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}-{self.ends}"


class Leave(models.Model):
    """Days on which somebody is away; why is nobody's business. The people they meet see only that they are away."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="leave")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="people_leave_order")]

    def __str__(self) -> str:
        return f"{self.starts_on} to {self.ends_on}"


class Department(models.Model):
    """What an organisation calls a part of itself, and the service area which that is.

    `folded` is `core.sheets.words.plain(name)`. Its administrators and people who work there see it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="departments")
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=150)
    service_area = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "folded"], name="people_department_once")]

    def __str__(self) -> str:
        return self.name
