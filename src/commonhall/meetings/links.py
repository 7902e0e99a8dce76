"""Links in e-mails that let one person act on one meeting without signing in.

A link only shows; every act is a POST from the page behind it. It speaks for the person to whom it was sent.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.urls import reverse

from commonhall.accounts.models import User
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.times import with_people

SALT = "meetings.answer"
VALID = timedelta(days=200)


@dataclass(frozen=True)
class Ways:
    """Where one person acts on one meeting: signed in, or through a link."""

    page: str
    accept: str
    times: str
    keep: str
    cancel: str


@dataclass(frozen=True)
class Invited:
    """Somebody and a meeting; with the token if they came through a link."""

    meeting: Meeting
    user: User
    token: str = ""

    @property
    def via(self) -> str:
        return "link" if self.token else ""

    @property
    def ways(self) -> Ways:
        names = ("by_link", "link_accept", "link_times", "link_keep", "link_cancel")
        if not self.token:
            names = ("detail", "accept", "times", "keep", "cancel")
        return Ways(*(reverse(f"meetings:{name}", args=[self.token or self.meeting.pk]) for name in names))


def path(meeting: Meeting, user: User) -> str:
    return reverse("meetings:by_link", args=[signing.dumps([meeting.pk, user.pk], salt=SALT)])


def opened(token: str) -> Invited | None:
    """None when the link is broken or too old, or its person has left or is no longer part of the mentorship."""
    try:
        meeting_pk, user_pk = signing.loads(token, salt=SALT, max_age=VALID)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=user_pk, is_active=True).first()
    meeting = with_people(Meeting.objects.visible_to(user)).filter(pk=meeting_pk).first() if user else None
    return Invited(meeting, user, token) if meeting and user else None
