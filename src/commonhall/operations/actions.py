from allauth.account.models import EmailAddress
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.errors import Conflict
from commonhall.history.actions import record
from commonhall.organisations import actions as organisations
from commonhall.organisations.models import Grant


@transaction.atomic
def create_first_administrator(*, name: str, email: str, password: str) -> User:
    """The site's first person, once; `Conflict` when somebody was there before. One row is locked so that one wins."""
    ContentType.objects.select_for_update().filter(app_label="accounts", model="user").first()
    if User.objects.exists():
        raise Conflict(_("This site has been set up already. Sign in instead."))
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record("user.joined", about=user, by=user)
    organisations.grant(user=user, role=Grant.Role.SITE_ADMINISTRATOR, by=user)
    return user


def forget_ended_sessions() -> int:
    """Delete the rows of sessions that have run out."""
    return Session.objects.filter(expire_date__lt=clock.now()).delete()[0]
