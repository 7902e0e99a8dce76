import pytest
from django.db import IntegrityError, transaction

from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.organisations import actions, privacy, queries
from commonhall.organisations.models import Grant, Membership, Organisation, Pool
from tests.factories.accounts import UserFactory
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PoolFactory,
    PoolMemberFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return GrantFactory(role=Grant.Role.SITE_ADMINISTRATOR).user


@pytest.fixture
def owner(pool):
    return GrantFactory(role=Grant.Role.POOL_OWNER, scope=pool).user


@pytest.fixture
def pool():
    return PoolFactory()


def verbs(thing):
    return list(Event.objects.about(thing).values_list("verb", flat=True))


def test_a_role_asks_for_a_second_factor_as_long_as_it_is_held(site):
    ada = UserFactory()
    pool = PoolFactory()
    first = actions.give_role(user=ada, role=Grant.Role.POOL_OWNER, scope=pool, by=site)
    actions.give_role(user=ada, role=Grant.Role.SITE_ADMINISTRATOR, scope=None, by=site)
    ada.refresh_from_db()
    assert ada.needs_second_factor
    actions.take_role_back(first, by=site)
    ada.refresh_from_db()
    assert ada.needs_second_factor
    actions.take_role_back(ada.grants.get(), by=site)
    ada.refresh_from_db()
    assert not ada.needs_second_factor
    assert sorted(verbs(ada)) == ["grant.given"] * 2 + ["grant.taken_back"] * 2


def test_the_same_role_twice_is_held_once(site):
    ada = UserFactory()
    for _time in range(2):
        actions.give_role(user=ada, role=Grant.Role.SITE_ADMINISTRATOR, scope=None, by=site)
    assert ada.grants.count() == 1
    assert verbs(ada) == ["grant.given"]


def test_what_was_asked_before_a_role_came_is_asked_again(site):
    ada = UserFactory()
    assert not queries.holds(ada, Grant.Role.SITE_ADMINISTRATOR)
    actions.give_role(user=ada, role=Grant.Role.SITE_ADMINISTRATOR, scope=None, by=site)
    assert queries.holds(ada, Grant.Role.SITE_ADMINISTRATOR)


def test_a_role_needs_its_scope_and_the_site_has_none():
    for role, scope in ((Grant.Role.COORDINATOR, None), (Grant.Role.SITE_ADMINISTRATOR, PoolFactory())):
        with pytest.raises(IntegrityError), transaction.atomic():
            GrantFactory(role=role, scope=scope)


def test_nobody_gives_a_role_that_is_not_theirs_to_give(owner, pool):
    with pytest.raises(Refused):
        actions.give_role(user=owner, role=Grant.Role.SITE_ADMINISTRATOR, scope=None, by=owner)
    with pytest.raises(Refused):
        actions.give_role(user=owner, role=Grant.Role.POOL_OWNER, scope=PoolFactory(), by=owner)
    assert owner.grants.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_site_administrators_cannot_remove_each_other_at_once(together):
    one, two = GrantFactory.create_batch(2, role=Grant.Role.SITE_ADMINISTRATOR)
    results = together(
        lambda: actions.take_role_back(two, by=one.user),
        lambda: actions.take_role_back(one, by=two.user),
    )
    assert sorted(type(result) for result in results if result) == [Refused]
    assert Grant.objects.count() == 1


def test_people_work_at_one_place_and_a_move_is_on_record():
    ada, first, second = UserFactory(), OrganisationFactory(), OrganisationFactory()
    for organisation in (first, first, second):
        actions.join(user=ada, organisation=organisation, by=ada)
    assert Membership.objects.get(user=ada).organisation == second
    (moved,) = Event.objects.about(ada)
    assert moved.details == {"left": first.pk, "joined": second.pk}


