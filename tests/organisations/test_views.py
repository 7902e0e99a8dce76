import pytest
from django.test import Client

from commonhall.organisations.forms import MemberRulesForm, OrganisationForm, contrast
from commonhall.organisations.models import Grant, Membership, Organisation, Pool, PoolMember
from commonhall.organisations.roles import STAFF_ROLES
from commonhall.people.visibility import MAY_BE_HIDDEN
from tests.factories.accounts import UserFactory
from tests.factories.organisations import GrantFactory, OrganisationFactory, PoolFactory, PoolMemberFactory

pytestmark = pytest.mark.django_db
SOUND = {
    "name": "Ash Council",
    "tier": "single",
    "country": "gb",
    "time_zone": "Europe/London",
    "languages": "en, Welsh",
    "email_domains": "@Ash.example; ash.gov.example",
    "colour": "#0B5D66",
    "latitude": "52.1",
    "longitude": "-1.5",
}


def signed_in(role=None, scope=None):
    user = UserFactory()
    if role:
        GrantFactory(user=user, role=role, scope=scope)
    browser = Client()
    browser.force_login(user)
    browser.user = user
    return browser


def test_a_country_and_a_population_are_read_by_people():
    ash = OrganisationFactory(country="IE", population=112400)
    page = signed_in(Grant.Role.SITE_ADMINISTRATOR).get(f"/organisations/{ash.slug}/").content.decode()
    assert "Ireland" in page
    assert "112,400" in page


@pytest.fixture
def site():
    return signed_in(Grant.Role.SITE_ADMINISTRATOR)


@pytest.fixture
def pool():
    return PoolFactory(name="Eastern pool", slug="east")


@pytest.fixture
def owner(pool):
    return signed_in(Grant.Role.POOL_OWNER, pool)


@pytest.fixture
def member(pool):
    return PoolMemberFactory(pool=pool, organisation__name="Ash Council", organisation__slug="ash")


@pytest.fixture
def administrator(member):
    return signed_in(Grant.Role.ORGANISATION_ADMINISTRATOR, member.organisation)


