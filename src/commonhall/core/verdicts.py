"""A rule's answer: yes, or no with a reason that a person can read."""

from dataclasses import dataclass

from django.utils.functional import Promise

from commonhall.core.errors import Refused


@dataclass(frozen=True)
class Verdict:
    ok: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.ok


YES = Verdict(True)


def no(reason: str | Promise) -> Verdict:
    return Verdict(False, reason)


def require(verdict: Verdict) -> None:
    """Raise `Refused` with the rule's own words unless the verdict is yes."""
    if not verdict:
        raise Refused(verdict.reason)
