from django.db import models


class Entry(models.Model):
    """What can be found of one thing, and in which scopes. The index beside this table is kept by the database."""

    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    scopes = models.TextField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
