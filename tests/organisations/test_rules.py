"""The permission table of staff roles, cell by cell; the page that explains the roles says the same."""

import pytest
from allauth.account.models import EmailAddress

from commonhall.organisations import rules
from commonhall.organisations.models import Grant
from commonhall.organisations.roles import STAFF_ROLES
from tests.factories.accounts import UserFactory
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PoolFactory,
    PoolMemberFactory,
)
from tests.factories.programmes import ProgrammeFactory

pytestmark = pytest.mark.django_db
ROLES = ("site", "administrator", "owner", "coordinator", "administrator elsewhere", "owner elsewhere", "nobody")


class Place:
    """One council in one pool with one programme, and one person in each role."""

    def __init__(self):
        self.organisation, self.pool = OrganisationFactory(), PoolFactory()
        self.member = PoolMemberFactory(pool=self.pool, organisation=self.organisation)
        self.programme = ProgrammeFactory(pool=self.pool)
        self.newcomer = MembershipFactory(organisation=self.organisation, confirmed_at=None)
        role = Grant.Role
        scopes = {
            "site": (role.SITE_ADMINISTRATOR, None),
            "administrator": (role.ORGANISATION_ADMINISTRATOR, self.organisation),
            "owner": (role.POOL_OWNER, self.pool),
            "coordinator": (role.COORDINATOR, self.programme),
            "administrator elsewhere": (role.ORGANISATION_ADMINISTRATOR, OrganisationFactory()),
            "owner elsewhere": (role.POOL_OWNER, PoolFactory()),
        }
        self.people = {name: UserFactory() for name in ROLES}
        for name, (held, scope) in scopes.items():
            GrantFactory(user=self.people[name], role=held, scope=scope)


TABLE = [
    ("site", lambda at, user: rules.is_site_administrator(user)),
    ("site, administrator", lambda at, user: rules.can_administer_organisation(user, at.organisation)),
    ("site, administrator", lambda at, user: rules.can_confirm_member(user, at.newcomer)),
    ("site, owner", lambda at, user: rules.can_own_pool(user, at.pool)),
    ("site, owner, administrator", lambda at, user: rules.can_set_member_rules(user, at.member)),
    ("site, owner", lambda at, user: rules.can_give_role(user, Grant.Role.POOL_OWNER, at.pool)),
    ("site, owner", lambda at, user: rules.can_give_role(user, Grant.Role.COORDINATOR, at.programme)),
    ("site", lambda at, user: rules.can_give_role(user, Grant.Role.ORGANISATION_ADMINISTRATOR, at.organisation)),
    ("site", lambda at, user: rules.can_give_role(user, Grant.Role.SITE_ADMINISTRATOR, None)),
]


@pytest.mark.parametrize(("who", "asked"), TABLE)
def test_only_these_roles_may(who, asked):
    at = Place()
    allowed = {name for name in ROLES if asked(at, at.people[name])}
    assert allowed == set(who.split(", "))


@pytest.mark.parametrize(("who", "asked"), TABLE)
def test_a_refusal_says_who_may(who, asked):
    at = Place()
    assert str(asked(at, at.people["nobody"]).reason).startswith("Only ")


def test_a_role_for_one_thing_is_not_a_role_for_a_thing_of_another_kind_with_the_same_number():
    pool = PoolFactory(pk=7001)
    organisation = OrganisationFactory(pk=7001)
    owner = UserFactory()
    GrantFactory(user=owner, role=Grant.Role.POOL_OWNER, scope=pool)
    assert rules.can_own_pool(owner, pool)
    assert not rules.can_administer_organisation(owner, organisation)


@pytest.mark.parametrize(
    ("domains", "email", "may"),
    [
        ([], "ada@anywhere.example", False),
        (["riverbank.example"], "ada@riverbank.example", True),
        (["Riverbank.Example"], "ada@riverbank.example", True),
        (["riverbank.example"], "ada@gmail.example", False),
        (["riverbank.example"], "ada@notriverbank.example", False),
        (["riverbank.example"], "ada@riverbank.example.evil.example", False),
    ],
)
def test_an_organisation_knows_its_people_by_their_addresses(domains, email, may):
    ada = UserFactory(email=email)
    EmailAddress.objects.create(user=ada, email=email, verified=True)
    verdict = rules.can_join_at_once(ada, OrganisationFactory(email_domains=domains, name="Riverbank"))
    assert bool(verdict) is may
    if not may:
        assert "Riverbank" in str(verdict.reason)


@pytest.mark.parametrize(("confirmed", "may"), [(True, True), (False, False)])
def test_a_second_address_counts_once_it_is_confirmed(confirmed, may):
    ada = UserFactory(email="ada@home.example")
    EmailAddress.objects.create(user=ada, email="Ada@riverbank.example", verified=confirmed)
    assert bool(rules.can_join_at_once(ada, OrganisationFactory(email_domains=["riverbank.example"]))) is may


def test_nobody_confirms_themselves():
    own = MembershipFactory(confirmed_at=None)
    GrantFactory(user=own.user, role=Grant.Role.SITE_ADMINISTRATOR)
    assert "Somebody else" in str(rules.can_confirm_member(own.user, own).reason)


def test_the_last_site_administrator_stays():
    only = GrantFactory(role=Grant.Role.SITE_ADMINISTRATOR)
    assert "Name another one first" in str(rules.can_take_back(only.user, only).reason)
    GrantFactory(role=Grant.Role.SITE_ADMINISTRATOR)
    assert rules.can_take_back(only.user, only)


def test_every_staff_role_is_explained():
    assert {role.key for role in STAFF_ROLES} == set(Grant.Role.values)
    assert all(role.may and role.may_not for role in STAFF_ROLES)
