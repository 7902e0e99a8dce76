"""Staff roles, as data. The page that explains them is made from this."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonhall.organisations.models import Grant


@dataclass(frozen=True)
class StaffRole:
    key: str
    name: str | Promise
    held_for: str | Promise
    may: tuple[str | Promise, ...]
    may_not: tuple[str | Promise, ...]


STAFF_ROLES = (
    StaffRole(
        Grant.Role.SITE_ADMINISTRATOR,
        _("Site administrator"),
        _("the whole site"),
        (
            _("add and change organisations and pools"),
            _("give and take back every staff role"),
            _("see that the system is well"),
        ),
        (_("read applications, matches, agreements or messages"),),
    ),
    StaffRole(
        Grant.Role.ORGANISATION_ADMINISTRATOR,
        _("Organisation administrator"),
        _("one organisation"),
        (
            _("change the organisation's details, colours, logo and e-mail domains"),
            _("say what the organisation calls its departments"),
            _("set the organisation's rules in each pool"),
            _("see who says that they work there, and confirm it"),
            _("see how many of its people take part, in which programmes"),
        ),
        (_("see who is matched with whom"), _("read what people write")),
    ),
    StaffRole(
        Grant.Role.POOL_OWNER,
        _("Pool owner"),
        _("one pool"),
        (
            _("add organisations to the pool"),
            _("create programmes and name their coordinators"),
            _("do what a coordinator does, in every programme of the pool"),
        ),
        (_("read agreements, notes or messages of a pair"),),
    ),
    StaffRole(
        Grant.Role.COORDINATOR,
        _("Coordinator"),
        _("one programme"),
        (
            _("change the programme's texts, dates and rules"),
            _("see applications and decide on them"),
            _("run the matching and publish it"),
            _("see how pairs are doing: dates and counts"),
        ),
        (_("read agreements, notes or messages of a pair"), _("see other programmes")),
    ),
)

BY_KEY = {role.key: role for role in STAFF_ROLES}
