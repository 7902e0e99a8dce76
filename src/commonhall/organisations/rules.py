from typing import Any

from django.utils.translation import gettext_lazy as _

from commonhall.core.verdicts import YES, Verdict, no
from commonhall.organisations.models import Grant, Organisation, Pool
from commonhall.organisations.queries import holds


def is_site_administrator(user: Any) -> Verdict:
    if holds(user, Grant.Role.SITE_ADMINISTRATOR):
        return YES
    return no(_("Only a site administrator can do this."))


def can_administer_organisation(user: Any, organisation: Organisation) -> Verdict:
    """An organisation's own administrator, or a site administrator."""
    if holds(user, Grant.Role.ORGANISATION_ADMINISTRATOR, organisation) or is_site_administrator(user):
        return YES
    return no(_("Only an administrator of this organisation can do this."))


def can_own_pool(user: Any, pool: Pool) -> Verdict:
    """The pool's owner, or a site administrator."""
    if holds(user, Grant.Role.POOL_OWNER, pool) or is_site_administrator(user):
        return YES
    return no(_("Only an owner of this pool can do this."))
