from django.db import models

from commonhall.core import clock


class Mark(models.Model):
    """Stands in a database that `commonhall demo` filled; turns on one-click sign-in and the outbox."""

    seed = models.IntegerField()
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"demo {self.seed}"


class KeptMail(models.Model):
    """An e-mail of the demo, kept instead of sent."""

    recipient = models.EmailField()
    subject = models.CharField(max_length=300)
    source = models.BinaryField()
    kept_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-kept_at", "-pk"]

    def __str__(self) -> str:
        return self.subject
