import pytest

from commonhall.programmes.importing import actions
from tests.factories.organisations import OrganisationFactory
from tests.factories.programmes import ProgrammeFactory, coordinator_of, member_of, person_of
from tests.programmes.sheets import sheet


@pytest.fixture
def programme(db):
    return ProgrammeFactory(name="Across the Water", slug="across")


@pytest.fixture
def coordinator(programme):
    return coordinator_of(programme, name="Bridget Sarpong")


@pytest.fixture
def colleague(programme):
    """Somebody from an organisation of the pool."""
    return person_of(programme.pool, name="Dylan Prosser")


@pytest.fixture
def outsider(db):
    """Somebody from another council, in another pool."""
    return person_of(ProgrammeFactory().pool)


@pytest.fixture
def as_coordinator(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def as_colleague(client, colleague):
    client.force_login(colleague)
    return client


@pytest.fixture
def councils(programme):
    made = [
        OrganisationFactory(name=name, short_name="")
        for name in ("Harbour Borough Council", "Hilltop District Council")
    ]
    for organisation in made:
        member_of(programme.pool, organisation)
    return made


@pytest.fixture
def upload(programme, coordinator, councils):
    def upload(*rows, filename="people.csv", content=None, **options):
        return actions.upload(programme, filename=filename, content=content or sheet(*rows), by=coordinator, **options)

    return upload
