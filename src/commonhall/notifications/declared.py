"""The notices that rooms declare, handed over by `config` at start."""

from collections.abc import Mapping, Sequence

from commonhall.core.notices import Notice

_by_verb: dict[str, Sequence[Notice]] = {}


def install(by_verb: Mapping[str, Sequence[Notice]]) -> None:
    _by_verb.clear()
    _by_verb.update(by_verb)


def following(verb: str) -> Sequence[Notice]:
    return _by_verb.get(verb, ())


def found(verb: str, template: str) -> Notice | None:
    return next((notice for notice in following(verb) if notice.template == template), None)


def optional_kinds() -> list[str]:
    """The kinds that a person may switch off, in order of name."""
    notices = (notice for group in _by_verb.values() for notice in group)
    return sorted({notice.kind for notice in notices if not notice.essential})
