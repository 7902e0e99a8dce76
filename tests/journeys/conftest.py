"""Journeys: sentences in a real browser, against the real product started by its own command."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.journeys import people

START = 60.0
# A form with errors is a 422. The browser itself reports a device without a passkey, and a websocket that is refused.
EXPECTED = (
    "Failed to load resource: the server responded with a status of 4",
    "NotAllowedError",
    "WebSocket connection to",
)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATIENCE = 30_000  # milliseconds, on a machine that is busy with something else

expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Site:
    """A running Commonhall of a journey's own."""

    address: str
    data: Path


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "commonhall.config.cli", *arguments]


def environment(data: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    return {**kept, "COMMONHALL_DATA": str(data), "PORT": str(port), "BASE_URL": f"http://localhost:{port}"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(data: Path) -> Iterator[Site]:
    port = free_port()
    log = (data / "up.log").open("wb")
    process = subprocess.Popen(command("up", "--port", str(port)), env=environment(data, port), stdout=log, stderr=log)
    try:
        wait_until_ready(process, port, data)
        yield Site(f"http://localhost:{port}", data)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        if process.poll() is None:
            process.kill()
            process.wait()
        log.close()


def wait_until_ready(process: "subprocess.Popen[bytes]", port: int, data: Path) -> None:
    """Ask until it answers; no fixed waiting."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
            return
        time.sleep(0.05)
    raise RuntimeError((data / "up.log").read_text()[-3000:] or "commonhall up did not start")


@pytest.fixture(scope="session")
def demo_region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo region, loaded once by the product's own command, to be copied for each journey."""
    data = tmp_path_factory.mktemp("region")
    subprocess.run(command("demo"), env=environment(data, 8000), check=True, capture_output=True)
    return data


@pytest.fixture(scope="module")
def site(demo_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(demo_region, data)
    with running(data) as site:
        yield site


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("empty")) as site:
        yield site


@contextmanager
def windows(browser: Browser) -> Iterator[Callable[..., Page]]:
    """At the end no window may have seen an error in a script, nor anything that the security policy stopped."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def noted(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            errors.append(f"{message.location['url']}: {message.text}")

    def opened(site: Site, persona: str = "", *, width: int = 1280, script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=site.address, java_script_enabled=script
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", noted)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        page = context.new_page()
        if persona:
            people.become(page, persona)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors, "\n".join(errors)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`visit(site)` opens a browser window of its own; `persona=` signs in as one of the cast; `width=`, `script=`."""
    with windows(browser) as opened:
        yield opened


@pytest.fixture
def visit_with_camera(browser_with_camera: Browser) -> Iterator[Callable[..., Page]]:
    """The same in a browser that has a camera and a microphone."""
    with windows(browser_with_camera) as opened:
        yield opened


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """axe finds nothing on this page, and it does not scroll sideways."""

    def check(page: Page) -> None:
        results = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]})
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} scrolls sideways"

    return check


@pytest.fixture
def mail() -> Callable[..., Page]:
    """`mail(page, to, subject)` opens the newest kept e-mail to an address, waiting until it has been sent."""

    def opened(page: Page, to: str, subject: str) -> Page:
        link = page.get_by_role("link", name=subject).first
        deadline = time.monotonic() + 20
        page.goto(f"/outbox/?to={to}")
        while not link.count() and time.monotonic() < deadline:
            page.reload()
        expect(link).to_be_visible()
        link.click()
        return page

    return opened
