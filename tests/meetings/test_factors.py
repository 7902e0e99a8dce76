"""The numbers by which distance is counted: who sets them, what is refused, and that what was is kept."""

import pytest
from django.urls import reverse

from commonhall.core.errors import Refused
from commonhall.history.models import Event
from commonhall.meetings import travel
from commonhall.meetings.actions.factors import drop_factors, set_factors
from commonhall.meetings.models import TravelFactors
from commonhall.meetings.queries import factors
from tests.factories.accounts import UserFactory
from tests.factories.organisations import GrantFactory

pytestmark = pytest.mark.django_db
PAGE = "/meetings/savings/"


@pytest.fixture
def administrator():
    return GrantFactory(user=UserFactory(name="Priya Nandakumar")).user


def given(**changes):
    values, sources = factors.in_force("")
    return (
        {name: str(value) for name, value in values.items()}
        | {f"source_{part}": source for part, source in sources.items()}
        | changes
    )


def save(client, user, country="all", **changes):
    client.force_login(user)
    return client.post(reverse("meetings:factors_change", args=[country]), given(**changes))


def test_everybody_reads_how_it_is_counted(client):
    client.force_login(UserFactory())
    page = client.get(PAGE).content.decode()

    assert "55p a mile" in page
    assert "conversion factors for company reporting, 2022" in page
    assert "nobody has changed them here" in page
    assert "factors/all" not in page


def test_an_administrator_changes_a_number_and_what_it_was_is_kept(client, administrator):
    answer = save(client, administrator, car_kg="0.15", source_carbon="Conversion factors 2026.")
    assert answer["Location"] == PAGE

    assert factors.by_country()[""].modes[0].kg == 0.15
    [event] = Event.objects.filter(verb="travel.set")
    assert event.details["changed"]["car_kg"] == [0.171, 0.15]
    page = client.get(PAGE).content.decode()
    assert "Conversion factors 2026." in page
    assert "nobody has changed them" not in page
    for words in ("What was changed", "0.171", "Priya Nandakumar"):
        assert words in page


def test_saving_the_same_again_is_no_change(client, administrator):
    save(client, administrator, car_kg="0.15")
    client.force_login(administrator)
    client.post(reverse("meetings:factors_change", args=["all"]), given())
    assert Event.objects.filter(verb="travel.set").count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"car_share": "80"}, "add up to 100 per cent; now they are 102"),
        ({"car_kg": "-1"}, "has to be 0 or more"),
        ({"car_kg": "nan"}, "Car"),
        ({"car_kg": "inf"}, "Car"),
        ({"road": "0.5"}, "has to be 1 or more"),
        ({"car_speed": "0"}, "has to be 1 or more"),
        ({"furthest": "40000"}, "has to be 20100 or less"),
        ({"currency": "£"}, "three letters"),
        ({"source_carbon": ""}, "is still empty"),
        ({"rail_cost": "cheap"}, "Rail"),
    ],
)
def test_nonsense_is_said_at_its_field_and_nothing_is_kept(client, administrator, changes, words):
    answer = save(client, administrator, **changes)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert list(answer.context["form"].errors) == [next(iter(changes)) if "car_share" not in changes else "bus_share"]
    assert not TravelFactors.objects.exists()


def test_only_site_administrators_set_them(client):
    user = UserFactory()
    assert save(client, user, car_kg="0.15").status_code == 403
    assert client.get(reverse("meetings:factors_change", args=["all"])).status_code == 403
    for act in (lambda: set_factors("", by=user, values={}, sources={}), lambda: drop_factors("IE", by=user)):
        with pytest.raises(Refused, match="Only a site administrator"):
            act()


@pytest.mark.parametrize("country", ["nowhere", "zz", "GBR"])
def test_a_country_that_is_none_is_not_found(client, administrator, country):
    client.force_login(administrator)
    assert client.get(reverse("meetings:factors_change", args=[country])).status_code == 404


def test_a_country_has_its_own_until_they_are_dropped(client, administrator):
    save(client, administrator, "ie", currency="eur", car_cost="0.4")
    assert factors.by_country()["IE"].currency == "EUR"
    assert factors.by_country()[""].currency == "GBP"
    assert "Ireland" in client.get(PAGE).content.decode()

    client.post(reverse("meetings:factors_drop", args=["ie"]))

    assert list(factors.by_country()) == [""]
    assert Event.objects.get(verb="travel.dropped").details["changed"]["currency"] == ["EUR", "GBP"]


def test_the_numbers_of_all_are_never_dropped(administrator):
    set_factors("", by=administrator, values={"car_kg": 0.1}, sources={})
    drop_factors("", by=administrator)
    assert TravelFactors.objects.get().values["car_kg"] == 0.1


def test_a_country_begins_with_what_counts_for_all(administrator):
    set_factors("", by=administrator, values={"car_kg": 0.1}, sources={})
    assert factors.in_force("IE")[0]["car_kg"] == 0.1


def test_choosing_a_country_leads_to_its_page(client, administrator):
    client.force_login(administrator)
    assert client.get(PAGE, {"country": "NZ"})["Location"] == "/meetings/savings/factors/nz/"
    assert client.get(PAGE, {"country": "XX"}).status_code == 422


def test_a_number_that_a_later_release_adds_has_a_value(administrator):
    TravelFactors.objects.create(country="", values={"car_kg": 0.1}, sources={})
    assert factors.by_country()[""].road == travel.VALUES["road"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_same_number_of_questions_for_any_length(
    client, django_assert_num_queries, administrator, number
):
    for country in ("IE", "NZ", "CA")[:number]:
        set_factors(country, by=administrator, values={"car_kg": 0.1}, sources={})
    client.force_login(administrator)
    client.get(PAGE)
    with django_assert_num_queries(5):
        client.get(PAGE)
