"""The arithmetic of distance, against figures worked out by hand."""

from math import inf, nan

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonhall.meetings import amounts, travel
from commonhall.meetings.travel import COUNTED, FAR, SAME, UNKNOWN, Factors, Member, Mode, Place, great_circle

LONDON, MANCHESTER, GLASGOW = Place(1, 51.5074, -0.1278), Place(2, 53.4808, -2.2426), Place(3, 55.8642, -4.2518)
WELLINGTON = Place(4, -41.2866, 174.7756)
BY_CAR = Factors(road=1.5, furthest=500, currency="GBP", modes=(Mode(1.0, 0.2, 0.5, 50),))
places = st.builds(Place, st.integers(1, 9), st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        (LONDON, MANCHESTER, 262.3),
        (LONDON, GLASGOW, 554.5),
        (LONDON, LONDON, 0),
        (Place(5, 0, 0), Place(6, 0, 180), 20015.1),
        (Place(5, 90, 0), Place(6, -90, 120), 20015.1),
        (Place(5, 10, 179.5), Place(6, 10, -179.5), 109.5),
    ],
)
def test_great_circles_are_known_distances(one, other, km):
    assert great_circle(one, other) == pytest.approx(km, abs=0.7)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(places, places)
def test_a_distance_is_the_same_from_both_ends_and_never_more_than_half_round_the_earth(one, other):
    there = great_circle(one, other)
    assert there == pytest.approx(great_circle(other, one), abs=1e-6)
    assert 0 <= there <= 20016


def test_a_journey_is_there_and_back_by_road():
    made = travel.journey(7, MANCHESTER, LONDON, BY_CAR)
    km = 2 * 1.5 * great_circle(MANCHESTER, LONDON)

    assert (made.fate, made.traveller, made.home) == (COUNTED, 7, 2)
    assert made.saved.km == pytest.approx(km)
    assert made.saved.kg == pytest.approx(km * 0.2)
    assert made.saved.hours == pytest.approx(km / 50)
    assert made.saved.money == {"GBP": pytest.approx(km * 0.5)}


def test_distance_is_shared_out_over_the_modes():
    mixed = travel.factors(
        {"road": 1.0, "car_share": 50, "rail_share": 50, "bus_share": 0, "car_kg": 0.2, "rail_kg": 0.1}
    )
    saved = travel.journey(1, MANCHESTER, LONDON, mixed).saved

    assert saved.kg / saved.km == pytest.approx(0.15)


def test_the_numbers_that_come_with_it_add_up():
    assert sum(travel.VALUES[f"{mode}_share"] for mode in travel.MODES) == 100
    saved = travel.journey(1, MANCHESTER, LONDON, travel.factors({})).saved
    assert saved.km == pytest.approx(2 * 1.3 * 262.2, abs=2)
    assert saved.kg / saved.km == pytest.approx(0.78 * 0.171 + 0.17 * 0.035 + 0.05 * 0.097)
    assert saved.money["GBP"] / saved.km == pytest.approx(0.78 * 0.342 + 0.17 * 0.17 + 0.05 * 0.12)


@pytest.mark.parametrize(
    ("home", "fate"),
    [
        (Place(1, None, None), SAME),
        (Place(2, None, -2.0), UNKNOWN),
        (Place(2, 53.0, None), UNKNOWN),
        (Place(2, nan, 0.0), UNKNOWN),
        (Place(2, inf, 0.0), UNKNOWN),
        (Place(2, 91.0, 0.0), UNKNOWN),
        (Place(2, 53.0, 181.0), UNKNOWN),
        (GLASGOW, FAR),
        (WELLINGTON, FAR),
    ],
)
def test_what_cannot_be_counted_is_left_out_and_says_why(home, fate):
    made = travel.journey(1, home, LONDON, BY_CAR)

    assert made.fate == fate
    assert made.saved == travel.Saved()


def test_the_last_kilometre_within_the_limit_counts_and_the_next_does_not():
    line = great_circle(MANCHESTER, LONDON)
    fates = [
        travel.journey(1, MANCHESTER, LONDON, Factors(1.5, furthest, "GBP", BY_CAR.modes)).fate
        for furthest in (line, line - 0.001)
    ]
    assert fates == [COUNTED, FAR]


def test_in_a_circle_everybody_travels_to_the_first_mentor():
    circle = [
        Member(1, False, MANCHESTER),
        Member(2, True, LONDON),
        Member(3, True, MANCHESTER),
        Member(4, False, LONDON),
    ]
    made = travel.journeys(circle, {"": BY_CAR})

    assert [(one.traveller, one.fate) for one in made] == [(1, COUNTED), (3, COUNTED), (4, SAME)]


def test_a_circle_without_a_mentor_meets_at_its_first_member():
    made = travel.journeys([Member(1, False, LONDON), Member(2, False, MANCHESTER)], {"": BY_CAR})
    assert [one.traveller for one in made] == [2]
    assert travel.journeys([], {"": BY_CAR}) == []


def test_each_travels_by_their_own_countrys_numbers():
    irish = Factors(1.5, 500, "EUR", (Mode(1.0, 0.1, 0.4, 50),))
    pair = [Member(1, False, MANCHESTER, "IE"), Member(2, True, LONDON, "GB")]
    [made] = travel.journeys(pair, {"": BY_CAR, "IE": irish})

    assert list(made.saved.money) == ["EUR"]


def test_money_of_two_currencies_is_never_added_up():
    both = travel.together(
        [travel.Saved(money={"GBP": 10}), travel.Saved(money={"EUR": 5}), travel.Saved(money={"GBP": 2})]
    )
    assert both.money == {"GBP": 12, "EUR": 5}
    assert amounts.money({"GBP": 12345, "EUR": 7.2, "SEK": 100}) == "€7, £12,000 and SEK 100"


@pytest.mark.parametrize(
    ("value", "said"), [(0, 0), (0.4, 0), (0.6, 1), (7.4, 7), (62.4, 62), (483.6, 480), (995, 1000), (12_345, 12_000)]
)
def test_two_figures_count(value, said):
    assert amounts.rounded(value) == said


@given(st.floats(1, 1e9))
def test_what_is_said_is_within_a_twentieth(value):
    assert abs(amounts.rounded(value) - value) <= max(0.05 * value, 0.5)


@pytest.mark.parametrize(
    ("kg", "said"),
    [(62.4, "62 kg of CO2e"), (1640, "1.6 tonnes of CO2e"), (12_400, "12 tonnes of CO2e"), (0, "0 kg of CO2e")],
)
def test_carbon_becomes_tonnes(kg, said):
    assert amounts.carbon(kg) == said
