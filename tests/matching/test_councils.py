"""The pairs of a plan on a map of councils."""

import pytest
from django.urls import reverse

from commonhall.matching.queries import councils
from commonhall.organisations.models import Organisation
from tests.matching.conftest import afternoon_of
from tests.matching.test_views_of_rounds import words_of

pytestmark = pytest.mark.django_db


def place_all(but=()):
    """Councils up and down a country, but for some."""
    for number, council in enumerate(Organisation.objects.exclude(pk__in=but).order_by("pk")):
        council.latitude, council.longitude = 51.0 + number * 0.7, -3.0 + number * 0.5
        council.save()


@pytest.fixture
def page(client, afternoon):
    client.force_login(afternoon.coordinator)
    place_all()
    return afternoon


def shown(client, afternoon, **asked):
    return client.get(reverse("matching:councils", args=[afternoon.round.pk]), asked)


def test_every_pair_is_in_the_list_and_every_line_between_two_dots(client, page):
    response = shown(client, page)
    links = response.context["links"]
    assert sum(link.pairs for link in links) == len(page.pairs)
    html = response.content.decode()
    assert html.count("<line class=") == len([link for link in links if not link.is_within])
    assert html.count("<circle class=") == len(response.context["spots"])
    for link in links:
        assert (f"within {link.one}" if link.is_within else f"{link.one} and {link.other}") in words_of(response)


def test_one_council_shows_its_own_lines_alone(client, page):
    mentee, mentor = (page.place(pk).organisation for pk in page.pairs[0])
    response = shown(client, page, council=mentee.pk)
    assert f"Pairs of {mentee.label}" in words_of(response)
    links = response.context["links"]
    assert links
    assert all(mentee.label in (link.one, link.other) for link in links)
    assert mentor.label in {name for link in links for name in (link.one, link.other)}


@pytest.mark.parametrize("asked", ["0", "999999", "x", "-1", "9" * 30])
def test_a_council_that_is_not_there_is_all_councils(client, page, asked):
    assert len(shown(client, page, council=asked).context["links"]) == len(shown(client, page).context["links"])


def test_a_council_without_coordinates_is_named_below_and_in_the_list(client, afternoon):
    client.force_login(afternoon.coordinator)
    lost = afternoon.place(afternoon.pairs[0][0]).organisation
    place_all(but=[lost.pk])
    response = shown(client, afternoon)
    assert f"because their place is not known: {lost.label}." in words_of(response)
    assert lost.pk not in [spot.pk for spot in response.context["spots"]]
    assert any(lost.label in (link.one, link.other) for link in response.context["links"])


def test_without_any_coordinates_there_is_the_list_alone(client, afternoon):
    client.force_login(afternoon.coordinator)
    Organisation.objects.update(latitude=None, longitude=None)
    response = shown(client, afternoon)
    assert 'class="chart card map"' not in response.content.decode()
    assert response.context["links"]


def test_no_name_covers_another_on_a_phone():
    names = [f"Council of somewhere {n}" for n in range(40)]
    points = [(10 + n % 8 * 10, 30 + n // 8 * 20) for n in range(40)]
    for width, which in ((councils.NARROW, {"always"}), (councils.WIDE, {"always", "wide"})):
        said = councils._named(names, points)
        boxes = [councils._box(names[n], points[n], width) for n in range(40) if said[n] in which]
        assert boxes
        assert not [1 for n, one in enumerate(boxes) for other in boxes[:n] if councils._meet(one, other)]


def test_an_empty_ocean_is_shortened_and_the_order_is_kept():
    west, middle, east, far = councils._spread([-4.0, -3.5, 0.0, 175.0])
    assert west == 0
    assert west < middle < east < far == 1
    assert far - east == pytest.approx(east - middle)


@pytest.mark.parametrize("people", [(3, 3), (20, 14)])
def test_the_map_asks_the_database_as_often_for_few_as_for_many(client, people, django_assert_num_queries):
    afternoon = afternoon_of(mentees=people[0], mentors=people[1])
    client.force_login(afternoon.coordinator)
    shown(client, afternoon)
    with django_assert_num_queries(8):
        shown(client, afternoon)