def test_an_organisation_and_a_pool_get_addresses_of_their_own(site):
    names = ["Ash Council", "Ash Council", "Ash — Council", "roles", "Комуна"]
    slugs = [actions.save_organisation(Organisation(name=name), by=site).slug for name in names]
    assert slugs == ["ash-council", "ash-council-2", "ash-council-3", "roles-2", "organisation"]
    pools = [actions.save_pool(Pool(name=name), by=site).slug for name in ("East", "East", "add")]
    assert pools == ["east", "east-2", "add-2"]


def test_only_the_changed_fields_are_written(site):
    organisation = OrganisationFactory(region="East")
    stale = Organisation.objects.get(pk=organisation.pk)
    Organisation.objects.filter(pk=organisation.pk).update(region="West")
    stale.short_name = "New"
    actions.save_organisation(stale, by=site, fields=["short_name"])
    organisation.refresh_from_db()
    assert (organisation.short_name, organisation.region) == ("New", "West")


def test_an_organisation_joins_a_pool_once_and_may_come_back_with_its_rules(owner, pool):
    organisation = OrganisationFactory()
    member = actions.add_to_pool(pool, organisation, by=owner)
    with pytest.raises(Conflict, match="already"):
        actions.add_to_pool(pool, organisation, by=owner)
    member.places_taken = 3
    actions.change_member(member, by=owner, fields=["places_taken"])
    actions.remove_from_pool(member, by=owner)
    assert not queries.memberships_in_pools(MembershipFactory(organisation=organisation).user).exists()
    back = actions.add_to_pool(pool, organisation, by=owner)
    assert (back.pk, back.left_on, back.places_taken) == (member.pk, None, 3)


def test_an_outsider_changes_nothing_in_a_pool(pool):
    member, stranger = PoolMemberFactory(pool=pool), UserFactory()
    acts = (
        lambda: actions.save_pool(pool, by=stranger),
        lambda: actions.add_to_pool(pool, OrganisationFactory(), by=stranger),
        lambda: actions.change_member(member, by=stranger),
        lambda: actions.remove_from_pool(member, by=stranger),
        lambda: actions.save_organisation(member.organisation, by=stranger),
        lambda: actions.save_organisation(Organisation(name="Mine"), by=stranger),
    )
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert pool.members.count() == 1
    assert not Event.objects.exists()


def test_an_administrator_sets_the_own_rules_in_a_pool_and_no_others(pool):
    member, other = PoolMemberFactory.create_batch(2, pool=pool)
    administrator = GrantFactory(role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=member.organisation).user
    member.may_be_mentored = False
    actions.change_member(member, by=administrator, fields=["may_be_mentored"])
    with pytest.raises(Refused):
        actions.change_member(other, by=administrator)
    with pytest.raises(Refused):
        actions.remove_from_pool(member, by=administrator)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Riverbank Borough Council", True),
        ("riverbank borough council", True),
        ("Riverbank", True),
        ("RBC", True),
        ("Elsewhere", False),
        ("", False),
        ("%", False),
    ],
)
def test_an_organisation_is_found_by_any_of_its_names(typed, found):
    organisation = OrganisationFactory(name="Riverbank Borough Council", short_name="Riverbank")
    organisation.other_names.create(name="RBC", folded="rbc")
    OrganisationFactory(name="Lakeside", short_name="Lakeside")
    assert queries.named(typed) == (organisation if found else None)


def test_a_name_that_two_share_names_neither_and_an_ended_one_is_not_found():
    OrganisationFactory.create_batch(2, name="Twin Council", short_name="Twin")
    OrganisationFactory(name="Old Council", ended_on="2020-01-01")
    assert queries.named("Twin Council") is None
    assert queries.named("Old Council") is None


def test_what_is_held_is_handed_over_and_erased(site):
    ada = MembershipFactory(organisation__name="Riverbank").user
    actions.give_role(user=ada, role=Grant.Role.POOL_OWNER, scope=PoolFactory(), by=site)
    held = privacy.holds(ada)
    assert held["workplace"][0]["organisation__name"] == "Riverbank"
    assert held["staff_roles"][0]["role"] == "pool_owner"
    privacy.erase(ada)
    assert privacy.holds(ada) == {"workplace": [], "staff_roles": []}
