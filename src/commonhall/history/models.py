from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from commonhall.core import clock


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, thing: models.Model) -> "EventQuerySet":
        return self.filter(about_type=ContentType.objects.get_for_model(thing), about_id=thing.pk)

    def within(self, thing: models.Model) -> "EventQuerySet":
        return self.filter(within_type=ContentType.objects.get_for_model(thing), within_id=thing.pk)


class Event(models.Model):
    """One thing that happened. Never changed, and never holds what people wrote."""

    verb = models.CharField(max_length=80)
    about_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    about_id = models.BigIntegerField()
    about = GenericForeignKey("about_type", "about_id")
    within_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", null=True)
    within_id = models.BigIntegerField(null=True)
    within = GenericForeignKey("within_type", "within_id")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    via = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField(default=clock.now)
    details = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["about_type", "about_id", "-at"]),
            models.Index(fields=["within_type", "within_id", "-at"]),
            models.Index(fields=["verb", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.about_id}"

    def detail(self, key: str) -> Any:
        return self.details.get(key)
