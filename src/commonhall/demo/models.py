from django.db import models

from commonhall.core import clock


class Mark(models.Model):
    """Stands in a database that `commonhall demo` filled; turns on one-click sign-in and the outbox."""

    seed = models.IntegerField()
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"demo {self.seed}"
