"""The words of every fact, handed over by `config` at start."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commonhall.history.models import Event

_words: dict[str, str | Promise] = {}
_acting: dict[str, str | Promise] = {}


def install(words: Mapping[str, str | Promise], acting: Mapping[str, str | Promise] | None = None) -> None:
    """`acting` says who did what nobody did: by the way in which it came."""
    for kept, given in ((_words, words), (_acting, acting or {})):
        kept.clear()
        kept.update(given)


def sentence(event: Event) -> str:
    """What happened, for a timeline; select `by` beforehand."""
    by = event.by.name if event.by else _acting.get(event.via, _("Somebody"))
    return str(capfirst(str(_words[event.verb]).format(**{**event.details, "by": by or _("Somebody")})))
