"""What an organisation allows its own people, the same wherever it is asked."""

import pytest

from commonhall.core import clock
from commonhall.programmes import rules
from commonhall.programmes.importing.room import Room
from commonhall.programmes.models import Eligibility
from commonhall.programmes.queries.places import limits
from commonhall.programmes.queries.programmes import shares
from tests.factories.organisations import OrganisationFactory
from tests.factories.programmes import EnrolmentFactory, ProgrammeFactory, member_of

pytestmark = pytest.mark.django_db

POOL = {"may_be_mentored": False, "places_taken": 1, "places_given": 2}
OWN = {"mentees": True, "mentors": False, "mentee_places": 3}


@pytest.mark.parametrize(
    ("pool", "own", "offered", "most"),
    [
        ({}, None, (True, True), (None, None)),
        (POOL, None, (False, True), (1, 2)),
        (POOL, OWN, (True, False), (3, 2)),
        ({**POOL, "left_on": clock.today()}, None, (True, True), (None, None)),
    ],
)
def test_an_own_rule_comes_before_the_pools_and_whoever_left_has_none(pool, own, offered, most):
    programme, home = ProgrammeFactory(), OrganisationFactory()
    member_of(programme.pool, home, **pool)
    if own:
        Eligibility.objects.create(programme=programme, organisation=home, **own)
    found = limits(programme)
    roles = ("mentee", "mentor")
    assert tuple(found.offers(role, home.pk) for role in roles) == offered
    assert tuple(found.most.get((role, home.pk)) for role in roles) == most
    assert (home.pk in found.members) is ("left_on" not in pool)


def test_the_last_place_of_an_organisation_is_the_last_on_every_page():
    programme, home = ProgrammeFactory(), OrganisationFactory()
    member_of(programme.pool, home, places_taken=1)
    EnrolmentFactory(programme=programme, organisation=home)
    waiting = EnrolmentFactory(programme=programme, organisation=home, state="applied")
    assert "used all of its 1 places" in str(rules.can_be_placed(waiting).reason)
    assert not Room(programme).take("mentee", home.pk, "4")
    [share] = [one for one in shares(programme) if one.label == home.label]
    assert (share.mentee_limit, share.mentees) == (1, 1)
