"""What must always be true here; each sentence names one thing that is not."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from commonhall.core import clock
from commonhall.meetings.models import Meeting
from commonhall.mentorships.models import Mentorship


def overlapping() -> Iterator[str]:
    """Nobody has agreed to be in two meetings at once."""
    agreed = (
        Meeting.objects.filter(state=Meeting.State.AGREED)
        .order_by("mentorship__participants__user", "starts_at")
        .values_list("mentorship__participants__user", "pk", "starts_at", "ends_at")
    )
    before: Any = None
    for person, pk, starts_at, ends_at in agreed:
        if before and before[0] == person and starts_at < before[2]:
            yield f"Meetings {before[1]} and {pk} overlap for person {person}."
        if before is None or before[0] != person or ends_at > before[2]:
            before = (person, pk, ends_at)


def timeless() -> Iterator[str]:
    """A meeting that is agreed or past has a time, and its state is known."""
    for row in Meeting.objects.exclude(state__in=Meeting.State.values):
        yield f"Meeting {row.pk} is in the unknown state “{row.state}”."
    for row in Meeting.objects.filter(state__in=["agreed", "held", "missed"], starts_at=None):
        yield f"Meeting {row.pk} is {row.state} and has no time."


def after_the_end() -> Iterator[str]:
    """A mentorship that ended has no meetings to come, once what follows from its end is done."""
    ended = Mentorship.objects.filter(state=Mentorship.State.ENDED, ended_at__lt=clock.now() - timedelta(hours=1))
    for row in Meeting.objects.coming().filter(mentorship__in=ended).order_by("pk"):
        yield f"Meeting {row.pk} is still to come, but mentorship {row.mentorship_id} has ended."


CHECKS = (overlapping, timeless, after_the_end)
