import pytest

from tests.integrations.servers import radicale_in, stranger


@pytest.fixture
def server(settings):
    """A stranger's server, which this site allows although it stands on this very machine."""
    with stranger() as found:
        settings.ALLOWED_INTERNAL_HOSTS = [f"127.0.0.1:{found.port}"]
        yield found


@pytest.fixture(scope="module")
def radicale_server(tmp_path_factory):
    with radicale_in(tmp_path_factory.mktemp("radicale")) as base:
        yield base


@pytest.fixture
def radicale(radicale_server, settings):
    settings.ALLOWED_INTERNAL_HOSTS = [radicale_server.removeprefix("http://")]
    return radicale_server
