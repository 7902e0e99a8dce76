from email.utils import make_msgid, parseaddr

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction

from commonhall.accounts.models import User
from commonhall.core import clock, text
from commonhall.history.actions import record
from commonhall.jobs.actions import enqueue


def confirm_address(user: User, email: str) -> None:
    """A code that was sent to an imported person came back: the address is theirs."""
    if not EmailAddress.objects.filter(user=user).exists():
        EmailAddress.objects.create(user=user, email=email.lower(), verified=True, primary=True)


@transaction.atomic
def note_sign_in(user: User) -> None:
    """Remember a sign-in; the first one lets a person stand in directories."""
    first = User.objects.filter(pk=user.pk, first_seen_at=None).update(first_seen_at=clock.now())
    record("user.first_signed_in" if first else "user.signed_in", about=user, by=user)


@transaction.atomic
def name_newcomer(user: User, name: str) -> None:
    user.name = name
    user.save(update_fields=["name"])
    record("user.joined", about=user, by=user)


@transaction.atomic
def change_account(user: User, *, name: str, time_zone: str, language: str) -> User:
    user.name, user.time_zone, user.language = name, time_zone, language
    user.save(update_fields=["name", "time_zone", "language"])
    record("user.changed", about=user, by=user)
    return user


def sign_out_everywhere_else(user: User, current_key: str | None) -> int:
    """End every other session of a person; returns how many there were."""
    others = UserSession.objects.filter(user=user).exclude(session_key=current_key)
    ended = int(others.count())
    for session in others:
        session.end()
    return ended


def end_session(session: UserSession) -> None:
    """Sign one device out."""
    session.end()


def send_letter(*, to: str, subject: str, body: str) -> None:
    """Queue an e-mail about signing in; its identity is settled now, so that trying again makes no second one."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rsplit("@", 1)[-1]
    enqueue("accounts.tasks.send_letter", to, text.line(subject), body, make_msgid(domain=domain))
