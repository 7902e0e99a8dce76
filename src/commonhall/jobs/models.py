from django.db import models

from commonhall.core import clock


class Lease(models.Model):
    """That a worker or clock is alive. Jobs of a holder whose lease has run out are given to another."""

    class Part(models.TextChoices):
        WORKER = "worker"
        CLOCK = "clock"

    holder = models.CharField(max_length=64, unique=True)
    part = models.CharField(max_length=8, choices=Part.choices)
    renewed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.part} {self.holder}"


class Tick(models.Model):
    """When a periodic task starts next."""

    task = models.CharField(max_length=120, unique=True)
    next_run = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.task} at {self.next_run:%Y-%m-%d %H:%M:%S}"


class Probe(models.Model):
    """One row that is written to learn whether the database can be written."""

    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
