"""One thing to do next, and why."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Next:
    """One thing to do: why, where, and by when."""

    title: str
    line: str
    url: str
    act: str | Promise
    icon: str
    by: str = ""
