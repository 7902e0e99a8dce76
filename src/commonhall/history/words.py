"""The words of every fact, handed over by `config` at start."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commonhall.history.models import Event

_words: dict[str, str | Promise] = {}


def install(words: Mapping[str, str | Promise]) -> None:
    _words.clear()
    _words.update(words)


def sentence(event: Event) -> str:
    """What happened, for a timeline; select `by` beforehand."""
    by = event.by.name if event.by else _("Somebody")
    return str(capfirst(str(_words[event.verb]).format(**{**event.details, "by": by or _("Somebody")})))