def test_a_site_administrator_adds_an_organisation(site):
    response = site.post("/organisations/add/", SOUND)
    assert response.url == "/organisations/ash-council/"
    made = Organisation.objects.get()
    assert (made.country, made.colour, made.languages) == ("GB", "#0b5d66", ["en", "cy"])
    assert made.email_domains == ["ash.example", "ash.gov.example"]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", "", "still empty"),
        ("country", "1!", "two letters"),
        ("time_zone", "Mars/Olympus", "choose one of the answers"),
        ("latitude", "91", "90 or less"),
        ("longitude", "-181", "-180 or more"),
        ("languages", "Klingon", "do not know the language"),
        ("email_domains", "not a domain", "is not a domain"),
        ("email_domains", "javascript:x", "is not a domain"),
        ("colour", "red", "six digits"),
        ("colour", "#0b5d6", "six digits"),
        ("colour", "#ffff00", "hard to read"),
        ("colour", "#767676;}body{display:none", "7 characters fit"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(site, field, value, reason):
    page = site.post("/organisations/add/", SOUND | {field: value})
    assert page.status_code == 422
    text = page.content.decode().replace("&#x27;", "'")
    assert reason in text
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(("colour", "sound"), [("#767676", True), ("#777777", False), ("#000000", True), ("", True)])
def test_white_words_on_the_colour_can_be_read(colour, sound):
    form = OrganisationForm(SOUND | {"colour": colour})
    assert ("colour" not in form.errors) is sound
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_an_administrator_changes_the_own_organisation_only(administrator, member):
    other = OrganisationFactory(slug="other")
    administrator.post("/organisations/ash/change/", SOUND | {"short_name": "Ash"})
    member.organisation.refresh_from_db()
    assert member.organisation.short_name == "Ash"
    assert administrator.get("/organisations/other/").status_code == 404
    assert administrator.post("/organisations/other/change/", SOUND).status_code == 404
    other.refresh_from_db()
    assert other.name != "Ash Council"


def test_a_pools_owner_sees_its_organisations_and_may_not_change_them(owner, member):
    assert "Ash Council" in owner.get("/organisations/ash/").content.decode()
    assert owner.get("/organisations/ash/change/").status_code == 403


def test_people_without_a_role_see_no_organisation(member):
    nobody = signed_in()
    page = nobody.get("/organisations/").content.decode()
    assert "Ash Council" not in page
    for address in (
        "/organisations/ash/",
        "/organisations/pools/east/",
        f"/organisations/pools/east/members/{member.pk}/",
    ):
        assert nobody.get(address).status_code == 404, address
    for address in ("/organisations/add/", "/organisations/pools/add/"):
        assert nobody.get(address).status_code == 403, address


def test_the_owner_of_another_pool_is_an_outsider(member):
    stranger = signed_in(Grant.Role.POOL_OWNER, PoolFactory(slug="west"))
    for address in ("", "change/", f"members/{member.pk}/"):
        assert stranger.get(f"/organisations/pools/east/{address}").status_code == 404
    assert stranger.post(f"/organisations/pools/east/members/{member.pk}/remove/").status_code == 404
    # A member of one pool does not exist under the address of another.
    assert stranger.get(f"/organisations/pools/west/members/{member.pk}/").status_code == 404
    member.refresh_from_db()
    assert member.left_on is None


def test_a_pool_is_created_renamed_and_filled(site):
    assert site.post("/organisations/pools/add/", {"name": "Coast"}).url == "/organisations/pools/coast/"
    site.post("/organisations/pools/coast/change/", {"name": "The coast", "description": "By the sea"})
    OrganisationFactory(name="Dune Council", short_name="Dune")
    site.post("/organisations/pools/coast/", {"organisation": "dune"})
    pool = Pool.objects.get()
    assert (pool.name, pool.slug, pool.description) == ("The coast", "coast", "By the sea")
    assert [member.organisation.name for member in pool.members.all()] == ["Dune Council"]


def test_an_organisation_that_nobody_knows_is_explained(owner):
    page = owner.post("/organisations/pools/east/", {"organisation": "Atlantis"})
    assert page.status_code == 422
    assert "There is no current organisation of this name" in page.content.decode()


def test_an_organisation_that_is_in_already_is_explained(owner, member):
    page = owner.post("/organisations/pools/east/", {"organisation": "Ash Council"})
    assert page.status_code == 409
    assert "Ash Council is in the pool already." in page.content.decode()


def test_an_administrator_sees_the_pool_and_cannot_add_to_it(administrator, member):
    page = administrator.get("/organisations/pools/east/").content.decode()
    assert "Add an organisation" not in page
    OrganisationFactory(name="Elm Council")
    assert administrator.post("/organisations/pools/east/", {"organisation": "Elm Council"}).status_code == 403
    assert PoolMember.objects.count() == 1


def test_an_administrator_sets_the_rules_of_the_own_organisation(administrator, member):
    fields = {"mentored_by": "own", "mentors_for": "pool", "places_taken": "4", "hidden_fields": ["photo", "level"]}
    administrator.post(f"/organisations/pools/east/members/{member.pk}/", fields)
    member.refresh_from_db()
    assert (member.may_be_mentored, member.mentored_by, member.places_taken) == (False, "own", 4)
    assert member.hidden_fields == ["photo", "level"]


@pytest.mark.parametrize(
    "wrong", [{"mentored_by": "everyone"}, {"places_taken": "-1"}, {"hidden_fields": ["email"]}, {"places_given": "x"}]
)
def test_rules_that_cannot_be_are_refused(administrator, member, wrong):
    fields = {"mentored_by": "own", "mentors_for": "pool"} | wrong
    assert administrator.post(f"/organisations/pools/east/members/{member.pk}/", fields).status_code == 422
    member.refresh_from_db()
    assert member.mentored_by == "pool"


def test_the_fields_that_may_stay_within_are_those_that_the_profile_can_hide():
    assert [value for value, _label in MemberRulesForm().fields["hidden_fields"].choices] == list(MAY_BE_HIDDEN)


def test_an_owner_names_another_owner_by_address(owner, pool):
    ada = UserFactory(email="ada@riverbank.example")
    owner.post("/organisations/pool/east/staff/", {"email": "Ada@riverbank.example", "role": "pool_owner"})
    assert [(given.role, given.scope) for given in ada.grants.all()] == [("pool_owner", pool)]


@pytest.mark.parametrize("role", ["site_administrator", "coordinator", "organisation_administrator", "god"])
def test_an_owner_cannot_give_another_role(owner, role):
    ada = UserFactory(email="ada@riverbank.example")
    page = owner.post("/organisations/pool/east/staff/", {"email": ada.email, "role": role})
    assert page.status_code == 422
    assert not ada.grants.exists()


def test_a_role_for_an_unknown_address_is_explained(owner):
    page = owner.post("/organisations/pool/east/staff/", {"email": "nobody@x.example", "role": "pool_owner"})
    assert "Ask them to sign in once" in page.content.decode()


def test_an_owner_does_not_name_administrators(owner, member):
    assert owner.get("/organisations/organisation/ash/staff/").status_code == 403


def test_a_role_is_taken_back_by_whoever_may_and_by_nobody_else(owner, site, administrator, pool, member):
    given = GrantFactory(role=Grant.Role.POOL_OWNER, scope=pool)
    assert administrator.post(f"/organisations/roles/{given.pk}/take-back/").status_code == 404
    assert Grant.objects.filter(pk=given.pk).exists()
    assert owner.post(f"/organisations/roles/{given.pk}/take-back/").url == "/organisations/pools/east/"
    assert not Grant.objects.filter(pk=given.pk).exists()
    last = site.user.grants.get()
    assert site.post(f"/organisations/roles/{last.pk}/take-back/").status_code == 403


def test_the_page_of_roles_says_what_each_may_and_may_not():
    page = signed_in().get("/organisations/roles/").content.decode()
    for role in STAFF_ROLES:
        for words in (role.name, *role.may, *role.may_not):
            assert str(words).replace("'", "&#x27;") in page, words


def test_the_colour_of_a_council_is_one_line_of_css_for_anybody():
    OrganisationFactory(slug="ash", colour="#0b5d66")
    response = Client().get("/brand/ash.css")
    assert response.content.decode() == ":root{--brand:#0b5d66;--on-brand:#ffffff}"
    assert response["Content-Type"] == "text/css"
    assert "max-age" in response["Cache-Control"]
    OrganisationFactory(slug="grey", colour="")
    assert Client().get("/brand/grey.css").status_code == 404


def test_people_see_the_colours_of_their_own_council():
    ash = OrganisationFactory(slug="ash", short_name="Ash", colour="#0b5d66")
    browser = signed_in()
    Membership.objects.create(user=browser.user, organisation=ash)
    page = browser.get("/my-data/").content.decode()
    assert '<link rel="stylesheet" href="/brand/ash.css">' in page


@pytest.mark.parametrize(
    ("asked", "found"), [("ash", ["Ash"]), ("WEST", ["Elm"]), ("abc", ["Ash"]), ("%", []), ("", ["Ash", "Elm"])]
)
def test_organisations_are_searched_by_name_region_and_other_names(site, asked, found):
    ash, _elm = OrganisationFactory(name="Ash", region="East"), OrganisationFactory(name="Elm", region="West")
    ash.other_names.create(name="ABC", folded="abc")
    page = site.get("/organisations/", {"q": asked}).content.decode()
    assert [name for name in ("Ash", "Elm") if f">{name}</a>" in page] == found


@pytest.mark.parametrize("number", [1, 3, 60])
def test_lists_cost_the_same_for_any_number(site, pool, number, django_assert_max_num_queries):
    PoolMemberFactory.create_batch(number, pool=pool)
    PoolFactory.create_batch(number)
    for address, most in (
        ("/organisations/", 10),
        ("/organisations/pools/east/", 10),
        ("/organisations/borough-x/", 10),
    ):
        site.get(address)
        with django_assert_max_num_queries(most):
            site.get(address)
