"""A council's own names for its departments come before the general list, for its own people alone."""

from dataclasses import replace

import pytest

from commonhall.people.models import Department, Profile
from commonhall.programmes.importing import actions
from tests.programmes.import_lists import CONTEXT, SOUND, check

OWN = replace(
    CONTEXT,
    departments={
        "ASH": {
            "place directorate": "planning-policy",
            "parking": "highways-and-transport",
            "team kingfisher": "housing",
        }
    },
)
AT_BEECH = {"organisation": "Beech County Council", "email": "ann.alder@beech.example"}
ROW = "Mentee,{name},{address},{council},Officer,{department},2,To lead,,,English,Tuesday,"


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("Place Directorate", ("planning-policy",)),
        ("  PLACE directorate", ("planning-policy",)),
        ("Place Directorate; Housing", ("planning-policy", "housing")),
        ("Parking", ("highways-and-transport",)),
        ("Team Kingfisher", ("housing",)),
        ("Housing", ("housing",)),
    ],
)
def test_the_own_name_is_read_first(text, areas):
    checked = check(SOUND | {"service_area": text, "days": "Mon"}, context=OWN)
    assert checked.problems == ()
    assert (checked.rows[0].service_area, checked.rows[0].service_areas) == (areas[0], areas)


def test_a_name_of_one_council_says_nothing_at_another():
    checked = check(SOUND | AT_BEECH | {"service_area": "Team Kingfisher"}, context=OWN)
    (problem,) = checked.problems
    assert (problem.code, problem.blocks) == ("service_area_unknown", False)
    assert "added to the departments" in f"{problem.remedy}"
    assert (checked.rows[0].service_areas, checked.rows[0].departments) == ((), ("Team Kingfisher",))


@pytest.mark.parametrize(("text", "area"), [("Parking", "parking"), ("Place Directorate", "economic-development")])
def test_elsewhere_the_general_list_is_read(text, area):
    checked = check(SOUND | AT_BEECH | {"service_area": text}, context=OWN)
    assert (checked.problems, checked.rows[0].service_area) == ((), area)


def test_a_council_that_followed_another_lends_its_names():
    checked = check(SOUND | {"organisation": "Oak District Council", "service_area": "Place Directorate"}, context=OWN)
    assert checked.rows[0].service_area == "planning-policy"


@pytest.mark.django_db
def test_an_import_of_both_councils_keeps_the_area_where_it_is_known(upload, councils, run_jobs):
    harbour, _hilltop = councils
    Department.objects.create(
        organisation=harbour, name="Place Directorate", folded="place directorate", service_area="planning-policy"
    )
    people = [
        ("Ada Hall", "ada@harbour.example", councils[0].name),
        ("Bo Ives", "bo@hilltop.example", councils[1].name),
    ]
    rows = [ROW.format(name=n, address=a, council=c, department="Place Directorate") for n, a, c in people]
    source = upload(*rows)
    actions.begin_saving(source, partial=False, by=source.by)
    run_jobs()
    areas = dict(Profile.objects.values_list("user__name", "service_area"))
    assert areas == {"Ada Hall": "planning-policy", "Bo Ives": "economic-development"}
