from django.db import transaction

from commonhall.accounts.models import User
from commonhall.core import clock, text
from commonhall.history.actions import record


@transaction.atomic
def ensure_user(
    email: str, name: str, *, time_zone: str = "Europe/London", by: User | None = None
) -> tuple[User, bool]:
    """The person with this address, made if there is none: no password, and in no directory yet."""
    user, created = User.objects.get_or_create(
        email=User.objects.normalize_email(email),
        defaults={"name": text.line(name), "time_zone": time_zone, "password": "!"},
    )
    if created:
        record("user.joined", about=user, by=by or user)
    return user, created


def note_first_visit(user: User) -> None:
    """Remember when somebody was first here."""
    User.objects.filter(pk=user.pk, first_seen_at=None).update(first_seen_at=clock.now())
