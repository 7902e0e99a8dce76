"""What an action may raise. The edge (`config.edge`) turns each into a page."""

from django.utils.functional import Promise


class Refused(Exception):
    """A rule said no (403). The message is for the person who asked."""

    status = 403

    def __init__(self, reason: str | Promise = "") -> None:
        super().__init__(str(reason))
        self.reason = reason


class Conflict(Refused):
    """Somebody else was first, or the thing has moved on (409). Says what to do now."""

    status = 409


class Unavailable(Refused):
    """The system cannot do this just now (503); nothing was written."""

    status = 503
