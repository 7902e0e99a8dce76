"""What a language model has made of people's own words, kept so that a text is read once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from commonhall.core import clock
from commonhall.matching.models import TextVectors
from pairing.types import Problem

KEPT = timedelta(days=182)


def remember(asked: Problem, texts: Mapping[str, Any]) -> None:
    """Keep what the solving process made of texts that were new to it."""
    known = asked.vectors if asked.text_model == texts["model"] else {}
    fresh = {key: rows for key, rows in texts["vectors"].items() if key not in known}
    TextVectors.objects.bulk_create(
        (TextVectors(key=key, model=texts["model"], rows=rows) for key, rows in fresh.items()), ignore_conflicts=True
    )


def forget_old() -> None:
    """What was made of a text half a year ago; a text that is still there is read again."""
    TextVectors.objects.filter(made_at__lt=clock.now() - KEPT).delete()
