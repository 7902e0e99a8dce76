"""Who stands in the room or at its door: somebody of the meeting, or a guest whom one of them lets in.

A guest comes by a signed link that a member copies, and is known again by a secret kept in their session.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation

from commonhall.accounts.middleware import lets_in
from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.meetings.models import Guest, Meeting
from commonhall.meetings.queries.times import with_people

SALT = "meetings.guest"
VALID = timedelta(days=60)
GUEST_OF = "meetings.guest_of"


@dataclass(frozen=True)
class Visitor:
    """One of the meeting’s people (`user`) or a guest."""

    meeting: Meeting
    user: User | None = None
    guest: Guest | None = None

    @property
    def key(self) -> str:
        """Names them in the room, the same from every device."""
        return f"m{self.user.pk}" if self.user else f"g{self.guest.pk if self.guest else ''}"

    @property
    def name(self) -> str:
        return str(self.user or (self.guest and self.guest.name) or "")

    @property
    def who(self) -> dict[str, Any]:
        """For rows that hold one of the two."""
        return {"user": self.user, "guest": self.guest}

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Words inside are in their language and on their clock, as far as we know them."""
        if self.user is None:
            yield
            return
        with timezone.override(clock.zone(self.user.time_zone)), translation.override(self.user.language):
            yield


def guest_path(meeting: Meeting) -> str:
    return reverse("meetings:guest", args=[signing.dumps(meeting.pk, salt=SALT)])


def opened_for_guests(token: str) -> Meeting | None:
    try:
        pk = signing.loads(token, salt=SALT, max_age=VALID)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return with_people(Meeting.objects.all()).filter(pk=pk).first()


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def guest_in(session: Mapping[str, Any], meeting: Meeting) -> Guest | None:
    """The guest of this meeting whom this browser belongs to."""
    secret = session.get(GUEST_OF, {}).get(str(meeting.pk), "")
    return meeting.guests.filter(key=digest(secret)).first() if secret else None


def remember(session: Any, meeting: Meeting, secret: str) -> None:
    session[GUEST_OF] = {**session.get(GUEST_OF, {}), str(meeting.pk): secret}


def at_the_socket(user: Any, session: Mapping[str, Any], pk: int) -> Visitor | None:
    """None for everybody whom the meeting does not concern."""
    meeting = with_people(Meeting.objects.all()).filter(pk=pk).first()
    if meeting is None:
        return None
    mine = [one.user for one in meeting.mentorship.participants.all() if one.user_id == user.pk]
    if mine:
        return Visitor(meeting, user=mine[0]) if mine[0].is_active and lets_in(mine[0], session) else None
    guest = guest_in(session, meeting)
    return Visitor(meeting, guest=guest) if guest and guest.state != Guest.State.REFUSED else None
