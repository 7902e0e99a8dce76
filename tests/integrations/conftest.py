import contextlib
import socket
import subprocess
import sys
import time

import httpx
import pytest

from tests.integrations.servers import stranger


@pytest.fixture
def server(settings):
    """A stranger's server, which this site allows although it stands on this very machine."""
    with stranger() as found:
        settings.ALLOWED_INTERNAL_HOSTS = [f"127.0.0.1:{found.port}"]
        yield found


@pytest.fixture(scope="module")
def radicale_server(tmp_path_factory):
    """A real calendar server with passwords; Priya's is `app-word`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("radicale")
    (folder / "users").write_text("priya:app-word\nbryn:other-word\n")
    options = {
        "auth-type": "htpasswd",
        "auth-htpasswd-filename": folder / "users",
        "auth-htpasswd-encryption": "plain",
        "auth-delay": "0",
        "server-hosts": f"127.0.0.1:{port}",
        "storage-filesystem-folder": folder / "collections",
        "logging-level": "warning",
    }
    given = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    started = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "radicale", "--config", "", *given],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{base}/.web/")
                break
            time.sleep(0.1)
        yield base
    finally:
        started.terminate()
        started.wait(10)


@pytest.fixture
def radicale(radicale_server, settings):
    settings.ALLOWED_INTERNAL_HOSTS = [radicale_server.removeprefix("http://")]
    return radicale_server
