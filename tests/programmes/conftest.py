import pytest

from tests.factories.programmes import ProgrammeFactory, coordinator_of, person_of


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
