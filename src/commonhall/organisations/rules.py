from typing import Any

from django.utils.translation import gettext_lazy as _

from commonhall.accounts.queries import addresses_of
from commonhall.core.verdicts import YES, Verdict, no
from commonhall.organisations.models import Grant, Organisation, Pool, PoolMember
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


def can_join(user: Any, organisation: Organisation) -> Verdict:
    """Anybody may say that they work for an organisation, unless it knows its people by their e-mail addresses."""
    domains = {str(domain).lower() for domain in organisation.email_domains}
    if not domains or domains & {address.rsplit("@", 1)[-1] for address in addresses_of(user)}:
        return YES
    return no(
        _("%(organisation)s knows its people by their work e-mail. Add that address to your account first.")
        % {"organisation": organisation}
    )


def can_set_member_rules(user: Any, member: PoolMember) -> Verdict:
    """An organisation decides its own rules in a pool; the pool's owner may set them too."""
    own = can_administer_organisation(user, member.organisation)
    return own if own else can_own_pool(user, member.pool)


def can_give_role(user: Any, role: str, scope: Any) -> Verdict:
    """A site administrator gives every role; a pool's owner names owners of the pool and its coordinators."""
    if is_site_administrator(user):
        return YES
    if isinstance(scope, Pool) and role == Grant.Role.POOL_OWNER:
        return can_own_pool(user, scope)
    if role == Grant.Role.COORDINATOR and hasattr(scope, "pool"):
        return can_own_pool(user, scope.pool)
    return no(_("Only a site administrator can give this role."))


def can_take_back(user: Any, given: Grant) -> Verdict:
    """Whoever may give a role may take it back; nobody takes the last site administrator away."""
    last = Grant.objects.filter(role=Grant.Role.SITE_ADMINISTRATOR).count() == 1
    if given.role == Grant.Role.SITE_ADMINISTRATOR and last:
        return no(_("This is the last site administrator. Name another one first."))
    return can_give_role(user, given.role, given.scope)
