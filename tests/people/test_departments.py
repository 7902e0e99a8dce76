"""An organisation's own names for service areas: kept by its administrators, used by imports, shown to its people."""

import pytest
from django.test import Client

from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.organisations.models import Grant
from commonhall.people import actions, queries
from commonhall.people.models import Department
from tests.factories.accounts import MemberFactory, UserFactory
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PoolFactory,
    PoolMemberFactory,
)

pytestmark = pytest.mark.django_db
PLACE = {"name": "Place Directorate", "service_area": "planning-policy"}
LIST = "/people/departments/ash/"


@pytest.fixture
def ash():
    return OrganisationFactory(name="Ash Council", short_name="Ash", slug="ash")


def administrator_of(organisation):
    return GrantFactory(role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=organisation).user


def signed_in(user):
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def administrator(ash):
    return signed_in(administrator_of(ash))


def add(browser, **fields):
    return browser.post(LIST, PLACE | fields)


def test_an_administrator_adds_changes_and_removes_a_name(administrator, ash):
    assert add(administrator, name="  Place   Directorate ").url == LIST
    page = administrator.get(LIST).content.decode()
    assert "Place Directorate" in page
    assert "Planning policy" in page
    one = Department.objects.get()
    assert (one.name, one.organisation) == ("Place Directorate", ash)
    administrator.post(f"{LIST}{one.pk}/", PLACE | {"name": "Place", "service_area": "housing"})
    one.refresh_from_db()
    assert (one.name, one.folded, one.service_area) == ("Place", "place", "housing")
    administrator.post(f"{LIST}{one.pk}/remove/")
    assert not Department.objects.exists()
    verbs = list(Event.objects.filter(verb__startswith="department.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["department.added", "department.changed", "department.removed"]


def test_the_page_of_the_organisation_leads_there_for_its_administrator_alone(administrator, ash):
    assert f'href="{LIST}"' in administrator.get("/organisations/ash/").content.decode()
    owner = GrantFactory(role=Grant.Role.POOL_OWNER, scope=PoolMemberFactory(organisation=ash).pool).user
    assert f'href="{LIST}"' not in signed_in(owner).get("/organisations/ash/").content.decode()
    assert add(signed_in(owner)).status_code == 403


@pytest.mark.parametrize(
    "again", ["Place Directorate", "PLACE  directorate", " place-directorate ", "Plàce Directorate"]
)
def test_one_name_stands_in_the_list_once_however_it_is_written(administrator, again):
    add(administrator)
    page = add(administrator, name=again, service_area="housing")
    assert page.status_code == 422
    assert "stands in the list already" in page.content.decode()
    assert [one.service_area for one in Department.objects.all()] == ["planning-policy"]


def test_two_organisations_may_use_one_name_differently(administrator):
    add(administrator)
    oak = OrganisationFactory(slug="oak")
    signed_in(administrator_of(oak)).post("/people/departments/oak/", PLACE | {"service_area": "housing"})
    assert queries.own_names(oak) == {"housing": ["Place Directorate"]}
    assert Department.objects.count() == 2


def test_a_name_may_be_written_otherwise_and_not_like_another(administrator):
    add(administrator)
    add(administrator, name="Homes", service_area="housing")
    homes = Department.objects.get(name="Homes")
    assert administrator.post(f"{LIST}{homes.pk}/", PLACE | {"name": "HOMES"}).url == LIST
    assert administrator.post(f"{LIST}{homes.pk}/", PLACE).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"name": ""}, "Write the name that you use"),
        ({"name": "—!?"}, "letters and numbers"),
        ({"name": "&" * 119}, "not too long"),
        ({"name": "x" * 121}, "120 characters fit"),
        ({"service_area": "alchemy"}, "choose one of the answers"),
        ({"service_area": ""}, "Service area"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(administrator, wrong, reason):
    page = add(administrator, **wrong)
    assert page.status_code == 422
    assert reason in page.content.decode()
    assert not Department.objects.exists()


def test_outsiders_find_no_departments(administrator, ash):
    add(administrator)
    pk = Department.objects.get().pk
    pool_owner = GrantFactory(role=Grant.Role.POOL_OWNER, scope=PoolFactory()).user
    other = administrator_of(OrganisationFactory(slug="oak"))
    colleague = MembershipFactory(organisation=ash).user
    for outsider in (UserFactory(), pool_owner, other, colleague):
        browser = signed_in(outsider)
        for address in (LIST, f"{LIST}{pk}/"):
            assert browser.get(address).status_code == 404, address
        assert browser.post(LIST, PLACE | {"name": "Mine"}).status_code == 404
        assert browser.post(f"{LIST}{pk}/remove/").status_code == 404
    # One organisation's name does not exist under the address of another.
    assert signed_in(other).post(f"/people/departments/oak/{pk}/remove/").status_code == 404
    assert Department.objects.get().name == "Place Directorate"


def test_the_rule_stands_in_the_act_too(ash):
    one = Department(organisation=ash, name="Homes", service_area="housing")
    with pytest.raises(Refused):
        actions.save_department(one, by=UserFactory())
    actions.save_department(one, by=administrator_of(ash))
    with pytest.raises(Refused):
        actions.remove_department(one, by=UserFactory())
    twice = Department(organisation=ash, name="homes", service_area="housing")
    with pytest.raises(Conflict, match="stands in the list already"):
        actions.save_department(twice, by=administrator_of(ash))
    assert Department.objects.count() == 1


def test_people_see_their_own_councils_name_beside_the_service_area(administrator, ash):
    add(administrator, service_area="housing")
    add(administrator, name="Homes", service_area="housing")
    page = signed_in(MembershipFactory(organisation=ash).user).get("/people/me/work/").content.decode()
    assert "Housing (Homes, Place Directorate)</option>" in page
    elsewhere = signed_in(MembershipFactory().user).get("/people/me/work/").content.decode()
    assert "Place Directorate" not in elsewhere
    assert "Housing</option>" in elsewhere


def test_who_signs_up_with_an_address_of_the_council_sees_its_names_too(administrator, ash):
    add(administrator)
    ash.email_domains = ["ash.example"]
    ash.save()
    newcomer = MemberFactory(email="ada@ash.example")
    assert "(Place Directorate)" in signed_in(newcomer).get("/people/me/work/").content.decode()


@pytest.mark.parametrize("number", [1, 3, 60])
def test_the_list_costs_the_same_for_any_number(administrator, ash, number, django_assert_max_num_queries):
    for n in range(number):
        Department.objects.create(organisation=ash, name=f"D{n}", folded=f"d{n}", service_area="housing")
    administrator.get(LIST)
    with django_assert_max_num_queries(10):
        administrator.get(LIST)
