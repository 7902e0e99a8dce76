from typing import Any

from django.utils.translation import gettext_lazy as _

from commonhall.accounts.queries import addresses_of
from commonhall.core.verdicts import YES, Verdict, no
from commonhall.organisations.models import Grant, Membership, Organisation, Pool, PoolMember
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


def can_join_at_once(user: Any, organisation: Organisation) -> Verdict:
    """Whose confirmed e-mail address is one of the organisation's; anybody else waits for somebody who knows them."""
    if any(knows_address(organisation, address) for address in addresses_of(user)):
        return YES
    return no(_("%(organisation)s has yet to confirm that you work there.") % {"organisation": organisation})


def knows_address(organisation: Organisation, address: str) -> bool:
    """Whether an e-mail address is at one of an organisation's own domains."""
    return address.lower().rsplit("@", 1)[-1] in {str(domain).lower() for domain in organisation.email_domains}


def can_confirm_member(user: Any, membership: Membership) -> Verdict:
    """The organisation's own administrator, or a site administrator, for somebody else."""
    if membership.user_id == user.pk:
        return no(_("Somebody else has to confirm where you work."))
    return can_administer_organisation(user, membership.organisation)


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
