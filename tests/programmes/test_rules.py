import pytest

from commonhall.organisations.models import Grant
from commonhall.programmes import rules
from commonhall.programmes.models import Programme
from tests.factories.accounts import UserFactory
from tests.factories.organisations import GrantFactory
from tests.factories.programmes import (
    EnrolmentFactory,
    MentorFactory,
    ProgrammeFactory,
    coordinator_of,
    owner_of,
    person_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return ProgrammeFactory()


def somebody(kind, programme):
    other = ProgrammeFactory()
    organisation = person_of(programme.pool).membership.organisation
    makers = {
        "coordinator": lambda: coordinator_of(programme),
        "pool owner": lambda: owner_of(programme.pool),
        "coordinator elsewhere": lambda: coordinator_of(other),
        "owner elsewhere": lambda: owner_of(other.pool),
        "site administrator": lambda: GrantFactory().user,
        "organisation administrator": lambda: (
            GrantFactory(role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=organisation).user
        ),
        "mentor": lambda: MentorFactory(programme=programme).user,
        "applicant": lambda: EnrolmentFactory(programme=programme, state="applied").user,
        "mentee from outside": lambda: with_place_outside(programme),
        "colleague": lambda: person_of(programme.pool, organisation),
        "outsider": lambda: person_of(other.pool),
        "nobody": lambda: UserFactory(),
    }
    return makers[kind]()


def with_place_outside(programme):
    """Somebody whose organisation has left the pool, but who has a place."""
    user = EnrolmentFactory(programme=programme).user
    programme.pool.members.filter(organisation=user.membership.organisation).update(left_on="2020-01-01")
    return user


RUN = {"coordinator", "pool owner"}
LOOK = RUN | {"mentor", "mentee from outside", "colleague", "applicant"}
ALL = [
    "coordinator",
    "pool owner",
    "coordinator elsewhere",
    "owner elsewhere",
    "site administrator",
    "organisation administrator",
    "mentor",
    "applicant",
    "mentee from outside",
    "colleague",
    "outsider",
    "nobody",
]


@pytest.mark.parametrize("kind", ALL)
def test_who_runs_a_programme(kind, programme):
    user = somebody(kind, programme)
    expected = kind in RUN
    assert bool(rules.can_coordinate(user, programme)) is expected
    assert Programme.objects.coordinated_by(user).filter(pk=programme.pk).exists() is expected
    assert bool(rules.can_import(user, programme)) is expected
    assert bool(rules.can_create(user, programme.pool)) is expected


@pytest.mark.parametrize("kind", ALL)
def test_who_looks_at_the_directory(kind, programme):
    assert bool(rules.can_see_directory(somebody(kind, programme), programme)) is (kind in LOOK)


@pytest.mark.parametrize("kind", ALL)
def test_a_draft_and_its_directory_are_its_coordinators(kind):
    programme = ProgrammeFactory(state="draft")
    user = somebody(kind, programme)
    seen = Programme.objects.visible_to(user).filter(pk=programme.pk).exists()
    takes_part = kind in {"mentor", "applicant", "mentee from outside"}
    assert seen is (kind in RUN or takes_part)


def test_every_no_says_why(programme):
    user = UserFactory()
    for verdict in (
        rules.can_coordinate(user, programme),
        rules.can_create(user, programme.pool),
        rules.can_open(user, programme),
        rules.can_start(user, programme),
        rules.can_apply(user, programme, "mentee"),
        rules.can_see_directory(user, programme),
    ):
        assert not verdict
        assert str(verdict.reason).endswith(".")


@pytest.mark.parametrize("missing", ["summary", "purpose", "kick_off_on"])
def test_a_programme_opens_when_its_page_says_what_and_when(missing):
    programme = ProgrammeFactory(state="draft", **{missing: None if missing == "kick_off_on" else ""})
    assert not rules.can_open(coordinator_of(programme), programme)


def test_a_finished_programme_changes_no_more():
    programme = ProgrammeFactory(state="finished")
    assert "finished" in str(rules.can_change(coordinator_of(programme), programme).reason)
