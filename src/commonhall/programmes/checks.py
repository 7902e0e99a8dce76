"""What must always be true here; each sentence names one thing that is not."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F

from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.programmes.models import Enrolment, Import, Programme

LONGEST = timedelta(hours=6)
FOLLOWS_WITHIN = timedelta(hours=1)


def states() -> Iterator[str]:
    """Every state is one that the product knows."""
    for model in (Programme, Enrolment, Import):
        wrong = model._default_manager.exclude(state__in=model.State.values).order_by("pk")
        for pk, state in wrong.values_list("pk", "state"):
            yield f"{model.__name__} {pk} is in the unknown state “{state}”."


def finished() -> Iterator[str]:
    """Nobody has a place in use, or still open, in a programme that is finished, once what follows is done."""
    rows = Enrolment.objects.filter(programme__state=Programme.State.FINISHED).order_by("pk")
    for pk, slug in rows.filter(state__in=Enrolment.LIVE).values_list("pk", "programme__slug"):
        yield f"Enrolment {pk} is still open in the finished programme “{slug}”."
    just = Event.objects.filter(verb="programme.finished", at__gt=clock.now() - FOLLOWS_WITHIN).values("about_id")
    for pk, slug in rows.filter(taken__gt=0).exclude(programme__in=just).values_list("pk", "programme__slug"):
        yield f"Enrolment {pk} still has a place in use in the finished programme “{slug}”."


def dates() -> Iterator[str]:
    rows = Enrolment.objects.filter(available_until__lt=F("available_from"))
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        yield f"Enrolment {pk} is available until a day before it begins."


def imports() -> Iterator[str]:
    """No spreadsheet is stuck on its way in, and none keeps its file after it was read."""
    stuck = Import.objects.filter(
        state__in=[Import.State.UPLOADED, Import.State.RUNNING], created_at__lt=clock.now() - LONGEST
    )
    for pk, state in stuck.order_by("pk").values_list("pk", "state"):
        yield f"Import {pk} has been “{state}” for more than six hours."
    kept = Import.objects.exclude(upload="").exclude(state=Import.State.UPLOADED)
    for pk in kept.order_by("pk").values_list("pk", flat=True):
        yield f"Import {pk} still keeps its file."


CHECKS = (states, finished, dates, imports)
